"""The course for new leaders, `/desk/teaching/{code}`: who is new, who has begun, and who has finished."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from tortoise.transactions import in_transaction

from linzhang.words import say
from programme.teaching import standing, starting
from programme.teaching.lessons import LESSONS
from web.access.visits import Visiting
from web.desk.frame import frame_of
from web.desk.texts import teaching as texts

routes = APIRouter(prefix="/teaching")

#: New ones that are named.
_NAMED = 100


@routes.get("/{code}")
async def page(request: Request, visit: Visiting, code: str) -> Response:
    """How the leaders of a unit, and of all below it, stand."""
    unit = await visit.scope.led(code)
    profile, at = visit.settings.territory, visit.scope.at
    return frame_of(request).page(
        request,
        "teaching/page.html",
        texts,
        visit,
        unit=unit,
        new=await starting.newcomers(profile, unit, at, besides=visit.person),
        named=_NAMED,
        whole=await standing.line(profile, unit, at),
        below=await standing.below(profile, unit, at),
        learners=await standing.learners(unit),
        lessons=len(LESSONS),
    )


@routes.post("/{code}")
async def begin(request: Request, visit: Visiting, code: str) -> Response:
    """Let those who are new begin."""
    unit = await visit.scope.led(code)
    async with in_transaction():
        begun = await starting.begin(visit.settings, unit, visit.person, visit.scope.at)
    notice = say(texts.BEGUN, frame_of(request).language_of(request, visit), count=len(begun))
    return frame_of(request).told(f"/desk/teaching/{unit.code}", notice)
