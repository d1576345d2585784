"""Hands messages to the carrier, and looks for one that may have arrived there.

One call is one attempt; trying again is the outbox's business. This module must never put a number or a
text into an error or a log.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from twilio.base import values

from bridges.contract import Delivered, Outbound, Refused, Unasked, Unavailable, Uncertain
from bridges.learning import LearntPace
from bridges.sms.channels import Channel
from bridges.sms.connection import Connection, SlowDown, client
from bridges.sms.errors import FAILURES, TOO_LONG, WINDOW_CLOSED, explain
from linzhang.settings import Twilio

if TYPE_CHECKING:
    from twilio.rest.api.v2010.account.message import MessageInstance, MessageList

TEXT_LIMIT = 1600  # characters; 'Error 21617'

_SKEW = timedelta(seconds=60)  # how far the carrier's clock may be behind ours
_PAGE = 1000  # the most that the carrier gives at once
_PATIENCE = 10.0  # seconds that a message waits here for its turn; longer than that it waits in its lane


class Sender:
    """Sends from one number of one account.

    Args:
        twilio: The account.
        channel: Which number, and on which way.
        public_url: Where the carrier reaches the application.
        connection: What requests go through.
    """

    def __init__(self, twilio: Twilio, channel: Channel, *, public_url: str, connection: Connection) -> None:
        self._channel = channel
        self._prefix = channel.prefix
        self._number = channel.prefix + channel.number
        self._callback = f"{public_url.rstrip('/')}{channel.status}"
        self._twilio = twilio
        self._connection = connection
        self._pace = LearntPace(twilio.messages_per_second)

    @cached_property
    def _messages(self) -> "MessageList":
        """The SDK's own; what it loads takes half a second, which no process has to start with."""
        return client(self._twilio, self._connection).messages

    async def deliver(self, outbound: Outbound) -> Delivered:
        """Hand a message over; see `bridges.contract.Bridge.deliver`."""
        if len(outbound.text) > TEXT_LIMIT:
            raise Refused(f"the text has more than {TEXT_LIMIT} characters", TOO_LONG)
        content = self._content(outbound)
        turn = await self._turn()
        try:
            message = await self._messages.create_async(
                to=self._prefix + outbound.address,
                from_=self._number,
                status_callback=f"{self._callback}?key={quote(outbound.key, safe='')}",
                **content,
            )
        except FAILURES as error:
            if isinstance(error, SlowDown):
                self._pace.refused(turn, error.retry_after)
            # The chain is cut: the carrier's words hold the number, and a trace would show them.
            raise explain(error) from None
        self._pace.taken()
        if not message.sid:
            raise Uncertain("the carrier's answer names no message")
        return _delivered(message)

    async def find(self, outbound: Outbound, since: datetime, known: Sequence[str]) -> Delivered | None:
        """Look for a message; see `bridges.contract.Bridge.find`.

        The whole conversation is read. The carrier's filter and order go by the date of sending, which a
        message has only when it has left the queue: a date would hide what has just been taken.
        """
        try:
            listed = await self._messages.list_async(
                to=self._prefix + outbound.address, from_=self._number, page_size=_PAGE
            )
        except FAILURES as error:
            failure = explain(error)
            retry_after = failure.retry_after if isinstance(failure, Unavailable) else None
            raise Unavailable(f"the list cannot be read: {failure}", failure.code, retry_after) from None
        earliest = since.astimezone(UTC).replace(microsecond=0) - _SKEW  # the carrier tells whole seconds
        fitting = [
            message
            for message in listed
            if message.sid
            and message.sid not in known
            and message.direction == "outbound-api"
            and message.from_ == self._number
            and _says(message, outbound)
            and _created(message, earliest) >= earliest
        ]
        if not fitting:
            return None
        return _delivered(min(fitting, key=lambda message: _created(message, earliest)))

    async def _turn(self) -> float:
        """Keep to the pace that the carrier takes, so that it has little to refuse; returns when it came.

        Raises:
            Unasked: Many others are before this one.
        """
        wait = self._pace.wait()
        if wait > _PATIENCE:
            raise Unasked("as much as the carrier takes is on its way", wait, 0.0)
        return await self._pace.turn()

    def _content(self, outbound: Outbound) -> dict[str, Any]:
        """What is said, in the words of the Message resource.

        Raises:
            Refused: It has to go in an approved form, and there is none.
        """
        if not outbound.prescribed:
            media = [medium.url for medium in outbound.media]
            return {"body": outbound.text, "media_url": media or values.unset}
        sid = self._channel.template(outbound.kind, outbound.language)
        if sid is None:
            raise Refused("no template is approved for this kind of text", WINDOW_CLOSED)
        return {"content_sid": sid, "content_variables": json.dumps({"1": _on_one_line(outbound.text)})}


def _says(message: "MessageInstance", outbound: Outbound) -> bool:
    """Whether a message has these words; an approved form has others around them."""
    if outbound.prescribed:
        return _on_one_line(outbound.text) in str(message.body)
    return bool(message.body == outbound.text)


def _on_one_line(text: str) -> str:
    """A text as a template's variable takes it: line breaks and rows of blanks are refused there."""
    return " ".join(text.split())


def _created(message: "MessageInstance", unknown: datetime) -> datetime:
    return message.date_created or unknown


def _delivered(message: "MessageInstance") -> Delivered:
    return Delivered(str(message.sid), str(message.status or ""))
