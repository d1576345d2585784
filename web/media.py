"""What a link opens: one picture, sound, film or paper, in a text to a resident or in a tied group.

Gives out what the homeserver keeps, piece by piece, and opens nothing. Without a pass of ours nothing is
found here, and a pass opens nothing but what it names: no list, no other message, nothing that was taken
back.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from html import escape
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from attachments.made import Use
from bridges.contract import DeliveryError, Refused
from bridges.matrix.bridge import MatrixBridge
from issues import enclosing, texts
from issues.effects import TIES
from linzhang.passes import LENGTH, Pass, Passes
from linzhang.settings import Settings
from linzhang.words import Text, say
from models import Message, Outbox, TiedChat, Upload, Voice

#: What browsers are told, so that nothing that is shown here can do anything, or tell anybody of the link.
_HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; media-src 'self'; style-src "
    "'unsafe-inline'; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}

#: Seconds for which a phone may keep what it has seen.
_KEPT = 3600

_RANGE = re.compile(r"bytes=([0-9]{1,12})-([0-9]{0,12})")

_PAGE = """<!doctype html>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<body style="font: 1.4em/1.5 sans-serif; margin: 2em auto; max-width: 30em; padding: 0 1em">
{words}
"""


#: Where that lies which a pass opens; empty: it was taken back or erased, or was never sent.
Find = Callable[[Pass], Awaitable[str]]


def router(settings: Settings, matrix: MatrixBridge) -> APIRouter:
    """The addresses at which passes are shown."""
    routes = APIRouter()

    @routes.api_route(enclosing.PATH + "{word}", methods=["GET", "HEAD"])
    async def medium(request: Request, word: str) -> Response:
        """Give out what a leader has sent to a resident."""
        return await _shown(settings, matrix, request, settings.passes, word, _of_leader)

    @routes.api_route(enclosing.GROUP_PATH + "{word}", methods=["GET", "HEAD"])
    async def medium_in_group(request: Request, word: str) -> Response:
        """Give out what somebody has sent in a room to which a group is tied."""
        return await _shown(settings, matrix, request, settings.group_passes, word, _of_group)

    return routes


async def _shown(
    settings: Settings, matrix: MatrixBridge, request: Request, passes: Passes, word: str, find: Find
) -> Response:
    opens = passes.read(word) if len(word) <= LENGTH else None
    if opens is None:
        return _page(settings, texts.LINK_UNKNOWN, 404)
    if opens.until <= settings.clock.now():
        return _page(settings, texts.LINK_ENDED, 410)
    source = await find(opens)
    upload = source and await Upload.filter(source=source, made_for=Use.PHONE).first()
    if not upload:
        return _page(settings, texts.LINK_ENDED, 410)
    try:
        return await given_out(request, matrix, upload)
    except Refused:
        return _page(settings, texts.LINK_ENDED, 410)
    except DeliveryError:
        return _page(settings, texts.LINK_AWAY, 503, {"Retry-After": "60"})


async def _of_leader(opens: Pass) -> str:
    message = await Message.get_or_none(id=opens.row, voice=Voice.LEADER, retracted_at=None)
    return _source(message.media, opens) if message else ""


async def _of_group(opens: Pass) -> str:
    row = await Outbox.get_or_none(id=opens.row, bridge=TIES)
    still = row and await TiedChat.exists(id=row.payload.get("tie"), ended_at=None)
    return _source(row.payload.get("media", []), opens) if row and still else ""


def _source(media: Sequence[Mapping[str, Any]], opens: Pass) -> str:
    return str(media[opens.number]["url"]) if opens.number < len(media) else ""


async def given_out(request: Request, matrix: MatrixBridge, upload: Upload) -> Response:
    """What a homeserver keeps, or the part of it that is asked for, as it comes.

    Raises:
        Refused: It is not there any more.
        DeliveryError: The homeserver cannot be reached.
    """
    first, last = _span(request.headers.get("range", ""), upload.size)
    is_part = (first, last) != (0, upload.size - 1)
    way = "attachment" if upload.family == "paper" else "inline"
    headers = {
        **_HARMLESS,
        "Content-Length": str(last - first + 1),
        "Content-Disposition": f'{way}; filename="{upload.family}.{upload.extension}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": f"private, max-age={_KEPT}",
    }
    if is_part:
        headers["Content-Range"] = f"bytes {first}-{last}/{upload.size}"
    status = 206 if is_part else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=upload.content_type)
    source = AsyncExitStack()
    pieces = await source.enter_async_context(matrix.keeper_of(upload.uri).opened(upload.uri))
    body = _part(source, pieces, first, last)
    return StreamingResponse(body, status, headers=headers, media_type=upload.content_type)


async def _part(
    source: AsyncExitStack, pieces: AsyncIterator[bytes], first: int, last: int
) -> AsyncIterator[bytes]:
    """The bytes from the first to the last one; what stands before is read and dropped."""
    async with source:
        at = 0
        async for piece in pieces:
            part = piece[max(0, first - at) : max(0, last + 1 - at)]
            at += len(piece)
            if part:
                yield part
            if at > last:
                return


def _span(asked: str, size: int) -> tuple[int, int]:
    """The first and the last byte that are asked for: players of sounds and films want parts."""
    found = _RANGE.fullmatch(asked.strip())
    if not found:
        return 0, size - 1
    first = int(found[1])
    last = min(int(found[2]) if found[2] else size - 1, size - 1)
    return (first, last) if first <= last else (0, size - 1)


def _page(
    settings: Settings, text: Text, status: int, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """A sentence in every language of the programme: nobody knows who reads it."""
    said = [(language, say(text, language)) for language in settings.territory.languages]
    words = "\n".join(f'<p lang="{escape(language)}">{escape(words)}</p>' for language, words in said)
    page = _PAGE.format(
        title=escape(settings.territory.name[settings.territory.default_language]), words=words
    )
    return HTMLResponse(page, status, headers={**_HARMLESS, "Cache-Control": "no-store", **(headers or {})})
