"""The rules, one promise a module, each a function from the evidence to what breaks it.

Pure functions: they read no file, and know no more of the service than its tables' columns.
"""

from collections.abc import Callable, Iterable

from chaos.evidence import Evidence, Violation
from chaos.rules import arrived, drained, heard, history, sent, shown, windows

Rule = Callable[[Evidence], Iterable[Violation]]

#: In the order in which a message meets them.
RULES: tuple[Rule, ...] = (
    drained.check,
    arrived.check,
    heard.check,
    history.check,
    windows.check,
    sent.check,
    shown.check,
)


def violations(evidence: Evidence) -> list[Violation]:
    """All that must not be, rule by rule."""
    return [each for rule in RULES for each in rule(evidence)]
