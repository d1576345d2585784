"""What came with somebody's words, given out by the desk: a homeserver keeps it, now if not before."""

from fastapi import Request
from fastapi.responses import Response

from attachments.made import NotTaken, Use
from bridges.contract import DeliveryError, Refused
from linzhang.words import Text
from models import Message, Upload
from web import media
from web.desk.frame import frame_of
from web.desk.kept import Kept
from web.desk.texts import frame as frame_texts
from web.desk.texts import issue as issue_page_texts


async def given_out(request: Request, message: Message, which: int, homeserver: str) -> Response:
    """Something that came with a message, or a sentence that says why it cannot be shown.

    Args:
        request: What asked for it.
        message: With its bridge and media; it need not be a row.
        which: Which of them, from 0.
        homeserver: Name of the one that keeps it.
    """
    kept: Kept = request.app.state.kept
    there = Upload.filter(source=message.media[which]["url"], made_for=Use.ROOM)
    try:
        upload = await there.first() or await kept.uploads.keep(message, which, Use.ROOM, homeserver)
        return await media.given_out(request, kept.matrix, upload)
    except (NotTaken, Refused):
        return _sentence(request, issue_page_texts.MEDIA_GONE, 410)
    except DeliveryError:
        return _sentence(request, issue_page_texts.MEDIA_AWAY, 503)


def _sentence(request: Request, words: Text, status: int) -> Response:
    return frame_of(request).page(
        request, "error.html", frame_texts, None, status=status, head=frame_texts.NOT_THERE_HEAD, words=words
    )
