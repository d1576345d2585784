"""The life of an outgoing message: accepted, queued, sending, sent, and how it ends.

Statuses go forward on their own; callbacks follow behind in a line of their own per message, so that
a slow application never holds a message up. It must never decide whether a message is accepted.

    REST or TwiML ─► launch ─► accepted ─► queued ─► sending ─► sent ─► delivered | undelivered
                                  │            │         └─────────────► failed
                                  └────────────┴─► canceled
                     callbacks:   none for the first status and for 'sending', one for each other

After Twilio's 'Outbound Message Status in Status Callbacks' and 'Track the Message Status of Outbound
Messages'.
"""

import asyncio
from collections.abc import Callable, Sequence

import httpx

from demo.carrier.behaviour import Outcome
from demo.carrier.faults import FaultKind, Faults
from demo.carrier.media import MediaProblem, fetch
from demo.carrier.records import Media, Message, Status, StatusChange, WebhookPurpose
from demo.carrier.store import Store
from demo.carrier.tasks import Tasks
from demo.carrier.webhooks import Webhooks

API_VERSION = "2010-04-01"

_Line = asyncio.Queue[StatusChange | None]
"""Steps of one message that wait for their callback; None ends the line."""


class Delivery:
    """Takes outgoing messages to their end.

    Args:
        account_sid: For the callbacks.
        store: Where statuses are kept.
        webhooks: What callbacks are sent with.
        faults: Which callbacks go wrong.
        outcome_of: What becomes of a message to a phone that was accepted.
        default_sender: Whom a messaging service chooses as the sender.
        delay: Asked before each step: seconds to wait.
        new_sid: Makes sids of media.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        store: Store,
        webhooks: Webhooks,
        faults: Faults,
        outcome_of: Callable[[str], Outcome],
        default_sender: str,
        delay: Callable[[], float],
        new_sid: Callable[[str], str],
    ) -> None:
        self._account_sid = account_sid
        self._store = store
        self._webhooks = webhooks
        self._faults = faults
        self._outcome_of = outcome_of
        self._default_sender = default_sender
        self._delay = delay
        self._new_sid = new_sid
        self._tasks = Tasks()
        self._lines: dict[str, _Line] = {}

    def launch(self, message: Message) -> None:
        """Keep a new message, whose history holds its first status, and set it on its way."""
        self._store.add_message(message)
        self._go(self._store.messages[message.sid])

    def resume(self) -> None:
        """Set every message on its way again that a restart found halfway, and make up for callbacks.

        A callback that was on its way when the carrier ended is made once more.
        """
        for message in self._store.messages.values():
            owed = self._owed(message)
            if owed or not (message.is_final or self._rests(message)):
                self._go(message, owed)

    def cancel(self, message: Message) -> None:
        """Take a message back that has not left yet."""
        self._step(message, "canceled")

    async def stop(self) -> None:
        """Leave everything as it stands; `resume` goes on from there."""
        await self._tasks.stop()
        self._lines.clear()

    def _rests(self, message: Message) -> bool:
        """Whether nobody will ever say more of it: its phone is silent."""
        return message.status == "sent" and not self._outcome_of(message.recipient).reported

    def _owed(self, message: Message) -> list[StatusChange]:
        """The steps whose callback was neither made nor lost."""
        if message.status_callback is None:
            return []
        settled = self._store.settled
        return [
            step
            for step in message.history[1:]
            if _is_told(step.status) and (message.sid, step.status) not in settled
        ]

    def _go(self, message: Message, owed: Sequence[StatusChange] = ()) -> None:
        line = self._lines[message.sid] = _Line()
        for step in owed:
            line.put_nowait(step)
        self._tasks.spawn(self._progress(message))
        self._tasks.spawn(self._report(message))

    async def _progress(self, message: Message) -> None:
        """One step after the other until nothing more is to come."""
        while not message.is_final:
            await asyncio.sleep(self._delay())
            problem = await self._fetch_media(message) if message.status == "queued" else None
            if message.is_final:  # canceled meanwhile
                break
            outcome = self._outcome_of(message.recipient)
            if problem is not None:
                outcome = Outcome(error_code=problem)
            following = _following(message.status, outcome)
            if following is None:
                break
            failed = following in ("failed", "undelivered")
            self._step(message, following, outcome.error_code if failed else None)
        self._lines[message.sid].put_nowait(None)

    def _step(self, message: Message, status: Status, error_code: int | None = None) -> None:
        self._store.add_status(message, status, message.sender or self._default_sender, error_code)
        if _is_told(status):
            self._lines[message.sid].put_nowait(message.history[-1])

    async def _fetch_media(self, message: Message) -> int | None:
        """Fetch what is to be attached; the code of what went wrong, None when all is there."""
        missing = message.media_urls[len(message.media) :]
        for url in missing:
            try:
                content_type, content = await fetch(url)
            except (MediaProblem, httpx.HTTPError, httpx.InvalidURL, OSError) as error:
                return error.code if isinstance(error, MediaProblem) else 11200
            self._store.add_media(
                Media.of(self._new_sid("ME"), message.sid, content_type, content, self._store.now())
            )
        return None

    async def _report(self, message: Message) -> None:
        """Send the callbacks of one message, in order unless they are ordered to come in disorder."""
        line = self._lines[message.sid]
        held: list[StatusChange] = []
        reordered = message.status_callback and self._faults.next_of(FaultKind.CALLBACKS_REORDERED)
        while (step := await line.get()) is not None:
            if reordered:
                held.insert(0, step)
            else:
                await self._call_back(message, step)
        for step in held:
            await self._call_back(message, step)
        self._lines.pop(message.sid, None)

    async def _call_back(self, message: Message, step: StatusChange) -> None:
        url = message.status_callback
        if url is None:
            return
        if self._faults.next_of(FaultKind.CALLBACKS_LOST):
            self._store.lose_callback(message.sid, step.status)
            return
        times = 2 if self._faults.next_of(FaultKind.CALLBACKS_TWICE) else 1
        for _ in range(times):
            params = callback_params(self._account_sid, message, step)
            answered = await self._webhooks.call(WebhookPurpose.STATUS, url, params, message_sid=message.sid)
            self._store.add_webhook(answered.attempt)


def callback_params(account_sid: str, message: Message, step: StatusChange) -> dict[str, str]:
    """What a status callback carries.

    RawDlrDoneDate (YYMMDDhhmm) comes with 'delivered' and 'undelivered', ErrorCode with failures.
    After 'Track the Message Status of Outbound Messages'.
    """
    params = {
        "SmsSid": message.sid,
        "SmsStatus": step.status,
        "MessageStatus": step.status,
        "To": message.recipient,
        "MessageSid": message.sid,
        "AccountSid": account_sid,
        "From": message.sender or "",
        "ApiVersion": API_VERSION,
    }
    if message.service_sid is not None:
        params["MessagingServiceSid"] = message.service_sid
    if step.status in ("delivered", "undelivered"):
        params["RawDlrDoneDate"] = step.at.strftime("%y%m%d%H%M")
    if step.error_code is not None:
        params["ErrorCode"] = str(step.error_code)
    return params


def _is_told(status: Status) -> bool:
    """Whether a callback goes with a step to `status`."""
    return status != "sending"


def _following(status: Status, outcome: Outcome) -> Status | None:
    """The status after `status`; None when nobody will ever say."""
    match status:
        case "accepted":
            return "queued"
        case "queued":
            return "sending" if outcome.is_sent else "failed"
        case "sending":
            return "sent"
        case _ if not outcome.reported:
            return None
        case _:
            return "delivered" if outcome.error_code is None else "undelivered"
