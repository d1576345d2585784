"""How a picture, sound or film looks in a room: the contents of its events, and nothing else.

Names of files are ours: what a sender has called a file is said to nobody.
"""

from typing import Any

from attachments.kinds import Family
from bridges.contract import Media
from issues import texts
from linzhang.words import say
from models import Upload
from rooms.render import KEY

#: Message types by how something is shown.
_TYPES = {"picture": "m.image", "sound": "m.audio", "film": "m.video", "paper": "m.file"}

#: What a client may draw by itself of what somebody uploaded; anything else is a file to save.
_DRAWN = {"image/jpeg", "image/png", "image/gif", "image/webp"}


def kept(upload: Upload, key: str, language: str) -> dict[str, Any]:
    """The content of the event that shows something that we have uploaded."""
    facts = dict(upload.facts)
    waveform = facts.pop("waveform", None)
    poster, poster_size = facts.pop("poster", None), facts.pop("poster_size", None)
    info: dict[str, Any] = {"mimetype": upload.content_type, "size": upload.size} | facts
    if poster:
        info["thumbnail_url"] = poster
        info["thumbnail_info"] = {
            "mimetype": "image/jpeg",
            "size": poster_size,
            "w": facts["w"],
            "h": facts["h"],
        }
    name = f"{say(texts.FILE_NAMES[upload.family], language)}.{upload.extension}"
    content = _content(upload.family, name, upload.uri, info, key)
    if upload.family == "sound":
        content |= _voice(name, upload, facts.get("duration"), waveform)
    return content


def uploaded(medium: Media, key: str, language: str) -> dict[str, Any]:
    """The content of the event that shows something that somebody else has uploaded to Matrix."""
    family = Family.stated(medium.content_type)
    if family is Family.PICTURE and medium.content_type not in _DRAWN:
        family = Family.PAPER
    info: dict[str, Any] = {"mimetype": medium.content_type}
    if medium.size is not None:
        info["size"] = medium.size
    if medium.seconds is not None:
        info["duration"] = medium.seconds * 1000
    return _content(family, say(texts.FILE_NAMES[family], language), medium.url, info, key)


def captioned(content: dict[str, Any], caption: str) -> dict[str, Any]:
    """The content with words below what it shows."""
    return content | {"body": caption}


def _content(family: str, name: str, uri: str, info: dict[str, Any], key: str) -> dict[str, Any]:
    return {
        "msgtype": _TYPES[family],
        "body": name,
        "filename": name,
        "url": uri,
        "info": info,
        "m.mentions": {},
        KEY: key,
    }


def _voice(name: str, upload: Upload, duration: int | None, waveform: list[int] | None) -> dict[str, Any]:
    """What makes clients show a sound as somebody's voice (MSC3245 and what it stands on)."""
    return {
        "org.matrix.msc1767.text": name,
        "org.matrix.msc1767.file": {
            "url": upload.uri,
            "name": name,
            "mimetype": upload.content_type,
            "size": upload.size,
        },
        "org.matrix.msc1767.audio": {"duration": duration or 0, "waveform": waveform or []},
        "org.matrix.msc3245.voice": {},
    }
