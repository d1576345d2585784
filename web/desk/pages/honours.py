"""Leaders of the month or the year, `/desk/honours`: opening a round, how it stands, its results.

Who has nominated or chosen whom is on no page. Who may do what is for `programme.honours` to say.
"""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from tortoise.transactions import in_transaction

from escalator.waking import Waker
from issues import chain
from issues import texts as issue_texts
from issues.effects import Effects
from issues.errors import IssueError
from linzhang.words import say
from models import HonourBallot, HonourCandidate, HonourRound, Notice, NoticeState
from papers.csv import write_csv
from papers.paper import Share, Table
from programme.honours import closing, nominating, opening, periods, sending, standing
from programme.honours import texts as honour_texts
from programme.honours.standing import Phase
from programme.notices import writing
from web.access.scope import NotThere
from web.access.visits import Visit, Visiting
from web.desk.files import saved
from web.desk.frame import frame_of
from web.desk.queries import units
from web.desk.texts import honours as texts

routes = APIRouter()

_HERE = "/desk/honours"
_CSV = "text/csv; charset=utf-8"

#: Characters of a code, a period and a reason that are taken; and names that are told.
_CODE, _PERIOD, _REASON, _NAMED = 64, 16, 500, 5

#: Nothing has a higher number; databases take none that is much longer.
_HIGHEST = 10**15


@routes.get("/honours")
async def show(request: Request, visit: Visiting) -> Response:
    """The latest rounds, and what opens another."""
    return await _overview(request, visit)


@routes.post("/honours")
async def begin(
    request: Request,
    visit: Visiting,
    unit: Annotated[str, Form(max_length=_CODE)] = "",
    period: Annotated[str, Form(max_length=_PERIOD)] = "",
    nominate_days: Annotated[int, Form()] = opening.NOMINATE_DAYS,
    vote_days: Annotated[int, Form()] = opening.VOTE_DAYS,
    by_text: Annotated[str, Form(max_length=_PERIOD)] = "",
    once: Annotated[str, Form(max_length=_CODE)] = "",
) -> Response:
    """Open a round: its announcement is written, to be looked over."""
    frame = frame_of(request)
    language = frame.language_of(request, visit)
    known = await Notice.get_or_none(event_id=once, author_id=visit.person.id) if once else None
    if known is not None:
        return frame.told(f"{_HERE}/{known.id}")
    typed = {"unit": unit, "period": period, "nominate_days": nominate_days, "vote_days": vote_days}
    typed |= {"by_text": by_text}
    try:
        at = await units.named(visit.scope, unit)
        async with in_transaction():
            opened, _ = await opening.begin(
                visit.settings,
                visit.person,
                at,
                period,
                visit.scope.at,
                event_id=once,
                nominate_days=nominate_days,
                vote_days=vote_days,
                by_text=bool(by_text),
            )
    except NotThere:
        return await _overview(request, visit, typed, say(texts.NO_UNIT, language, code=unit))
    except IssueError as error:
        return await _overview(request, visit, typed, error.sentence(language))
    return frame.told(f"{_HERE}/{opened.notice_id}")


@routes.get("/honours/{round_number}")
async def look(request: Request, visit: Visiting, round_number: int) -> Response:
    """One round."""
    return await _page(request, visit, await _seen(visit, round_number))


@routes.get("/honours/{round_number}/results.csv")
async def results(request: Request, visit: Visiting, round_number: int) -> Response:
    """The results of a round that are counted, as a table."""
    one = await _seen(visit, round_number)
    language = frame_of(request).language_of(request, visit)
    rows = [
        (ballot, each)
        for ballot in await standing.ballots(one)
        if ballot.notice is not None and ballot.notice.ended_at is not None
        for each in await _ranked(ballot)
    ]
    heading = (
        *(texts.PLACE, texts.NAME, texts.BLOCK_NAME, texts.NOMINATED, texts.VOTES, texts.POINTS),
        *(texts.IN_TIME, texts.CLOSED, texts.RATING),
    )
    table = Table(
        title=say(texts.RESULTS, language),
        heading=[say(each, language) for each in heading],
        rows=[
            [
                ballot.unit.name,
                each.person.name,
                each.block.name,
                each.nominations,
                each.votes,
                closing.points(each),
                Share(each.in_time) if each.in_time is not None else None,
                each.closed,
                each.rating,
            ]
            for ballot, each in rows
        ],
        widths=[1 for _ in heading],
    )
    name = f"{say(texts.FILE, language)} {one.unit.name} {one.period}.csv"
    return saved(write_csv(table), _CSV, f"honours-{one.period}.csv", name)


@routes.post("/honours/{round_number}/nominate")
async def nominate(
    request: Request,
    visit: Visiting,
    round_number: int,
    block: Annotated[str, Form(max_length=_CODE)] = "",
    reason: Annotated[str, Form(max_length=_REASON)] = "",
) -> Response:
    """Nominate the leader of one's own block, or of one of one's own."""
    one = await _seen(visit, round_number)
    frame = frame_of(request)
    language = frame.language_of(request, visit)
    settings, at = visit.settings, visit.settings.clock.now()
    try:
        own = await nominating.own_block(settings, visit.person, at)
        is_own = own is not None and own.code == block.strip()
        about = own if is_own else await visit.scope.unit(block.strip())
        async with in_transaction():
            nominee = await nominating.nominate(settings, visit.person, reason, at, block=about)
    except NotThere:
        wrong = say(texts.NO_UNIT, language, code=block)
        return await _page(request, visit, one, wrong=wrong, typed={"block": block, "reason": reason})
    except IssueError as error:
        wrong = error.sentence(language)
        return await _page(request, visit, one, wrong=wrong, typed={"block": block, "reason": reason})
    words = say(honour_texts.NOMINATED, language, name=nominee.leader.name, unit=nominee.block.name)
    return frame.told(f"{_HERE}/{round_number}", words)


@routes.post("/honours/{round_number}/send")
async def send(request: Request, visit: Visiting, round_number: int) -> Response:
    """Let the ballots go, or ask for a second pair of eyes."""
    one = await _seen(visit, round_number)
    settings = visit.settings
    effects = Effects(f"hs{one.id}.{secrets.token_hex(8)}", settings.clock.wall())
    try:
        async with in_transaction():
            locked = await opening.lock(round_number)
            await sending.send(settings, locked, visit.person, effects, settings.clock.now())
            lanes = await effects.save_once()
    except IssueError as error:
        wrong = error.sentence(frame_of(request).language_of(request, visit))
        return await _page(request, visit, one, wrong=wrong)
    waker: Waker = request.app.state.waker
    await waker.outbox(lanes)
    return frame_of(request).told(f"{_HERE}/{round_number}")


@routes.post("/honours/{round_number}/stop")
async def stop(request: Request, visit: Visiting, round_number: int) -> Response:
    """Stop a round, whatever of it is out."""
    one = await _seen(visit, round_number)
    frame, settings = frame_of(request), visit.settings
    language = frame.language_of(request, visit)
    try:
        async with in_transaction():
            await opening.stop(settings, await opening.lock(round_number), visit.person, settings.clock.now())
    except IssueError as error:
        return await _page(request, visit, one, wrong=error.sentence(language))
    return frame.told(_HERE, say(honour_texts.STOPPED, language, number=round_number))


async def _seen(visit: Visit, number: int) -> HonourRound:
    """A round that somebody may look at.

    Raises:
        NotThere: There is none.
    """
    if number > _HIGHEST:
        raise NotThere(str(number))
    one = await standing.concerning(visit.scope.units).filter(notice_id=number).first()
    if one is None:
        raise NotThere(str(number))
    return one


async def _ranked(ballot: HonourBallot) -> list[HonourCandidate]:
    """A ballot's candidates, the first first."""
    return sorted(await closing.candidates_of(ballot), key=lambda each: (-each.points, each.place))


async def _overview(
    request: Request, visit: Visit, typed: Mapping[str, Any] | None = None, wrong: str = ""
) -> Response:
    frame, at = frame_of(request), visit.scope.at
    language = frame.language_of(request, visit)
    today = at.astimezone(visit.settings.territory.zone).date()
    empty = {
        "unit": units.typed(visit.scope.home),
        "period": periods.choices(today)[0],
        "nominate_days": opening.NOMINATE_DAYS,
        "vote_days": opening.VOTE_DAYS,
        "by_text": "on",
    }
    latest = await standing.latest(visit.scope.units)
    return frame.page(
        request,
        "honours/honours.html",
        texts,
        visit,
        status=422 if wrong else 200,
        wrong=wrong,
        typed=typed or empty,
        once=secrets.token_hex(16),
        most_days=opening.MOST_DAYS,
        periods=[(each, periods.name(each, language)) for each in periods.choices(today)],
        rounds=[
            (each, periods.name(each.period, language), await standing.phase(each, at)) for each in latest
        ],
        states=honour_texts.STATES,
        title=visit.settings.territory.bottom.leader[language],
    )


async def _page(
    request: Request,
    visit: Visit,
    one: HonourRound,
    *,
    wrong: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    settings, at = visit.settings, visit.settings.clock.now()
    frame = frame_of(request)
    language = frame.language_of(request, visit)
    phase = await standing.phase(one, at)
    acts = await chain.unit_led(visit.person, one.unit, at) is not None
    ballots = await standing.ballots(one) if acts or phase in (Phase.VOTING, Phase.OVER) else []
    counts = await closing.turnout(ballots)
    waiting = await sending.unsent(one) if acts and phase is Phase.READY else []
    people = sum(each.people for each in waiting)
    is_mine = any(each.author_id == visit.person.id for each in waiting)
    others = await writing.second_eyes(waiting[0], at) if waiting else []
    own = await nominating.own_block(settings, visit.person, at)
    return frame.page(
        request,
        "honours/round.html",
        texts,
        visit,
        status=409 if wrong else 200,
        wrong=wrong,
        one=one,
        phase=phase,
        acts=acts,
        states=honour_texts.STATES,
        title=settings.territory.bottom.leader[language],
        period=periods.name(one.period, language),
        until=nominating.until(one) or datetime.min.replace(tzinfo=UTC),
        nominations=await standing.nominations(one) if acts else 0,
        reasons=await nominating.reasons(one) if acts else [],
        typed=typed or {"block": own.code if own is not None else "", "reason": ""},
        longest=nominating.LONGEST,
        ballots=[(each, await _ranked(each), counts.get(each.id, (0, 0))) for each in ballots],
        waiting=waiting,
        people=people,
        texts_at_most=sum(each.texts for each in waiting),
        is_asked=any(each.state is NoticeState.ASKED for each in waiting),
        is_mine=is_mine,
        is_many=people > settings.territory.notices.alone,
        others=say(issue_texts.COMMA, language).join(each.name for each in others[:_NAMED]),
        points=closing.points,
    )
