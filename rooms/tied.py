"""Carries what is said and shown between a unit's room and the group of another platform tied to it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tortoise.exceptions import IntegrityError

from attachments.made import NotTaken, Use
from bridges.contract import Bridge, Delivered, Inbound, Kind, Media, Outbound, Refused, Unavailable, Unfit
from bridges.matrix.appservice import AppService, LostRoom
from bridges.matrix.bridge import MatrixBridge
from issues import enclosing, inbox, names, texts
from issues.segments import cut
from linzhang.passes import Pass
from linzhang.settings import Settings
from linzhang.words import say
from models import Address, Message, Outbox, Room, TiedChat, Twin, Unit, Voice
from rooms import heard, losing, render, showing
from rooms.enclosures import Enclosures
from rooms.provision import Provision
from rooms.roster import MATRIX
from rooms.uploads import Uploads


class ToTied:
    """The deliverer of what passes between groups and rooms; see `escalator.delivery.Deliverer`."""

    def __init__(
        self, settings: Settings, matrix: MatrixBridge, bridges: Mapping[str, Bridge], uploads: Uploads
    ) -> None:
        self._settings = settings
        self._bridges = bridges
        self._uploads = uploads
        self._enclosures = Enclosures(settings, matrix, uploads)
        self._provision = Provision(settings, matrix)

    async def deliver(self, row: Outbox) -> Delivered:
        """Show it on the other side.

        Raises:
            DeliveryError: See `bridges.contract`.
        """
        tie = await TiedChat.get(id=row.payload["tie"]).select_related("unit")
        if tie.ended_at is not None:
            return Delivered("", "untied")
        if row.payload["do"] == "out":
            return await self._out(row, tie)
        room = await self._provision.room(tie.unit)
        try:
            return await self._in(row, tie, room)
        except LostRoom as error:
            await losing.lose(self._settings, room.room_id)
            raise Unavailable("The room was lost; the unit gets another.") from error

    async def find(self, row: Outbox) -> Delivered | None:
        """Look for what may have been shown."""
        tie = await TiedChat.get(id=row.payload["tie"]).select_related("unit")
        if row.payload["do"] == "out":
            return await self._bridge(tie).find(await self._outbound(row, tie), row.created_at, [])
        room = await self._provision.room(tie.unit)
        try:
            event_id = await self._provision.service(room).find(room.room_id, row.key)
        except LostRoom:
            return None
        if event_id is not None:
            await self._taken(row, tie, room, event_id, *await self._place(row, tie, room))
        return Delivered(event_id) if event_id else None

    async def _in(self, row: Outbox, tie: TiedChat, room: Room) -> Delivered:
        """Let the sender's ghost say it in the room; then it is taken as said there."""
        payload = row.payload
        address = await Address.get(id=row.address_id).select_related("person")
        language = self._settings.territory.default_language
        service = self._provision.service(room)
        ghost = service.homeserver.ghost_id(address.person_id)
        await service.ensure_ghost(ghost, names.resident(address.person, language))
        await service.ensure_joined(room.room_id, ghost)
        target, thread = await self._place(row, tie, room)
        contents = [] if payload["edit"] else await self._shown(row, tie, service)
        if payload["text"]:
            contents.append(render.line(payload["text"], row.key, by_resident=True))
        event_id = ""
        for number, content in enumerate(contents, start=1):
            last = number == len(contents)
            key = row.key if last else f"{row.key}.{number}"
            shown = content | {render.KEY: key}
            if payload["edit"] and target:
                shown = render.edit(shown, target)
            elif thread:
                shown = render.in_thread(shown, thread)
            elif target:
                shown = render.in_reply(shown, target)
            event_id = await service.send(room.room_id, shown, txn_id=key, sender=ghost)
        await self._taken(row, tie, room, event_id, target, thread)
        return Delivered(event_id)

    async def _shown(self, row: Outbox, tie: TiedChat, service: AppService) -> list[dict[str, Any]]:
        """What came with the words, as events; what cannot be shown is said."""
        language = self._settings.territory.default_language
        message = Message(bridge=tie.bridge, media=row.payload["media"], voice=Voice.RESIDENT)
        contents = []
        for number in range(len(message.media)):
            try:
                upload = await self._uploads.keep(message, number, Use.ROOM, service.homeserver.server_name)
                contents.append(showing.kept(upload, row.key, language))
            except NotTaken:
                contents.append(render.line(say(texts.LINE_MEDIUM_KIND, language), row.key))
            except Refused:
                contents.append(render.line(say(texts.LINE_MEDIUM_LOST, language), row.key))
        return contents

    async def _place(self, row: Outbox, tie: TiedChat, room: Room) -> tuple[str, str]:
        """The event that it answers or edits, and the thread in which that stands; empty: none."""
        if not row.payload["target"]:
            return "", ""
        twin = await Twin.get_or_none(tie_id=tie.id, external_id=row.payload["target"])
        if twin is None:
            return "", ""
        as_event = Inbound(tie.bridge, "", "", target=twin.event_id)
        return twin.event_id, await heard.thread_of(await heard.about(as_event), room.room_id)

    async def _taken(
        self, row: Outbox, tie: TiedChat, room: Room, event_id: str, target: str, thread: str
    ) -> None:
        """Remember the pair, and have the words taken as words that were said in the room."""
        payload = row.payload
        if not payload["edit"]:
            await _pair(tie, payload["external_id"], event_id)
        address = await Address.get(id=row.address_id)
        said = Inbound(
            bridge=tie.bridge,
            external_id=event_id,
            sender=self._settings.vault.open(address.sealed),
            kind=Kind.EDIT if payload["edit"] else Kind.TEXT,
            text=payload["text"],
            media=[Media(**each) for each in payload["media"]],
            room=room.room_id,
            thread=thread,
            target=target,
        )
        await inbox.store(self._settings, said)

    async def _out(self, row: Outbox, tie: TiedChat) -> Delivered:
        """Show it in the group."""
        outbound = await self._outbound(row, tie)
        if row.payload["edit"] and not outbound.replaces:
            return Delivered("", "not shown there")
        try:
            delivered = await self._bridge(tie).deliver(outbound)
        except Refused:
            if not outbound.media:
                raise
            delivered = await self._bridge(tie).deliver(self._linked(row, tie, outbound))
        if not row.payload["edit"]:
            await _pair(tie, delivered.external_id, row.payload["event"])
        return delivered

    async def _outbound(self, row: Outbox, tie: TiedChat) -> Outbound:
        payload, bridge = row.payload, self._bridge(tie)
        words = Outbound(
            key=row.key, address=tie.chat, text=cut(payload["text"], bridge.capabilities.text_limit)
        )
        if payload["edit"]:
            return replace(words, replaces=await _outside(tie, payload["event"]))
        words = replace(words, answers=await _outside(tie, payload["answers"]))
        medium = await self._medium(row)
        if medium is None:
            return words
        along = replace(words, text=cut(payload["below"], bridge.capabilities.text_limit), media=[medium])
        return along if bridge.carries(medium, tie.chat) else self._linked(row, tie, along)

    def _linked(self, row: Outbox, tie: TiedChat, along: Outbound) -> Outbound:
        """The words with a link to what would not go along with them."""
        (medium,) = along.media
        link = f"\n{medium.url}"
        words = cut(row.payload["text"], self._bridge(tie).capabilities.text_limit - len(link))
        return replace(along, text=words + link, media=())

    async def _medium(self, row: Outbox) -> Media | None:
        """What goes along, at an address that the platform can call; None: nothing, or nothing that can."""
        if not row.payload.get("media"):
            return None
        sent = Message(bridge=MATRIX, media=row.payload["media"], voice=Voice.LEADER)
        try:
            upload = await self._enclosures.kept(sent, 0, row.attempts)
        except Unfit:
            return None
        until = self._settings.clock.now() + self._settings.territory.link_lasts
        link = enclosing.group_link(self._settings, Pass(row.id, 0, until))
        return Media(link, upload.content_type, upload.size)

    def _bridge(self, tie: TiedChat) -> Bridge:
        bridge = self._bridges.get(tie.bridge)
        if bridge is None:
            raise Unavailable(f"There is no bridge {tie.bridge!r} in the configuration.")
        return bridge


async def tie(settings: Settings, bridge: Bridge, chat: str, unit_code: str) -> Unit:
    """Tie a group to a unit's room; one that is tied elsewhere is untied there.

    Raises:
        ValueError: There is no such unit, or the platform has no groups.
    """
    unit = await Unit.get_or_none(code=unit_code)
    if unit is None:
        raise ValueError(f"There is no unit {unit_code!r}.")
    if not bridge.capabilities.groups:
        raise ValueError(f"{bridge.name} has no groups that could be tied.")
    await untie(settings, bridge.name, chat)
    await TiedChat.create(bridge=bridge.name, chat=chat, unit=unit, tied_at=settings.clock.now())
    return unit


async def untie(settings: Settings, bridge: str, chat: str) -> bool:
    """Untie a group; returns whether it was tied."""
    tied = TiedChat.filter(bridge=bridge, chat=chat, ended_at=None)
    return bool(await tied.update(ended_at=settings.clock.now()))


async def _pair(tie: TiedChat, external_id: str, event_id: str) -> None:
    if not external_id or not event_id:
        return
    try:
        await Twin.create(tie_id=tie.id, external_id=external_id, event_id=event_id)
    except IntegrityError:
        return  # the same was shown twice


async def _outside(tie: TiedChat, event_id: str) -> str:
    """The platform's id of what stands in the room; empty: it does not stand in the group."""
    twin = await Twin.filter(tie_id=tie.id, event_id=event_id).first() if event_id else None
    return twin.external_id if twin else ""
