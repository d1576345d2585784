"""Carries out what concerns one person or one event and no issue's thread: whispers, invitations, signs.

What is written to a person alone goes into their direct room with the service.
"""

from bridges.contract import Delivered, Refused, Unavailable
from bridges.matrix import polls
from bridges.matrix.appservice import AppService, LostRoom
from bridges.matrix.bridge import MatrixBridge
from issues.effects import AS_POLL, SEALED
from linzhang.settings import Settings
from models import Address, DirectRoom, Knock, Outbox, Person, Room, RoomKind, Unit
from rooms import losing, networks, render, ties
from rooms.provision import Provision

#: What of the payload's 'do' is carried out here.
DEEDS = frozenset(
    {
        "whisper",
        "dial",
        "greet",
        "decline",
        "press",
        "retort",
        "invite",
        "announce",
        "conclude",
        "hear",
    }
)


#: The service and whoever talks to it.
_TWO = 2


class Personal:
    """The deliverer of what concerns one person or one event; see `escalator.delivery.Deliverer`."""

    def __init__(self, settings: Settings, matrix: MatrixBridge, provision: Provision) -> None:
        self._settings = settings
        self._matrix = matrix
        self._provision = provision

    async def deliver(self, row: Outbox) -> Delivered:
        """Do what the row says.

        Raises:
            DeliveryError: See `bridges.contract`.
        """
        match row.payload["do"]:
            case "whisper" | "dial":
                user_id = await self._user_id(row)
                network = self._settings.network_of(user_id)
                if network and network.in_the_open:
                    raise Refused("Only the person may read it, and others would.")
                content = render.whisper(await self._words(row), row.key)
                service = self._matrix.service_for(user_id)
                return Delivered(await service.send_direct(user_id, content, txn_id=row.key))
            case "invite":
                return await self._invite(row)
            case "announce":
                return await self._announce(row)
            case "greet":
                return await self._greet(row)
            case "decline":
                return await self._decline(row)
            case "hear":
                return await self._hear(row)
            case _:
                return await self._answer(row)

    async def find(self, row: Outbox) -> Delivered | None:
        """Look for the event of a call of which nobody knows how it ended."""
        if row.payload["do"] in ("whisper", "dial"):
            user_id = await self._user_id(row)
            event_id = await self._matrix.service_for(user_id).find_direct(user_id, row.key)
            return Delivered(event_id) if event_id else None
        if row.payload["do"] in ("decline", "invite"):
            return None  # leaving or inviting twice does no harm
        if row.payload["do"] == "announce":
            room = await Room.filter(unit_id=row.payload["unit"], kind=RoomKind.ROOM, lost_at=None).first()
            row.payload["room"] = room.room_id if room else ""
        service = await self._service(row)
        if service is None:
            return None
        try:
            event = await service.standing(row.payload["room"], row.key)
        except LostRoom:
            return None
        if event is None:
            return None
        return Delivered(event.event_id, AS_POLL if polls.is_poll(event.content) else "")

    async def _words(self, row: Outbox) -> str:
        """What to whisper; a number and a secret come out of the vault only here."""
        text: str = row.payload["text"]
        if row.payload["do"] == "whisper":
            secret = row.payload.get("secret")
            return text.replace(SEALED, self._settings.vault.open(secret)) if secret else text
        number = self._settings.vault.open((await Address.get(id=row.payload["of"])).sealed)
        return f"{text} tel:{number.rpartition(':')[2]}"

    async def _invite(self, row: Outbox) -> Delivered:
        """Into the unit's room, if it has one yet: whoever makes it invites them otherwise."""
        unit, person = await Unit.get(id=row.payload["unit"]), await Person.get(id=row.payload["person"])
        await self._provision.let_in(unit, person)
        return Delivered("")

    async def _announce(self, row: Outbox) -> Delivered:
        """A line, or a poll, in the unit's room, which is made if it was lost meanwhile."""
        room = await self._provision.room(await Unit.get(id=row.payload["unit"]))
        mention = await self._provision.matrix_ids(await Person.filter(id__in=row.payload["mention"]))
        content = render.line(row.payload["text"], row.key, mention=mention)
        kind, status = "m.room.message", ""
        # Bridges to other networks bring no polls over: there it is the line, which says what to press.
        if "poll" in row.payload and not await networks.networks_in(self._settings, row.payload["unit"]):
            asked = row.payload["poll"]
            shown = polls.start(asked["question"], asked["options"], row.payload["text"])
            content = shown | {each: content[each] for each in (render.KEY, "m.mentions")}
            kind, status = polls.START, AS_POLL
        service = self._matrix.service(room.homeserver)
        try:
            event_id = await service.send(room.room_id, content, txn_id=row.key, event_type=kind)
            return Delivered(event_id, status)
        except LostRoom as error:
            await losing.lose(self._settings, room.room_id)
            raise Unavailable("The room was lost; the unit gets another.") from error

    async def _greet(self, row: Outbox) -> Delivered:
        """Accept an invitation; one that was taken back meanwhile needs no word."""
        service, room_id = self._matrix.service(row.payload["homeserver"]), row.payload["room"]
        try:
            await service.accept_direct(await self._user_id(row), room_id)
        except Refused:
            await DirectRoom.filter(room_id=room_id).update(lost_at=self._settings.clock.wall())
            return Delivered("", "gone")
        content = render.line(row.payload["text"], row.key)
        return Delivered(await service.send(room_id, content, txn_id=row.key))

    async def _hear(self, row: Outbox) -> Delivered:
        """Go into a stranger's room, if nobody else is there."""
        service, room_id = self._matrix.service(row.payload["homeserver"]), row.payload["room"]
        wall = self._settings.clock.wall()
        try:
            await service.join(room_id)
            there = [each for each in (await service.members(room_id)).values() if each in ("join", "invite")]
            if len(there) > _TWO:
                await service.leave(room_id)
                await Knock.filter(room_id=room_id).update(left_at=wall)
                return Delivered("", "others are there")
            content = render.line(row.payload["text"], row.key)
            return Delivered(await service.send(room_id, content, txn_id=row.key))
        except Refused:
            await Knock.filter(room_id=room_id).update(left_at=wall)
            return Delivered("", "gone")

    async def _decline(self, row: Outbox) -> Delivered:
        service, room_id = self._matrix.service(row.payload["homeserver"]), row.payload["room"]
        if await Room.exists(successor=room_id):
            return Delivered("", "not declined")  # it has turned out to take another's place
        event_id = ""
        if row.payload["join"]:
            try:
                await service.join(room_id)
                content = render.line(row.payload["text"], row.key)
                event_id = await service.send(room_id, content, txn_id=row.key)
            except Refused:
                return Delivered("", "gone")
        await service.leave(room_id, row.payload["text"])
        return Delivered(event_id)

    async def _answer(self, row: Outbox) -> Delivered:
        """A line, a sign, or the end of a poll, in answer to an event in a room."""
        payload = row.payload
        service = await self._service(row)
        if service is None:
            return Delivered("", "gone")  # a line into a room that is no more would answer nobody
        kind = "m.room.message"
        if payload["do"] == "press":
            kind = "m.reaction"
            content = render.reaction(payload["emoji"], payload["event"], row.key)
        elif payload["do"] == "conclude":
            kind = polls.END
            content = polls.end(payload["event"], payload["text"]) | {"m.mentions": {}, render.KEY: row.key}
        else:
            content = render.line(payload["text"], row.key)
            content = (
                render.in_thread(content, payload["thread"])
                if payload["thread"]
                else render.in_reply(content, payload["event"])
            )
        try:
            event_id = await service.send(payload["room"], content, txn_id=row.key, event_type=kind)
        except LostRoom:
            await losing.lose(self._settings, payload["room"])
            return Delivered("", "gone")
        room = await Room.get_or_none(room_id=payload["room"]) if payload["do"] == "retort" else None
        if room is not None:
            words, answered = payload["text"], payload["event"]
            await ties.show(self._settings, room.unit_id, event_id, words, row.key, answers=answered)
        return Delivered(event_id)

    async def _service(self, row: Outbox) -> AppService | None:
        """The service that is in the row's room; None where the room is lost."""
        homeserver = row.payload.get("homeserver")
        room_id = row.payload["room"]
        found = (
            await Room.get_or_none(room_id=room_id, lost_at=None)
            or await DirectRoom.get_or_none(room_id=room_id, lost_at=None)
            or await Knock.get_or_none(room_id=room_id)
        )
        if homeserver is None and found is not None:
            homeserver = found.homeserver
        return self._matrix.service(homeserver) if homeserver else None

    async def _user_id(self, row: Outbox) -> str:
        return self._settings.vault.open((await Address.get(id=row.address_id)).sealed)
