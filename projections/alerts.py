"""Tells leaders of a level that has risen to orange or red: the unit's own, and the tier above.

In the unit's room, if it has one and its leader reads there, else in person. Nobody hears of two units in one
go: who is told of their own is not told of those below it too, and who has heard of units below hears of
further ones only after the profile's time. What has fallen again meanwhile is told to nobody.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from issues import chain, names, reaching, segments, standing
from issues.effects import Effects
from linzhang.settings import Settings
from linzhang.words import clock_time, say
from models import Issue, Level, Room, RoomKind, Unit, UnitLoad
from projections import texts

#: Units that are named to the tier above; the others are counted.
_NAMED = 5


async def tell(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Tell whom it is time to tell, in the caller's transaction.

    Args:
        settings: The service's.
        limit: Of how many units at most.

    Returns:
        How many were told, and the outbox lanes that have got rows.
    """
    round_ = _Round(settings, settings.clock.now())
    await round_.own(limit)
    await round_.above(limit)
    return len(round_.people), round_.lanes


@dataclass
class _Round:
    """One go: who has been told in it.

    Attributes:
        settings: The service's.
        at: Programme time.
        people: Ids of who has been told.
        units: Ids of the units whose leaders have been told of their own.
        lanes: The outbox lanes that have got rows.
    """

    settings: Settings
    at: datetime
    people: set[int] = field(default_factory=set)
    units: set[int] = field(default_factory=set)
    lanes: set[str] = field(default_factory=set)

    async def own(self, limit: int) -> None:
        """Tell leaders of their own units."""
        due = UnitLoad.filter(tell_at__lte=self.at).select_related("unit").order_by("tell_at", "unit_id")
        rows = await due.limit(limit)
        # Whoever leads two units is told of what is worse, or else of the higher.
        for row in sorted(rows, key=lambda each: (-each.level, len(each.unit.path))):
            if self._is_told_of(row.unit):
                self.units.add(row.unit_id)
                await self._tell(row.unit, Level(row.level), _Own(self.settings, row, self.at))
        await UnitLoad.filter(unit_id__in=[row.unit_id for row in rows]).update(tell_at=None)

    async def above(self, limit: int) -> None:
        """Tell the tier above."""
        due = UnitLoad.filter(report_at__lte=self.at).select_related("unit").order_by("report_at", "unit_id")
        rows = await due.limit(limit)
        below: dict[int, list[UnitLoad]] = defaultdict(list)
        for row in rows:
            if self._is_told_of(row.unit) and row.unit.parent_id is not None:
                below[row.unit.parent_id].append(row)
        later: dict[int, datetime] = {}
        for parent in await Unit.filter(id__in=list(below)).order_by("path"):
            if parent.id in self.units or not self._is_told_of(parent):
                continue
            heard = await UnitLoad.get_or_none(unit_id=parent.id)
            if heard is not None and heard.heard_at is not None:
                again = heard.heard_at + self.settings.territory.warning.again
                if again > self.at:
                    later |= {row.unit_id: again for row in below[parent.id]}
                    continue
            worst_first = sorted(below[parent.id], key=lambda each: (-each.level, each.unit.path))
            await self._tell(
                parent, Level(worst_first[0].level), _Below(self.settings, parent, worst_first, self.at)
            )
            await UnitLoad.filter(unit_id=parent.id).update(heard_at=self.at)
        await UnitLoad.filter(unit_id__in=[row.unit_id for row in rows]).update(report_at=None)
        for unit_id, again in later.items():
            await UnitLoad.filter(unit_id=unit_id).update(report_at=again)

    def _is_told_of(self, unit: Unit) -> bool:
        return unit.closed_at is None and self.settings.territory.tier(unit.tier).chain

    async def _tell(self, unit: Unit, level: Level, words: "_Words") -> None:
        acting = await chain.acting(unit, self.at)
        if acting is None or acting.person.id in self.people:
            return
        person, wall = acting.person, self.settings.clock.wall()
        effects = Effects(f"level.{unit.id}.{wall:%Y%m%d%H%M%S%f}", wall)
        address = await reaching.address_of(self.settings, person, self.at)
        if address is None:
            return
        in_room = Room.filter(unit_id=unit.id, kind=RoomKind.ROOM, lost_at=None)
        if address.bridge == reaching.CHAT and await in_room.exists():
            text = await words.whole(self.settings.territory.default_language)
            effects.announce(unit.id, f"{texts.MARKS[level]} {text}", mention=[person.id])
        else:
            language = names.language_of(person, self.settings.territory)
            chat = f"{texts.MARKS[level]} {await words.whole(language)}"
            short = await words.short(language)
            await reaching.leader(
                self.settings, effects, person, chat, self.at, by_text=short, address=address
            )
        self.people.add(person.id)
        self.lanes |= await effects.save()


@dataclass(frozen=True)
class _Own:
    """What a leader is told of their own unit."""

    settings: Settings
    row: UnitLoad
    at: datetime

    async def whole(self, language: str) -> str:
        """In a chat."""
        return say(texts.ALERT, language, **await _facts(self.settings, self.row, language, self.at))

    async def short(self, language: str) -> str:
        """In a text: the same, it is short."""
        return await self.whole(language)


@dataclass(frozen=True)
class _Below:
    """What a leader is told of units below theirs."""

    settings: Settings
    parent: Unit
    rows: Sequence[UnitLoad]
    at: datetime

    async def whole(self, language: str) -> str:
        """In a chat: some are named."""
        return (await self._text(language))(_NAMED)

    async def short(self, language: str) -> str:
        """In two SMS: as many are named as fit."""
        text = await self._text(language)
        made = (text(number) for number in range(_NAMED, 0, -1))
        return next((each for each in made if segments.length(each).segments <= segments.LIMIT), text(1))

    async def _text(self, language: str) -> Callable[[int], str]:
        lines = [
            say(texts.ALERT_BELOW_LINE, language, **await _facts(self.settings, row, language, self.at))
            for row in self.rows[:_NAMED]
        ]

        def text(number: int) -> str:
            left = len(self.rows) - min(number, len(lines))
            more = [say(texts.ALERT_BELOW_MORE, language, count=left)] if left else []
            head = say(texts.ALERT_BELOW, language, unit=self.parent.name)
            return "\n".join([head, *lines[:number], *more, say(texts.ALERT_BELOW_HELP, language)])

        return text


_Words = _Own | _Below


async def _facts(settings: Settings, row: UnitLoad, language: str, at: datetime) -> dict[str, object]:
    """What the texts have blanks for: what is piled up at a unit and below it."""
    in_hand = Issue.filter(chain.below(row.unit.path), state__in=standing.IN_HAND)
    oldest = await in_hand.order_by("opened_at").first()
    since = oldest.opened_at if oldest else at
    return {
        "unit": row.unit.name,
        "level": texts.LEVELS[Level(row.level)],
        "open": row.open,
        "overdue": row.overdue,
        "since": clock_time(since, at, settings.territory.zone, language),
    }
