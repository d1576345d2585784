"""Care, `/desk/care/{code}`: how a unit covers those who are looked after, and, for the few, who they are.

Who sees a name, and who may do what, is for `programme.care` to say.
"""

import secrets
from datetime import time
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from tortoise.transactions import in_transaction

from escalator.waking import Waker
from issues import chain
from issues.effects import Effects
from issues.errors import IssueError
from issues.lifecycle import Actor
from linzhang.words import say
from models import CareKind, CareRecord, CareRhythm, CareWay, Issue, Person, State, Unit
from programme.care import recording, rounds, seeing, shown, standing, visits
from programme.care import texts as care_texts
from programme.care.recording import Wish
from web.access.scope import NotThere
from web.access.visits import Visit, Visiting
from web.desk.frame import frame_of
from web.desk.texts import care as texts

routes = APIRouter()

#: Characters of a sentence, of words, and of a form's own word that are taken.
_SENTENCE, _WORDS, _WORD = 200, 1000, 64

#: People of a block to choose from, and visits that are shown of one.
_CHOICE, _VISITS = 300, 3

#: No row has a higher number; databases take none that is much longer.
_HIGHEST = 10**15

#: How the desk is called among bridges.
_DESK = "desk"


@routes.get("/care")
async def home(visit: Visiting) -> Response:
    """To those of one's own unit."""
    return RedirectResponse(f"/desk/care/{visit.scope.home.code}", 303)


@routes.get("/care/{code}")
async def page(request: Request, visit: Visiting, code: str) -> Response:
    """How a unit stands; of a block, its people to those who may see them."""
    return await _page(request, visit, await visit.scope.unit(code))


@routes.post("/care/{code}")
async def add(
    request: Request,
    visit: Visiting,
    code: str,
    person: Annotated[int, Form(ge=1, le=_HIGHEST)],
    kind: Annotated[CareKind, Form()],
    rhythm: Annotated[CareRhythm, Form()],
    clock: Annotated[time, Form()],
    consent: Annotated[str, Form(max_length=_SENTENCE)] = "",
    why: Annotated[str, Form(max_length=_SENTENCE)] = "",
    weekday: Annotated[int, Form(ge=0, le=6)] = 0,
    way: Annotated[CareWay, Form()] = CareWay.TEXT,
) -> Response:
    """Look after somebody of a block."""
    block = await _block(visit, code)
    whom = await Person.get_or_none(id=person, block_id=block.id)
    if whom is None:
        raise NotThere(str(person))
    wish = Wish(kind, rhythm, clock.hour * 60 + clock.minute, consent, weekday, way, why)
    try:
        async with in_transaction():
            await recording.add(visit.settings, visit.person, whom, wish, visit.scope.at)
    except IssueError as error:
        return await _page(request, visit, block, wrong=_sentence(request, visit, error))
    return frame_of(request).told(f"/desk/care/{block.code}")


@routes.post("/care/{code}/round")
async def begin_round(
    request: Request,
    visit: Visiting,
    code: str,
    occasion: Annotated[str, Form(max_length=_WORD)],
    once: Annotated[str, Form(max_length=_WORD)],
    kind: Annotated[str, Form(max_length=_WORD)] = "",
) -> Response:
    """Ask all of a unit and below who are looked after."""
    unit = await visit.scope.unit(code)
    if occasion not in care_texts.OCCASIONS or kind not in ("", *CareKind):
        raise NotThere(code)
    try:
        async with in_transaction():
            _, count = await rounds.begin(
                visit.settings, visit.person, unit, occasion, kind, visit.scope.at, event_id=f"desk:{once}"
            )
    except IssueError as error:
        return await _page(request, visit, unit, wrong=_sentence(request, visit, error))
    language = frame_of(request).language_of(request, visit)
    name = care_texts.OCCASIONS[occasion]
    told = say(care_texts.ROUND_BEGUN, language, count=count, unit=unit.name, occasion=name)
    return frame_of(request).told(f"/desk/care/{unit.code}", told)


@routes.post("/care/{code}/{record_id}/visit")
async def been(
    request: Request,
    visit: Visiting,
    code: str,
    record_id: int,
    once: Annotated[str, Form(max_length=_WORD)],
    words: Annotated[str, Form(max_length=_WORDS)] = "",
) -> Response:
    """Note that somebody has been there."""
    block = await _block(visit, code)
    record = await _record(block, record_id)
    effects: list[Effects] = []
    lanes: set[str] = set()
    try:
        async with in_transaction():
            effects += await visits.log(
                visit.settings,
                record.person,
                Actor(visit.person, _DESK),
                words,
                visit.scope.at,
                external_id=f"care:{once}",
            )
            for each in effects:
                lanes |= await each.save()
    except IssueError as error:
        return await _page(request, visit, block, wrong=_sentence(request, visit, error))
    waker: Waker = request.app.state.waker
    await waker.outbox(lanes)
    language = frame_of(request).language_of(request, visit)
    told = say(care_texts.VISIT_LOGGED, language, name=record.person.name)
    return frame_of(request).told(f"/desk/care/{block.code}", told)


@routes.post("/care/{code}/{record_id}/end")
async def end(
    request: Request,
    visit: Visiting,
    code: str,
    record_id: int,
    why: Annotated[str, Form(max_length=_SENTENCE)] = "",
) -> Response:
    """Look after somebody no more."""
    block = await _block(visit, code)
    record = await _record(block, record_id)
    try:
        async with in_transaction():
            locked = await recording.lock(record.id)
            assert locked is not None
            await recording.end(visit.settings, locked, visit.person, why, visit.scope.at)
    except IssueError as error:
        return await _page(request, visit, block, wrong=_sentence(request, visit, error))
    language = frame_of(request).language_of(request, visit)
    told = say(care_texts.ENDED, language, name=record.person.name)
    return frame_of(request).told(f"/desk/care/{block.code}", told)


async def _block(visit: Visit, code: str) -> Unit:
    """A block whose names are for whoever asks.

    Raises:
        NotThere: It is none, or its names are not for them.
    """
    block = await visit.scope.unit(code)
    if not _is_named(visit, block):
        raise NotThere(code)
    return block


def _is_named(visit: Visit, block: Unit) -> bool:
    profile = visit.settings.territory
    return block.tier == profile.bottom.key and seeing.sees(visit.scope.units, block, profile)


async def _record(block: Unit, record_id: int) -> CareRecord:
    """A record of a block.

    Raises:
        NotThere: There is none.
    """
    if record_id > _HIGHEST:
        raise NotThere(str(record_id))
    found = CareRecord.filter(id=record_id, unit_id=block.id).select_related("person", "unit")
    record = await found.first()
    if record is None:
        raise NotThere(str(record_id))
    return record


def _sentence(request: Request, visit: Visit, error: IssueError) -> str:
    return error.sentence(frame_of(request).language_of(request, visit))


async def _page(request: Request, visit: Visit, unit: Unit, *, wrong: str = "") -> Response:
    profile, at = visit.settings.territory, visit.scope.at
    language = frame_of(request).language_of(request, visit)
    is_block, named = unit.tier == profile.bottom.key, _is_named(visit, unit)
    people = await standing.people(visit.scope.units, unit, profile) if named else []
    known = {each.person_id for each in people}
    living = Person.filter(block_id=unit.id).exclude(name="").order_by("name", "id")
    choice = [each for each in await living.limit(_CHOICE) if each.id not in known] if named else []
    round_ = await rounds.latest(unit)
    return frame_of(request).page(
        request,
        "care/page.html",
        texts,
        visit,
        status=422 if wrong else 200,
        wrong=wrong,
        unit=unit,
        crumbs=[each for each in (await chain.ancestors(unit))[:-1] if visit.scope.sees(each)],
        cover=await standing.cover(unit, at),
        below=await standing.below(unit, at),
        is_block=is_block,
        named=named,
        people=people,
        visited={each.id: await visits.of(each.person, _VISITS) for each in people},
        knocking=await _knocking(people),
        choice=choice,
        told=lambda record: shown.state(record, profile, language, at),
        rhythm=lambda record: shown.rhythm(record, language),
        kinds=care_texts.KINDS,
        weekdays=care_texts.WEEKDAYS,
        occasions=care_texts.OCCASIONS,
        round_=round_,
        result=await rounds.result(round_, unit) if round_ else None,
        once=secrets.token_hex(16),
    )


async def _knocking(people: list[CareRecord]) -> dict[int, int]:
    """Numbers of the issues for which somebody is to knock, by the id of whom it is about."""
    silent = [each.person_id for each in people if each.silent_at is not None]
    issues = await Issue.filter(reporter_id__in=silent, silent=True, state__in=[State.OPEN, State.ANSWERED])
    return {issue.reporter_id: issue.number for issue in issues}
