"""Prints the law as a table for the documentation: `python -m issues.lifecycle`."""

from issues.lifecycle.law import RULES

print("| action | from | to | who | what |\n|---|---|---|---|---|")
for action, rule in RULES.items():
    start = ", ".join(sorted(rule.start)) or "–"
    print(f"| {action} | {start} | {rule.end or 'as before'} | {rule.who} | {rule.says} |")
