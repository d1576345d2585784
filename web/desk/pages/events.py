"""What changes, as it does: `/desk/events`, server-sent events for whoever has a page open.

An `issue` or a `level` that one sees; `again`: more has changed than can be told, so look at everything. A
browser that was away says which event it had last, and is told what came after.
"""

from collections.abc import AsyncIterator, Sequence

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from projections import changes
from web.access import sessions
from web.access.scope import Scope, scope_of
from web.access.visits import Visit, Visiting
from web.desk.live import news
from web.desk.live.feed import MOST, Feed
from web.desk.live.news import News

routes = APIRouter()

#: Seconds after which something is said, so that nobody in between takes the line for dead, and after which
#: it is looked whether the session still counts and what its person may see.
_BEAT = 15.0

#: Milliseconds after which a browser comes again that has lost the line.
_RETRY = 3000

_DIGITS = 18


@routes.get("/events")
async def events(request: Request, visit: Visiting) -> Response:
    """Tell what changes until the page is closed or the session ends."""
    feed: Feed = request.app.state.feed
    last = request.headers.get("last-event-id", "")
    seen = int(last) if last.isascii() and last.isdecimal() and len(last) <= _DIGITS else None
    if feed.is_full(visit.session.id):
        return Response(status_code=429)
    return StreamingResponse(
        _told(feed, visit, seen),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _told(feed: Feed, visit: Visit, seen: int | None) -> AsyncIterator[str]:
    async with feed.listening(visit.session.id) as listener:
        last, missed = await _missed(seen)
        yield f"retry: {_RETRY}\n\n" + (_again(last) if missed is None else _events(missed, visit.scope))
        while True:
            told = [each for each in await listener.take(_BEAT) if each.id > last]
            if listener.ended or not await sessions.lasts(visit.settings, visit.session):
                return
            scope = await scope_of(visit.settings, visit.person)
            if scope is None:
                return
            if listener.missed:
                listener.missed = False
                yield _again(await changes.newest())
            yield _events(told, scope) or ": \n\n"


async def _missed(seen: int | None) -> tuple[int, Sequence[News] | None]:
    """What a browser has missed that had an event last, and up to which one; None: more than can be told."""
    newest = await changes.newest()
    if seen is None or seen == newest:
        return newest, ()
    lines = await changes.after(seen, MOST)
    if seen > newest or len(lines) == MOST or await changes.oldest() > seen + 1:
        return newest, None
    return lines[-1].id if lines else newest, await news.of(lines)


def _events(told: Sequence[News], scope: Scope) -> str:
    return "".join(each.event() for each in told if each.concerns(scope))


def _again(last: int) -> str:
    return f"id: {last}\nevent: again\ndata: null\n\n"
