"""What a leader sees of their issues: the open ones by the time that is left, a search, and the numbers.

Reads; changes nothing. It shows a leader what is in their own units and below, and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import Q, Subquery

from issues import chain
from issues.standing import IN_HAND
from models import History, Issue, Message, Person, State, Unit

#: For how long what is closed counts among the numbers.
_LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Numbers:
    """How a unit and those below it stand.

    Attributes:
        open: Issues that wait for an answer.
        overdue: Of these, those whose window has passed.
        urgent: Issues in hand that are urgent.
        answered: Issues that are answered and not done.
        referred: Issues that departments have.
        asked: Issues that are said to be done; the resident has not agreed yet.
        closed: Issues closed in the last seven days.
        rating: What residents gave these on average, where they did.
    """

    open: int
    overdue: int
    urgent: int
    answered: int
    referred: int
    asked: int
    closed: int
    rating: float | None


def due(issue: Issue) -> datetime | None:
    """When the holder must have done something."""
    return issue.answer_due or issue.resolve_due


async def held_by(person: Person, at: datetime) -> list[Issue]:
    """The issues that a leader has to do something about, the one with the least time left first."""
    return await in_hand([unit.id for unit in await chain.units_of(person, at)])


async def in_hand(units: Sequence[int]) -> list[Issue]:
    """The issues that units have to do something about, the one with the least time left first."""
    found = await Issue.filter(holder_id__in=units, state__in=IN_HAND).select_related("reporter", "block")
    return sorted(found, key=lambda issue: (due(issue) is None, due(issue), issue.id))


async def search(person: Person, words: Sequence[str], at: datetime, limit: int) -> list[Issue]:
    """The latest issues of a leader's units that they may read and in which all the words were said."""
    units = await chain.units_of(person, at)
    found = Issue.filter(visible(units), readable(units))
    for word in words:
        said = Subquery(Message.filter(text__icontains=word).values("issue_id"))
        named = Q(reporter__name__icontains=word) | Q(block__name__icontains=word)
        found = found.filter(Q(id__in=said) | named)
    return await found.order_by("-id").limit(limit).select_related("reporter", "block")


async def numbers(unit: Unit, at: datetime) -> Numbers:
    """How a unit and those below it stand."""
    issues = Issue.filter(visible([unit]))
    closed = await issues.filter(closed_at__gte=at - _LATELY, state=State.CLOSED).values("rating")
    ratings = [row["rating"] for row in closed if row["rating"] is not None]
    return Numbers(
        open=await issues.filter(state=State.OPEN).count(),
        overdue=await issues.filter(state=State.OPEN, answer_due__lte=at).count(),
        urgent=await issues.filter(state__in=IN_HAND, urgent=True).count(),
        answered=await issues.filter(state=State.ANSWERED).count(),
        referred=await issues.filter(state=State.REFERRED).count(),
        asked=await issues.filter(state=State.RESOLVED).count(),
        closed=len(closed),
        rating=sum(ratings) / len(ratings) if ratings else None,
    )


def visible(units: Sequence[Unit]) -> Q:
    """Of all issues, those in these units and below, or with them; of no units, none.

    An issue of which nobody knows the block is where its holder is.
    """
    found = Q(id__in=[])
    for unit in units:
        found |= chain.below(unit.path) | Q(holder_id=unit.id)
    return found


def readable(units: Sequence[Unit]) -> Q:
    """Of the issues that leaders of units see, those that they may read: `reads` for many."""
    own = [unit.id for unit in units]
    # Of the private ones only: they are few, and the history of all issues is the largest table.
    held = Subquery(History.filter(to_holder_id__in=own, issue__private=True).values("issue_id"))
    return Q(private=False) | Q(holder_id__in=own) | Q(id__in=held)


async def reads(units: Sequence[Unit], issue: Issue) -> bool:
    """Whether the leaders of units may read what was said in an issue that they see.

    A private one was told to one leader: those read it who lead the unit that has it, or has had it.
    """
    if not issue.private:
        return True
    own = [unit.id for unit in units]
    return issue.holder_id in own or await History.exists(issue_id=issue.id, to_holder_id__in=own)
