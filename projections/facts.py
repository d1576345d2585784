"""What the database knows of some issues, read at once for all of them: columns, history, words.

Reads; what it is worth is said elsewhere.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models import Action, History, Issue, Message, State


@dataclass(frozen=True, slots=True)
class Step:
    """One row of an issue's history.

    Attributes:
        action: What was done.
        by_clock: Whether nobody did it.
        from_state: The state before; empty at first.
        to_state: The state after.
        from_holder: Id of the unit that held it before.
        to_holder: Id of the unit that held it after.
    """

    action: Action
    by_clock: bool
    from_state: str
    to_state: str
    from_holder: int | None
    to_holder: int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """One issue. The columns are those of `models.Issue`.

    Attributes:
        steps: Its history, the first first.
    """

    id: int
    path: str
    state: State
    opened_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    answer_due: datetime | None
    resolve_due: datetime | None
    urgent: bool
    rating: int | None
    stale_at: datetime | None
    steps: Sequence[Step]


_COLUMNS = (
    "id",
    "path",
    "state",
    "opened_at",
    "answered_at",
    "closed_at",
    "answer_due",
    "resolve_due",
    "urgent",
    "rating",
    "stale_at",
)


async def read(ids: Sequence[int]) -> list[Facts]:
    """The facts of some issues, by ascending id."""
    # The issues first: what is recorded meanwhile leaves them stale, and they are read again.
    rows = await Issue.filter(id__in=list(ids)).order_by("id").values_list(*_COLUMNS)
    steps: dict[int, list[Step]] = defaultdict(list)
    history = History.filter(issue_id__in=list(ids)).order_by("issue_id", "seq")
    for issue_id, action, actor, before, after, gave, took in await history.values_list(
        "issue_id", "action", "actor_id", "from_state", "to_state", "from_holder_id", "to_holder_id"
    ):
        steps[issue_id].append(Step(Action(action), actor is None, before, after, gave, took))
    return [Facts(**dict(zip(_COLUMNS, row, strict=True)), steps=steps[row[0]]) for row in rows]


async def said(ids: Sequence[int]) -> dict[int, list[str]]:
    """All that was said in some issues and not taken back, and the names of their reporters, by issue."""
    found: dict[int, list[str]] = defaultdict(list)
    for issue_id, name in await Issue.filter(id__in=list(ids)).values_list("id", "reporter__name"):
        found[issue_id].append(name)
    kept = Message.filter(issue_id__in=list(ids), retracted_at=None)
    for issue_id, text in await kept.values_list("issue_id", "text"):
        found[issue_id].append(text)
    return found
