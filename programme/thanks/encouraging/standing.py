"""Who is on the list of an office, why, and what was done for them. Reads; changes nothing."""

from collections.abc import Sequence
from datetime import datetime

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from issues import chain
from issues import texts as issue_texts
from linzhang.profile import Profile
from linzhang.words import Text, day, say
from models import Concern, Person, Step, Unit
from programme.thanks.encouraging import texts

#: Leaders that one page lists, and steps.
LISTED, STEPS = 50, 30


def strictly_below(units: Sequence[Unit], reader: Person) -> Q:
    """Of all concerns and steps, those of units below some: nobody reads there about themselves."""
    found = Q(path__in=[])
    for unit in units:
        found |= chain.below(unit.path) & Q(path__gt=unit.path)
    return found & ~Q(person_id=reader.id)


def listed(units: Sequence[Unit], reader: Person, at: datetime) -> QuerySet[Concern]:
    """Those below some units who are on the list that somebody reads who leads these, or above them."""
    awake = Q(rest_until=None) | Q(rest_until__lte=at)
    return Concern.filter(strictly_below(units, reader), awake)


async def page(
    units: Sequence[Unit], reader: Person, at: datetime, after: str = ""
) -> tuple[list[Concern], str]:
    """A page of them in the order of the tree, of each page those first of whom most is to be said.

    Args:
        units: Below which.
        reader: Who looks.
        at: Programme time.
        after: Path behind which it begins, as the page before said.

    Returns:
        The page, and behind which path the next one begins; empty: there is none.
    """
    found = listed(units, reader, at).filter(path__gt=after).order_by("path").limit(LISTED + 1)
    rows = await found.select_related("person", "unit")
    page, behind = rows[:LISTED], rows[LISTED - 1].path if len(rows) > LISTED else ""
    return sorted(page, key=lambda each: (-weight(each), -each.missed, each.path)), behind


async def steps(units: Sequence[Unit], reader: Person) -> list[Step]:
    """What was done lately, the latest first."""
    found = Step.filter(strictly_below(units, reader)).order_by("-id").limit(STEPS)
    return await found.select_related("person", "unit", "by")


def weight(concern: Concern) -> int:
    """How many reasons there are."""
    return (concern.silent_since is not None) + (concern.missed > 0) + (concern.content is not None)


def reasons(concern: Concern, profile: Profile, language: str) -> str:
    """Why somebody is on the list, in words."""
    said = []
    if concern.silent_since is not None:
        said.append(say(texts.SILENT, language, day=day(concern.silent_since, profile.zone, language)))
    if concern.missed:
        facts = {"count": concern.missed, "days": profile.encouraging.within.days}
        said.append(say(texts.MISSED, language, **facts))
    if concern.content is not None:
        said.append(say(texts.CONTENT, language, share=concern.content))
    return say(issue_texts.COMMA, language).join(said)


def word(concern: Concern, language: str) -> str:
    """The kind word that an office is offered to send, for the first of the reasons."""
    text: Text = texts.WORD_THANKS
    if concern.silent_since is not None:
        text = texts.WORD_SILENT
    elif concern.missed:
        text = texts.WORD_MISSED
    elif concern.content is not None:
        text = texts.WORD_CONTENT
    return say(text, language, name=concern.person.name)
