"""What was found at a door is noted: who was there, answers, words; a trouble becomes an issue.

The last word about a door counts; but that nobody was at home some other time takes back no visit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from issues import chain, lifecycle, names, reaching, wording
from issues.effects import Effects
from issues.errors import IssueError, NotAllowed, NotNow
from linzhang.settings import Settings
from linzhang.words import say
from models import (
    Address,
    CampaignBlock,
    CampaignState,
    Door,
    DoorState,
    DoorVisit,
    Issue,
    Message,
    Person,
    Voice,
)
from programme import texts as programme_texts
from programme.doors import listing, questions, texts
from programme.doors.reading import Found

#: Characters of what was said at one door that are kept.
LONGEST = 1000

#: States that a closed door takes nothing back from.
_SPOKEN_TO = (DoorState.VISITED, DoorState.REFUSED)


class Unfit(IssueError):
    """It cannot be noted so."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where it was told.

    Attributes:
        bridge: Through which bridge.
        external_id: The platform's id of it, or the form's own word; the same counts once.
        media: What came with it; see `Message.media`.
    """

    bridge: str
    external_id: str
    media: Sequence[Mapping[str, Any]] = ()


@dataclass
class Noted:
    """What has come of it.

    Attributes:
        issue: What was made of a trouble; None: there was none.
        effects: What that leads to.
    """

    issue: Issue | None = None
    effects: list[Effects] = field(default_factory=list)


async def lock(block_id: int, number: int) -> tuple[CampaignBlock, Door]:
    """A door for what changes it, by its number, with its block, unit and campaign.

    Raises:
        Unfit: There is none of this number.
    """
    block = await CampaignBlock.select_for_update().get(id=block_id)
    await block.fetch_related("campaign", "unit")
    door = await Door.get_or_none(block_id=block.id, number=number).select_related("household", "person")
    if door is None:
        raise Unfit(texts.NO_SUCH_DOOR, number=number, most=block.doors)
    return block, door


async def note(
    settings: Settings,
    block: CampaignBlock,
    door: Door,
    found: Found,
    by: Person,
    source: Source,
    at: datetime,
) -> Noted:
    """Note what was found at a door.

    Args:
        settings: The service's.
        block: Locked; see `lock`.
        door: Of that block.
        found: What was found; without a state somebody was spoken to.
        by: Who was there.
        source: Where they told it.
        at: Programme time.

    Raises:
        NotAllowed: They answer neither for the block nor for a unit above it.
        NotNow: The campaign is over.
        Unfit: A trouble was found, and nobody can be answered about it.
    """
    await check(block, by, at)
    if await DoorVisit.exists(bridge=source.bridge, external_id=source.external_id, door_id=door.id):
        return Noted()
    state = found.state or DoorState.VISITED
    if state is DoorState.TODO:
        await _take_back(settings, block, door)
        return Noted()
    visit = DoorVisit(
        door=door,
        campaign_id=block.campaign_id,
        path=block.path,
        visitor=by,
        at=at,
        state=state,
        answers=_answers(block, found),
        words=wording.clean(found.words)[:LONGEST],
        media=[dict(each) for each in source.media],
        bridge=source.bridge,
        external_id=source.external_id,
    )
    noted = Noted()
    if found.trouble:
        noted.issue, effects = await _file(settings, block, door, found, by, source, at)
        noted.effects.append(effects)
        visit.issue = noted.issue
    await visit.save()
    await _visited(settings, block, door, visit, at)
    return noted


async def check(block: CampaignBlock, person: Person, at: datetime) -> None:
    """Make sure that somebody may note something at a block's doors now.

    Raises:
        NotAllowed: They answer neither for the block nor for a unit above it.
        NotNow: The campaign is over.
    """
    if await chain.unit_led(person, block.unit, at) is None:
        raise NotAllowed(programme_texts.NOT_YOUR_UNIT, unit=block.unit.name)
    if block.campaign.state is not CampaignState.OPEN:
        raise NotNow(texts.OVER, title=block.campaign.title)


async def left(block: CampaignBlock) -> int:
    """To how many doors of a block somebody is still to go."""
    return await Door.filter(block_id=block.id, state__in=listing.LEFT).count()


async def _visited(
    settings: Settings, block: CampaignBlock, door: Door, visit: DoorVisit, at: datetime
) -> None:
    if not (visit.state is DoorState.AWAY and door.state in _SPOKEN_TO):
        door.state = visit.state
    if any(visit.answers):
        known = door.answers or [0] * len(visit.answers)
        door.answers = [new or old for new, old in zip(visit.answers, known, strict=True)]
    door.visits, door.visited_at = door.visits + 1, at
    await door.save(update_fields=["state", "answers", "visits", "visited_at"])
    block.begun_at, block.stale_at = block.begun_at or at, settings.clock.wall()
    await block.save(update_fields=["begun_at", "stale_at"])


async def _take_back(settings: Settings, block: CampaignBlock, door: Door) -> None:
    """Nobody was there after all: the door is as it was, and no visit to it is kept that led to nothing."""
    await DoorVisit.filter(door_id=door.id, issue_id=None).delete()
    door.state, door.answers, door.visited_at = DoorState.TODO, [], None
    door.visits = await DoorVisit.filter(door_id=door.id).count()
    await door.save(update_fields=["state", "answers", "visits", "visited_at"])
    if not await Door.filter(block_id=block.id, visits__gt=0).exists():
        block.begun_at = None
    block.stale_at = settings.clock.wall()
    await block.save(update_fields=["begun_at", "stale_at"])


def _answers(block: CampaignBlock, found: Found) -> list[int]:
    asked = questions.of(block.campaign)
    if len(found.answers) != len(asked):
        return [0] * len(asked)
    return [
        each if 0 <= each <= len(question.choices) else 0
        for each, question in zip(found.answers, asked, strict=True)
    ]


async def _file(
    settings: Settings,
    block: CampaignBlock,
    door: Door,
    found: Found,
    by: Person,
    source: Source,
    at: datetime,
) -> tuple[Issue, Effects]:
    """Report a trouble on behalf of whoever lives there, and not for all to read.

    They are answered, if they can be; where none of them can be, whoever was there is who reports it.
    """
    profile = settings.territory
    unit = await chain.standing(block.unit)
    address = await _of_household(door)
    if address is not None:
        language = profile.default_language
        leader = await names.speaker(by, unit, profile, language, at)
        text = say(texts.TOLD_AT_DOOR, language, leader=leader, words=found.trouble)
    else:
        address = await reaching.address_of(settings, by, at)
        if address is None:
            raise Unfit(texts.NOBODY_TO_ANSWER)
        await address.fetch_related("person")
        language = profile.default_language
        called = (await listing.names([door], language))[door.number]
        text = say(texts.FOUND_AT_DOOR, language, name=called, words=found.trouble)
    words = Message(
        author_id=address.person_id,
        voice=Voice.RESIDENT,
        bridge=source.bridge,
        external_id=source.external_id,
        text=wording.clean(text),
        media=[dict(each) for each in source.media],
        said_at=at,
    )
    return await lifecycle.report(settings, address=address, unit=unit, words=words, at=at, private=True)


async def _of_household(door: Door) -> Address | None:
    """Where somebody of a household takes messages; None: nobody does."""
    if door.household_id is not None:
        there = Address.filter(person__household_id=door.household_id)
    elif door.person_id is not None:
        there = Address.filter(person_id=door.person_id)
    else:
        return None
    found = there.filter(stopped_at=None, fixed_line=False).order_by("person_id", "id")
    return await found.select_related("person").first()
