"""How people and places are called in a text, in the reader's language.

Only names and titles from the roster; never a phone number or another address.
"""

from datetime import datetime

from issues import chain, departments, texts
from linzhang.profile import Profile
from linzhang.words import say
from models import Person, Unit


async def holder(unit: Unit, profile: Profile, language: str, at: datetime) -> str:
    """Who answers for a unit now: 'Chen Jianguo (block leader)', or the post where it is vacant."""
    acting = await chain.acting(unit, at)
    title = _title(unit, profile, language)
    if acting is None:
        return say(texts.VACANT_LEADER, language, title=title, unit=unit.name)
    return _called(acting.person, acting.stands_in_for, title, language)


async def speaker(person: Person, unit: Unit | None, profile: Profile, language: str, at: datetime) -> str:
    """A leader who speaks about a unit's issue, with the title of the post that lets them."""
    led = await chain.unit_led(person, unit, at) if unit else None
    led = led or await chain.post_of(person, at)
    if led is None:
        return person.name or say(texts.SOMEBODY, language)
    leader = await chain.leader_of(led, at)
    return _called(person, leader, _title(led, profile, language), language)


def resident(person: Person, language: str) -> str:
    """A resident as leaders see them."""
    return person.name or say(texts.SOMEBODY, language)


async def place(unit: Unit | None, profile: Profile, language: str) -> str:
    """Where something is: block and village, or that nobody knows."""
    if unit is None:
        return say(texts.UNKNOWN_PLACE, language)
    known_as = await chain.neighbourhood(unit, profile)
    if known_as.id == unit.id:
        return unit.name
    return say(texts.PLACE_IN, language, block=unit.name, village=known_as.name)


def language_of(person: Person, profile: Profile) -> str:
    """The language in which a person is written to."""
    return person.language if person.language in profile.languages else profile.default_language


def _title(unit: Unit, profile: Profile, language: str) -> str:
    """What whoever answers for a unit is called by; somebody of a department by its name."""
    return unit.name if departments.is_one(unit, profile) else profile.tier(unit.tier).leader[language]


def _called(person: Person, leader: Person | None, title: str, language: str) -> str:
    """A leader with their title, or a deputy with whom they stand in for."""
    if leader is None or leader.id == person.id:
        return say(texts.NAMED_LEADER, language, name=person.name, title=title)
    named = say(texts.NAMED_LEADER, language, name=leader.name, title=title)
    return say(texts.DEPUTY, language, name=person.name, leader=named)
