"""Door to door, `/desk/doors`: opening a campaign, how far it is, what was learnt, a block's list to tick.

Who may do and see what is for `programme.doors` to say. A list needs no script: it is for cheap phones.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from tortoise.transactions import in_transaction

from escalator.waking import Waker
from issues import chain
from issues.effects import Effects
from issues.errors import IssueError
from linzhang.words import say
from models import Campaign, CampaignBlock, CampaignState, Door, DoorState, DoorVisit, Message, Unit
from papers.csv import write_csv
from papers.paper import Paper, Table
from programme.doors import (
    counting,
    listing,
    opening,
    questions,
    reporting,
    seeing,
    standing,
)
from programme.doors import texts as door_texts
from programme.doors.opening import Wanted
from programme.doors.reading import Found
from programme.doors.reporting import Source
from web.access.scope import NotThere
from web.access.visits import Visit, Visiting
from web.desk import pictures
from web.desk.files import saved
from web.desk.frame import frame_of
from web.desk.queries import units
from web.desk.texts import doors as texts

routes = APIRouter()

_HERE = "/desk/doors"
_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Characters of words, of one answer, and of a code or a form's own word that are taken.
_WORDS, _ANSWER, _CODE = 1000, 8, 64

#: No row has a higher number; databases take none that is much longer.
_HIGHEST = 10**15

#: Doors that are ticked at once: a block's.
_MOST = listing.MOST

#: How the desk is called among bridges.
_DESK = "desk"

#: Rows of words in a file.
_WORDS_IN_A_FILE = 5000

#: Days that a campaign lasts unless somebody says otherwise.
_DAYS = 7


@routes.get("/doors")
async def show(request: Request, visit: Visiting) -> Response:
    """The latest ones, and what opens another."""
    return await _overview(request, visit)


@routes.post("/doors")
async def write(
    request: Request,
    visit: Visiting,
    title: Annotated[str, Form(max_length=_WORDS)] = "",
    words: Annotated[str, Form(max_length=_WORDS)] = "",
    asked: Annotated[str, Form(max_length=_WORDS)] = "",
    unit: Annotated[str, Form(max_length=_CODE)] = "",
    first: Annotated[str, Form(max_length=_CODE)] = "",
    last: Annotated[str, Form(max_length=_CODE)] = "",
    once: Annotated[str, Form(max_length=_CODE)] = "",
) -> Response:
    """Keep a draft, and show it."""
    frame = frame_of(request)
    language = frame.language_of(request, visit)
    known = await Campaign.get_or_none(event_id=once, author_id=visit.person.id) if once else None
    if known is not None:
        return frame.told(f"{_HERE}/{known.id}")
    typed = {"title": title, "words": words, "asked": asked, "unit": unit, "first": first, "last": last}
    days = _day(first), _day(last)
    if days[0] is None or days[1] is None:
        return await _overview(request, visit, typed, say(texts.NO_DAY, language))
    try:
        where = await units.named(visit.scope, unit)
        wanted = Wanted(title, words, questions.read(asked), days[0], days[1])
        async with in_transaction():
            campaign = await opening.write(
                visit.settings, visit.person, where, wanted, visit.scope.at, event_id=once
            )
    except NotThere as error:
        return await _overview(request, visit, typed, say(texts.NO_UNIT, language, code=error.args[0]))
    except IssueError as error:
        return await _overview(request, visit, typed, error.sentence(language))
    return frame.told(f"{_HERE}/{campaign.id}")


@routes.get("/doors/{campaign_id}")
async def look(request: Request, visit: Visiting, campaign_id: int, unit: str = "") -> Response:
    """One of them, at a unit; of a block its households, to those who may see them."""
    campaign = await _seen(visit, campaign_id)
    return await _page(request, visit, campaign, await _unit(visit, campaign, unit))


@routes.post("/doors/{campaign_id}/begin")
async def begin(request: Request, visit: Visiting, campaign_id: int) -> Response:
    """Let it go."""
    return await _change(request, visit, campaign_id, begins=True)


@routes.post("/doors/{campaign_id}/stop")
async def stop(request: Request, visit: Visiting, campaign_id: int) -> Response:
    """Drop it, or end it before its time."""
    return await _change(request, visit, campaign_id, begins=False)


@routes.post("/doors/{campaign_id}/{code}/tick")
async def tick(
    request: Request,
    visit: Visiting,
    campaign_id: int,
    code: str,
    once: Annotated[str, Form(max_length=_CODE)],
    numbers: Annotated[list[int], Form()] = [],  # noqa: B006 -- FastAPI copies it
) -> Response:
    """Note that some households of a block were visited and are well."""
    campaign, block = await _block(visit, campaign_id, code)
    found = Found(DoorState.VISITED)
    told = say(texts.TICKED, frame_of(request).language_of(request, visit), count=len(set(numbers)))
    some = sorted(set(numbers))[:_MOST]
    return await _note(request, visit, campaign, block, some, found, f"doors:{once}", told)


@routes.post("/doors/{campaign_id}/{code}/{number}")
async def found_at(
    request: Request,
    visit: Visiting,
    campaign_id: int,
    code: str,
    number: int,
    state: Annotated[DoorState, Form()],
    once: Annotated[str, Form(max_length=_CODE)],
    answers: Annotated[list[int], Form()] = [],  # noqa: B006 -- FastAPI copies it
    words: Annotated[str, Form(max_length=_WORDS)] = "",
    trouble: Annotated[str, Form(max_length=_WORDS)] = "",
) -> Response:
    """Note what was found at one door."""
    campaign, block = await _block(visit, campaign_id, code)
    language = frame_of(request).language_of(request, visit)
    found = Found(state, answers[: questions.MOST], words, trouble.strip())
    told = say(texts.TICKED, language, count=1)
    return await _note(request, visit, campaign, block, [number], found, f"door:{once}", told)


@routes.api_route("/doors/{campaign_id}/picture/{visit_id}/{which}", methods=["GET", "HEAD"])
async def picture(request: Request, visit: Visiting, campaign_id: int, visit_id: int, which: int) -> Response:
    """What came with what was told of a door, for those who see the household."""
    campaign = await _seen(visit, campaign_id)
    if visit_id > _HIGHEST:
        raise NotThere(str(visit_id))
    found = DoorVisit.filter(id=visit_id, campaign_id=campaign.id).select_related("door__block__unit")
    at_door = await found.first()
    if at_door is None or not 0 <= which < len(at_door.media):
        raise NotThere(f"{visit_id}/{which}")
    if not seeing.households(visit.scope.units, at_door.door.block.unit, visit.settings.territory):
        raise NotThere(f"{visit_id}/{which}")
    shown = Message(bridge=at_door.bridge, external_id=at_door.external_id, media=at_door.media, text="")
    return await pictures.given_out(request, shown, which, visit.settings.homeservers[0].server_name)


@routes.get("/doors/{campaign_id}/{code}/units.csv")
async def csv(request: Request, visit: Visiting, campaign_id: int, code: str) -> Response:
    """A unit and all below it, as a table."""
    campaign = await _seen(visit, campaign_id)
    unit = await _unit(visit, campaign, code)
    language = frame_of(request).language_of(request, visit)
    content = write_csv(await _units(visit, campaign, unit, language))
    return saved(content, _CSV, "doors.csv", f"{_file(campaign, language)}.csv")


@routes.get("/doors/{campaign_id}/{code}/doors.xlsx")
async def workbook(request: Request, visit: Visiting, campaign_id: int, code: str) -> Response:
    """The same with what was said, as far as the reader may read it, as a workbook."""
    from papers.xlsx import write_xlsx  # takes a second of a processor to load

    campaign = await _seen(visit, campaign_id)
    unit = await _unit(visit, campaign, code)
    language = frame_of(request).language_of(request, visit)
    paper = Paper(
        title=campaign.title,
        notes=[unit.name],
        tables=[
            await _units(visit, campaign, unit, language),
            await _said(visit, campaign, unit, language),
        ],
        signatures=[],
        foot="",
        language=language,
    )
    return saved(write_xlsx(paper), _XLSX, "doors.xlsx", f"{_file(campaign, language)}.xlsx")


async def _change(request: Request, visit: Visit, campaign_id: int, *, begins: bool) -> Response:
    seen = await _seen(visit, campaign_id)
    frame, at = frame_of(request), visit.settings.clock.now()
    language = frame.language_of(request, visit)
    try:
        async with in_transaction():
            campaign = await opening.lock(seen.id)
            deed = opening.begin if begins else opening.stop
            await deed(visit.settings, campaign, visit.person, at)
    except IssueError as error:
        unit = await _unit(visit, seen, "")
        return await _page(request, visit, seen, unit, wrong=error.sentence(language))
    if campaign.begun_at is None:
        return frame.told(_HERE)
    return frame.told(f"{_HERE}/{seen.id}", say(texts.BEGUN if begins else texts.STOPPED, language))


async def _note(
    request: Request,
    visit: Visit,
    campaign: Campaign,
    block: CampaignBlock,
    numbers: Sequence[int],
    found: Found,
    once: str,
    told: str,
) -> Response:
    effects: list[Effects] = []
    lanes: set[str] = set()
    try:
        async with in_transaction():
            for number in numbers:
                locked, door = await reporting.lock(block.id, min(number, _MOST + 1))
                source = Source(_DESK, once)
                noted = await reporting.note(
                    visit.settings, locked, door, found, visit.person, source, visit.scope.at
                )
                effects += noted.effects
            for each in effects:
                lanes |= await each.save()
    except IssueError as error:
        language = frame_of(request).language_of(request, visit)
        return await _page(request, visit, campaign, block.unit, wrong=error.sentence(language))
    waker: Waker = request.app.state.waker
    await waker.outbox(lanes)
    return frame_of(request).told(f"{_HERE}/{campaign.id}?unit={block.unit.code}", told)


async def _seen(visit: Visit, campaign_id: int) -> Campaign:
    """A campaign that somebody may look at.

    Raises:
        NotThere: There is none.
    """
    if campaign_id > _HIGHEST:
        raise NotThere(str(campaign_id))
    found = Campaign.filter(standing.concerning(visit.scope.units), id=campaign_id)
    campaign = await found.select_related("author", "unit").first()
    if campaign is None:
        raise NotThere(str(campaign_id))
    return campaign


def _top(visit: Visit, campaign: Campaign) -> Unit:
    """The unit at which somebody begins to look: the campaign's, or the highest of theirs below it."""
    if visit.scope.sees(campaign.unit):
        return campaign.unit
    return next(each for each in visit.scope.units if each.path.startswith(campaign.path))


async def _unit(visit: Visit, campaign: Campaign, code: str) -> Unit:
    """The unit that is looked at.

    Raises:
        NotThere: It is not theirs to see, or the campaign is not for it.
    """
    if not code:
        return _top(visit, campaign)
    unit = await visit.scope.unit(code)
    if not unit.path.startswith(campaign.path):
        raise NotThere(code)
    return unit


async def _block(visit: Visit, campaign_id: int, code: str) -> tuple[Campaign, CampaignBlock]:
    """A block's list whose households are for whoever asks.

    Raises:
        NotThere: There is none, or it is not for them.
    """
    campaign = await _seen(visit, campaign_id)
    unit = await _unit(visit, campaign, code)
    found = CampaignBlock.filter(campaign_id=campaign.id, unit_id=unit.id).select_related("unit")
    block = await found.first()
    if block is None or not seeing.households(visit.scope.units, unit, visit.settings.territory):
        raise NotThere(code)
    return campaign, block


def _day(typed: str) -> date | None:
    """What a field for a day says; None: nothing, or nothing that is one."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


async def _overview(
    request: Request, visit: Visit, typed: Mapping[str, Any] | None = None, wrong: str = ""
) -> Response:
    today = visit.scope.at.astimezone(visit.settings.territory.zone).date()
    empty = {"title": "", "words": "", "asked": "", "unit": units.typed(visit.scope.home)}
    days = {"first": today.isoformat(), "last": (today + timedelta(days=_DAYS - 1)).isoformat()}
    campaigns = await standing.latest(visit.scope.units)
    return frame_of(request).page(
        request,
        "doors/campaigns.html",
        texts,
        visit,
        status=422 if wrong else 200,
        wrong=wrong,
        typed=typed or empty | days,
        once=secrets.token_hex(16),
        longest_title=opening.TITLE,
        longest=opening.WORDS,
        campaigns=campaigns,
        until=_last_moment,
        states=door_texts.CAMPAIGN_STATES,
    )


async def _page(
    request: Request, visit: Visit, campaign: Campaign, unit: Unit, *, wrong: str = ""
) -> Response:
    settings, profile = visit.settings, visit.settings.territory
    language = frame_of(request).language_of(request, visit)
    unsent = campaign.begun_at is None
    whole = await standing.line(campaign, unit)
    block = await CampaignBlock.get_or_none(campaign_id=campaign.id, unit_id=unit.id)
    named = block is not None and seeing.households(visit.scope.units, unit, profile)
    doors = await listing.doors_of(block) if block is not None and named else []
    visits = await _visits(doors)
    top = _top(visit, campaign).path
    phone = listing.for_phone(settings, campaign, "", profile.default_language)
    return frame_of(request).page(
        request,
        "doors/campaign.html",
        texts,
        visit,
        status=409 if wrong else 200,
        wrong=wrong,
        one=campaign,
        unit=unit,
        above=[each for each in await chain.ancestors(unit) if each.path.startswith(top)],
        acts=await chain.unit_led(visit.person, campaign.unit, visit.scope.at) is not None,
        unsent=unsent,
        goes_on=campaign.state is CampaignState.OPEN,
        reach=await opening.reach(campaign, profile) if unsent else None,
        phone=phone,
        whole=whole,
        found=counting.FOUND,
        learnt=standing.learnt(campaign, whole),
        below=await standing.below(campaign, unit),
        said=[] if named else await standing.words(campaign, unit, visit.scope.units, profile),
        is_block=unit.tier == profile.bottom.key,
        named=named,
        doors=doors,
        names=await listing.names(doors, language),
        waiting=listing.LEFT,
        visits=visits,
        asked=questions.of(campaign),
        until=_last_moment,
        once=secrets.token_hex(16),
        states=door_texts.STATES,
        campaign_states=door_texts.CAMPAIGN_STATES,
    )


async def _visits(doors: Sequence[Door]) -> dict[int, list[DoorVisit]]:
    """What was told of some doors, by the door, the latest first."""
    found = DoorVisit.filter(door_id__in=[each.id for each in doors]).order_by("-id")
    told: dict[int, list[DoorVisit]] = {each.id: [] for each in doors}
    for each in await found.select_related("visitor", "issue"):
        told[each.door_id].append(each)
    return told


async def _units(visit: Visit, campaign: Campaign, unit: Unit, language: str) -> Table:
    profile = visit.settings.territory
    asked = [
        (place, choice, say(texts.COUNTED, language, question=each.words, choice=words))
        for place, each in enumerate(questions.of(campaign), start=1)
        for choice, words in enumerate(each.choices, start=1)
    ]
    heading = [texts.PART_UNIT, texts.CODE, texts.TIER, texts.PART_BLOCKS, texts.PART_BEGUN, texts.PART_DOORS]
    states = [door_texts.STATES[state] for state in counting.FOUND]
    behind = [texts.PART_SECOND, texts.PART_TROUBLES]
    return Table(
        say(texts.PROGRESS, language),
        [
            *(say(each, language) for each in [*heading, *states, *behind]),
            *(words for _, _, words in asked),
        ],
        [
            (
                line.unit.name,
                line.unit.code,
                profile.tier(line.unit.tier).name[language],
                line.blocks,
                line.begun,
                line.doors,
                *(line.found(state) for state in counting.FOUND),
                line.second,
                line.troubles,
                *(line.chosen(place, choice) for place, choice, _ in asked),
            )
            for line in await standing.all_below(campaign, unit)
        ],
        [20, 16, 10, *[10] * (3 + len(states) + len(behind) + len(asked))],
    )


async def _said(visit: Visit, campaign: Campaign, unit: Unit, language: str) -> Table:
    """What was said, with the block and without the household."""
    profile = visit.settings.territory
    found = await standing.words(campaign, unit, visit.scope.units, profile, _WORDS_IN_A_FILE)
    return Table(
        say(texts.SAID, language),
        [say(each, language) for each in (texts.PART_UNIT, texts.TIME, texts.SAID)],
        [
            (each.door.block.unit.name, f"{each.at.astimezone(profile.zone):%Y-%m-%d %H:%M}", each.words)
            for each in found
        ],
        [20, 16, 60],
    )


def _last_moment(campaign: Campaign) -> Any:
    """The last moment of a campaign's last day."""
    return campaign.until_at - timedelta(seconds=1)


def _file(campaign: Campaign, language: str) -> str:
    return say(texts.FILE, language, number=campaign.id)
