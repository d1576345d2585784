"""What the carrier's parameters say, in the form that the core understands: texts and receipts.

After Twilio's 'Twilio's request to your incoming message webhook URL' and 'Track the Message Status of
Outbound Messages'. This module must never fetch anything, nor trust more than the signature proves.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from bridges.contract import Inbound, Kind, Media
from bridges.sms.channels import SMS, Channel
from bridges.sms.senders import sender_of

#: The bridge whose addresses are phones as such.
NAME = SMS

log = logging.getLogger(__name__)

_MEDIA_LIMIT = 10  # that many come with one message; Twilio's 'Message resource'
_ID_LIMIT = 100  # characters of an id, a sender or a status; the carrier's have 34 and less
_DIGITS = 9
_KEY_LIMIT = 64  # characters of a key of ours; what is longer is nobody's
_ANY_TYPE = "application/octet-stream"


#: A latitude or longitude.
_POINT = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?")


class Incomplete(ValueError):
    """A parameter is not there or not possible, without which there is nothing to understand."""


def text(params: Mapping[str, str], channel: Channel, region: str, api_url: str) -> Inbound:
    """Somebody's text, perhaps with pictures.

    A word that stops, starts or explains our messages comes with `detail['opt_out']`: 'STOP', 'START'
    or 'HELP', where the carrier has acted on it already.

    Args:
        params: The webhook's parameters.
        channel: On which way it came.
        region: ISO 3166 code that numbers without a country code belong to.
        api_url: Where the carrier's API is; media there are accepted without TLS.

    Raises:
        Incomplete: MessageSid or From is missing.
    """
    sid = required(params, "MessageSid")
    opt_out = params.get("OptOutType", "").strip().upper() if channel.keywords else ""
    return Inbound(
        bridge=channel.name,
        external_id=sid,
        sender=sender_of(required(params, "From"), region, channel.prefix),
        text=_words(params),
        media=_media(params, api_url),
        detail={"opt_out": opt_out} if opt_out in ("STOP", "START", "HELP") else {},
    )


def receipt(params: Mapping[str, str], channel: Channel, key: str, region: str) -> Inbound:
    """The fate of a message of ours.

    Its id is the message's and the status together: each status is told once, however often it comes.

    Args:
        params: The webhook's parameters.
        channel: On which way it went.
        key: The key of the message, which stands in the query of the address that was called.
        region: ISO 3166 code that numbers without a country code belong to.

    Raises:
        Incomplete: MessageSid or MessageStatus is missing.
    """
    sid = required(params, "MessageSid")
    status = required(params, "MessageStatus")
    code = number(params.get("ErrorCode", ""))
    detail: dict[str, Any] = {"status": status, "code": code, "key": key}
    return Inbound(
        bridge=channel.name,
        external_id=f"{sid}:{status}",
        sender=sender_of(params.get("To", ""), region, channel.prefix),
        kind=Kind.RECEIPT,
        target=sid,
        detail=detail,
    )


def _words(params: Mapping[str, str]) -> str:
    """What was written; a place that was pinned on a map is told as one would write it."""
    words = kept(params.get("Body", ""))
    place = [kept(params.get(name, "")).strip() for name in ("Label", "Address")]
    point = [params.get(name, "").strip() for name in ("Latitude", "Longitude")]
    if not all(_POINT.fullmatch(each) for each in point):
        return words
    return "\n".join(dict.fromkeys(each for each in (words, *place, f"📍 {', '.join(point)}") if each))


def required(params: Mapping[str, str], name: str) -> str:
    """The value of a parameter.

    Raises:
        Incomplete: It is missing or blank, or longer than anything that the carrier could mean.
    """
    value = kept(params.get(name, "")).strip()
    if not value:
        raise Incomplete(f"{name} is missing.")
    if len(value) > _ID_LIMIT:
        raise Incomplete(f"{name} is too long.")
    return value


def kept(value: str) -> str:
    """A value as every database can keep it."""
    return value.replace("\0", "")


def key_of(value: str) -> str:
    """A key from the query of an address of ours; empty where it can be none."""
    return kept(value) if len(value) <= _KEY_LIMIT else ""


def number(value: str) -> int | None:
    """A number that a table can hold; None: it is none."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= _DIGITS else None


def _media(params: Mapping[str, str], api_url: str) -> Sequence[Media]:
    count = params.get("NumMedia", "")
    found = []
    for index in range(min(number(count) or 0, _MEDIA_LIMIT)):
        url = kept(params.get(f"MediaUrl{index}", ""))
        if _is_safe(url, api_url):
            found.append(Media(url, kept(params.get(f"MediaContentType{index}", "")) or _ANY_TYPE))
        else:
            log.warning("a picture was left out: its address is neither https nor the carrier's")
    return found


def _is_safe(url: str, api_url: str) -> bool:
    """Whether a medium may be fetched later without being sent somewhere else on the way."""
    try:
        parts, api = urlsplit(url), urlsplit(api_url)
    except ValueError:
        return False
    if not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme, parts.netloc) == (api.scheme, api.netloc)
