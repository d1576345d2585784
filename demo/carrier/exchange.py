"""The exchange: every part of one carrier, put together once, and the sending and receiving of texts.

REST and TwiML hand messages in here to be sent, phones hand theirs in to be received. It must never
read HTTP.
"""

import asyncio
import hmac
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urljoin

from demo.carrier import optout
from demo.carrier.allowance import Allowance
from demo.carrier.behaviour import Outcome, outcome
from demo.carrier.channels import Channel, address_on, number_of
from demo.carrier.config import CarrierConfig, OptOutMode, Settings
from demo.carrier.delivery import API_VERSION, Delivery
from demo.carrier.drafts import Draft, check
from demo.carrier.errors import CarrierError
from demo.carrier.faults import FaultKind, Faults
from demo.carrier.params import inbound_params
from demo.carrier.records import (
    Media,
    Message,
    Origin,
    StatusChange,
    WebhookAttempt,
    WebhookPurpose,
)
from demo.carrier.store import Store
from demo.carrier.templates import fill
from demo.carrier.twiml import Reply, TwimlError, parse
from demo.carrier.voice.switchboard import Switchboard
from demo.carrier.webhooks import Answered, SignatureMode, Webhooks

STORAGE = "/_storage"
"""Below this lie the bytes of media when the REST API only redirects to them."""

LONGEST_HOLD = 10.0
"""Seconds that a text waits for a later one when the fault 'texts_reordered' names none."""


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
        self._allowance = Allowance(clock)
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

    def stored_path(self, sid: str) -> str:
        """Where the bytes of a medium lie that a redirect leads to, for whoever was told the address."""
        key = self.config.auth_token.encode()
        return f"{STORAGE}/{sid}/{hmac.new(key, sid.encode(), 'sha256').hexdigest()}"

    def send(self, draft: Draft, origin: Origin, in_reply_to: str | None = None) -> Message:
        """Accept an outgoing message and set it on its way.

        Raises:
            CarrierError: It is refused: 21211, 21212, 21266, 21602, 21603, 21606, 21609, 21610, 21617,
                20429, 21620, 21623, 21635, 21655, 21656, 21701, 21910, 63007, 63031, or whatever code the
                phone's behaviour is.
        """
        if origin == "api" and not self._allowance.takes_one(self.settings.messages_per_second):
            raise CarrierError(20429, retry_after=1)
        if draft.content_sid is not None:
            text = fill(self.settings.templates, draft.content_sid, draft.content_variables)
            draft = replace(draft, body=text)
        behaviour = self.store.behaviours.get(number_of(draft.to), "normal")
        check(draft, self.config, self.is_opted_out, behaviour)
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
            template=draft.content_sid,
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

    def read(self, message: Message) -> None:
        """The phone's owner reads a WhatsApp message that was delivered."""
        self._delivery.read(message)

    def is_opted_out(self, number: str, phone: str) -> bool:
        """Whether `phone` said STOP to `number`."""
        return (self.config.opt_out_scope(number), phone) in self.store.opt_outs

    def receive(
        self,
        phone: str,
        to: str,
        body: str,
        media: Sequence[tuple[str, bytes]],
        sid: str,
        *,
        channel: Channel = "sms",
        profile_name: str | None = None,
    ) -> Message:
        """Keep a text that a phone sent; STOP and START by SMS take effect before anybody is told."""
        at = self.store.now()
        self.store.add_message(
            Message(
                sid=sid,
                direction="inbound",
                origin="phone",
                sender=address_on(channel, phone),
                recipient=address_on(channel, to),
                profile_name=profile_name,
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
            url = self._url_for(message)
            if url is not None and self._is_known(message):
                attempts.append(await self._tell(message, url, signature))
        self._let_go()
        return attempts

    def _url_for(self, message: Message) -> str | None:
        """Where an incoming message is reported."""
        own = self.settings.whatsapp_url if message.channel == "whatsapp" else None
        return own or self.settings.sms_url

    async def _tell(self, message: Message, url: str, signature: SignatureMode) -> WebhookAttempt:
        media = [self.store.media[sid] for sid in message.media]
        params = inbound_params(self.config, message, media, self.settings.opt_out)
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

    def _outcome_of(self, message: Message) -> Outcome:
        behaviour = self.store.behaviours.get(message.phone, "normal")
        return outcome(
            behaviour,
            message.channel,
            message.phone,
            forced=True,
            window=lambda: message.template is not None or self._window_is_open(message.phone),
        )

    def _window_is_open(self, phone: str) -> bool:
        """Whether a phone has written on WhatsApp not long ago."""
        since = self.store.now() - timedelta(seconds=self.settings.whatsapp_window)
        return any(
            message.channel == "whatsapp" and message.created_at > since
            for message in self.store.messages.values()
            if message.direction == "inbound" and message.phone == phone
        )

    def _heed_keyword(self, message: Message) -> None:
        kind = optout.classify(message.body)
        if kind is None or self.settings.opt_out is OptOutMode.OFF or message.channel == "whatsapp":
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
            to=reply.to or str(message.sender),
            sender=reply.sender or message.recipient,
            body=reply.body,
            media_urls=tuple(urljoin(base_url, url) for url in reply.media_urls),
            service_sid=message.service_sid,
            status_callback=None if callback is None else urljoin(base_url, callback),
        )


_TWIML_CODES = {21211: 14101, 21212: 14102, 21606: 14102, 21602: 14103, 21617: 14103}
"""What a refusal is called when TwiML asked for the message. 'Error and Warning Dictionary'."""
