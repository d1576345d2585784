"""Which room a unit has: made when first needed, put into its village's space, its people invited.

A room is found again by its alias after any crash, so that a unit never gets two. Membership follows
the roster as it is when the room is made. It never decides what is said in a room.
"""

from datetime import timedelta

from tortoise.exceptions import IntegrityError

from bridges.matrix.appservice import AppService
from bridges.matrix.bridge import MatrixBridge
from bridges.matrix.policy import LEADER
from linzhang.settings import Settings
from models import Person, Room, RoomKind, Unit
from rooms import roster
from rooms.pictures import Pictures

#: How long after it was made a room is looked at again in which somebody of another homeserver belongs.
LOOK_AGAIN = timedelta(minutes=10)


class Provision:
    """Finds or makes the rooms and spaces of units."""

    def __init__(self, settings: Settings, matrix: MatrixBridge) -> None:
        self._settings = settings
        self._matrix = matrix
        self._pictures = Pictures(settings, matrix)

    def service(self, room: Room) -> AppService:
        """The service on the homeserver on which a room was made."""
        return self._matrix.service(room.homeserver)

    async def room(self, unit: Unit) -> Room:
        """The unit's room, made if there is none.

        Raises:
            DeliveryError: The homeserver cannot be asked, or refuses.
        """
        return await _current(unit, RoomKind.ROOM) or await self._make(unit, RoomKind.ROOM)

    async def space(self, unit: Unit) -> Room:
        """The space around the rooms of the unit's subtree, made if there is none.

        Raises:
            DeliveryError: The homeserver cannot be asked, or refuses.
        """
        return await _current(unit, RoomKind.SPACE) or await self._make(unit, RoomKind.SPACE)

    async def put_into_space(self, room: Room, unit: Unit) -> None:
        """Let the space around show a unit's room, or its own space; the space is made if there is none.

        Raises:
            DeliveryError: The homeserver cannot be asked, or refuses.
        """
        around = await roster.space_around(unit, room.kind, self._settings.territory)
        if around is not None:
            space = await self.space(around)
            service = self.service(space)
            await service.add_child(space.room_id, room.room_id)
            await self.service(room).set_parent(room.room_id, space.room_id)
            for old in await Room.filter(unit_id=unit.id, kind=room.kind).exclude(lost_at=None):
                if await service.shows(space.room_id, old.room_id):
                    await service.remove_child(space.room_id, old.room_id)

    async def matrix_ids(self, people: list[Person]) -> list[str]:
        """The Matrix ids of those of the people who have one."""
        return await roster.matrix_ids(self._settings, people)

    async def server_of(self, unit: Unit) -> str:
        """Name of the homeserver on which a unit's rooms are made; see `roster.server_of`."""
        return await roster.server_of(self._settings, unit)

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
            await service.set_power(room.room_id, {user_id: LEADER})

    async def _make(self, unit: Unit, kind: RoomKind) -> Room:
        server_name = await self.server_of(unit)
        async with self._matrix.service(server_name).turns.taken(f"making {kind} {unit.id}"):
            return await _current(unit, kind) or await self._make_on(server_name, unit, kind)

    async def _make_on(self, server_name: str, unit: Unit, kind: RoomKind) -> Room:
        service = self._matrix.service(server_name)
        said = await roster.read(self._settings, unit, kind, self._settings.clock.now())
        await _free_alias(service, said.alias)
        people = [*said.leaders, *said.people]
        room_id = await service.create_room(
            alias=said.alias,
            name=said.name,
            topic=said.topic,
            invite=people,
            leaders=said.leaders,
            space=said.is_space,
            avatar=await self._pictures.of(server_name, unit.tier, kind),
        )
        again = self._settings.clock.wall() + LOOK_AGAIN
        try:
            room = await Room.create(
                unit_id=unit.id,
                kind=kind,
                room_id=room_id,
                homeserver=server_name,
                made_at=self._settings.clock.now(),
                looked_at=self._settings.clock.wall(),
                stale_at=again,  # until it stands in its space: whoever fails before that leaves it to others
            )
        except IntegrityError:  # another worker was a moment faster; the alias gave both the same room
            return await Room.get(room_id=room_id)
        await self.put_into_space(room, unit)
        # Somebody whose homeserver was away was not invited; nobody else waited for them.
        if all(each.endswith(f":{server_name}") for each in people):
            await Room.filter(id=room.id, stale_at=again).update(stale_at=None)
            await room.refresh_from_db(fields=["stale_at"])
        return room


async def _current(unit: Unit, kind: RoomKind) -> Room | None:
    return await Room.filter(unit_id=unit.id, kind=kind, lost_at=None).order_by("-id").first()


async def _free_alias(service: AppService, alias: str) -> None:
    """Take the alias back from a room that was lost; one that we have just made keeps it."""
    room_id = await service.resolve_alias(alias)
    if room_id and await Room.filter(room_id=room_id).exclude(lost_at=None).exists():
        await service.delete_alias(alias)
