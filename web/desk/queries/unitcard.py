"""What the desk shows of one unit: who answers, what is piled up, where it is, what belongs to it.

Reads; changes nothing. It costs as much as it shows, whatever lies below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from issues import chain, departments, links
from models import (
    Absence,
    Address,
    Household,
    Leadership,
    Person,
    Place,
    Role,
    Room,
    RoomKind,
    StatusNote,
    Unit,
)
from projections import levels
from projections.levels import Load
from territory import borders
from web.access.scope import Scope

#: Places of a block that are named.
_PLACES = 40

#: Bridges whose addresses are telephone numbers.
_PHONE = "sms"


@dataclass(frozen=True, slots=True)
class Leading:
    """Somebody who answers for a unit.

    Attributes:
        person: Who.
        role: As what.
        has_phone: Whether we know a telephone of theirs.
        away_until: Until when they are away; None: they are there.
        acts: Whether it is they who act for the unit now.
    """

    person: Person
    role: Role
    has_phone: bool
    away_until: datetime | None
    acts: bool


@dataclass(frozen=True, slots=True)
class Below:
    """A unit right below.

    Attributes:
        unit: Which.
        load: What is piled up there.
    """

    unit: Unit
    load: Load


@dataclass(frozen=True, slots=True)
class UnitCard:
    """What is shown of a unit.

    Attributes:
        unit: Which.
        way: The units above it that whoever looks may see, from the top, and itself.
        load: What is piled up there and below.
        score: What its warning level is made of.
        leading: Its leader, deputies, and whoever stands in.
        note: What its leader says of themselves.
        below: The units right below, those with the highest level first.
        households: How many it has; None: it has units below, whose are counted.
        places: Names and kinds of the places of a block.
        position: Latitude and longitude of its middle; None: it is on no map.
        room: Link to its room; empty: it has none.
        dials: Whether whoever looks may be shown the numbers of its leaders.
        is_own: Whether they act for it, and may say what they are at.
        is_department: Whether it is a department.
    """

    unit: Unit
    way: Sequence[Unit]
    load: Load
    score: float
    leading: Sequence[Leading]
    note: StatusNote | None
    below: Sequence[Below]
    households: int | None
    places: Sequence[Place]
    position: tuple[float, float] | None
    room: str
    dials: bool
    is_own: bool
    is_department: bool


async def of(scope: Scope, unit: Unit) -> UnitCard:
    """What is shown of a unit to whoever looks."""
    profile, at = scope.settings.territory, scope.at
    load = await levels.of_unit(unit)
    below = [Below(each, its) for each, its in await levels.children(unit)]
    below.sort(key=lambda each: -each.load.level)
    is_bottom = unit.tier == profile.bottom.key
    actors = await chain.actors_of(unit, at)
    return UnitCard(
        unit=unit,
        way=[each for each in await chain.ancestors(unit) if scope.sees(each)],
        load=load,
        score=levels.score(load.points, load.households, profile.warning),
        leading=await _leading(unit, actors, at),
        note=await StatusNote.filter(unit_id=unit.id, since__lte=at, until__gt=at)
        .order_by("-id")
        .select_related("person")
        .first(),
        below=below,
        households=await _households(unit) if is_bottom else None,
        places=await Place.filter(block_id=unit.id).order_by("name").limit(_PLACES) if is_bottom else [],
        position=await _position(scope, unit),
        room=await _room(unit),
        dials=scope.dials(unit),
        is_own=scope.person.id in {actor.id for actor in actors},
        is_department=departments.is_one(unit, profile),
    )


async def phone_of(person: Person) -> Address | None:
    """Somebody's telephone, if we know one."""
    return await Address.filter(bridge=_PHONE, person_id=person.id).order_by("id").first()


async def _leading(unit: Unit, actors: Sequence[Person], at: datetime) -> list[Leading]:
    posts = await Leadership.filter(chain.in_office(at), unit_id=unit.id)
    leaders = {post.person_id for post in posts if post.role is Role.LEADER}
    away = {
        absence.person_id: absence.until
        for absence in await Absence.filter(unit_id=unit.id, since__lte=at, until__gt=at)
    }
    ids = [person.id for person in actors]
    phones = set(await Address.filter(bridge=_PHONE, person_id__in=ids).values_list("person_id", flat=True))
    acting = await chain.acting(unit, at)
    found = [
        Leading(
            person,
            Role.LEADER if person.id in leaders else Role.DEPUTY,
            person.id in phones,
            away.get(person.id),
            acting is not None and acting.person.id == person.id,
        )
        for person in actors
    ]
    return sorted(found, key=lambda each: each.role is not Role.LEADER)


async def _households(unit: Unit) -> int:
    return await Household.filter(block_id=unit.id).count() or unit.households


async def _position(scope: Scope, unit: Unit) -> tuple[float, float] | None:
    if unit.latitude is not None and unit.longitude is not None:
        return unit.latitude, unit.longitude
    if departments.is_one(unit, scope.settings.territory):
        return None
    drawn = await borders.feature(scope.settings, unit)
    if drawn is None:
        return None
    west, south, east, north = drawn.box
    return (south + north) / 2, (west + east) / 2


async def _room(unit: Unit) -> str:
    room = await Room.filter(unit_id=unit.id, kind=RoomKind.ROOM, lost_at=None).order_by("-id").first()
    return links.room(room.room_id, room.homeserver) if room else ""
