"""Where an issue is shown for a unit: in its room, or, if it is private, with its acting leader alone.

A private issue stands in no room that residents are in: it goes into the direct room of whoever answers
for the unit now, and of each next holder's on its way up. Nothing here decides what is said there.
"""

from dataclasses import dataclass

from bridges.matrix.appservice import AppService
from bridges.matrix.bridge import MatrixBridge
from issues import chain, reaching
from linzhang.settings import Settings
from models import Address, DirectRoom, Issue, Message, Room, RoomEvent, RoomEventKind, RoomKind, Unit
from rooms.provision import Provision
from rooms.roster import MATRIX

#: Of a stage that is looked for by its room alone.
_NO_UNIT = 0


@dataclass(frozen=True, slots=True)
class Stage:
    """A room in which an issue stands.

    Attributes:
        name: Short and for ever: 'r12' for a unit's room, 'd7' for a direct one.
        room_id: The homeserver's id of it.
        unit_id: The unit for which it stands there.
        is_private: Whether nobody but one leader is there.
        service: The service that is in it.
    """

    name: str
    room_id: str
    unit_id: int
    is_private: bool
    service: AppService


class Stages:
    """Finds or makes the room in which an issue is to stand."""

    def __init__(self, settings: Settings, matrix: MatrixBridge) -> None:
        self._settings = settings
        self._matrix = matrix
        self._provision = Provision(settings, matrix)

    async def of(self, issue: Issue, unit: Unit) -> Stage | None:
        """The stage of an issue for a unit; None: it is private, and nobody there has an account.

        Raises:
            DeliveryError: The homeserver cannot be asked, or refuses.
        """
        if not issue.private:
            return self._in_room(await self._provision.room(unit))
        acting = await chain.acting(unit, self._settings.clock.now())
        person_id = acting.person.id if acting else None
        accounts = await Address.filter(bridge=MATRIX, person_id=person_id).order_by("id")
        alone = (each for each in accounts if not reaching.in_the_open(self._settings, each))
        address = next(alone, None)
        if address is None:
            return None
        user_id = self._settings.vault.open(address.sealed)
        service = self._matrix.service_for(user_id)
        room_id = await service.direct_room(user_id)
        facts = {"address": address, "homeserver": service.homeserver.server_name, "lost_at": None}
        room, _ = await DirectRoom.update_or_create(facts, room_id=room_id)
        return self._alone(room, unit.id)

    async def room_of(self, unit: Unit) -> Stage | None:
        """The stage that a unit's own room is, if it has one now."""
        room = await Room.filter(unit_id=unit.id, kind=RoomKind.ROOM, lost_at=None).order_by("-id").first()
        return self._in_room(room) if room else None

    async def standing_in(self, room_id: str) -> Stage | None:
        """The stage that a room is, whoever it is for, also one that was left behind; None: it is none."""
        room = await Room.get_or_none(room_id=room_id)
        if room is not None:
            return self._in_room(room)
        direct = await DirectRoom.get_or_none(room_id=room_id)
        return self._alone(direct, _NO_UNIT) if direct else None

    async def named(self, name: str, unit_id: int) -> Stage | None:
        """The stage of a name, if it is not lost."""
        number = int(name[1:])
        if name.startswith("r"):
            room = await Room.get_or_none(id=number, lost_at=None)
            return self._in_room(room) if room else None
        direct = await DirectRoom.get_or_none(id=number, lost_at=None)
        return self._alone(direct, unit_id) if direct else None

    def _in_room(self, room: Room) -> Stage:
        service = self._matrix.service(room.homeserver)
        return Stage(f"r{room.id}", room.room_id, room.unit_id, is_private=False, service=service)

    def _alone(self, room: DirectRoom, unit_id: int) -> Stage:
        service = self._matrix.service(room.homeserver)
        return Stage(f"d{room.id}", room.room_id, unit_id, is_private=True, service=service)


async def post(issue_id: int, stage: Stage) -> RoomEvent | None:
    """The issue's post on a stage: the root of its thread."""
    return await _event(issue_id, stage, RoomEventKind.POST)


async def card(issue_id: int, stage: Stage) -> RoomEvent | None:
    """Where the issue's state is shown if its root is a resident's own message."""
    return await _event(issue_id, stage, RoomEventKind.CARD)


async def is_own_words(post: RoomEvent | None) -> bool:
    """Whether the root of an issue's thread is what the resident has said there themselves."""
    if post is None:
        return False
    return await Message.filter(issue_id=post.issue_id, external_id=post.event_id).exists()


async def _event(issue_id: int, stage: Stage, kind: RoomEventKind) -> RoomEvent | None:
    # Who leads two units has one direct room for both: there an issue can have been shown for each at once.
    found = RoomEvent.filter(issue_id=issue_id, room_id=stage.room_id, kind=kind)
    return await found.order_by("id").first()
