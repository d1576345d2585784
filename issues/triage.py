"""What has got stuck, of all that somebody may see: each with what is known about it, and a few at a time.

Reads; changes nothing (`issues.mending` does). Lists are cut where a page ends, so that its cost grows with
what is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from tortoise.expressions import Q, RawSQL

from issues import chain, keywords
from issues.effects import CALLS, ROOMS, TIES
from issues.reaching import CHAT
from issues.standing import IN_HAND
from issues.traffic import LATELY
from issues.undelivered import FAILURES
from issues.vocabulary import Word
from linzhang.settings import Settings
from models import (
    Flood,
    FloodState,
    Inbox,
    InboxState,
    Issue,
    Leadership,
    Outbox,
    OutboxState,
    Role,
    Unit,
)

#: Entries of a list that are shown.
SHOWN = 20

#: Deliverers whose failures concern rooms, and no person.
IN_ROOMS = (ROOMS, "media", TIES)

#: Of all rows of the outbox, those that have not arrived.
FAILED = Q(state=OutboxState.FAILED) | Q(receipt__in=sorted(FAILURES))

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Some(Generic[T]):
    """The beginning of a list.

    Attributes:
        shown: Its first entries.
        more: Whether there are others.
    """

    shown: Sequence[T]
    more: bool

    @property
    def count(self) -> str:
        """How many there are, as far as one has looked: '3', '20+'."""
        return f"{len(self.shown)}{'+' if self.more else ''}"


async def unplaced(units: Sequence[Unit], *, from_nobody: bool) -> Some[Issue]:
    """Issues in hand of which nobody knows the block, the oldest first.

    Args:
        units: Whose, with all below them.
        from_nobody: Whether those are meant too that wait with nobody yet.
    """
    where = _below(units, "holder__path") | (Q(holder_id=None) if from_nobody else Q(id__in=[]))
    found = Issue.filter(where, block_id=None, state__in=IN_HAND)
    return _some(await found.select_related("reporter", "holder").order_by("id").limit(SHOWN + 1))


async def undelivered(settings: Settings, units: Sequence[Unit]) -> Some[Outbox]:
    """Words about an issue that have not arrived, and that nothing has made good, the last first."""
    found = Outbox.filter(
        _below(units, "issue__path") | Q(issue__holder_id__in=[unit.id for unit in units]),
        FAILED,
        settled_at=None,
        not_before__gte=settings.clock.wall() - LATELY,
    ).exclude(address_id=None)
    # A call is only ever made in place of words, which are listed themselves.
    found = found.exclude(bridge__in=[CALLS, *IN_ROOMS])
    about = found.select_related("address__person", "issue__reporter", "issue__block")
    return _some(await about.order_by("-id").limit(SHOWN + 1))


@dataclass(frozen=True, slots=True)
class Flooding:
    """A sender from whom too much came.

    Attributes:
        flood: The row, with its address and person.
        held: How many of their messages are held.
        last: The latest of these, as far as whoever looks may read it; None: they may not.
    """

    flood: Flood
    held: int
    last: str | None


async def flooding(units: Sequence[Unit], *, from_nobody: bool) -> Some[Flooding]:
    """Senders of too many messages about whom somebody has to decide, or who are kept out; the last first.

    Args:
        units: Whose residents, with all below them.
        from_nobody: Whether those are meant too of whom nobody knows where they live.
    """
    where = _below(units, "address__person__block__path")
    where |= Q(address__person__block_id=None) if from_nobody else Q(id__in=[])
    found = Flood.filter(where, state__in=[FloodState.ON, FloodState.OUT])
    rows = await found.select_related("address__person").order_by("-id").limit(SHOWN + 1)
    some = [await _flooding(flood) for flood in rows[:SHOWN]]
    return Some(some, len(rows) > SHOWN)


async def _flooding(flood: Flood) -> Flooding:
    held = Inbox.filter(lane=flood.lane, state=InboxState.HELD)
    last = await held.order_by("-id").first()
    text = str(last.body.get("text", "")) if last else ""
    # What was told to one leader alone is not read by others, nor what may go on with that.
    private = keywords.read(text).word is Word.PRIVATE or await Issue.exists(
        reporter_id=flood.address.person_id, private=True
    )
    return Flooding(flood, await held.count(), None if private else text)


async def vacant(settings: Settings, units: Sequence[Unit], at: datetime) -> Some[Unit]:
    """Units that should have a leader and have none."""
    led = _in_office(at, "l.unit_id = u.id")
    # The ORM has no NOT EXISTS, and NOT IN a city's posts is no plan that PostgreSQL can make well. Whose
    # units are meant is said inside, too: SQLite makes the whole list before it looks at anything else.
    vacant_ids = RawSQL(
        f"(SELECT u.id FROM unit u WHERE ({_at_or_below(units)}) AND NOT EXISTS ({led}))"  # noqa: S608
    )
    tiers = [tier.key for tier in settings.territory.tiers if tier.chain]
    found = Unit.filter(_below(units, "path"), id__in=vacant_ids, tier__in=tiers, closed_at=None)
    return _some(await found.order_by("path").limit(SHOWN + 1))


async def unconnected(units: Sequence[Unit], at: datetime) -> Some[Leadership]:
    """Leaders without a chat account who have not been sent a code either."""
    account = f"SELECT 1 FROM address a WHERE a.person_id = l.person_id AND a.bridge = '{CHAT}'"  # noqa: S608
    code = (
        "SELECT 1 FROM invitation i WHERE i.person_id = l.person_id AND i.used_at IS NULL"  # noqa: S608
        f" AND i.expires_at > '{_moment(at)}'"
    )
    without = RawSQL(
        "(SELECT l.id FROM leadership l JOIN unit u ON u.id = l.unit_id"  # noqa: S608
        f" WHERE ({_at_or_below(units)}) AND NOT EXISTS ({account}) AND NOT EXISTS ({code}))"
    )
    posts = Leadership.filter(
        chain.in_office(at),
        _below(units, "unit__path"),
        id__in=without,
        role=Role.LEADER,
        unit__closed_at=None,
    )
    found = posts.select_related("person", "unit").order_by("unit__path", "id")
    return _some(await found.limit(SHOWN + 1))


def _at_or_below(units: Sequence[Unit]) -> str:
    """A condition that holds for rows `u` of units at or below some; paths are made of ids."""
    return " OR ".join(f"u.path LIKE '{unit.path}%'" for unit in units) or "FALSE"


def _in_office(at: datetime, whose: str) -> str:
    """A statement that finds a row where somebody leads at a moment."""
    now = _moment(at)
    return (
        f"SELECT 1 FROM leadership l WHERE {whose} AND l.role = '{Role.LEADER}' AND l.since <= '{now}'"  # noqa: S608
        f" AND (l.until IS NULL OR l.until > '{now}')"
    )


def _moment(at: datetime) -> str:
    """A moment as both databases read it: SQLite compares the text that the ORM has written."""
    return at.astimezone(UTC).isoformat(" ")


async def failed_effects() -> Some[Outbox]:
    """What could not be done in rooms, the last first."""
    found = Outbox.filter(state=OutboxState.FAILED, bridge__in=IN_ROOMS, settled_at=None)
    return _some(await found.select_related("issue").order_by("-id").limit(SHOWN + 1))


async def failed_events() -> Some[Inbox]:
    """What came in and could not be worked on, the last first."""
    return _some(await Inbox.filter(state=InboxState.FAILED).order_by("-id").limit(SHOWN + 1))


def _below(units: Sequence[Unit], path: str) -> Q:
    found = Q(id__in=[])
    for unit in units:
        found |= Q(**{f"{path}__startswith": unit.path})
    return found


def _some(rows: Sequence[T]) -> Some[T]:
    return Some(rows[:SHOWN], len(rows) > SHOWN)
