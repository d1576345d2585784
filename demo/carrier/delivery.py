"""The life of an outgoing message: accepted, queued, sending, sent, and how it ends.

Statuses go forward on their own; callbacks follow behind in a line of their own per message, so that
a slow application never holds a message up. It must never decide whether a message is accepted.

    REST or TwiML ─► launch ─► accepted ─► queued ─► sending ─► sent ─► delivered | undelivered
                                  │            │         └─────────────► failed
                                  └────────────┴─► canceled
    WhatsApp besides: delivered ─► read
                     callbacks:   none for the first status and for 'sending', one for each other

After Twilio's 'Outbound Message Status in Status Callbacks' and 'Track the Message Status of Outbound
Messages'.
"""

import asyncio
from collections.abc import Callable, Sequence

import httpx

from demo.carrier.behaviour import Outcome
from demo.carrier.channels import address_on, number_of
from demo.carrier.faults import FaultKind, Faults
from demo.carrier.media import MediaProblem, fetch
from demo.carrier.records import Media, Message, Status, StatusChange, WebhookPurpose
from demo.carrier.store import Store
from demo.carrier.tasks import Tasks
from demo.carrier.webhooks import Webhooks

API_VERSION = "2010-04-01"


class Delivery:
    """Takes outgoing messages to their end.

    Args:
        account_sid: For the callbacks.
        store: Where statuses are kept.
        webhooks: What callbacks are sent with.
        faults: Which callbacks go wrong.
        outcome_of: What becomes of a message that was accepted.
        default_sender: The number that a messaging service chooses as the sender.
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
        outcome_of: Callable[[Message], Outcome],
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
        self._lines: dict[str, list[StatusChange]] = {}
        self._busy: set[str] = set()
        self._held: set[str] = set()

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
            if owed or not self._rests(message):
                self._go(message, owed)

    def cancel(self, message: Message) -> None:
        """Take a message back that has not left yet."""
        self._step(message, "canceled")

    def read(self, message: Message) -> None:
        """Somebody reads a WhatsApp message that was delivered."""
        self._step(message, "read")

    async def stop(self) -> None:
        """Leave everything as it stands; `resume` goes on from there."""
        await self._tasks.stop()
        for kept in (self._lines, self._busy, self._held):
            kept.clear()

    def _rests(self, message: Message) -> bool:
        """Whether nobody will say more of it by themselves."""
        return _following(message.status, self._outcome_of(message)) is None

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
        self._lines[message.sid] = list(owed)
        self._report_soon(message)
        self._tasks.spawn(self._progress(message))

    async def _progress(self, message: Message) -> None:
        """One step after the other until nothing more is to come."""
        while not self._rests(message):
            await asyncio.sleep(self._delay())
            problem = await self._fetch_media(message) if message.status == "queued" else None
            outcome = self._outcome_of(message)
            if problem is not None:
                outcome = Outcome(error_code=problem)
            following = _following(message.status, outcome)
            if following is None:  # canceled meanwhile
                break
            failed = following in ("failed", "undelivered")
            self._step(message, following, outcome.error_code if failed else None)
        self._report_soon(message)

    def _step(self, message: Message, status: Status, error_code: int | None = None) -> None:
        sender = message.sender or address_on(message.channel, self._default_sender)
        self._store.add_status(message, status, sender, error_code)
        if _is_told(status) and message.status_callback is not None:
            self._lines.setdefault(message.sid, []).append(message.history[-1])
            self._report_soon(message)

    def _report_soon(self, message: Message) -> None:
        """Send the callbacks that wait, behind what is being sent already."""
        if message.sid in self._busy or not self._lines.get(message.sid) or self._is_held(message):
            return
        self._busy.add(message.sid)
        self._tasks.spawn(self._report(message))

    def _is_held(self, message: Message) -> bool:
        """Whether callbacks wait for the message's end, to come in disorder."""
        if message.sid not in self._held and self._faults.next_of(FaultKind.CALLBACKS_REORDERED):
            self._held.add(message.sid)
        return message.sid in self._held and not self._rests(message)

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
        while line:
            await self._call_back(message, line.pop(-1 if message.sid in self._held else 0))
        self._busy.discard(message.sid)

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

    RawDlrDoneDate (YYMMDDhhmm) comes with 'delivered' and 'undelivered' of an SMS, ErrorCode with
    failures, ChannelPrefix and its like with WhatsApp. After 'Track the Message Status of Outbound
    Messages'.
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
    if message.channel == "whatsapp":
        params |= {
            "ChannelPrefix": "whatsapp",
            "ChannelInstallSid": "XE" + account_sid[2:],
            "ChannelToAddress": number_of(message.recipient),
            "StructuredMessage": "true" if message.template is not None else "false",
        }
        if step.status in ("delivered", "read", "undelivered"):
            params["EventType"] = step.status.upper()
    elif step.status in ("delivered", "undelivered"):
        params["RawDlrDoneDate"] = step.at.strftime("%y%m%d%H%M")
    if step.error_code is not None:
        params["ErrorCode"] = str(step.error_code)
    return params


def _is_told(status: Status) -> bool:
    """Whether a callback goes with a step to `status`."""
    return status != "sending"


def _following(status: Status, outcome: Outcome) -> Status | None:
    """The status that comes after `status` by itself, if any."""
    match status:
        case "accepted":
            return "queued"
        case "queued":
            return "sending" if outcome.is_sent else "failed"
        case "sending":
            return "sent"
        case "sent" if outcome.reported:
            return "delivered" if outcome.error_code is None else "undelivered"
        case "delivered" if outcome.read:
            return "read"
        case _:
            return None
