"""A block's list: which doors are on it, how each is called, and the words in which its leader gets it.

Names are the roster's at this moment: none is kept, so whoever is forgotten has none here. Never a number.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from issues import segments
from issues import texts as issue_texts
from issues.reaching import CHAT
from linzhang.settings import Settings
from linzhang.words import day, say
from models import Address, Campaign, CampaignBlock, Door, DoorState, Household, Person, Unit
from programme.doors import questions, texts
from programme.notices import shaping

#: People of one household who are named; and doors of a block: where the roster knows no households, it may
#: have many people.
_NAMED, MOST = 2, 60

#: States of a door to which somebody is still to go.
LEFT = (DoorState.TODO, DoorState.AWAY, DoorState.BACK)


async def make(blocks: Sequence[CampaignBlock], units: Sequence[Unit]) -> dict[int, list[Door]]:
    """The doors of some blocks, by the block's unit, in the order of the roster; not saved yet.

    Where the roster lists neither households nor people, there are as many doors as it counts households.

    Args:
        blocks: Saved.
        units: Their units, in the same order.
    """
    ids = [unit.id for unit in units]
    households: dict[int, list[int]] = defaultdict(list)
    for household in await Household.filter(block_id__in=ids).order_by("id"):
        households[household.block_id].append(household.id)
    alone: dict[int, list[int]] = defaultdict(list)
    for person in await Person.filter(block_id__in=ids, household_id=None).exclude(name="").order_by("id"):
        assert person.block_id is not None
        alone[person.block_id].append(person.id)
    made: dict[int, list[Door]] = {}
    for block, unit in zip(blocks, units, strict=True):
        doors = [Door(block_id=block.id, household_id=each) for each in households[unit.id]]
        doors += [Door(block_id=block.id, person_id=each) for each in alone[unit.id]]
        doors = doors or [Door(block_id=block.id) for _ in range(unit.households)]
        for number, door in enumerate(doors[:MOST], start=1):
            door.number = number
        made[unit.id] = doors[:MOST]
    return made


async def doors_of(block: CampaignBlock) -> list[Door]:
    """A block's doors, in their order."""
    return await Door.filter(block_id=block.id).order_by("number").select_related("household", "person")


async def names(doors: Collection[Door], language: str, *, short: bool = False) -> dict[int, str]:
    """How some doors are called, by their numbers.

    Args:
        doors: Of one block, with household and person fetched.
        language: The reader's.
        short: Whether one name is enough, as in a text.
    """
    people: dict[int, list[str]] = defaultdict(list)
    ids = [each.household_id for each in doors if each.household_id is not None]
    for person in await Person.filter(household_id__in=ids).exclude(name="").order_by("id"):
        assert person.household_id is not None
        people[person.household_id].append(person.name)
    return {each.number: _called(each, people[each.household_id or 0], language, short) for each in doors}


async def of(
    settings: Settings, campaign: Campaign, block: CampaignBlock, address: Address, language: str
) -> str:
    """A block's list as its leader gets it at an address: all of it in chat, what is left to do by text."""
    doors = await doors_of(block)
    if address.bridge != CHAT:
        left = [each for each in doors if each.state in LEFT]
        called = await names(left, language, short=True)
        listed = [
            say(texts.LISTED_SHORT, language, number=each.number, name=called[each.number]) for each in left
        ]
        return for_phone(settings, campaign, say(issue_texts.COMMA, language).join(listed), language)
    called = await names(doors, language)
    lines = [line(each, called[each.number], language) for each in doors]
    return for_chat(settings, campaign, lines, language)


def for_chat(settings: Settings, campaign: Campaign, lines: Sequence[str], language: str) -> str:
    """What a leader reads in chat.

    Args:
        settings: The service's.
        campaign: Which.
        lines: A line for each door.
        language: The reader's.
    """
    asked = [say(texts.ASK, language, question=each) for each in _asked(campaign, language)]
    said = say(
        texts.LIST_CHAT,
        language,
        title=campaign.title,
        day=last_day(settings, campaign, language),
        words=campaign.words,
    )
    end = say(
        texts.LIST_END,
        language,
        form=form(campaign, language),
        trouble=say(texts.FORM_TROUBLE, language),
        page=f"{settings.public_url}/desk/doors/{campaign.id}",
    )
    return "\n".join([said, *asked, *lines, end])


def for_phone(settings: Settings, campaign: Campaign, listed: str, language: str) -> str:
    """What a leader with only a phone is texted, with the households in one line."""
    asked = [shaping.ended(each, language) for each in _asked(campaign, language)]
    return say(
        texts.LIST_PHONE,
        language,
        title=campaign.title,
        day=last_day(settings, campaign, language),
        words="".join([shaping.ended(campaign.words, language), *asked]),
        listed=listed or "…",
        form=form(campaign, language),
    )


def form(campaign: Campaign, language: str) -> str:
    """How a visit is told: with an answer where there is one to choose."""
    chooses = any(each.choices for each in questions.of(campaign))
    return say(texts.FORM_ANSWER if chooses else texts.FORM_WELL, language)


def line(door: Door, name: str, language: str) -> str:
    """A door in one line: its number, how it is called, and how it was found."""
    mark = "·" if door.state in LEFT else "✓"
    if door.state is DoorState.TODO:
        return say(texts.LISTED, language, mark=mark, number=door.number, name=name)
    state = say(texts.STATES[door.state], language)
    return say(texts.LISTED_FOUND, language, mark=mark, number=door.number, name=name, state=state)


def last_day(settings: Settings, campaign: Campaign, language: str) -> str:
    """Until when a campaign goes on."""
    last: datetime = campaign.until_at - timedelta(seconds=1)
    return day(last, settings.territory.zone, language)


def _asked(campaign: Campaign, language: str) -> list[str]:
    """Its questions, each with what one can answer."""
    comma = say(issue_texts.COMMA, language)
    asked = []
    for each in questions.of(campaign):
        choices = [
            say(texts.CHOICE, language, digit=digit, choice=choice)
            for digit, choice in enumerate(each.choices, start=1)
        ]
        asked.append(f"{each.words} {comma.join(choices)}".strip())
    return asked


def _called(door: Door, people: Sequence[str], language: str, short: bool) -> str:
    people = [door.person.name] if door.person is not None and door.person.name else people
    label = door.household.label if door.household is not None else ""
    if short or not label:
        name = next(iter(people), "") or label
        return segments.cut(name, 12) if name else say(texts.NAMELESS, language, number=door.number)
    others = [each for each in people[:_NAMED] if each not in label]
    if not others:
        return label
    return say(texts.HOUSEHOLD, language, label=label, names=say(issue_texts.COMMA, language).join(others))
