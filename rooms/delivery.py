"""Carries effects into rooms: posts, state edits, lines in threads, a resident's further words.

What a post says is made at the moment of delivery, from the database as it is then. An effect whose
room was lost meanwhile finds the unit a new room and puts the issue's post there first.
"""

from typing import Any

from tortoise.exceptions import IntegrityError

from bridges.contract import Delivered, Unavailable
from bridges.matrix.appservice import LostRoom, Standing
from bridges.matrix.bridge import MatrixBridge
from issues import chain, names, telling, texts
from linzhang.networks import Network
from linzhang.settings import Settings
from linzhang.words import say
from models import Issue, Message, Outbox, OutboxState, Person, RoomEvent, RoomEventKind, Unit
from rooms import hiding, losing, media, networks, render, stages, ties
from rooms.keeping import KEEPING, Keeping
from rooms.personal import DEEDS, Personal
from rooms.plumbing import DEEDS as PLUMBING
from rooms.plumbing import Plumbing
from rooms.provision import Provision
from rooms.stages import Stage, Stages
from rooms.ties import Shown
from rooms.wiping import DEEDS as WIPING
from rooms.wiping import Wiping


class ToRoom:
    """The deliverer of everything that happens in rooms; see `escalator.delivery.Deliverer`."""

    def __init__(self, settings: Settings, matrix: MatrixBridge) -> None:
        self._settings = settings
        self._stages = Stages(settings, matrix)
        self._provision = Provision(settings, matrix)
        self._keeping = Keeping(settings, matrix)
        self._personal = Personal(settings, matrix, self._provision)
        self._plumbing = Plumbing(settings, matrix, self._provision)
        self._wiping = Wiping(settings, matrix, self._stages)

    async def deliver(self, row: Outbox) -> Delivered:
        """Do what the row says.

        Raises:
            DeliveryError: See `bridges.contract`; a lost room is `Unavailable`, since the next
                attempt finds the unit another one.
        """
        if row.payload["do"] in DEEDS:
            return await self._personal.deliver(row)
        if row.payload["do"] in PLUMBING:
            return await self._plumbing.deliver(row)
        if row.payload["do"] == KEEPING:
            return await self._keeping.deliver(row)
        if row.payload["do"] in WIPING:
            return await self._wiping.deliver(row)
        issue, unit = await self._about(row)
        stage = await self._stage(row, issue, unit)
        if stage is None:
            return Delivered("", "nobody there")
        try:
            if row.payload["do"] == "hide":
                return await hiding.hide(issue, stage, row.key)
            delivered = await self._about_issue(issue, unit, stage, row)
            await self._with_media(issue, stage, row)
            return delivered
        except LostRoom as error:
            await losing.lose(self._settings, stage.room_id)
            raise Unavailable("The room was lost; the unit gets another.") from error

    async def find(self, row: Outbox) -> Delivered | None:
        """Look in the room for the event of a call of which nobody knows how it ended."""
        if row.payload["do"] in DEEDS:
            return await self._personal.find(row)
        if row.payload["do"] in PLUMBING:
            return await self._plumbing.find(row)
        if row.payload["do"] == KEEPING or row.payload["do"] in WIPING:
            return None  # looking, or redacting, twice does no harm
        issue, unit = await self._about(row)
        stage = await self._stage(row, issue, unit)
        if stage is None or row.payload["do"] == "hide":
            return None  # hiding twice does no harm
        try:
            event = await stage.service.standing(stage.room_id, row.key)
        except LostRoom:
            return None
        if event is None:
            return None
        if row.payload["do"] != "state":
            await _remember(issue, stage, event.event_id, await self._kind(row, issue, stage))
            words = await self._words_outside(row, stage, event)
            await self._outside(stage, event.event_id, words, row.key, event.root)
            await self._with_media(issue, stage, row)
        return Delivered(event.event_id)

    async def _about(self, row: Outbox) -> tuple[Issue, Unit]:
        issue = await Issue.get(id=row.issue_id).select_related("reporter", "block", "holder")
        return issue, await Unit.get(id=row.payload["unit"])

    async def _stage(self, row: Outbox, issue: Issue, unit: Unit) -> Stage | None:
        if row.payload["do"] == "hide":
            return await self._stages.room_of(unit)
        return await self._stages.of(issue, unit)

    async def _with_media(self, issue: Issue, stage: Stage, row: Outbox) -> None:
        """Let what came with the words stand below them."""
        if row.payload["do"] != "state":
            await media.put_up(self._settings, issue, stage)

    async def _about_issue(self, issue: Issue, unit: Unit, stage: Stage, row: Outbox) -> Delivered:
        do = row.payload["do"]
        if do == "state":
            return await self._state(issue, unit, stage, row)
        if await stages.post(issue.id, stage) is None or do == "show":
            if stage.is_private and do != "show" and issue.holder_id != unit.id:
                return Delivered("", "not shown here")  # to nobody who has come after the issue had gone on
            key = row.key if do == "show" else f"{row.key}.post"
            shown = await self._show(issue, unit, stage, key)
            if do == "show":
                return shown
        if do == "say":
            people = await Person.filter(id__in=row.payload["mention"])
            mention = await self._provision.matrix_ids(people)
            content = render.line(row.payload["text"], row.key, mention=mention)
            return await self._in_thread(issue, stage, content, row.key, sender=None)
        return await self._relay(issue, stage, row)

    async def _show(self, issue: Issue, unit: Unit, stage: Stage, key: str) -> Delivered:
        """Put the issue's post into the room, if it is not there."""
        post = await stages.post(issue.id, stage)
        own_words = await stages.is_own_words(post)
        if post and (not own_words or await stages.card(issue.id, stage)):
            return Delivered(post.event_id, "there already")
        acting = await chain.acting(unit, self._settings.clock.now()) if issue.holder_id == unit.id else None
        mention = await self._provision.matrix_ids([acting.person] if acting else [])
        card = await render.card(self._settings, issue, unit)
        content = render.post(card, issue, unit, key, mention=mention, with_words=not own_words)
        if own_words:
            assert post is not None
            content = render.in_thread(content, post.event_id)
            if issue.reported_in != stage.room_id and await self._is_for_threads_only(stage):
                content["msgtype"] = "m.notice"  # the reporter is told all that as a message of its own
        sender = await self._ghost(issue.reporter, stage) if _is_ghosts(issue, unit, own_words) else None
        event_id = await stage.service.send(stage.room_id, content, txn_id=key, sender=sender)
        await _remember(issue, stage, event_id, RoomEventKind.CARD if own_words else RoomEventKind.POST)
        await self._outside(
            stage, event_id, content["body"], key, post.event_id if own_words and post else ""
        )
        return Delivered(event_id)

    async def _state(self, issue: Issue, unit: Unit, stage: Stage, row: Outbox) -> Delivered:
        if await _later_state(row):
            return Delivered("", "overtaken")
        own_words = await stages.is_own_words(await stages.post(issue.id, stage))
        target = await (stages.card if own_words else stages.post)(issue.id, stage)
        if target is None:
            return Delivered("", "not shown here")
        card = await render.card(self._settings, issue, unit)
        content = render.post(card, issue, unit, row.key, with_words=not own_words)
        sender = await self._ghost(issue.reporter, stage) if _is_ghosts(issue, unit, own_words) else None
        edits_seen = all(each.edits or each.notices for each in await self._guests(stage))
        edited = render.edit(content, target.event_id, seen_as_new=not edits_seen)
        return Delivered(await stage.service.send(stage.room_id, edited, txn_id=row.key, sender=sender))

    async def _relay(self, issue: Issue, stage: Stage, row: Outbox) -> Delivered:
        message = await Message.get(id=row.payload["message"]).select_related("author")
        language = self._settings.territory.default_language
        words = telling.said(message, language)
        sender = None
        if stage.is_private:
            words = say(texts.SAID_BY, language, name=names.resident(message.author, language), words=words)
        else:
            sender = await self._ghost(message.author, stage)
        content = render.line(words, row.key, by_resident=True)
        if await _stands_there(message, stage) and await self._is_for_threads_only(stage):
            content["msgtype"] = "m.notice"
        speaker = names.resident(message.author, language)
        return await self._in_thread(issue, stage, content, row.key, sender=sender, speaker=speaker)

    async def _in_thread(
        self,
        issue: Issue,
        stage: Stage,
        content: dict[str, Any],
        key: str,
        *,
        sender: str | None,
        speaker: str = "",
    ) -> Delivered:
        post = await stages.post(issue.id, stage)
        assert post is not None
        content = render.in_thread(content, post.event_id)
        event_id = await stage.service.send(stage.room_id, content, txn_id=key, sender=sender)
        await _remember(issue, stage, event_id, RoomEventKind.LINE)
        words = content["body"] if sender is None else self._said_by(speaker, content["body"])
        await self._outside(stage, event_id, words, key, post.event_id)
        return Delivered(event_id)

    async def _words_outside(self, row: Outbox, stage: Stage, event: Standing) -> str:
        """What tied groups are shown of something that stands in a room."""
        words = str(event.content["body"])
        if row.payload["do"] != "relay" or event.sender == stage.service.homeserver.bot_id:
            return words
        message = await Message.get(id=row.payload["message"]).select_related("author")
        speaker = names.resident(message.author, self._settings.territory.default_language)
        return self._said_by(speaker, words)

    def _said_by(self, speaker: str, words: str) -> str:
        return say(texts.SAID_BY, self._settings.territory.default_language, name=speaker, words=words)

    async def _outside(self, stage: Stage, event_id: str, words: str, key: str, answers: str) -> None:
        """Have it shown in groups of other platforms that are tied to the room, too."""
        if not stage.is_private:
            await ties.show(self._settings, stage.unit_id, event_id, Shown(words), key, answers=answers)

    async def _ghost(self, resident: Person, stage: Stage) -> str:
        """A resident's ghost, in the room."""
        ghost = stage.service.homeserver.ghost_id(resident.id)
        name = names.resident(resident, self._settings.territory.default_language)
        await stage.service.ensure_ghost(ghost, name)
        await stage.service.ensure_joined(stage.room_id, ghost)
        return ghost

    async def _kind(self, row: Outbox, issue: Issue, stage: Stage) -> RoomEventKind:
        if row.payload["do"] != "show":
            return RoomEventKind.LINE
        own_words = await stages.is_own_words(await stages.post(issue.id, stage))
        return RoomEventKind.CARD if own_words else RoomEventKind.POST

    async def _guests(self, stage: Stage) -> list[Network]:
        """The networks whose people read along."""
        return [] if stage.is_private else await networks.networks_in(self._settings, stage.unit_id)

    async def _is_for_threads_only(self, stage: Stage) -> bool:
        """Whether people read along who see no threads, and do not see what is said as a notice."""
        return any(not each.threads and not each.notices for each in await self._guests(stage))


def _is_ghosts(issue: Issue, unit: Unit, own_words: bool) -> bool:
    """Whether the resident's ghost speaks: in their own block, unless they are there themselves."""
    return unit.id == issue.block_id and not own_words and not issue.private


async def _stands_there(message: Message, stage: Stage) -> bool:
    """Whether a resident's words stand in a room already, outside of the thread."""
    return await RoomEvent.filter(room_id=stage.room_id, event_id=message.external_id).exists()


async def _later_state(row: Outbox) -> bool:
    """Whether the lane holds a later edit, which will show all that this one would."""
    later = await Outbox.filter(lane=row.lane, id__gt=row.id, state=OutboxState.WAITING)
    return any(each.payload["do"] == "state" for each in later)


async def _remember(issue: Issue, stage: Stage, event_id: str, kind: RoomEventKind) -> None:
    try:
        await RoomEvent.create(issue_id=issue.id, room_id=stage.room_id, event_id=event_id, kind=kind)
    except IntegrityError:
        return  # the same send was answered twice
