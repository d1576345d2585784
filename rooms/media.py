"""Shows in an issue's threads what came with its messages: each picture is an effect of its own.

A picture has a lane of its own, so that words never wait for one; it comes when the carrier gives it out, and
what can never be shown is said in one line. Its key names the message and the room, so that whatever leads to
it, it stands in a room once.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tortoise.exceptions import IntegrityError

from attachments.kinds import LIMIT
from attachments.made import NotTaken, Use
from bridges.contract import Delivered, Media, Refused, TooLarge, Unavailable
from bridges.matrix.appservice import LostRoom, Standing
from bridges.matrix.bridge import MatrixBridge
from bridges.matrix.connection import Denied
from issues import names, texts
from linzhang import tracing
from linzhang.settings import Settings
from linzhang.words import Text, say
from models import Issue, Message, Outbox, RoomEvent, RoomEventKind, Unit, Voice
from rooms import losing, render, showing, stages, ties
from rooms.stages import Stage, Stages
from rooms.ties import Shown
from rooms.uploads import NotYet, Uploads, medium_of

#: The deliverer's name in the outbox.
MEDIA = "media"

#: How often the carrier is asked for what it says is not there, and for how long if it does not answer.
_ASKED = 6
_PATIENCE = timedelta(days=1)

#: Seconds between two such questions at most.
_LONGEST_PAUSE = 900.0


async def put_up(settings: Settings, issue: Issue, stage: Stage) -> None:
    """Have everything shown in a room that came with an issue's messages and does not stand there.

    Can be called any number of times; does nothing where the issue has no post.
    """
    said = [each for each in await Message.filter(issue_id=issue.id).order_by("id") if each.media]
    if not said or not await stages.post(issue.id, stage):
        return
    theirs = RoomEvent.filter(room_id=stage.room_id, event_id__in=[each.external_id for each in said])
    there = {each.event_id for each in await theirs}
    keys = {
        _key(message, number, stage): (message, number)
        for message in said
        if message.external_id not in there and _belongs(message, issue, stage)
        for number in range(len(message.media))
    }
    known = {row["key"] for row in await Outbox.filter(key__in=list(keys)).values("key")}
    wall = settings.clock.wall()
    for key, (message, number) in keys.items():
        if key in known:
            continue
        row = Outbox(
            key=key,
            lane=f"media:{message.id}:{stage.name}",
            bridge=MEDIA,
            issue_id=issue.id,
            payload={"stage": stage.name, "unit": stage.unit_id, "shown": message.id, "number": number},
            created_at=wall,
            not_before=wall,
            trace=tracing.carried(),
        )
        try:
            await row.save()
        except IntegrityError:
            continue  # another worker was a moment faster


def _belongs(message: Message, issue: Issue, stage: Stage) -> bool:
    """Whether what came with a message is for those who are in a room and have not seen it there."""
    if message.retracted_at is not None or message.room_id == stage.room_id:
        return False
    # Residents may be in the block's room: what stays among leaders is not shown there.
    return message.voice is not Voice.INSIDE or stage.is_private or stage.unit_id != issue.block_id


def _key(message: Message, number: int, stage: Stage) -> str:
    return f"m{message.id}.{number}.{stage.name}"


class ToThread:
    """The deliverer of pictures, sounds and films in rooms; see `escalator.delivery.Deliverer`."""

    def __init__(self, settings: Settings, matrix: MatrixBridge, uploads: Uploads) -> None:
        self._settings = settings
        self._stages = Stages(settings, matrix)
        self._uploads = uploads

    async def deliver(self, row: Outbox) -> Delivered:
        """Show it, or say why not.

        Raises:
            DeliveryError: See `bridges.contract`.
        """
        message = await Message.get(id=row.payload["shown"]).select_related("author")
        issue = await Issue.get(id=row.issue_id)
        stage = await self._stages.named(row.payload["stage"], row.payload["unit"])
        # The room that comes in place of a lost one, and a leader alone, get pictures of their own.
        if message.retracted_at is not None or stage is None or stage.is_private is not issue.private:
            return Delivered("", "gone")
        content = await self._content(row, message, stage)
        try:
            return await self._in_thread(row, message, stage, content)
        except LostRoom:
            await losing.lose(self._settings, stage.room_id)
            return Delivered("", "gone")

    async def find(self, row: Outbox) -> Delivered | None:
        """Look in the room for the event of a call of which nobody knows how it ended."""
        stage = await self._stages.named(row.payload["stage"], row.payload["unit"])
        if stage is None:
            return None
        try:
            event = await stage.service.standing(stage.room_id, row.key)
        except LostRoom:
            return None
        if event is None:
            return None
        await self._remember(row, stage, event.event_id)
        message = await Message.get(id=row.payload["shown"]).select_related("author")
        await self._outside(row, message, stage, event)
        return Delivered(event.event_id)

    async def _content(self, row: Outbox, message: Message, stage: Stage) -> dict[str, Any]:
        number = row.payload["number"]
        medium = medium_of(message, number)
        language = self._settings.territory.default_language
        if medium.url.startswith("mxc://"):
            return showing.uploaded(medium, row.key, language)
        try:
            upload = await self._uploads.keep(message, number, Use.ROOM, stage.service.homeserver.server_name)
        except NotYet as reason:
            if not self._is_lost(row, reason):
                raise _later(row, reason) from reason
            return self._line(row, texts.LINE_MEDIUM_LOST)
        except TooLarge:
            return self._line(row, texts.LINE_MEDIUM_LARGE, limit=LIMIT // 2**20)
        except Denied:
            raise  # it was the homeserver's word, not the platform's
        except Refused:
            return self._line(row, texts.LINE_MEDIUM_LOST)
        except NotTaken:
            return self._line(row, texts.LINE_MEDIUM_KIND)
        return showing.kept(upload, row.key, language)

    def _is_lost(self, row: Outbox, reason: NotYet) -> bool:
        if reason.code == 404:
            return row.attempts >= _ASKED
        return self._settings.clock.wall() - row.created_at >= _PATIENCE

    def _line(self, row: Outbox, text: Text, **values: object) -> dict[str, Any]:
        return render.line(say(text, self._settings.territory.default_language, **values), row.key)

    async def _in_thread(
        self, row: Outbox, message: Message, stage: Stage, content: dict[str, Any]
    ) -> Delivered:
        assert row.issue_id is not None
        post = await stages.post(row.issue_id, stage)
        if post is None:
            return Delivered("", "not shown here")
        service = stage.service
        sender = None
        if "url" in content and message.voice is Voice.RESIDENT and not stage.is_private:
            sender = service.homeserver.ghost_id(message.author_id)
            language = self._settings.territory.default_language
            await service.ensure_ghost(sender, names.resident(message.author, language))
            await service.ensure_joined(stage.room_id, sender)
        elif "url" in content:
            content = showing.captioned(content, await self._sent_by(message, row.issue_id))
        content = render.in_thread(content, post.event_id)
        event_id = await service.send(stage.room_id, content, txn_id=row.key, sender=sender)
        await self._remember(row, stage, event_id)
        await self._outside(row, message, stage, Standing(event_id, sender or "", content))
        return Delivered(event_id)

    async def _outside(self, row: Outbox, message: Message, stage: Stage, event: Standing) -> None:
        """Have it shown in groups of other platforms that are tied to the room, too."""
        if not stage.is_private:
            shown = self._in_groups(message, event.content)
            await ties.show(self._settings, stage.unit_id, event.event_id, shown, row.key, answers=event.root)

    def _in_groups(self, message: Message, content: Mapping[str, Any]) -> Shown:
        """The same for groups that are tied to the room: what lies on a homeserver by now, or the line."""
        if "url" not in content:
            return Shown(content["body"])
        info = content["info"]
        medium = Media(content["url"], info["mimetype"], info.get("size"))
        name = names.resident(message.author, self._settings.territory.default_language)
        return ties.said_by(self._settings, name, "", [medium])

    async def _sent_by(self, message: Message, issue_id: int) -> str:
        profile = self._settings.territory
        issue = await Issue.get(id=issue_id).select_related("block", "holder")
        about: Unit | None = issue.block or issue.holder
        language = profile.default_language
        if message.voice is Voice.RESIDENT:
            name = names.resident(message.author, language)
        else:
            name = await names.speaker(message.author, about, profile, language, message.said_at)
        return say(texts.SENT_BY, language, name=name)

    async def _remember(self, row: Outbox, stage: Stage, event_id: str) -> None:
        assert row.issue_id is not None
        try:
            await RoomEvent.create(
                issue_id=row.issue_id, room_id=stage.room_id, event_id=event_id, kind=RoomEventKind.LINE
            )
        except IntegrityError:
            return  # the same send was answered twice


def _later(row: Outbox, reason: NotYet) -> Unavailable:
    """Ask again, but ever more seldom: a picture can wait, and others wait for the carrier too."""
    pause = max(reason.retry_after or 0.0, min(2.0 ** (row.attempts - 2), _LONGEST_PAUSE))
    return Unavailable(str(reason), reason.code, pause)
