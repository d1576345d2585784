"""To mend: `/desk/triage`. What has got stuck, each with one sentence and with what mends it.

A leader sees only what lies in their units; what concerns no unit, administrators alone.
"""

from collections.abc import Iterable
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from tortoise.expressions import Q

from escalator.waking import Waker
from issues import chain, floods, mending, names, triage
from issues.errors import IssueError
from linzhang.words import Text, say
from models import Flood, Issue, Leadership, Outbox, Role, Unit
from rooms import inviting
from territory import appointing, finding
from territory.rows import TerritoryError
from web.access.scope import NotThere
from web.access.visits import Administering, Visit, Visiting
from web.desk.frame import frame_of
from web.desk.texts import triage as texts

routes = APIRouter(prefix="/triage")

_HERE = "/desk/triage"

#: How many units or people one may choose between.
_CHOICES = 12

Typed = Annotated[str, Form(max_length=80)]


@routes.get("")
async def page(request: Request, visit: Visiting) -> Response:
    """All that has got stuck."""
    scope, settings = visit.scope, visit.settings
    language = frame_of(request).language_of(request, visit)
    vacant = await triage.vacant(settings, scope.units, scope.at)
    undelivered = await triage.undelivered(settings, scope.units)
    unplaced = await triage.unplaced(scope.units, from_nobody=scope.is_admin)
    shown = [*unplaced.shown, *(row.issue for row in undelivered.shown if row.issue)]
    unread = {issue.id for issue in shown if not await scope.reads(issue)}
    return frame_of(request).page(
        request,
        "triage.html",
        texts,
        visit,
        unplaced=unplaced,
        undelivered=undelivered,
        unread=unread,
        flooding=await triage.flooding(scope.units, from_nobody=scope.is_admin),
        vacant=vacant,
        stand_ins={unit.id: await _goes_to(visit, unit, language) for unit in vacant.shown},
        unconnected=await triage.unconnected(scope.units, scope.at),
        failed_effects=await triage.failed_effects() if scope.is_admin else None,
        failed_events=await triage.failed_events() if scope.is_admin else None,
        tier=lambda unit: settings.territory.tier(unit.tier).name.get(language, ""),
    )


@routes.post("/unplaced/{number}")
async def place(
    request: Request, visit: Visiting, number: int, where: Typed = "", code: Typed = ""
) -> Response:
    """Say where somebody lives; where several units are called so, choose one."""
    issue = await Issue.get_or_none(id=Issue.id_of(number), block_id=None).select_related("holder")
    if issue is None or not _may_place(visit, issue):
        raise NotThere(str(number))
    chain_tiers = [tier.key for tier in visit.settings.territory.tiers if tier.chain]
    found = await _unit_meant(where, code, Q(tier__in=chain_tiers))
    if len(found) != 1:
        if not found:
            return _told(request, visit, "unplaced", texts.NO_UNIT_CALLED, words=where[:40])
        options = [(unit.code, unit.name, await _line_above(unit)) for unit in found]
        address = f"{_HERE}/unplaced/{number}"
        return _choose(request, visit, address, "code", texts.WHICH_UNIT, where, options)
    try:
        lanes = await mending.place(visit.settings, issue.id, found[0], visit.person, visit.scope.at)
    except IssueError as error:
        return _refused(request, visit, "unplaced", error)
    await _wake(request, lanes)
    return _told(request, visit, "unplaced", texts.PLACED, number=number, unit=found[0].name)


@routes.post("/undelivered/{row_id}")
async def see_to(
    request: Request,
    visit: Visiting,
    row_id: int,
    how: Annotated[Literal["again", "in person", "by phone"], Form()],
) -> Response:
    """Send words again that have not arrived, or note that somebody was told."""
    row = await Outbox.get_or_none(triage.FAILED, id=row_id, settled_at=None).select_related("issue")
    if row is None or row.issue is None or row.address_id is None:
        raise NotThere(str(row_id))
    await visit.scope.issue(row.issue.number)
    if how == "again":
        await _wake(request, await mending.send_again(visit.settings, row_id, visit.person))
        return _told(request, visit, "undelivered", texts.SENT_AGAIN)
    await mending.have_told(visit.settings, row_id, visit.person, how)
    return _told(request, visit, "undelivered", texts.NOTED)


@routes.post("/flooding/{flood_id}")
async def decide(
    request: Request, visit: Visiting, flood_id: int, how: Annotated[Literal["let", "out"], Form()]
) -> Response:
    """Let somebody through who has sent too much, or keep them out."""
    flood = await Flood.get_or_none(id=flood_id).select_related("address__person__block")
    if flood is None or not _may_decide(visit, flood):
        raise NotThere(str(flood_id))
    if how == "out":
        await floods.keep_out(visit.settings, flood_id, visit.person)
        return _told(request, visit, "flooding", texts.IS_KEPT_OUT)
    count = await floods.let_through(visit.settings, flood_id, visit.person)
    return _told(request, visit, "flooding", texts.WERE_LET_THROUGH, count=count)


@routes.post("/vacant/{code}")
async def appoint(
    request: Request, visit: Administering, code: str, name: Typed = "", person: Annotated[int, Form()] = 0
) -> Response:
    """Let somebody of the unit lead it; where several are called so, choose one."""
    unit = await visit.scope.unit(code)
    if await chain.leader_of(unit, visit.scope.at) is not None:
        return _told(request, visit, "vacant", texts.HAS_LEADER, unit=unit.name)
    found = await appointing.candidates(unit, name.strip(), visit.scope.at)
    if person:
        found = [each for each in found if each.id == person]
    if len(found) != 1:
        if not found:
            return _told(request, visit, "vacant", texts.NOBODY_CALLED, words=name[:40], unit=unit.name)
        options = [(str(each.id), each.name, each.block.name if each.block else "") for each in found]
        address = f"{_HERE}/vacant/{code}"
        return _choose(request, visit, address, "person", texts.WHICH_PERSON, name, options)
    try:
        await appointing.appoint(visit.settings, unit, found[0], visit.person.name)
    except TerritoryError as error:
        language = frame_of(request).language_of(request, visit)
        return frame_of(request).told(f"{_HERE}#vacant", error.errors[0].problem.to(language))
    return _told(request, visit, "vacant", texts.APPOINTED, name=found[0].name, unit=unit.name)


@routes.post("/unconnected/{post_id}")
async def invite(request: Request, visit: Visiting, post_id: int) -> Response:
    """Send a leader a code for their chat account."""
    posts = Leadership.filter(chain.in_office(visit.scope.at), id=post_id, role=Role.LEADER)
    post = await posts.select_related("person", "unit").first()
    if post is None or not visit.scope.sees(post.unit):
        raise NotThere(str(post_id))
    sent, lanes = await inviting.invite(visit.settings, post.person, post.unit)
    await _wake(request, lanes)
    text = texts.INVITED if sent else texts.NO_MOBILE
    return _told(request, visit, "unconnected", text, name=post.person.name)


@routes.post("/failed")
async def again(
    request: Request,
    visit: Administering,
    effect: Annotated[list[int] | None, Form()] = None,
    event: Annotated[list[int] | None, Form()] = None,
) -> Response:
    """Try failed effects and events once more."""
    count, lanes = await mending.do_again(
        visit.settings, visit.person.name, effects=effect or [], events=event or []
    )
    await _wake(request, lanes)
    return _told(request, visit, "failed", texts.TRIED_AGAIN, count=count)


def _may_place(visit: Visit, issue: Issue) -> bool:
    return visit.scope.sees(issue.holder) if issue.holder else visit.scope.is_admin


def _may_decide(visit: Visit, flood: Flood) -> bool:
    block = flood.address.person.block
    return visit.scope.sees(block) if block else visit.scope.is_admin


async def _unit_meant(where: str, code: str, which: Q) -> list[Unit]:
    if code:
        return await Unit.filter(which, code=code, closed_at=None)
    typed = where.strip()
    exact = await Unit.filter(which, Q(code=typed) | Q(card_code=typed), closed_at=None) if typed else []
    return exact or await finding.units(typed, which, _CHOICES)


async def _line_above(unit: Unit) -> str:
    return " › ".join(each.name for each in (await chain.ancestors(unit))[-4:-1])


async def _goes_to(visit: Visit, unit: Unit, language: str) -> str:
    """Who gets the issues of a unit for which nobody answers."""
    profile, at = visit.settings.territory, visit.scope.at
    above: Unit | None = unit
    while above is not None:
        if await chain.acting(above, at) is not None:
            return await names.holder(above, profile, language, at)
        above = await chain.next_holder(above, profile)
    return ""


def _choose(
    request: Request,
    visit: Visit,
    address: str,
    field: str,
    question: Text,
    typed: str,
    options: Iterable[tuple[str, str, str]],
) -> Response:
    """Ask which of several is meant."""
    kept = {"name": typed} if field == "person" else {}
    return frame_of(request).page(
        request,
        "triage_choose.html",
        texts,
        visit,
        address=address,
        field=field,
        question=question,
        typed=typed,
        kept=kept,
        options=list(options),
    )


async def _wake(request: Request, lanes: set[str]) -> None:
    waker: Waker = request.app.state.waker
    await waker.outbox(lanes)


def _refused(request: Request, visit: Visit, part: str, error: IssueError) -> Response:
    frame = frame_of(request)
    return frame.told(f"{_HERE}#{part}", error.sentence(frame.language_of(request, visit)))


def _told(request: Request, visit: Visit, part: str, text: Text, **values: object) -> Response:
    frame = frame_of(request)
    return frame.told(f"{_HERE}#{part}", say(text, frame.language_of(request, visit), **values))
