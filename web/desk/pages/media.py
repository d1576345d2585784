"""What came with words in an issue: `/desk/issue/{number}/media/{message}/{which}`.

Given out as the homeserver keeps it, made fit to be shown. What stands in no room yet is fetched from where
it came from, once, and kept by a homeserver from then on.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from attachments.made import NotTaken, Use
from bridges.contract import DeliveryError, Refused
from linzhang.words import Text
from models import Message, Upload
from web import media
from web.access.scope import NotThere
from web.access.visits import Visiting
from web.desk.frame import frame_of
from web.desk.kept import Kept
from web.desk.texts import frame as frame_texts
from web.desk.texts import issue as texts

routes = APIRouter()


@routes.api_route("/issue/{number}/media/{message}/{which}", methods=["GET", "HEAD"])
async def show(request: Request, visit: Visiting, number: int, message: int, which: int) -> Response:
    """Give it out to somebody who may read the issue."""
    issue = await visit.scope.issue(number)
    said = await Message.get_or_none(id=message, issue_id=issue.id, retracted_at=None)
    if said is None or not 0 <= which < len(said.media) or not await visit.scope.reads(issue):
        raise NotThere(f"{number}/{message}/{which}")
    kept: Kept = request.app.state.kept
    try:
        upload = await _upload(kept, said, which, visit.settings.homeservers[0].server_name)
        return await media.given_out(request, kept.matrix, upload)
    except (NotTaken, Refused):
        return _sentence(request, texts.MEDIA_GONE, 410)
    except DeliveryError:
        return _sentence(request, texts.MEDIA_AWAY, 503)


async def _upload(kept: Kept, said: Message, which: int, homeserver: str) -> Upload:
    there = Upload.filter(source=said.media[which]["url"], made_for=Use.ROOM)
    return await there.first() or await kept.uploads.keep(said, which, Use.ROOM, homeserver)


def _sentence(request: Request, words: Text, status: int) -> Response:
    return frame_of(request).page(
        request, "error.html", frame_texts, None, status=status, head=frame_texts.NOT_THERE_HEAD, words=words
    )
