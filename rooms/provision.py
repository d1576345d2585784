"""Which room a unit has: made when first needed, put into its village's space, its people invited.

A room is found again by its alias after any crash, so that a unit never gets two. Membership follows
the roster as it is when the room is made. It never decides what is said in a room.
"""

from datetime import datetime

from tortoise.exceptions import IntegrityError

from bridges.matrix.appservice import AppService
from bridges.matrix.bridge import MatrixBridge
from issues import chain, departments, names, texts
from linzhang.profile import Profile
from linzhang.settings import Settings
from linzhang.words import say
from models import Address, Leadership, Person, Role, Room, RoomKind, Unit

#: The power of who acts for a unit in its room.
LEADER_POWER = 50

#: The bridge whose addresses are Matrix ids.
MATRIX = "matrix"


class Provision:
    """Finds or makes the rooms and spaces of units."""

    def __init__(self, settings: Settings, matrix: MatrixBridge) -> None:
        self._settings = settings
        self._matrix = matrix

    def service(self, room: Room) -> AppService:
        """The service on the homeserver on which a room was made."""
        return self._matrix.service(room.homeserver)

    async def room(self, unit: Unit) -> Room:
        """The unit's room, made if there is none.

        Raises:
            DeliveryError: The homeserver cannot be asked, or refuses.
        """
        found = await _current(unit, RoomKind.ROOM)
        if found:
            return found
        room = await self._make(unit, RoomKind.ROOM)
        around = await chain.neighbourhood(unit, self._settings.territory)
        if self._settings.territory.tier(around.tier).space:
            space = await self.space(around)
            await self.service(space).add_child(space.room_id, room.room_id)
        return room

    async def space(self, unit: Unit) -> Room:
        """The space around the rooms of the unit's subtree, made if there is none.

        Raises:
            DeliveryError: The homeserver cannot be asked, or refuses.
        """
        found = await _current(unit, RoomKind.SPACE)
        if found:
            return found
        space = await self._make(unit, RoomKind.SPACE)
        above = [each for each in (await chain.ancestors(unit))[:-1] if self._has_space(each)]
        if above:
            outer = await self.space(above[-1])
            await self.service(outer).add_child(outer.room_id, space.room_id)
        return space

    async def matrix_ids(self, people: list[Person]) -> list[str]:
        """The Matrix ids of those of the people who have one."""
        addresses = await Address.filter(bridge=MATRIX, person_id__in=[each.id for each in people])
        return [self._settings.vault.open(address.sealed) for address in addresses]

    async def let_in(self, unit: Unit, person: Person) -> None:
        """Let somebody who acts for a unit into its room, with a leader's power; if there is a room.

        Raises:
            DeliveryError: The homeserver cannot be asked, or refuses.
        """
        room = await _current(unit, RoomKind.ROOM)
        if room is None:
            return
        service = self.service(room)
        for user_id in await self.matrix_ids([person]):
            await service.invite(room.room_id, user_id)
            await service.set_power(room.room_id, {user_id: LEADER_POWER})

    async def _make(self, unit: Unit, kind: RoomKind) -> Room:
        server_name = await self._server_of(unit)
        service = self._matrix.service(server_name)
        alias = f"lz-{unit.code}" if kind is RoomKind.ROOM else f"lz-{unit.code}-space"
        await _free_alias(service, alias)
        now = self._settings.clock.now()
        leaders = await self.matrix_ids(await chain.actors_of(unit, now))
        profile = self._settings.territory
        people = leaders + await self.matrix_ids(await _people_below(unit, profile, now))
        language = profile.default_language
        name = unit.name if kind is RoomKind.SPACE else await names.place(unit, profile, language)
        topic = say(texts.ROOM_TOPIC, language, tier=profile.tier(unit.tier).name[language], unit=unit.name)
        room_id = await service.create_room(
            alias=alias,
            name=name,
            topic=topic,
            invite=list(dict.fromkeys(people)),
            leaders=leaders,
            space=kind is RoomKind.SPACE,
        )
        try:
            return await Room.create(
                unit_id=unit.id,
                kind=kind,
                room_id=room_id,
                homeserver=server_name,
                made_at=self._settings.clock.now(),
            )
        except IntegrityError:  # another worker was a moment faster; the alias gave both the same room
            return await Room.get(room_id=room_id)

    async def _server_of(self, unit: Unit) -> str:
        """Name of the homeserver of the nearest unit upwards that names one, or else of the first."""
        for above in reversed(await chain.ancestors(unit)):
            if above.homeserver:
                return above.homeserver
        return self._settings.homeservers[0].server_name

    def _has_space(self, unit: Unit) -> bool:
        return self._settings.territory.tier(unit.tier).space


async def _current(unit: Unit, kind: RoomKind) -> Room | None:
    return await Room.filter(unit_id=unit.id, kind=kind, lost_at=None).order_by("-id").first()


async def _free_alias(service: AppService, alias: str) -> None:
    """Take the alias back from a room that was lost; one that we have just made keeps it."""
    room_id = await service.resolve_alias(alias)
    if room_id and await Room.filter(room_id=room_id).exclude(lost_at=None).exists():
        await service.delete_alias(alias)


async def _people_below(unit: Unit, profile: Profile, at: datetime) -> list[Person]:
    """The leaders of the child units, but of no departments, and whoever lives in the unit itself."""
    below = Leadership.filter(chain.in_office(at), unit__parent_id=unit.id, role=Role.LEADER)
    posts = await below.select_related("person", "unit")
    residents = await Person.filter(block_id=unit.id, addresses__bridge=MATRIX).distinct()
    leaders = [post.person for post in posts if not departments.is_one(post.unit, profile)]
    return leaders + residents
