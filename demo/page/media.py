"""Pictures, sounds and films on the page: what is shown of them, and how they are given to a browser.

Everything comes from strangers. A browser is given only kinds that can do nothing, under a name of ours; all
else is a file to save. It must never look into a file.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Response
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

#: What a browser may show inside the page.
SHOWN = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "audio/ogg",
        "audio/mpeg",
        "audio/wav",
        "audio/mp4",
        "video/mp4",
        "video/webm",
    }
)

_ANY_TYPE = "application/octet-stream"


class Attachment(BaseModel):
    """Something that goes with words.

    Attributes:
        content_type: Its type, as the browser states it.
        base64: Its bytes.
    """

    model_config = ConfigDict(extra="forbid")

    content_type: Annotated[str, Field(pattern=r"^[a-z]+/[a-zA-Z0-9.+-]{1,80}$")]
    base64: Annotated[Base64Bytes, Field(max_length=16_000_000)]


def facts_of(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the page shows of a Matrix message's file; None where it has none."""
    if content.get("msgtype") not in ("m.image", "m.audio", "m.video", "m.file"):
        return None
    url = content.get("url")
    if not isinstance(url, str) or not url.startswith("mxc://"):
        return None
    info = content.get("info")
    stated = info.get("mimetype") if isinstance(info, Mapping) else None
    name = content.get("filename", content.get("body"))
    return {
        "content_type": stated if stated in SHOWN else _ANY_TYPE,
        "name": name[:200] if isinstance(name, str) else "",
    }


def given_out(content: bytes, content_type: str) -> Response:
    """A file, for a browser."""
    shown = content_type in SHOWN
    headers = {"Content-Disposition": "inline" if shown else "attachment"}
    return Response(content, media_type=content_type if shown else _ANY_TYPE, headers=headers)
