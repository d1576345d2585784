"""The people's Matrix clients: one real session each, as Element on their phone would hold it.

Each logs in with its password, accepts invitations, hears and speaks; while the homeserver is away
it tries again. It must never use a right that an ordinary client does not have.
"""

import asyncio
import io
import logging
from collections.abc import Callable
from typing import Any

import nio
from aiohttp import ClientError

from demo.page.config import Leader, Neighbour
from demo.page.rooms import RoomBook

_log = logging.getLogger(__name__)

_LONG_POLL = 20_000
_PAGES_BACK = 10
_FILTER = {
    "presence": {"types": []},
    "account_data": {"types": []},
    "room": {
        "timeline": {"limit": 100},
        "ephemeral": {"types": []},
        "account_data": {"types": []},
    },
}
_AWAY = (ClientError, TimeoutError, OSError)


class Refused(Exception):
    """The homeserver took the request and said no; the text is its reason."""


class Away(Exception):
    """The homeserver cannot be reached or is not able to work; try again later."""


class Session:
    """The client of one leader or resident."""

    def __init__(
        self,
        person: Leader | Neighbour,
        homeserver_url: str,
        book: RoomBook,
        on_link: Callable[[str, bool], None],
        retry: float = 0.5,
    ) -> None:
        """Prepare the session; nothing is sent yet.

        Args:
            person: Who logs in.
            homeserver_url: Where.
            book: What takes in the events.
            on_link: Told the user id and whether the homeserver could be reached, at each attempt.
            retry: Seconds until the first new attempt; they double up to ten times that.
        """
        self.person = person
        self._book = book
        self._on_link = on_link
        self._retry = retry
        self._limit = asyncio.Semaphore(4)
        # The device keeps its name over restarts, so that the account does not fill with devices.
        self._client = nio.AsyncClient(
            homeserver_url,
            person.user_id,
            device_id="DEMOPAGE",
            config=nio.AsyncClientConfig(max_timeouts=0, request_timeout=15),
        )

    async def run(self) -> None:
        """Log in and listen, for ever."""
        wait = self._retry
        try:
            while True:
                try:
                    if not self._client.access_token:
                        await self._log_in()
                    await self._listen_once(_LONG_POLL if wait == self._retry else 0)
                    self._on_link(self.person.user_id, True)
                    wait = self._retry
                except (Away, Refused, *_AWAY) as error:
                    _log.warning("%s: %s; trying again", self.person.user_id, error or type(error).__name__)
                    self._on_link(self.person.user_id, False)
                    await asyncio.sleep(wait)
                    wait = min(wait * 2, self._retry * 10)
        finally:
            await self._client.close()

    async def say(self, room_id: str, body: str, thread: str | None, key: str) -> str:
        """Say something in a room; returns the event's id.

        Args:
            room_id: Where.
            body: The words, as they were typed.
            thread: Root of the thread; None says it to the whole room.
            key: The same key always means the same message, however often it is sent.

        Raises:
            Refused: The homeserver said no.
            Away: The homeserver cannot be reached.
        """
        content: dict[str, Any] = {"msgtype": "m.text", "body": body}
        if thread:
            content["m.relates_to"] = self._in_thread(thread)
        return await self._send(room_id, "m.room.message", content, key)

    async def show(self, room_id: str, content: bytes, content_type: str, thread: str, key: str) -> str:
        """Upload a file and show it in a thread; returns the event's id.

        Raises:
            Refused: The homeserver said no.
            Away: The homeserver cannot be reached.
        """
        uri = await self._upload(content, content_type)
        family = content_type.partition("/")[0]
        event = {
            "msgtype": f"m.{family}" if family in ("image", "audio", "video") else "m.file",
            "body": family,
            "url": uri,
            "info": {"mimetype": content_type, "size": len(content)},
            "m.relates_to": self._in_thread(thread),
        }
        return await self._send(room_id, "m.room.message", event, key)

    async def download(self, uri: str) -> bytes:
        """A file that this person's client may see.

        Raises:
            Refused: The homeserver said no.
            Away: The homeserver cannot be reached.
        """
        if not self._client.access_token:
            raise Away("not logged in yet")
        try:
            answer = await self._client.download(uri)
        except _AWAY as error:
            raise Away(str(error) or type(error).__name__) from error
        if not isinstance(answer, nio.MemoryDownloadResponse):
            raise _failure(answer)
        return bytes(answer.body)

    async def _upload(self, content: bytes, content_type: str) -> str:
        if not self._client.access_token:
            raise Away("not logged in yet")
        try:
            answer, _ = await self._client.upload(
                lambda *_: io.BytesIO(content), content_type, filesize=len(content)
            )
        except _AWAY as error:
            raise Away(str(error) or type(error).__name__) from error
        if not isinstance(answer, nio.UploadResponse):
            raise _failure(answer)
        return str(answer.content_uri)

    def _in_thread(self, thread: str) -> dict[str, Any]:
        return {
            "rel_type": "m.thread",
            "event_id": thread,
            "is_falling_back": True,
            "m.in_reply_to": {"event_id": self._book.last_in_thread(thread)},
        }

    async def react(self, room_id: str, event_id: str, emoji: str, key: str) -> str:
        """React to a message; returns the reaction's id, or '' if it was given a moment ago.

        Where the same reaction stands there already, it is taken back and given anew, as in clients
        where the same button does both: somebody who presses it wants to say it now.

        Raises:
            Refused: The homeserver said no.
            Away: The homeserver cannot be reached.
        """
        relation = {"rel_type": "m.annotation", "event_id": event_id, "key": emoji}
        before = self._book.reaction_of(self.person.user_id, event_id, emoji)
        if before:
            await self._take_back(room_id, before)
        try:
            return await self._send(room_id, "m.reaction", {"m.relates_to": relation}, key)
        except Refused as refusal:
            # Pressed twice in a moment: the first one has not come back to us yet.
            if "M_DUPLICATE_ANNOTATION" in str(refusal):
                return ""
            raise

    async def _send(self, room_id: str, kind: str, content: dict[str, Any], key: str) -> str:
        if not self._client.access_token:
            raise Away("not logged in yet")
        try:
            async with self._limit:
                answer = await self._client.room_send(room_id, kind, content, tx_id=key)
        except _AWAY as error:
            raise Away(str(error) or type(error).__name__) from error
        if isinstance(answer, nio.RoomSendResponse):
            return str(answer.event_id)
        raise _failure(answer)

    async def _take_back(self, room_id: str, event_id: str) -> None:
        try:
            answer = await self._client.room_redact(room_id, event_id)
        except _AWAY as error:
            raise Away(str(error) or type(error).__name__) from error
        if not isinstance(answer, nio.RoomRedactResponse):
            raise _failure(answer)

    async def _log_in(self) -> None:
        answer = await self._client.login(self.person.password, device_name="Demo page")
        if not isinstance(answer, nio.LoginResponse):
            raise _failure(answer)

    async def _listen_once(self, patience: int) -> None:
        """Take in what is new.

        Args:
            patience: Milliseconds that the homeserver may wait for news; after a break none, so that
                its answer shows at once that it is there again.
        """
        timeout = patience if self._client.next_batch else 0
        answer = await self._client.sync(timeout=timeout, sync_filter=_FILTER)
        if not isinstance(answer, nio.SyncResponse):
            if answer.status_code == "M_UNKNOWN_TOKEN":
                self._client.access_token = ""
            raise _failure(answer)
        for room_id, invited in answer.rooms.invite.items():
            _log.info("%s: invited with %d facts, joining", self.person.user_id, len(invited.invite_state))
            await self._client.join(room_id)
        for room_id, left in answer.rooms.leave.items():
            self._take(room_id, [*left.state, *left.timeline.events])
        for room_id, joined in answer.rooms.join.items():
            if joined.timeline.limited and joined.timeline.prev_batch:
                await self._read_back(room_id, joined.timeline.prev_batch)
            self._take(room_id, [*joined.state, *joined.timeline.events])

    async def _read_back(self, room_id: str, start: str) -> None:
        """Fetch what was said before the part of a room that the sync has brought."""
        for _ in range(_PAGES_BACK):
            page = await self._client.room_messages(
                room_id, start, direction=nio.MessageDirection.back, limit=100
            )
            if not isinstance(page, nio.RoomMessagesResponse):
                _log.warning("%s: cannot read back: %s", self.person.user_id, page)
                return
            reached = any(self._book.knows(event.event_id) for event in page.chunk)
            # Old state would look new here; what holds now came with the sync.
            self._take(room_id, [event for event in page.chunk if "state_key" not in event.source])
            if reached or not page.end or not page.chunk:
                return
            start = page.end

    def _take(self, room_id: str, events: list[Any]) -> None:
        for event in events:
            self._book.take(room_id, event.source)


def _failure(answer: Any) -> Away | Refused:
    """What an error of the homeserver means: 5xx and rate limits pass, the rest is a refusal."""
    status = getattr(getattr(answer, "transport_response", None), "status", 0)
    reason = f"{getattr(answer, 'status_code', '')} {getattr(answer, 'message', '')}".strip()
    return Away(reason) if status >= 500 or status == 429 else Refused(reason)
