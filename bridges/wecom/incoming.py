"""What WeCom's messages and events say, in the form that the core understands.

After Tencent's 'Receive messages: message format' and 'event format' (paths 90239 and 90240). This module
must never fetch anything.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from bridges.contract import Inbound, Kind, Media

NAME = "wecom"

#: Before the id of a medium that WeCom keeps.
MEDIA = "wecom:"

#: What is fetched, by the type of its message. A voice may be Speex too, which says so in its Format.
_TYPES = {"image": "image/jpeg", "voice": "audio/amr", "video": "video/mp4"}

#: Events by which somebody is known to be there.
_SEEN = frozenset({"enter_agent", "click", "view"})

_ID_LIMIT = 200  # characters of an id; WeCom's have 64 and less


class Incomplete(ValueError):
    """A field is missing without which there is nothing to understand."""


def member(user_id: str) -> str:
    """A member's id in one form: WeCom takes them in any case."""
    return user_id.strip().lower()


def understood(fields: Mapping[str, str]) -> Inbound | None:
    """What came in; None: an event that says nothing.

    Args:
        fields: The decrypted message's.

    Raises:
        Incomplete: FromUserName or MsgId is missing.
    """
    sender = member(_required(fields, "FromUserName"))
    if fields.get("MsgType") == "event":
        return _event(fields, sender)
    return Inbound(
        bridge=NAME,
        external_id=_required(fields, "MsgId"),
        sender=sender,
        text=_words(fields),
        media=_media(fields),
        sent_at=_sent_at(fields),
    )


def _event(fields: Mapping[str, str], sender: str) -> Inbound | None:
    event = fields.get("Event", "").lower()
    if event not in _SEEN:
        return None
    # Events have no id of their own; Tencent says to use who and when.
    external_id = f"{event}:{sender}:{_required(fields, 'CreateTime')}"
    return Inbound(bridge=NAME, external_id=external_id, sender=sender, kind=Kind.SEEN)


def _words(fields: Mapping[str, str]) -> str:
    match fields.get("MsgType"):
        case "text":
            return fields.get("Content", "")
        case "location":
            place = f"📍 {fields.get('Location_X', '')}, {fields.get('Location_Y', '')}"
            return "\n".join(each for each in (fields.get("Label", ""), place) if each)
        case "link":
            said = (fields.get(name, "") for name in ("Title", "Description", "Url"))
            return "\n".join(each for each in said if each)
    return ""


def _media(fields: Mapping[str, str]) -> list[Media]:
    content_type = _TYPES.get(fields.get("MsgType", ""))
    media_id = fields.get("MediaId", "")
    if content_type is None or not 0 < len(media_id) <= _ID_LIMIT:
        return []
    if fields.get("Format", "").lower() == "speex":
        content_type = "audio/x-speex"
    return [Media(MEDIA + media_id, content_type)]


def _sent_at(fields: Mapping[str, str]) -> datetime | None:
    seconds = fields.get("CreateTime", "")
    if not (seconds.isascii() and seconds.isdecimal() and len(seconds) <= 10):
        return None
    return datetime.fromtimestamp(int(seconds), UTC)


def _required(fields: Mapping[str, str], name: str) -> str:
    value = fields.get(name, "").strip()
    if not value or len(value) > _ID_LIMIT:
        raise Incomplete(f"{name} is missing.")
    return value
