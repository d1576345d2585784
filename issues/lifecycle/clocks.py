"""An issue's clocks: when each of its windows ends that starts now.

Sets columns of the issue and nothing else; what happens when a window ends stands in
`issues.lifecycle.clock`, and what is nudged before in `issues.nudging`.
"""

from datetime import datetime

from linzhang.profile import Tier
from linzhang.settings import Settings
from models import Action, Issue, State, Unit


def start_answer(settings: Settings, issue: Issue, at: datetime) -> None:
    """Let the holder's window to answer start, with the nudges before its end."""
    profile = settings.territory
    issue.nudges = 0
    issue.answer_due = answer_by(settings, issue.holder, at, urgent=issue.urgent)
    if issue.urgent:
        issue.nudge_due = at + profile.urgent_window / 2
        return
    window = _tier(settings, issue.holder).answer_window
    issue.nudge_due = profile.calendar.add(at, window / 2, profile.zone)


def answer_by(settings: Settings, holder: Unit | None, at: datetime, *, urgent: bool) -> datetime:
    """When a window to answer ends that starts now; a danger keeps no office hours."""
    profile = settings.territory
    if urgent:
        return at + profile.urgent_window
    return profile.calendar.add(at, _tier(settings, holder).answer_window, profile.zone)


def stop_answer(settings: Settings, issue: Issue, at: datetime) -> None:
    """Note that the resident has heard from a leader: the window to resolve starts."""
    issue.answered_at = issue.answered_at or at
    issue.answer_due = None
    issue.reminded = False
    start_resolve(settings, issue, at)


def start_resolve(settings: Settings, issue: Issue, at: datetime) -> None:
    """Let the holder's window to resolve start."""
    profile = settings.territory
    issue.resolve_due = profile.calendar.add(at, _tier(settings, issue.holder).resolve_window, profile.zone)


def start_confirm(settings: Settings, issue: Issue, at: datetime) -> None:
    """Let the half of the time start in which the resident is waited for."""
    issue.confirm_due = at + settings.territory.confirm_window / 2


def follow(settings: Settings, issue: Issue, before: State | None, action: Action, at: datetime) -> None:
    """Let the clocks follow a transition that has been made: those stop that its state does not have.

    Args:
        settings: The service's.
        issue: In its new state.
        before: The state that it comes from; None: it is new.
        action: The transition.
        at: Programme time.
    """
    if issue.state is not State.OPEN:
        issue.nudge_due = None
    if issue.state is not State.RESOLVED:
        issue.confirm_due = None
    elif before is not State.RESOLVED or action is Action.ADD:
        # A resident who says more is there, and gets all the time anew.
        issue.reminded = False
        start_confirm(settings, issue, at)


def last_nudge(settings: Settings, issue: Issue) -> datetime | None:
    """When the holder is nudged for the last time before the window ends."""
    return issue.answer_due - settings.territory.nudge_before if issue.answer_due else None


def _tier(settings: Settings, holder: Unit | None) -> Tier:
    profile = settings.territory
    return profile.tier(holder.tier) if holder else profile.bottom
