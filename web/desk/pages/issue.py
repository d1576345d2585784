"""One issue, `/desk/issue/{number}`: how it stands, its whole story, and what can be done.

`part=story` answers only what changes; `POST /desk/issue/{number}/{deed}` does something.
"""

import secrets
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.background import BackgroundTask

from escalator.waking import Waker
from issues import links, names, standing, together
from issues import texts as issue_texts
from issues.errors import IssueError
from linzhang.words import say
from models import Issue, Unit
from web.access.visits import Visit, Visiting
from web.desk import deeds, offers
from web.desk.deeds import Form
from web.desk.frame import frame_of
from web.desk.offers import Deed, Offers
from web.desk.queries import rows, timeline
from web.desk.texts import deeds as deed_texts
from web.desk.texts import issue as texts
from web.desk.texts import ways

routes = APIRouter()


@routes.get("/issue/{number}")
async def show(request: Request, visit: Visiting, number: int) -> Response:
    """The issue."""
    issue = await visit.scope.issue(number)
    return await _page(request, visit, issue)


@routes.post("/issue/{number}/{deed}")
async def do(request: Request, visit: Visiting, number: int, deed: Deed) -> Response:
    """Do something, and show what has come of it; or why it cannot be done."""
    scope = visit.scope
    issue = await scope.issue(number)
    sent = deeds.form(await request.form())
    if not await scope.reads(issue):
        return await _page(request, visit, issue, status=403)
    frame = frame_of(request)
    language = frame.language_of(request, visit)
    try:
        done = await deeds.do(scope, issue, deed, sent)
    except IssueError as error:
        sentence = error.sentence(language)
        return await _page(request, visit, issue, status=409, error=sentence, typed=sent, deed=deed)
    response: Response
    if done.phone is not None:
        phone = visit.settings.vault.open(done.phone.sealed)
        response = await _page(request, visit, await scope.issue(number), phone=phone)
    else:
        # From a department it may have gone where whoever sent it away does not see it.
        stays = await Issue.filter(scope.issues(), id=issue.id).exists()
        address = f"/desk/issue/{number}" if stays else "/desk/board"
        response = frame.told(address, say(deed_texts.TOLD[deed], language))
    waker: Waker = request.app.state.waker
    response.background = BackgroundTask(waker.outbox, done.lanes)
    return response


async def _page(
    request: Request,
    visit: Visit,
    issue: Issue,
    *,
    status: int = 200,
    error: str = "",
    typed: Form | None = None,
    deed: Deed | None = None,
    phone: str = "",
) -> Response:
    scope, settings = visit.scope, visit.settings
    frame = frame_of(request)
    language = frame.language_of(request, visit)
    readable = await scope.reads(issue)
    part = request.query_params.get("part") == "story"
    return frame.page(
        request,
        "issue/parts.html" if part else "issue/issue.html",
        texts,
        visit,
        status=status,
        issue=issue,
        row=(await rows.of(scope, [issue], language))[0],
        readable=readable,
        entries=await timeline.of(settings, issue, language, scope.at, readable=readable),
        offers=await offers.of(scope, issue) if readable else Offers(),
        deeds=deed_texts,
        states=issue_texts.STATE_NAMES,
        say_bridge=lambda name: ways.called(name, language),
        once=secrets.token_urlsafe(24),
        error=error,
        typed=typed,
        tried=deed,
        phone=phone,
        **await _facts(visit, issue, language),
    )


async def _facts(visit: Visit, issue: Issue, language: str) -> dict[str, Any]:
    """How it stands."""
    scope, profile = visit.scope, visit.settings.territory
    accepted = await standing.accepted_by(issue)
    about = issue.block or issue.holder
    parts = Issue.filter(scope.issues(), merged_into_id=issue.id).order_by("id")
    whole = await together.whole(issue)
    return {
        "answers": await names.holder(issue.holder, profile, language, scope.at) if issue.holder else "",
        "on_it": await names.speaker(accepted, about, profile, language, scope.at) if accepted else "",
        "from_unit": await Unit.get_or_none(id=issue.returns_to_id or 0),
        "parts": [each.number for each in await parts],
        "whole": whole if whole.id != issue.id else None,
        "post": await links.post_of(issue, visit.person),
    }
