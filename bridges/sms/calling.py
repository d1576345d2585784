"""Places calls at the carrier, and looks for one that may have arrived there.

One call is one attempt; trying again is the outbox's business. The words are not handed over: the carrier
asks for them when somebody has picked up. This module must never put a number into an error or a log.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote

from bridges.contract import Delivered, Outbound, Unavailable, Uncertain
from bridges.sms.connection import Connection, client
from bridges.sms.errors import FAILURES, explain
from bridges.sms.voice_webhooks import PERSISTENT, STATUS, turn_address
from linzhang.settings import Twilio

if TYPE_CHECKING:
    from twilio.rest.api.v2010.account.call import CallInstance, CallList

#: Seconds that a phone rings; an old neighbour has to get up first.
RINGS = 40

_SKEW = timedelta(seconds=60)  # how far the carrier's clock may be behind ours
_PAGE = 1000  # the most that the carrier gives at once


class Caller:
    """Calls from one number of one account.

    Args:
        twilio: The account.
        public_url: Where the carrier reaches the application.
        connection: What requests go through.
    """

    def __init__(self, twilio: Twilio, *, public_url: str, connection: Connection) -> None:
        self._number = twilio.number
        self._public_url = public_url.rstrip("/")
        self._twilio = twilio
        self._connection = connection

    @cached_property
    def _calls(self) -> "CallList":
        """The SDK's own; loaded when somebody is called, like that of messages (`bridges.sms.sending`)."""
        return client(self._twilio, self._connection).calls

    async def deliver(self, outbound: Outbound) -> Delivered:
        """Call somebody; see `bridges.contract.Bridge.deliver`."""
        try:
            call = await self._calls.create_async(
                to=outbound.address,
                from_=self._number,
                url=turn_address(self._public_url, key=outbound.key),
                timeout=RINGS,
                status_callback=f"{self._public_url}{STATUS}?key={quote(outbound.key, safe='')}{PERSISTENT}",
                # What ends without an answer is 'completed' too, by its own status.
                status_callback_event=["answered", "completed"],
            )
        except FAILURES as error:
            # The chain is cut: the carrier's words hold the number, and a trace would show them.
            raise explain(error) from None
        if not call.sid:
            raise Uncertain("the carrier's answer names no call")
        return _delivered(call)

    async def find(self, outbound: Outbound, since: datetime, known: Sequence[str]) -> Delivered | None:
        """Look for a call; see `bridges.contract.Bridge.find`.

        A call has no words by which it could be told from another. But there is never more than one to
        the same phone whose fate is unknown, so any that is nobody else's is this one.
        """
        try:
            listed = await self._calls.list_async(to=outbound.address, from_=self._number, page_size=_PAGE)
        except FAILURES as error:
            failure = explain(error)
            retry_after = failure.retry_after if isinstance(failure, Unavailable) else None
            raise Unavailable(f"the list cannot be read: {failure}", failure.code, retry_after) from None
        earliest = since.astimezone(UTC).replace(microsecond=0) - _SKEW  # the carrier tells whole seconds
        fitting = [
            call
            for call in listed
            if call.sid
            and call.sid not in known
            and call.direction == "outbound-api"
            and (call.date_created or earliest) >= earliest
        ]
        if not fitting:
            return None
        return _delivered(min(fitting, key=lambda call: call.date_created or earliest))


def _delivered(call: "CallInstance") -> Delivered:
    return Delivered(str(call.sid), str(call.status or ""))
