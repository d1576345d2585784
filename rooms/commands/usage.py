"""The command that tells what commands there are."""

from collections.abc import Sequence

from issues import texts
from issues.effects import Effects
from linzhang.words import say
from rooms.commands import table
from rooms.commands.call import Call
from rooms.commands.table import Command, command


@command("help commands 帮助 命令 怎么用", form=texts.FORM_HELP, about=texts.HELP_HELP)
async def help_out(call: Call) -> Sequence[Effects]:
    """All commands, or how one of them is written."""
    heard = call.heard
    asked = table.named(call.words.lower().lstrip("!！"))
    if asked is not None:
        return [heard.retort_words(line(asked, heard.language))]
    lines = [say(texts.HELP, heard.language), *(line(each, heard.language) for each in table.TABLE.values())]
    return [heard.retort_words("\n".join(lines))]


def line(each: Command, language: str) -> str:
    """One command as help tells it."""
    sign = f"{each.emoji[0]} " if each.emoji else ""
    form, does = say(each.form, language), say(each.help, language)
    return say(texts.HELP_LINE, language, sign=sign, form=form, does=does)
