"""What the residents' phones have sent and got, kept in step with the carrier, and their fingers.

Speaks the carrier's control API alone. It must never show a phone that the page was not given.
"""

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

import httpx

from demo.page.calls import Deed, sample
from demo.page.feed import RESET
from demo.page.media import Attachment
from demo.page.sessions import Away, Refused

_log = logging.getLogger(__name__)

_LONGEST_BODY = 8000

_SILENCE = 40.0
"""Seconds without a sign of life after which the stream counts as dead; the carrier's heart beats each 15."""

Publish = Callable[[str, Any], None]


class PhoneBook:
    """The texts of the residents' phones, as the carrier tells them."""

    def __init__(
        self, numbers: Collection[str], publish: Publish, programme_time: Callable[[datetime], datetime]
    ) -> None:
        self._numbers = frozenset(numbers)
        self._publish = publish
        self._programme_time = programme_time
        self._texts: dict[str, dict[str, Any]] = {}
        self._files: dict[str, list[str]] = {}

    def take(self, kind: str, data: Any) -> None:
        """Take in one event of the carrier's stream; the same one twice does no harm."""
        facts = data if isinstance(data, Mapping) else {}
        match kind:
            case "snapshot":
                before, self._texts = self._texts, {}
                for message in facts.get("messages") or []:
                    self._add(message)
                if self._texts != before:
                    self._publish(RESET, {})
            case "message":
                shown = self._add(facts)
                if shown:
                    self._publish("text", shown)
            case "status":
                text = self._texts.get(str(facts.get("sid")))
                if text is not None:
                    text |= {"status": str(facts.get("status")), "error": facts.get("error_code")}
                    self._publish("text", text)
            case "media":
                text = self._texts.get(str(facts.get("message_sid")))
                sid = str(facts.get("sid"))
                if text is not None and sid not in self._files[text["sid"]]:
                    self._files[text["sid"]].append(sid)
                    text["media"] = [*text["media"], str(facts.get("content_type"))]
                    self._publish("text", text)
            case "reset":
                self._texts.clear()
                self._publish(RESET, {})

    def snapshot(self) -> list[dict[str, Any]]:
        """All texts, as the browser gets them at first."""
        return list(self._texts.values())

    def file_of(self, sid: str, number: int) -> str | None:
        """The carrier's sid of what came with a text; None where there is nothing."""
        files = self._files.get(sid, []) if sid in self._texts else []
        return files[number] if 0 <= number < len(files) else None

    def _add(self, message: Mapping[str, Any]) -> dict[str, Any] | None:
        number, sid = str(message.get("phone")), str(message.get("sid"))
        if number not in self._numbers:
            return None
        try:
            at = datetime.fromisoformat(str(message.get("at")))
        except ValueError:
            return None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        self._files[sid] = [str(each.get("sid")) for each in message.get("media") or ()]
        self._texts[sid] = {
            "sid": sid,
            "number": number,
            "sent": message.get("direction") == "inbound",
            "body": str(message.get("body") or "")[:_LONGEST_BODY],
            "media": [str(each.get("content_type")) for each in message.get("media") or ()],
            "channel": str(message.get("channel") or "sms"),
            "status": str(message.get("status")),
            "error": message.get("error_code"),
            "order": round(at.timestamp() * 1000),
            "at": round(self._programme_time(at).timestamp() * 1000),
        }
        return self._texts[sid]


class Book(Protocol):
    """What reads the carrier's events."""

    def take(self, kind: str, data: Any) -> None:
        """Take in one event."""


class Carrier:
    """The carrier, as seen from the phones' side."""

    def __init__(
        self, url: str, service_number: str, books: Sequence[Book], on_link: Callable[[str, bool], None]
    ) -> None:
        self._service_number = service_number
        self._books = books
        self._on_link = on_link
        self._client = httpx.AsyncClient(base_url=url, trust_env=False, timeout=30)

    async def text(
        self, number: str, body: str, key: str, *, media: Sequence[Attachment] = (), channel: str = "sms"
    ) -> None:
        """Let a phone send a text.

        Args:
            number: The phone's.
            body: The words.
            key: 32 hexadecimal digits; the same key always means the same text.
            media: What goes with it.
            channel: 'sms' or 'whatsapp'.

        Raises:
            Refused: The carrier said no.
            Away: The carrier, or the service behind it, cannot be reached.
        """
        wanted = {
            "body": body,
            "to": self._service_number,
            "sid": f"{'MM' if media else 'SM'}{key}",
            "channel": channel,
            "media": [
                {"content_type": each.content_type, "base64": base64.b64encode(each.base64).decode()}
                for each in media
            ],
        }
        await self._post(f"phones/{number}/texts", wanted)

    async def file(self, sid: str) -> tuple[bytes, str]:
        """The bytes and the type of what came with a text.

        Raises:
            Refused: The carrier does not have it.
            Away: The carrier cannot be reached.
        """
        try:
            answer = await self._client.get(f"/_carrier/media/{sid}")
        except httpx.TransportError as error:
            raise Away(type(error).__name__) from error
        if answer.is_error:
            raise Refused(answer.text[:300])
        return answer.content, answer.headers.get("content-type", "").partition(";")[0]

    async def call(self, number: str, key: str) -> str:
        """Let a phone call the service.

        Args:
            number: The phone's.
            key: 32 hexadecimal digits; the same key always means the same call.

        Returns:
            The call's sid.

        Raises:
            Refused: The carrier said no.
            Away: The carrier cannot be reached.
        """
        call = await self._post(f"phones/{number}/calls", {"to": self._service_number, "sid": f"CA{key}"})
        return str(call["sid"])

    async def on_call(self, sid: str, deed: Deed, *, digits: str, sound: str, seconds: int) -> None:
        """Do something on a call.

        Args:
            sid: The call's.
            deed: What.
            digits: The keys, for `DIGITS`.
            sound: Base64 of a WAV file, for `SPEAK`; a ready one where it is empty.
            seconds: The sound's length.

        Raises:
            Refused: The call does not wait for that.
            Away: The carrier cannot be reached.
        """
        match deed:
            case Deed.DIGITS:
                await self._post(f"calls/{sid}/digits", {"digits": digits})
            case Deed.SPEAK:
                content, length = (sound, seconds) if sound else sample()
                said = {"content_type": "audio/wav", "base64": content, "seconds": max(1, length)}
                await self._post(f"calls/{sid}/record", said | {"digits": "#"})
            case Deed.SOMEBODY:
                call = await self._post(f"calls/{sid}/answer")
                (leg, *_) = reversed(call["waits_for"]["calls"])
                await self._post(f"calls/{leg}/digits", {"digits": "1"})
            case Deed.NOBODY:
                await self._post(f"calls/{sid}/no-answer")
            case _:
                await self._post(f"calls/{sid}/{deed}")

    async def _post(self, path: str, what: Mapping[str, Any] | None = None) -> dict[str, Any]:
        try:
            answer = await self._client.post(f"/_carrier/{path}", json=what)
        except httpx.TransportError as error:
            raise Away(type(error).__name__) from error
        if answer.status_code >= 500:
            raise Away(f"the carrier answered {answer.status_code}")
        if answer.is_error:
            raise Refused(answer.text[:300])
        told: dict[str, Any] = answer.json()
        return told

    async def run(self, retry: float = 0.5) -> None:
        """Follow the carrier's events, for ever."""
        try:
            while True:
                try:
                    async for kind, data in self._events():
                        for book in self._books:
                            book.take(kind, data)
                        self._on_link("carrier", True)
                except (httpx.HTTPError, ValueError) as error:
                    _log.warning("carrier: %s; trying again", type(error).__name__)
                self._on_link("carrier", False)
                await asyncio.sleep(retry)
        finally:
            await self._client.aclose()

    async def _events(self) -> AsyncIterator[tuple[str, Any]]:
        timeout = httpx.Timeout(10, read=_SILENCE)
        events = "/_carrier/events"
        async with self._client.stream("GET", events, params={"snapshot": "true"}, timeout=timeout) as answer:
            answer.raise_for_status()
            kind, data = "message", ""
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    data += value
                elif not line and data:
                    yield kind, json.loads(data)
                    kind, data = "message", ""
