"""Every window that passed without an answer led to one escalation, none before its end, and none is missed.

The windows are reckoned anew from the history: one begins whenever an issue is given to somebody or opened
again, and at the top of the chain whenever it was reminded of. An answer ends it. All hours count.
"""

from collections.abc import Iterator
from datetime import datetime

from chaos.evidence import Evidence, Issue, Step, Violation

RULE = "windows"

#: What the clock does when a window to answer has passed.
_PASSED = frozenset({"escalate", "remind"})

#: What people do that neither ends a window nor begins one.
_ASIDE = frozenset({"add", "accept", "private", "call", "correct", "retract"})


def check(evidence: Evidence) -> Iterator[Violation]:
    """Walk through each issue's history with a clock of our own."""
    told = evidence.steps()
    for issue in evidence.issues:
        yield from _walk(evidence, issue, told.get(issue.id, []))


def passed(evidence: Evidence) -> list[Step]:
    """The steps that the clock made because a window to answer had passed."""
    return [each for each in evidence.history if each.action in _PASSED and each.from_state == "open"]


def _walk(evidence: Evidence, issue: Issue, steps: list[Step]) -> Iterator[Violation]:
    due: datetime | None = None
    for step in steps:
        name = f"step {step.seq} ({step.action}) of issue {issue.id} at {step.at:%d %H:%M:%S}"
        by_clock = step.action in _PASSED and step.from_state == "open"
        if by_clock and (due is None or step.at < due):
            yield Violation(RULE, f"{name} came early: the window ran until {_time(due)}")
        elif due is not None and not by_clock and step.action not in _ASIDE and step.at > due:
            yield Violation(RULE, f"{name} came after the window had passed at {_time(due)}, unescalated")
        elif by_clock and due is not None and (heard := _heard_late(evidence, steps, step, due)):
            yield Violation(
                RULE,
                f"{name} was none: step {heard.seq} ({heard.action}) had come at {heard.at:%d %H:%M:%S},"
                f" before {_time(due)}",
            )
        if step.action not in _ASIDE:
            due = _due(evidence, step)
    if due != issue.answer_due:
        yield Violation(
            RULE, f"issue {issue.id} has its deadline at {issue.answer_due}, and by its history at {due}"
        )
    if due is not None and due <= evidence.facts.now:
        yield Violation(RULE, f"the window of issue {issue.id} passed at {_time(due)}, and nobody noticed")


def _due(evidence: Evidence, step: Step) -> datetime | None:
    """When the window ends that runs after a step; None: none does."""
    if step.to_state != "open" or step.to_holder_id is None:
        return None
    window = evidence.facts.windows[evidence.tiers[step.to_holder_id]]
    return step.at + window


def _heard_late(evidence: Evidence, steps: list[Step], passed: Step, due: datetime) -> Step | None:
    """What was said before a window's end, and was worked on only after it was taken to have passed."""
    latest = due - evidence.facts.grace
    later = (each for each in steps if each.seq > passed.seq and each.action == "answer")
    return next((each for each in later if each.at < latest), None)


def _time(due: datetime | None) -> str:
    return "never" if due is None else f"{due:%d %H:%M:%S}"
