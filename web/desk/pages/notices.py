"""Notices, `/desk/notices`: writing one, looking it over, sending it, and who has read it, unit by unit.

`part=sums` answers only what changes while it goes out. Who may do what is for `programme.notices.writing`.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from tortoise.transactions import in_transaction

from escalator.waking import Waker
from issues import chain, segments
from issues import texts as issue_texts
from issues.effects import Effects
from issues.errors import IssueError
from linzhang.words import say
from models import Notice, NoticeState, Unit
from programme import texts as programme_texts
from programme.notices import aims, reckoning, sending, shaping, standing, writing
from programme.notices.aims import Asked, Households
from programme.polls import reading, results
from web.access.scope import NotThere
from web.access.visits import Visit, Visiting
from web.desk.frame import frame_of
from web.desk.queries import units
from web.desk.texts import notices as texts

routes = APIRouter()

_HERE = "/desk/notices"

#: Characters of words, of a code and of a moment that are taken; and names that are told.
_WORDS, _CODE, _MOMENT, _NAMED = 1000, 64, 32, 5

#: No notice has a higher number; databases take none that is much longer.
_HIGHEST = 10**15

#: States in which something still changes on a page.
_LIVE = (NoticeState.SET, NoticeState.GOING, NoticeState.OUT)


@routes.get("/notices")
async def show(
    request: Request, visit: Visiting, unit: Annotated[str, Query(max_length=_CODE)] = ""
) -> Response:
    """The latest ones, and what writes another: for a unit, if one was come from."""
    return await _overview(request, visit, await visit.scope.unit(unit) if unit else None)


@routes.post("/notices")
async def write(
    request: Request,
    visit: Visiting,
    words: Annotated[str, Form(max_length=_WORDS)] = "",
    unit: Annotated[str, Form(max_length=_CODE)] = "",
    tiers: Annotated[Sequence[str], Form()] = (),
    households: Annotated[Households, Form()] = Households.NONE,
    options: Annotated[str, Form(max_length=_WORDS)] = "",
    days: Annotated[int, Form()] = reading.DAYS,
    urgent_why: Annotated[str, Form(max_length=writing.WHY)] = "",
    once: Annotated[str, Form(max_length=_CODE)] = "",
) -> Response:
    """Keep a draft, and show it."""
    frame = frame_of(request)
    language = frame.language_of(request, visit)
    known = await Notice.get_or_none(event_id=once, author_id=visit.person.id) if once else None
    if known is not None:
        return frame.told(f"{_HERE}/{known.id}")
    typed: dict[str, Any] = {"words": words, "unit": unit, "tiers": tiers, "households": households}
    typed |= {"options": options, "days": days, "urgent_why": urgent_why}
    try:
        poll = reading.checked(words, options.splitlines(), days) if options.strip() else None
        at = await units.named(visit.scope, unit)
        asked = Asked(tiers=list(tiers), households=households)
        async with in_transaction():
            draft, _ = await writing.write(
                visit.settings,
                visit.person,
                at,
                words,
                asked,
                visit.scope.at,
                event_id=once,
                options=poll.options if poll else (),
                days=poll.days if poll else 0,
                urgent_why=urgent_why,
            )
    except NotThere:
        return await _overview(request, visit, typed=typed, wrong=say(texts.NO_UNIT, language, code=unit))
    except IssueError as error:
        return await _overview(request, visit, typed=typed, wrong=error.sentence(language))
    return frame.told(f"{_HERE}/{draft.id}")


@routes.get("/notices/{notice_id}")
async def look(request: Request, visit: Visiting, notice_id: int, unit: str = "", part: str = "") -> Response:
    """One of them; how it stands at one of its units."""
    return await _page(request, visit, await _seen(visit, notice_id), code=unit, part=part)


@routes.post("/notices/{notice_id}/send")
async def send(
    request: Request, visit: Visiting, notice_id: int, at: Annotated[str, Form(max_length=_MOMENT)] = ""
) -> Response:
    """Let it go, or ask for a second pair of eyes."""
    notice = await _seen(visit, notice_id)
    settings, now = visit.settings, visit.settings.clock.now()
    try:
        start_at = _moment(visit, at)
        effects = Effects(f"na{notice.id}", settings.clock.wall())
        lanes: set[str] = set()
        async with in_transaction():
            locked = await writing.lock(notice.id)
            assert locked is not None
            sent = await writing.send(settings, locked, visit.person, now, start_at=start_at)
            if sent.waits:
                form = say(programme_texts.FORM_SEND, settings.territory.default_language, number=notice.id)
                await writing.ask_others(settings, sent, effects, now, form=form)
                lanes = await effects.save_once()
    except IssueError as error:
        return await _refused(request, visit, notice, error)
    waker: Waker = request.app.state.waker
    await waker.outbox(lanes)
    return frame_of(request).told(f"{_HERE}/{notice.id}")


@routes.post("/notices/{notice_id}/stop")
async def stop(request: Request, visit: Visiting, notice_id: int) -> Response:
    """Take it back: nobody more is told."""
    notice = await _seen(visit, notice_id)
    frame = frame_of(request)
    try:
        async with in_transaction():
            locked = await writing.lock(notice.id)
            assert locked is not None
            unsent = locked.state in writing.UNSENT
            told = await writing.stop(visit.settings, locked, visit.person, visit.settings.clock.now())
    except IssueError as error:
        return await _refused(request, visit, notice, error)
    text = programme_texts.DROPPED if unsent else programme_texts.STOPPED
    words = say(text, frame.language_of(request, visit), number=notice.id, told=told)
    return frame.told(f"{_HERE}/{notice.id}" if told else _HERE, words)


async def _seen(visit: Visit, notice_id: int) -> Notice:
    """A notice that somebody may look at.

    Raises:
        NotThere: There is none.
    """
    if notice_id > _HIGHEST:
        raise NotThere(str(notice_id))
    found = Notice.filter(standing.concerning(visit.scope.units), id=notice_id)
    notice = await found.select_related("author", "unit", "approver").first()
    if notice is None:
        raise NotThere(str(notice_id))
    return notice


def _moment(visit: Visit, typed: str) -> datetime | None:
    """What a field for a moment says, in the programme's zone; None: nothing, or nothing that is one."""
    try:
        local = datetime.fromisoformat(typed.strip())
    except ValueError:
        return None
    if local.tzinfo is None:
        local = local.replace(tzinfo=visit.settings.territory.zone)
    return local.astimezone(visit.scope.at.tzinfo)


async def _overview(
    request: Request,
    visit: Visit,
    unit: Unit | None = None,
    *,
    typed: Mapping[str, Any] | None = None,
    wrong: str = "",
) -> Response:
    frame, profile = frame_of(request), visit.settings.territory
    language = frame.language_of(request, visit)
    of = unit or visit.scope.home
    below = aims.tiers_below(of, profile)
    empty: dict[str, Any] = {
        "words": "",
        "unit": units.typed(of),
        "tiers": below,
        "households": Households.ALL,
    }
    empty |= {"options": "", "days": reading.DAYS, "urgent_why": ""}
    return frame.page(
        request,
        "notices/notices.html",
        texts,
        visit,
        status=422 if wrong else 200,
        wrong=wrong,
        typed=typed or empty,
        once=secrets.token_hex(16),
        tiers=[(key, profile.tier(key).leader[language]) for key in below],
        most=_WORDS,
        most_days=reading.MOST_DAYS,
        most_why=writing.WHY,
        notices=await standing.latest(visit.scope.units),
    )


async def _refused(request: Request, visit: Visit, notice: Notice, error: IssueError) -> Response:
    sentence = error.sentence(frame_of(request).language_of(request, visit))
    return await _page(request, visit, notice, wrong=sentence)


async def _page(
    request: Request, visit: Visit, notice: Notice, *, code: str = "", part: str = "", wrong: str = ""
) -> Response:
    settings, at = visit.settings, visit.settings.clock.now()
    unit = await _unit(visit, notice, code)
    acts = await chain.unit_led(visit.person, notice.unit, at) is not None
    sums = part == "sums"
    unsent = notice.state in writing.UNSENT
    line = await standing.line(notice, unit)
    top = _top(visit, notice).path
    is_block = unit.tier == settings.territory.bottom.key
    others = await writing.second_eyes(notice, at) if unsent and not sums else []
    language = frame_of(request).language_of(request, visit)
    return frame_of(request).page(
        request,
        "notices/sums.html" if sums else "notices/notice.html",
        texts,
        visit,
        status=409 if wrong else 200,
        wrong=wrong,
        one=notice,
        unit=unit,
        above=[each for each in await chain.ancestors(unit) if each.path.startswith(top)],
        acts=acts,
        unsent=unsent,
        live=notice.state in _LIVE,
        takes_two=writing.takes_two(settings, notice),
        most=settings.territory.notices.alone,
        others=say(issue_texts.COMMA, language).join(each.name for each in others[:_NAMED]),
        previews=await _previews(visit, notice) if unsent and not sums else [],
        reach=await reckoning.reach(settings, notice, at) if unsent and not sums else None,
        morning=await sending.held_until(settings, notice, at) if notice.state is NoticeState.GOING else None,
        whole=line.sums,
        shares=results.shares,
        answered=results.answered,
        residents=aims.of(notice.aim).residents,
        below=await standing.below(notice, unit),
        people=await standing.people(notice, unit) if is_block else [],
    )


def _top(visit: Visit, notice: Notice) -> Unit:
    """The unit at which somebody begins to look at a notice: its own, or the highest of theirs below it."""
    if visit.scope.sees(notice.unit):
        return notice.unit
    return next(each for each in visit.scope.units if each.path.startswith(notice.path))


async def _unit(visit: Visit, notice: Notice, code: str) -> Unit:
    """The unit that is looked at.

    Raises:
        NotThere: It is not theirs to see, or the notice is not for it.
    """
    if not code:
        return _top(visit, notice)
    unit = await visit.scope.unit(code)
    if not unit.path.startswith(notice.path):
        raise NotThere(code)
    return unit


async def _previews(visit: Visit, notice: Notice) -> list[tuple[Any, str, str, int]]:
    """How it will be read: where, in which language, the words, and of a text how many SMS it takes."""
    settings, at = visit.settings, visit.scope.at
    shown: list[tuple[Any, str, str, int]] = []
    residents = aims.of(notice.aim).residents
    for language in settings.territory.languages:
        if residents:
            text = await shaping.for_phone(settings, notice, language, at, leads=False)
            shown.append((texts.ON_A_PHONE, language, text, segments.length(text).segments))
    language = settings.territory.default_language
    if aims.of(notice.aim).tiers:
        text = await shaping.for_phone(settings, notice, language, at, leads=True)
        shown.append((texts.ON_A_LEADERS, language, text, segments.length(text).segments))
        if not notice.secret:
            shown.append((texts.IN_A_ROOM, language, await shaping.for_room(settings, notice, at), 0))
    return shown
