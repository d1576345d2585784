"""Carries effects into rooms: posts, state edits, lines in threads, a resident's further words.

What a post says is made at the moment of delivery, from the database as it is then. An effect whose
room was lost meanwhile finds the unit a new room and puts the issue's post there first.
"""

from typing import Any

from tortoise.exceptions import IntegrityError

from bridges.contract import Delivered, Unavailable
from bridges.matrix.appservice import LostRoom
from bridges.matrix.bridge import MatrixBridge
from issues import chain, names, telling
from linzhang.settings import Settings
from models import Issue, Message, Outbox, OutboxState, Person, Room, RoomEvent, RoomEventKind, Unit
from rooms import media, render
from rooms.personal import DEEDS, Personal
from rooms.provision import Provision


class ToRoom:
    """The deliverer of everything that happens in rooms; see `escalator.delivery.Deliverer`."""

    def __init__(self, settings: Settings, matrix: MatrixBridge) -> None:
        self._settings = settings
        self._provision = Provision(settings, matrix)
        self._personal = Personal(settings, matrix, self._provision)

    async def deliver(self, row: Outbox) -> Delivered:
        """Do what the row says.

        Raises:
            DeliveryError: See `bridges.contract`; a lost room is `Unavailable`, since the next
                attempt finds the unit another one.
        """
        if row.payload["do"] in DEEDS:
            return await self._personal.deliver(row)
        room = await self._room_of(row)
        try:
            delivered = await self._about_issue(room, row)
            await self._with_media(room, row)
            return delivered
        except LostRoom as error:
            await Room.filter(id=room.id, lost_at=None).update(lost_at=self._settings.clock.wall())
            raise Unavailable("The room was lost; the unit gets another.") from error

    async def find(self, row: Outbox) -> Delivered | None:
        """Look in the room for the event of a call of which nobody knows how it ended."""
        if row.payload["do"] in DEEDS:
            return await self._personal.find(row)
        room = await self._room_of(row)
        try:
            event_id = await self._provision.service(room).find(room.room_id, row.key)
        except LostRoom:
            return None
        if event_id is None:
            return None
        if row.issue_id is not None and row.payload["do"] != "state":
            issue = await _issue(row.issue_id)
            await _remember(issue, room, event_id, self._kind(row, issue, room))
            await self._with_media(room, row)
        return Delivered(event_id)

    async def _with_media(self, room: Room, row: Outbox) -> None:
        """Let what came with the words stand below them."""
        if row.issue_id is not None and row.payload["do"] != "state":
            await media.put_up(self._settings, await _issue(row.issue_id), room)

    async def _about_issue(self, room: Room, row: Outbox) -> Delivered:
        assert row.issue_id is not None
        issue = await _issue(row.issue_id)
        unit = await Unit.get(id=row.payload["unit"])
        do = row.payload["do"]
        if do == "state":
            return await self._state(issue, unit, room, row)
        if await _post(issue, room) is None or do == "show":
            key = row.key if do == "show" else f"{row.key}.post"
            shown = await self._show(issue, unit, room, key)
            if do == "show":
                return shown
        if do == "say":
            people = await Person.filter(id__in=row.payload["mention"])
            mention = await self._provision.matrix_ids(people)
            content = render.line(row.payload["text"], row.key, mention=mention)
            return await self._in_thread(issue, room, content, row.key, sender=None)
        return await self._relay(issue, room, row)

    async def _show(self, issue: Issue, unit: Unit, room: Room, key: str) -> Delivered:
        """Put the issue's post into the room, if it is not there."""
        post = await _post(issue, room)
        own_words = post is not None and room.room_id == issue.reported_in
        if post and (not own_words or await _card(issue, room)):
            return Delivered(post.event_id, "there already")
        acting = await chain.acting(unit, self._settings.clock.now()) if issue.holder_id == unit.id else None
        mention = await self._provision.matrix_ids([acting.person] if acting else [])
        card = await render.card(self._settings, issue, unit)
        content = render.post(card, issue, unit, key, mention=mention, with_words=not own_words)
        service = self._provision.service(room)
        if own_words:
            assert post is not None
            content = render.in_thread(content, post.event_id)
        sender = await self._ghost(issue, room) if _is_ghosts(issue, unit, own_words) else None
        event_id = await service.send(room.room_id, content, txn_id=key, sender=sender)
        await _remember(issue, room, event_id, RoomEventKind.CARD if own_words else RoomEventKind.POST)
        return Delivered(event_id)

    async def _state(self, issue: Issue, unit: Unit, room: Room, row: Outbox) -> Delivered:
        if await _later_state(row):
            return Delivered("", "overtaken")
        own_words = room.room_id == issue.reported_in
        target = await (_card if own_words else _post)(issue, room)
        if target is None:
            return Delivered("", "not shown here")
        card = await render.card(self._settings, issue, unit)
        content = render.post(card, issue, unit, row.key, with_words=not own_words)
        sender = await self._ghost(issue, room) if _is_ghosts(issue, unit, own_words) else None
        service = self._provision.service(room)
        edited = render.edit(content, target.event_id)
        return Delivered(await service.send(room.room_id, edited, txn_id=row.key, sender=sender))

    async def _relay(self, issue: Issue, room: Room, row: Outbox) -> Delivered:
        message = await Message.get(id=row.payload["message"])
        words = telling.said(message, self._settings.territory.default_language)
        content = render.line(words, row.key, by_resident=True)
        return await self._in_thread(issue, room, content, row.key, sender=await self._ghost(issue, room))

    async def _in_thread(
        self, issue: Issue, room: Room, content: dict[str, Any], key: str, *, sender: str | None
    ) -> Delivered:
        post = await _post(issue, room)
        assert post is not None
        service = self._provision.service(room)
        content = render.in_thread(content, post.event_id)
        event_id = await service.send(room.room_id, content, txn_id=key, sender=sender)
        await _remember(issue, room, event_id, RoomEventKind.LINE)
        return Delivered(event_id)

    async def _ghost(self, issue: Issue, room: Room) -> str:
        """The reporter's ghost, in the room."""
        service = self._provision.service(room)
        ghost = service.homeserver.ghost_id(issue.reporter_id)
        name = names.resident(issue.reporter, self._settings.territory.default_language)
        await service.ensure_ghost(ghost, name)
        await service.ensure_joined(room.room_id, ghost)
        return ghost

    async def _room_of(self, row: Outbox) -> Room:
        return await self._provision.room(await Unit.get(id=row.payload["unit"]))

    def _kind(self, row: Outbox, issue: Issue, room: Room) -> RoomEventKind:
        if row.payload["do"] != "show":
            return RoomEventKind.LINE
        return RoomEventKind.CARD if room.room_id == issue.reported_in else RoomEventKind.POST


async def _issue(issue_id: int) -> Issue:
    return await Issue.get(id=issue_id).select_related("reporter", "block", "holder")


def _is_ghosts(issue: Issue, unit: Unit, own_words: bool) -> bool:
    """Whether the resident's ghost speaks: in their own block, unless they are there themselves."""
    return unit.id == issue.block_id and not own_words


async def _post(issue: Issue, room: Room) -> RoomEvent | None:
    return await RoomEvent.get_or_none(issue_id=issue.id, room_id=room.room_id, kind=RoomEventKind.POST)


async def _card(issue: Issue, room: Room) -> RoomEvent | None:
    return await RoomEvent.get_or_none(issue_id=issue.id, room_id=room.room_id, kind=RoomEventKind.CARD)


async def _later_state(row: Outbox) -> bool:
    """Whether the lane holds a later edit, which will show all that this one would."""
    later = await Outbox.filter(lane=row.lane, id__gt=row.id, state=OutboxState.WAITING)
    return any(each.payload["do"] == "state" for each in later)


async def _remember(issue: Issue, room: Room, event_id: str, kind: RoomEventKind) -> None:
    try:
        await RoomEvent.create(issue_id=issue.id, room_id=room.room_id, event_id=event_id, kind=kind)
    except IntegrityError:
        return  # the same send was answered twice
