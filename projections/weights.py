"""How much an issue weighs while it is in hand: in nobody's hand it weighs nothing.

    points = base + per_day * whole days (at most `days`) + urgent, if it is
           + window * windows passed (at most `windows`) + reopened * times said to be done and not so

All parameters stand in the profile's table [warning]. A pure function of what is known of the issue and of
the moment; it says when the weight next changes by time alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from issues.standing import IN_HAND
from linzhang.profile import WarningLevels
from models import Action, State
from projections.facts import Facts, Step

_DAY = timedelta(days=1)

#: After these nobody is late any more, until the next window passes.
_DONE_SOMETHING = (Action.ANSWER, Action.RESOLVE, Action.REJECT, Action.UNDO, Action.REFER, Action.PLACE)


@dataclass(frozen=True, slots=True)
class Weight:
    """What an issue weighs.

    Attributes:
        points: How much; 0: it is in nobody's hand.
        in_hand: Whether somebody has to do something about it.
        overdue: Whether a window has passed since somebody last did.
        reopened: Whether it was said before to be done.
        next_at: When this changes by time alone; None: never.
    """

    points: float = 0
    in_hand: bool = False
    overdue: bool = False
    reopened: bool = False
    next_at: datetime | None = None


def weigh(facts: Facts, warning: WarningLevels, at: datetime) -> Weight:
    """What an issue weighs at a moment of programme time."""
    if facts.state not in IN_HAND:
        return Weight()
    due = facts.answer_due if facts.state is State.OPEN else facts.resolve_due
    is_due = due is not None and due <= at
    windows = sum(passed(step) for step in facts.steps) + is_due
    reopenings = sum(step.action is Action.REJECT for step in facts.steps)
    days = min(max((at - facts.opened_at) // _DAY, 0), warning.days)
    points = (
        warning.base
        + warning.per_day * days
        + warning.urgent * facts.urgent
        + warning.window * min(windows, warning.windows)
        + warning.reopened * reopenings
    )
    changes = [due] if due is not None and not is_due else []
    if days < warning.days:
        changes.append(facts.opened_at + (days + 1) * _DAY)
    overdue = is_due or _is_late(facts)
    return Weight(points, True, overdue, reopenings > 0, min(changes, default=None))


def passed(step: Step) -> bool:
    """Whether a step says that a window has passed without what it asked for."""
    if step.action is Action.REMIND:
        return step.to_state in IN_HAND  # else the resident was reminded
    return step.action is Action.ESCALATE or (step.action is Action.RETURN and step.by_clock)


def _is_late(facts: Facts) -> bool:
    for step in reversed(facts.steps):
        if passed(step):
            return True
        if step.action in _DONE_SOMETHING:
            return False
    return False
