"""The exchange: every part of one carrier, put together once, and the sending and receiving of texts.

REST and TwiML hand messages in here to be sent, phones hand theirs in to be received. It must never
read HTTP.
"""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from demo.carrier import optout
from demo.carrier.addresses import is_url
from demo.carrier.behaviour import Outcome, outcome
from demo.carrier.config import CarrierConfig, OptOutMode, Settings
from demo.carrier.delivery import API_VERSION, Delivery
from demo.carrier.errors import CarrierError
from demo.carrier.faults import FaultKind, Faults
from demo.carrier.numbers import country_of, is_dialable
from demo.carrier.records import (
    Media,
    Message,
    Origin,
    StatusChange,
    WebhookAttempt,
    WebhookPurpose,
)
from demo.carrier.segments import segment
from demo.carrier.store import Store
from demo.carrier.twiml import Reply, TwimlError, parse
from demo.carrier.voice.switchboard import Switchboard
from demo.carrier.webhooks import Answered, SignatureMode, Webhooks

BODY_LIMIT = 1600
"""Characters of one message, counted as 16-bit units. 'Error 21617: message body exceeds 1600'."""

MEDIA_COUNT_LIMIT = 10
"""Media of one message. Twilio's 'Message resource', MediaUrl."""

LONGEST_HOLD = 10.0
"""Seconds that a text waits for a later one when the fault 'texts_reordered' names none."""


@dataclass(frozen=True)
class Draft:
    """An outgoing message before anybody looked at it.

    Attributes:
        to: Whom it is for.
        sender: Who sends it; None lets the messaging service choose.
        body: Its text.
        media_urls: What to attach.
        service_sid: The messaging service.
        status_callback: Where to report.
        force_delivery: Whether a landline is tried nevertheless.
    """

    to: str
    sender: str | None
    body: str
    media_urls: tuple[str, ...] = ()
    service_sid: str | None = None
    status_callback: str | None = None
    force_delivery: bool = False


class Exchange:
    """One carrier at work.

    Args:
        config: What it was started with.
        clock: Where its dates come from.
    """

    def __init__(self, config: CarrierConfig, clock: Callable[[], datetime]) -> None:
        self.config = config
        self.settings = config.settings
        self.store = Store(clock, config.data)
        self.faults = Faults()
        self._held: list[asyncio.Event] = []
        self._webhooks = Webhooks(config.auth_token, clock, lambda: self.settings.webhook_timeout)
        self._delivery = Delivery(
            account_sid=config.account_sid,
            store=self.store,
            webhooks=self._webhooks,
            faults=self.faults,
            outcome_of=self._outcome_of,
            default_sender=config.numbers[0],
            delay=lambda: self.settings.status_delay,
            new_sid=self.new_sid,
        )
        self.voice = Switchboard(
            config=config,
            settings=lambda: self.settings,
            store=self.store,
            webhooks=self._webhooks,
            faults=self.faults,
            new_sid=self.new_sid,
            recording_url=self.recording_url,
        )

    def start(self) -> None:
        """Go on with what an earlier run left halfway."""
        self._delivery.resume()
        self.voice.resume()

    async def stop(self) -> None:
        """End; what is halfway stays so."""
        await self._delivery.stop()
        await self.voice.stop()
        await self._webhooks.close()

    async def reset(self) -> None:
        """Forget all traffic, all faults and every changed setting."""
        await self._delivery.stop()
        await self.voice.stop()
        self.faults.clear()
        self.settings = self.config.settings
        self.store.reset()
        self._let_go()

    def change(self, settings: Settings) -> None:
        """Run with other settings from now on."""
        self.settings = settings

    def new_sid(self, prefix: str) -> str:
        """A sid that was never given before."""
        return prefix + secrets.token_hex(16)

    def recording_url(self, sid: str) -> str:
        """Where the sound of a recording is, with basic authentication; '.wav' or '.mp3' may follow."""
        return f"{self.config.public_url}/{API_VERSION}/Accounts/{self.config.account_sid}/Recordings/{sid}"

    def send(self, draft: Draft, origin: Origin, in_reply_to: str | None = None) -> Message:
        """Accept an outgoing message and set it on its way.

        Raises:
            CarrierError: It is refused: 21211, 21212, 21266, 21602, 21603, 21606, 21609, 21610, 21617,
                21620, 21623, 21635, 21701, or whatever code the phone's behaviour is.
        """
        self._check(draft)
        at = self.store.now()
        through_service = draft.service_sid is not None and draft.sender is None
        first = StatusChange(status="accepted" if draft.service_sid else "queued", at=at)
        message = Message(
            sid=self.new_sid("MM" if draft.media_urls else "SM"),
            direction="outbound-api" if origin == "api" else "outbound-reply",
            origin=origin,
            sender=None if through_service else draft.sender,
            recipient=draft.to,
            body=draft.body,
            media_urls=list(draft.media_urls),
            service_sid=draft.service_sid,
            status_callback=draft.status_callback,
            in_reply_to=in_reply_to,
            created_at=at,
            history=[first],
        )
        self._delivery.launch(message)
        return self.store.messages[message.sid]

    def cancel(self, message: Message) -> None:
        """Take a message back.

        Raises:
            CarrierError: 30409, it has left already.
        """
        if message.status not in ("accepted", "queued"):
            raise CarrierError(30409)
        self._delivery.cancel(message)

    def is_opted_out(self, number: str, phone: str) -> bool:
        """Whether `phone` said STOP to `number`."""
        return (self.config.opt_out_scope(number), phone) in self.store.opt_outs

    def receive(
        self, phone: str, to: str, body: str, media: Sequence[tuple[str, bytes]], sid: str
    ) -> Message:
        """Keep a text that a phone sent; STOP and START take effect before anybody is told."""
        at = self.store.now()
        self.store.add_message(
            Message(
                sid=sid,
                direction="inbound",
                origin="phone",
                sender=phone,
                recipient=to,
                body=body,
                service_sid=self.config.messaging_service_sid,
                created_at=at,
                history=[StatusChange(status="received", at=at)],
            )
        )
        for content_type, content in media:
            self.store.add_media(Media.of(self.new_sid("ME"), sid, content_type, content, at))
        self._heed_keyword(self.store.messages[sid])
        return self.store.messages[sid]

    async def announce(self, message: Message, signature: SignatureMode) -> list[WebhookAttempt]:
        """Tell the application of an incoming text and do what it answers.

        Returns:
            The last attempt, that of the fallback URL if it came to that; two when the fault
            'texts_twice' strikes; none without a URL, or when a reset came in between.
        """
        late = self.faults.next_of(FaultKind.TEXTS_REORDERED)
        times = 2 if self.faults.next_of(FaultKind.TEXTS_TWICE) else 1
        if late is not None:
            await self._let_others_pass(late.seconds or LONGEST_HOLD)
        attempts: list[WebhookAttempt] = []
        for _ in range(times):
            if self.settings.sms_url is not None and self._is_known(message):
                attempts.append(await self._tell(message, self.settings.sms_url, signature))
        self._let_go()
        return attempts

    async def _tell(self, message: Message, url: str, signature: SignatureMode) -> WebhookAttempt:
        params = self._inbound_params(message)
        answered = await self._webhooks.call(
            WebhookPurpose.INBOUND, url, params, message_sid=message.sid, signature=signature
        )
        if self._finish(message, answered) or self.settings.sms_fallback_url is None:
            return answered.attempt
        params |= {"ErrorCode": str(answered.attempt.errors[0]), "ErrorUrl": answered.attempt.url}
        answered = await self._webhooks.call(
            WebhookPurpose.FALLBACK,
            self.settings.sms_fallback_url,
            params,
            message_sid=message.sid,
            signature=signature,
        )
        self._finish(message, answered)
        return answered.attempt

    async def _let_others_pass(self, seconds: float) -> None:
        """Wait until another text's webhook was answered."""
        passed = asyncio.Event()
        self._held.append(passed)
        with suppress(TimeoutError):
            await asyncio.wait_for(passed.wait(), seconds)

    def _let_go(self) -> None:
        """Let every text go on that waits for another to pass."""
        for passed in self._held:
            passed.set()
        self._held.clear()

    def _is_known(self, message: Message) -> bool:
        """Whether no reset has come since the message."""
        return self.store.messages.get(message.sid) is message

    def _outcome_of(self, phone: str) -> Outcome:
        return outcome(self.store.behaviours.get(phone, "normal"), phone, force_delivery=True)

    def _check(self, draft: Draft) -> None:
        if not is_dialable(draft.to):
            raise CarrierError(21211, draft.to)
        if draft.service_sid is not None and draft.service_sid != self.config.messaging_service_sid:
            raise CarrierError(21701, draft.service_sid)
        self._check_sender(draft)
        if not draft.body.strip() and not draft.media_urls:
            raise CarrierError(21602)
        if len(draft.body.encode("utf-16-le")) // 2 > BODY_LIMIT:
            raise CarrierError(21617)
        if len(draft.media_urls) > MEDIA_COUNT_LIMIT:
            raise CarrierError(21623)
        for url in draft.media_urls:
            if not is_url(url):
                raise CarrierError(21620, url)
        if draft.status_callback is not None and not is_url(draft.status_callback):
            raise CarrierError(21609, draft.status_callback)
        if self.is_opted_out(draft.sender or self.config.numbers[0], draft.to):
            raise CarrierError(21610)
        refusal = outcome(
            self.store.behaviours.get(draft.to, "normal"), draft.to, draft.force_delivery
        ).refusal
        if refusal is not None:
            raise CarrierError(refusal, draft.to)

    def _check_sender(self, draft: Draft) -> None:
        if draft.sender is None:
            if draft.service_sid is None:
                raise CarrierError(21603)
            return
        if not is_dialable(draft.sender):
            raise CarrierError(21212, draft.sender)
        if draft.sender == draft.to:
            raise CarrierError(21266, draft.to)
        if draft.sender not in self.config.numbers:
            raise CarrierError(21606, draft.sender)

    def _heed_keyword(self, message: Message) -> None:
        kind = optout.classify(message.body)
        if kind is None or self.settings.opt_out is OptOutMode.OFF:
            return
        was = self.is_opted_out(message.recipient, message.phone)
        scope = self.config.opt_out_scope(message.recipient)
        if kind == "START" and was:
            self.store.set_opt_out(scope, message.phone, False)
        if optout.replies_to(kind, was):
            draft = Draft(to=message.phone, sender=message.recipient, body=optout.RULES[kind].reply)
            self._send_quietly(draft, "carrier", message)
        if kind == "STOP" and not was:
            self.store.set_opt_out(scope, message.phone, True)

    def _send_quietly(self, draft: Draft, origin: Origin, message: Message) -> int | None:
        """Send; the code of the refusal, if so."""
        try:
            self.send(draft, origin, in_reply_to=message.sid)
        except CarrierError as error:
            return error.code
        return None

    def _finish(self, message: Message, answered: Answered) -> bool:
        """Do what an answer says and keep the attempt; False when it could not be understood.

        An answer that a reset has overtaken says nothing and is not kept.
        """
        if not self._is_known(message):
            return True
        understood = self._follow(message, answered)
        self.store.add_webhook(answered.attempt)
        return understood

    def _follow(self, message: Message, answered: Answered) -> bool:
        attempt = answered.attempt
        if attempt.errors:
            return False
        try:
            answer = parse(answered.content_type, attempt.answer)
        except TwimlError as error:
            attempt.errors.append(error.code)
            return False
        attempt.errors.extend(answer.warnings)
        for reply in answer.replies:
            draft = self._draft_of(reply, message, attempt.url)
            refusal = self._send_quietly(draft, "twiml", message)
            if refusal is not None:
                attempt.errors.append(_TWIML_CODES.get(refusal, refusal))
        return True

    def _draft_of(self, reply: Reply, message: Message, base_url: str) -> Draft:
        callback = reply.status_callback
        return Draft(
            to=reply.to or message.phone,
            sender=reply.sender or message.recipient,
            body=reply.body,
            media_urls=tuple(urljoin(base_url, url) for url in reply.media_urls),
            service_sid=message.service_sid,
            status_callback=None if callback is None else urljoin(base_url, callback),
        )

    def _inbound_params(self, message: Message) -> dict[str, str]:
        """What the webhook of an incoming text carries.

        After 'Twilio's request to your incoming message Webhook URL'; city, state and zip are empty as
        they are for numbers outside North America.
        """
        mode = self.settings.opt_out
        kind = optout.classify(message.body) if mode is OptOutMode.ADVANCED else None
        media = [self.store.media[sid] for sid in message.media]
        params = {
            "ToCountry": country_of(message.recipient),
            "ToState": "",
            "SmsMessageSid": message.sid,
            "NumMedia": str(len(media)),
            "ToCity": "",
            "FromZip": "",
            "SmsSid": message.sid,
            "FromState": "",
            "SmsStatus": "received",
            "FromCity": "",
            "Body": message.body,
            "FromCountry": country_of(message.phone),
            "To": message.recipient,
            "ToZip": "",
            "NumSegments": str(1 if media else segment(message.body).segments),
            "MessageSid": message.sid,
            "AccountSid": self.config.account_sid,
            "From": message.phone,
            "ApiVersion": API_VERSION,
        }
        if message.service_sid is not None:
            params["MessagingServiceSid"] = message.service_sid
        if kind is not None:
            params["OptOutType"] = kind
        for index, medium in enumerate(media):
            params[f"MediaContentType{index}"] = medium.content_type
            params[f"MediaUrl{index}"] = self.config.public_url + media_path(
                self.config.account_sid, message.sid, medium.sid
            )
        return params


_TWIML_CODES = {21211: 14101, 21212: 14102, 21606: 14102, 21602: 14103, 21617: 14103}
"""What a refusal is called when TwiML asked for the message. 'Error and Warning Dictionary'."""


def media_path(account_sid: str, message_sid: str, media_sid: str) -> str:
    """Where the bytes of a medium are, with basic authentication."""
    return f"/{API_VERSION}/Accounts/{account_sid}/Messages/{message_sid}/Media/{media_sid}"
