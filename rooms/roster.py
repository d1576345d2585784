"""What the database says about a unit that its room must show: the facts, and nothing of Matrix but ids.

Reads; changes nothing and calls nobody.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from issues import chain, departments, names, texts
from linzhang.profile import Profile
from linzhang.settings import Settings
from linzhang.words import say
from models import Absence, Address, FormerAccount, Leadership, Person, Role, Room, RoomKind, Unit
from rooms import networks

#: The bridge whose addresses are Matrix ids.
MATRIX = "matrix"


@dataclass(frozen=True, slots=True)
class Roster:
    """What a unit's room, or its space, is made of.

    Attributes:
        alias: The local part of the room's alias.
        name: What clients show.
        topic: What clients show below.
        is_space: Whether it is a space.
        tier: The unit's tier, which its picture tells.
        leaders: Matrix ids of those who act for the unit, in order.
        people: Of the others who belong there: the leaders of the child units, and who lives there.
        guests: Matrix ids of bots that bridge the room to other networks, with the power that they need.
        former: Of those who were there for a post that they have no more, and accounts that were replaced.
        around: Id of the space in which it is shown; empty: none, or none yet.
        needs_space: Whether there must be one.
    """

    alias: str
    name: str
    topic: str
    is_space: bool
    tier: str
    leaders: tuple[str, ...]
    people: tuple[str, ...]
    guests: tuple[tuple[str, int], ...]
    former: tuple[str, ...]
    around: str
    needs_space: bool

    @property
    def digest(self) -> str:
        """Changes whenever something of it changes; tells nothing about it."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]


async def read(settings: Settings, unit: Unit, kind: RoomKind, at: datetime) -> Roster:
    """What a unit's room must show at a moment of programme time."""
    profile = settings.territory
    is_space = kind is RoomKind.SPACE
    language = profile.default_language
    actors = await chain.actors_of(unit, at)
    below = await _people_below(unit, profile, at)
    leaders = await _accounts(settings, actors)
    people = [each for each in await _accounts(settings, below) if each not in leaders]
    once = await _formerly_there(unit, at)
    there = {person.id for person in [*actors, *below]}
    former = await _accounts(settings, [person for person in once if person.id not in there])
    former += await _former_accounts(settings, [*once, *actors, *below])
    around = await space_around(unit, kind, profile)
    space = (
        await Room.filter(unit_id=around.id, kind=RoomKind.SPACE, lost_at=None).first() if around else None
    )
    return Roster(
        alias=f"lz-{unit.code}-space" if is_space else f"lz-{unit.code}",
        name=unit.name if is_space else await names.place(unit, profile, language),
        topic=say(texts.ROOM_TOPIC, language, tier=profile.tier(unit.tier).name[language], unit=unit.name),
        is_space=is_space,
        tier=unit.tier,
        leaders=tuple(dict.fromkeys(leaders)),
        people=tuple(dict.fromkeys(people)),
        guests=() if is_space else tuple((await networks.wanted(settings, unit.id)).items()),
        former=tuple(sorted(set(former) - set(leaders) - set(people))),
        around=space.room_id if space else "",
        needs_space=around is not None,
    )


async def server_of(settings: Settings, unit: Unit) -> str:
    """Name of the homeserver of the nearest unit upwards that names one, or else of the first."""
    for above in reversed(await chain.ancestors(unit)):
        if above.homeserver:
            return above.homeserver
    return settings.homeservers[0].server_name


async def bot_of(settings: Settings, unit: Unit) -> str:
    """Matrix id of the service on the homeserver on which a unit's rooms are made."""
    name = await server_of(settings, unit)
    return next(each.bot_id for each in settings.homeservers if each.server_name == name)


async def matrix_ids(settings: Settings, people: list[Person]) -> list[str]:
    """The Matrix ids of those of the people who have one, in the people's order."""
    ids = [person.id for person in people]
    addresses = await Address.filter(bridge=MATRIX, person_id__in=ids).order_by("id")
    addresses.sort(key=lambda each: ids.index(each.person_id))
    return [settings.vault.open(address.sealed) for address in addresses]


async def _accounts(settings: Settings, people: list[Person]) -> list[str]:
    """The Matrix ids that the service looks after; puppets are their bridges' affair."""
    return [each for each in await matrix_ids(settings, people) if settings.network_of(each) is None]


async def _former_accounts(settings: Settings, people: list[Person]) -> list[str]:
    replaced = FormerAccount.filter(bridge=MATRIX, person_id__in=[person.id for person in people])
    return [settings.vault.open(account.sealed) for account in await replaced]


async def space_around(unit: Unit, kind: RoomKind, profile: Profile) -> Unit | None:
    """The unit in whose space a unit's room or space is shown; None: in none."""
    if kind is RoomKind.ROOM:
        around = await chain.neighbourhood(unit, profile)
        return around if profile.tier(around.tier).space else None
    above = [each for each in (await chain.ancestors(unit))[:-1] if profile.tier(each.tier).space]
    return above[-1] if above else None


async def _people_below(unit: Unit, profile: Profile, at: datetime) -> list[Person]:
    """The leaders of the child units, but of no departments, and whoever lives in the unit itself."""
    below = Leadership.filter(chain.in_office(at), unit__parent_id=unit.id, role=Role.LEADER)
    posts = await below.select_related("person", "unit").order_by("id")
    residents = await Person.filter(block_id=unit.id, addresses__bridge=MATRIX).distinct().order_by("id")
    leaders = [post.person for post in posts if not departments.is_one(post.unit, profile)]
    return leaders + residents


async def _formerly_there(unit: Unit, at: datetime) -> list[Person]:
    """Whoever has had a post that let them in, or has stood in for one; perhaps they have one still."""
    over = Q(unit_id=unit.id) | Q(unit__parent_id=unit.id, role=Role.LEADER)
    posts = await Leadership.filter(over, until__lte=at).select_related("person")
    absences = Absence.filter(unit_id=unit.id, until__lte=at).exclude(deputy_id=None)
    stood_in = [absence.deputy for absence in await absences.select_related("deputy")]
    people = [post.person for post in posts] + [person for person in stood_in if person is not None]
    return list({person.id: person for person in people}.values())
