"""What a leader writes about doors, whichever way it came, and what they are answered.

'走访' alone shows the list, '走访 3' how that door was found; with words behind it tells what was found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from issues import chain
from issues.effects import Effects
from issues.errors import NotAllowed, NotFound
from linzhang.settings import Settings
from linzhang.words import say
from models import Address, Campaign, CampaignBlock, CampaignState, Door, Person
from programme.doors import listing, questions, reading, reporting, standing, telling, texts
from programme.doors.reading import Found, Told
from programme.doors.reporting import Source, Unfit
from programme.notices import shaping


@dataclass
class Answer:
    """What somebody is answered.

    Attributes:
        words: In their language.
        campaign: Which campaign it is about; None: none.
        effects: What else it leads to: an issue.
    """

    words: str
    campaign: int | None = None
    effects: Sequence[Effects] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """Something that a leader has written about doors, without the word that says so.

    Attributes:
        settings: The service's.
        address: Where they wrote it, with its person fetched.
        text: What.
        source: Where it came from.
        language: In which they are answered.
        at: Programme time.
        last: Number of the campaign that our last words to them were about.
    """

    settings: Settings
    address: Address
    text: str
    source: Source
    language: str
    at: datetime
    last: int | None = None

    @property
    def person(self) -> Person:
        """Who wrote it."""
        return self.address.person


async def take(line: Line) -> Answer:
    """Do what a leader's line about doors asks for.

    Raises:
        IssueError: It cannot be done; says why.
    """
    if not line.text:
        return await _overview(line)
    told = reading.doors(line.text)
    if told is None:
        raise Unfit(texts.WRITE_IT_SO, form=texts.FORM_WELL)
    block = await _block(line, told)
    if not told.rest and not line.source.media:
        return await _shown(line, block, told)
    asked = questions.of(block.campaign)
    found = reading.found(told.rest, asked)
    # '3 5 都好': whoever writes so means two doors, and we would note one.
    if found.state is None and not any(found.answers) and found.words[:1].isdecimal():
        raise Unfit(texts.WRITE_IT_SO, form=listing.form(block.campaign, line.language))
    return await _noted(line, block, told, found)


async def _noted(line: Line, block: CampaignBlock, told: Told, found: Found) -> Answer:
    effects: list[Effects] = []
    said: list[str] = []
    for number in told.doors:
        locked, door = await reporting.lock(block.id, number)
        noted = await reporting.note(line.settings, locked, door, found, line.person, line.source, line.at)
        effects += noted.effects
        name = (await listing.names([door], line.language, short=True))[number]
        state = say(texts.STATES[door.state], line.language)
        said.append(say(texts.NOTED, line.language, number=number, name=name, state=state))
        if noted.issue is not None:
            said.append(say(texts.FILED, line.language, number=noted.issue.number))
            found = Found(found.state, found.answers, found.words)  # one issue, of the first door
    count = await reporting.left(block)
    text = texts.LEFT if count else texts.ALL_DONE
    said.append(say(text, line.language, count=count, unit=block.unit.name))
    words = "".join(shaping.ended(each, line.language) for each in said).strip()
    return Answer(words, block.campaign_id, effects)


async def _shown(line: Line, block: CampaignBlock, told: Told) -> Answer:
    """How some doors were found; what was said there stands on the desk, and in no copy of ours."""
    numbers = list(told.doors)
    found = Door.filter(block_id=block.id, number__in=numbers).order_by("number")
    doors = await found.select_related("household", "person")
    if not doors:
        raise Unfit(texts.NO_SUCH_DOOR, number=numbers[0], most=block.doors)
    names = await listing.names(doors, line.language)
    said = [listing.line(door, names[door.number], line.language) for door in doors]
    said.append(say(texts.TELL_SO, line.language, form=listing.form(block.campaign, line.language)))
    return Answer("\n".join(said), block.campaign_id)


async def _overview(line: Line) -> Answer:
    """The lists of the leader's own blocks; for units above, how their campaigns stand."""
    settings = line.settings
    units = await chain.units_of(line.person, line.at)
    if not units:
        raise NotAllowed(texts.NOBODYS)
    bottom = settings.territory.bottom.key
    said: list[str] = []
    about = None
    for block in await _open([unit.id for unit in units if unit.tier == bottom]):
        said.append(await telling.told(settings, block.campaign, block, line.address, line.person))
        about = block.campaign_id
    for unit in units:
        if unit.tier == bottom:
            continue
        running = Campaign.filter(standing.concerning([unit]), state=CampaignState.OPEN)
        for campaign in await running.order_by("-id").limit(standing.TOLD):
            said += await standing.told(settings, campaign, unit, line.language)
    if not said:
        said = [say(texts.NONE_NOW, line.language)]
    return Answer("\n".join(said), about)


async def _block(line: Line, told: Told) -> CampaignBlock:
    """The list that somebody means: of the campaign that they name, that we spoke of, or the last.

    Raises:
        NotFound: There is none.
        Unfit: They lead several blocks in it.
    """
    units = await chain.units_of(line.person, line.at)
    own = [unit.id for unit in units if unit.tier == line.settings.territory.bottom.key]
    blocks = await _open(own, told.campaign)
    if not blocks:
        raise NotFound(texts.NO_LIST)
    wanted = told.campaign or line.last
    meant = next((each.campaign_id for each in blocks if each.campaign_id == wanted), blocks[0].campaign_id)
    lists = [each for each in blocks if each.campaign_id == meant]
    if len(lists) > 1:
        page = f"{line.settings.public_url}/desk/doors/{meant}"
        raise Unfit(texts.SEVERAL_BLOCKS, page=page)
    return lists[0]


async def _open(units: Sequence[int], campaign: int | None = None) -> list[CampaignBlock]:
    """The lists of some blocks in campaigns that go on, the latest campaign's first."""
    which = Q(unit_id__in=list(units), campaign__state=CampaignState.OPEN, doors__gt=0)
    if campaign is not None:
        which &= Q(campaign_id=campaign)
    found = CampaignBlock.filter(which).order_by("-campaign_id", "path")
    return await found.select_related("campaign", "unit")
