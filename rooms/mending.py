"""Looks whether a room is as the roster wants it, and mends it, one drift after the other.

Everything can be done again after a crash: what is mended is no drift any more. It never decides what
a room must be (`rooms.wanted`) nor what counts as a difference (`rooms.drift`).
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bridges.contract import DeliveryError
from bridges.matrix.appservice import AppService, LostRoom
from bridges.matrix.bridge import MatrixBridge
from issues import texts
from linzhang.settings import Settings
from linzhang.words import say
from models import Room, RoomKind, Unit
from rooms import actual, losing, roster, succession
from rooms.drift import Drift, DriftKind, drifts
from rooms.pictures import Pictures
from rooms.provision import LOOK_AGAIN, Provision
from rooms.roster import Roster
from rooms.wanted import Wanted, wanted

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """A room, looked at.

    Attributes:
        room: Which.
        unit: Whose.
        roster: What the database said.
        wanted: What it must be.
        found: What it is.
        drifts: How it differs.
    """

    room: Room
    unit: Unit
    roster: Roster
    wanted: Wanted
    found: actual.Actual
    drifts: Sequence[Drift]


class Mender:
    """Looks at rooms and mends them."""

    def __init__(self, settings: Settings, matrix: MatrixBridge) -> None:
        self._settings = settings
        self._matrix = matrix
        self._provision = Provision(settings, matrix)
        self._pictures = Pictures(settings, matrix)

    async def look(self, room: Room) -> Look:
        """Compare a room with what it must be.

        Raises:
            LostRoom: The service is not in it.
            DeliveryError: The homeserver cannot be asked.
        """
        unit = await Unit.get(id=room.unit_id)
        service = self._matrix.service(room.homeserver)
        said = await roster.read(self._settings, unit, room.kind, self._settings.clock.now())
        picture = await self._pictures.of(room.homeserver, unit.tier, room.kind)
        must = wanted(said, service.homeserver, picture)
        found = await actual.read(
            service,
            room.room_id,
            alias=said.alias,
            around=said.around,
            keeper=await self._keeper(said.around),
        )
        gone = Room.filter(room_id__in=list(found.children)).exclude(lost_at=None)
        no_more = frozenset([str(each) for each in await gone.values_list("room_id", flat=True)])
        ours = Room.filter(room_id__in=list(found.parents), kind=RoomKind.SPACE)
        spaces = frozenset([str(each) for each in await ours.values_list("room_id", flat=True)])
        bot = service.homeserver.bot_id
        seen = drifts(must, found, room.room_id, bot, no_more, spaces)
        return Look(room, unit, said, must, found, seen)

    async def mend(self, look: Look, *, call_back: bool, patient: bool = False) -> list[Drift]:
        """Mend what is not as it must be.

        Args:
            look: What was seen.
            call_back: Whether to invite also those again who are banned, or who have left by themselves and
                answer for nothing there.
            patient: Whether to wait until the service is let into a room that was put in this one's place.

        Returns:
            What could not be mended now and is tried again after a while, or what the service never can.

        Raises:
            LostRoom: The service is not in the room.
            NotYet: It is to be waited for.
        """
        if any(drift.kind is DriftKind.UPGRADED for drift in look.drifts):
            await self._follow(look, patient=patient)
            return []
        powers_done = False
        beyond: list[Drift] = []
        left: list[Drift] = []
        for drift in look.drifts:
            if drift.kind is DriftKind.POWER and powers_done:
                continue
            if drift.kind is DriftKind.EQUAL:
                beyond.append(drift)
                continue
            if drift.kind is DriftKind.BANNED and not call_back:
                continue
            if drift.kind is DriftKind.LEFT and not (call_back or drift.subject in look.roster.leaders):
                continue
            try:
                await self._repair(look, drift)
            except LostRoom:
                raise
            except DeliveryError as error:
                log.warning("%s was not mended (%s): %s", look.room.room_id, drift.kind, error)
                left.append(drift)
            powers_done = powers_done or drift.kind is DriftKind.POWER
        wall = self._settings.clock.wall()
        await Room.filter(id=look.room.id).update(digest=look.roster.digest, looked_at=wall)
        if left:
            await Room.filter(id=look.room.id, stale_at=None).update(stale_at=wall + LOOK_AGAIN)
        return left + beyond

    async def replace(self, room: Room) -> None:
        """Leave a room behind in which the service can do nothing; its unit gets another one.

        Raises:
            DeliveryError: The homeserver cannot be asked, or refuses.
        """
        await losing.lose(self._settings, room.room_id)
        unit = await Unit.get(id=room.unit_id)
        if room.kind is RoomKind.SPACE:
            await self._provision.space(unit)
        else:
            await self._provision.room(unit)

    async def _follow(self, look: Look, *, patient: bool) -> None:
        room = look.room
        service = self._matrix.service(room.homeserver)
        successor = look.found.state["m.room.tombstone"].get("replacement_room")
        if not isinstance(successor, str) or not await succession.follow(
            self._settings, service, room, successor, patient=patient
        ):
            await service.leave(room.room_id)
            await service.delete_alias(look.wanted.alias)  # an upgrade takes it along
            await self.replace(room)

    async def _repair(self, look: Look, drift: Drift) -> None:
        service, room_id = self._matrix.service(look.room.homeserver), look.room.room_id
        match drift.kind:
            case DriftKind.POWERLESS:
                await service.leave(room_id)
                await self.replace(look.room)
            case DriftKind.STATE:
                content = dict(look.found.state.get(drift.subject, {})) | dict(
                    look.wanted.state[drift.subject]
                )
                await service.set_state(room_id, drift.subject, content)
            case DriftKind.POWER:
                await self._give_powers(service, look)
            case DriftKind.FORMER:
                reason = say(texts.POST_ENDED, self._settings.territory.default_language)
                await service.kick(room_id, drift.subject, reason)
            case DriftKind.MISSING | DriftKind.LEFT | DriftKind.BANNED:
                await service.admit(room_id, drift.subject)
            case DriftKind.ALIAS:
                await service.put_alias(look.wanted.alias, room_id)
            case DriftKind.SPACE:
                await self._provision.put_into_space(look.room, look.unit)
            case DriftKind.OTHER_SPACE:
                await self._take_out_of(drift.subject, look.room)
            case DriftKind.CHILD:
                await service.remove_child(room_id, drift.subject)

    async def _give_powers(self, service: AppService, look: Look) -> None:
        before = look.found.state.get("m.room.power_levels", {})
        users = before.get("users")
        users = users if isinstance(users, dict) else {}
        equal = {drift.subject for drift in look.drifts if drift.kind is DriftKind.EQUAL}
        given = {user: level for user, level in look.wanted.powers.items() if user not in equal}
        rules = dict(look.wanted.rules)
        events = before.get("events")
        rules["events"] = {**(events if isinstance(events, dict) else {}), **rules["events"]}
        content = {**before, **rules, "users": {**users, **given}}
        await service.set_state(look.room.room_id, "m.room.power_levels", content)

    async def _take_out_of(self, space_id: str, room: Room) -> None:
        keeper = await self._keeper(space_id)
        if await keeper.shows(space_id, room.room_id):
            await keeper.remove_child(space_id, room.room_id)
        await self._matrix.service(room.homeserver).set_state(room.room_id, "m.space.parent", {}, space_id)

    async def _keeper(self, space_id: str) -> AppService:
        """The service on the homeserver of a space."""
        space = await Room.filter(room_id=space_id).first()
        if space is None:
            return self._matrix.service_for(space_id)
        return self._matrix.service(space.homeserver)
