"""Prints the commands as a table for docs/leaders.md: `python -m rooms.commands`."""

from linzhang.words import say
from rooms.commands import TABLE

print("| you write | 中文 | reaction | it means | 意思 |\n|---|---|---|---|---|")
for each in TABLE.values():
    forms = " | ".join(f"`{say(each.form, language)}`" for language in ("en", "zh-Hans"))
    does = " | ".join(say(each.help, language) for language in ("en", "zh-Hans"))
    print(f"| {forms} | {' '.join(each.emoji)} | {does} |")
