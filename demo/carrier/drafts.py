"""Outgoing messages before anybody has looked at them, and the look that Twilio takes.

After Twilio's 'Message resource' and its 'Error and Warning Dictionary'. It must never send anything.
"""

from collections.abc import Callable
from dataclasses import dataclass

from demo.carrier.addresses import is_url
from demo.carrier.behaviour import outcome
from demo.carrier.channels import channel_of, number_of
from demo.carrier.config import CarrierConfig
from demo.carrier.errors import CarrierError
from demo.carrier.numbers import is_dialable

BODY_LIMIT = 1600
"""Characters of one message, counted as 16-bit units. 'Error 21617: message body exceeds 1600'."""

MEDIA_COUNT_LIMIT = 10
"""Media of one message. Twilio's 'Message resource', MediaUrl."""


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
        content_sid: The content template that is its text.
        content_variables: What is put into the template, as JSON.
        force_delivery: Whether a landline is tried nevertheless.
    """

    to: str
    sender: str | None
    body: str
    media_urls: tuple[str, ...] = ()
    service_sid: str | None = None
    status_callback: str | None = None
    content_sid: str | None = None
    content_variables: str = "{}"
    force_delivery: bool = False


def check(
    draft: Draft, config: CarrierConfig, is_opted_out: Callable[[str, str], bool], behaviour: str
) -> None:
    """Refuse what cannot be sent.

    Args:
        draft: What is to be sent.
        config: Whose numbers these are.
        is_opted_out: Whether a phone (the second) said STOP to a number (the first).
        behaviour: How the recipient's phone takes messages.

    Raises:
        CarrierError: It is refused.
    """
    channel, to = channel_of(draft.to), number_of(draft.to)
    if not is_dialable(to):
        raise CarrierError(21211, draft.to)
    if draft.service_sid is not None and draft.service_sid != config.messaging_service_sid:
        raise CarrierError(21701, draft.service_sid)
    _check_sender(draft, config)
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
    if channel == "sms" and is_opted_out(draft.sender or config.numbers[0], to):
        raise CarrierError(21610)
    refusal = outcome(behaviour, channel, to, forced=draft.force_delivery).refusal
    if refusal is not None:
        raise CarrierError(refusal, draft.to)


def _check_sender(draft: Draft, config: CarrierConfig) -> None:
    if draft.sender is None:
        if draft.service_sid is None:
            raise CarrierError(21603)
        return
    channel, number = channel_of(draft.sender), number_of(draft.sender)
    if not is_dialable(number):
        raise CarrierError(21212, draft.sender)
    if channel != channel_of(draft.to):
        raise CarrierError(21910)
    if draft.sender == draft.to:
        raise CarrierError(63031 if channel == "whatsapp" else 21266, draft.to)
    if number not in config.numbers:
        raise CarrierError(63007 if channel == "whatsapp" else 21606, draft.sender)
