"""What one issue adds to the figures of the week in which it was received, by short keys.

A pure function of what is known of the issue. The keys stand in the tables: they are never given another
meaning.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from models import Action, State
from projections import times
from projections.facts import Facts
from projections.weights import passed

RECEIVED = "r"
ANSWERED = "a"
IN_TIME = "i"
LATE = "l"
CLOSED = "c"
REOPENED = "o"
REFERRED = "f"
WITHDRAWN = "w"
MERGED = "m"
#: Before the key of the tier to which an issue went up.
ESCALATED = "e:"
#: Before the mark.
RATED = "s:"
#: Before the upper edge of the bucket, in seconds.
ANSWER_TIME, CLOSE_TIME = "A:", "C:"

_WENT_UP = (Action.ESCALATE, Action.PASS_UP, Action.REJECT)
_ANSWERS = (Action.ANSWER, Action.RESOLVE)


def counts(facts: Facts, tiers: Mapping[int, str]) -> dict[str, int]:
    """What an issue counts.

    Args:
        facts: What is known of it.
        tiers: The keys of tiers by the ids of units, of all that have held it.
    """
    found: Counter[str] = Counter({RECEIVED: 1})
    found[REOPENED] = sum(step.action is Action.REJECT for step in facts.steps)
    found[REFERRED] = any(step.action is Action.REFER for step in facts.steps)
    found[CLOSED] = facts.state is State.CLOSED
    found[WITHDRAWN] = facts.state is State.WITHDRAWN
    found[MERGED] = facts.state is State.MERGED
    found[LATE] = _was_late(facts)
    if facts.answered_at is not None:
        found[ANSWERED] = 1
        found[IN_TIME] = not found[LATE]
        found[f"{ANSWER_TIME}{times.bucket(_length(facts.answered_at - facts.opened_at))}"] = 1
    if facts.state is State.CLOSED and facts.closed_at is not None:
        found[f"{CLOSE_TIME}{times.bucket(_length(facts.closed_at - facts.opened_at))}"] = 1
    if facts.rating is not None:
        found[f"{RATED}{facts.rating}"] = 1
    for step in facts.steps:
        if step.action in _WENT_UP and step.to_holder is not None and step.to_holder != step.from_holder:
            found[f"{ESCALATED}{tiers.get(step.to_holder, '')}"] += 1
    return {key: int(number) for key, number in sorted(found.items()) if number}


def _was_late(facts: Facts) -> bool:
    """Whether a window passed before the first answer."""
    for step in facts.steps:
        if step.action in _ANSWERS:
            return False
        if passed(step):
            return True
    return False


def _length(time: timedelta) -> timedelta:
    return max(time, timedelta(0))
