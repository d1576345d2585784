"""What somebody hears who has just typed the number on the card. Reads; changes nothing.

Their message may not have become an issue yet: then they hear whose it will be, and no number.
"""

from datetime import datetime

from issues import names, spoken
from issues.lifecycle import clocks
from issues.telephone import people
from linzhang.settings import Settings
from linzhang.words import clock_time, say
from models import Issue, Person, State, Unit


async def told(settings: Settings, unit: Unit, issue: Issue | None, language: str, at: datetime) -> str:
    """Where they live, who has it, under which number, and by when they are answered.

    Args:
        settings: The service's.
        unit: Of the card.
        issue: What waited for the place.
        language: In which it is told.
        at: Programme time, from which the window runs.
    """
    profile = settings.territory
    holder = await people.on_duty(unit, at)
    place = await names.place(unit, profile, language)
    leader = await names.holder(holder, profile, language, at)
    if issue is None:
        return say(spoken.CODE_KNOWN, language, place=place, leader=leader)
    due = clocks.answer_by(settings, holder, at, urgent=issue.urgent)
    time = clock_time(due, at, profile.zone, language)
    return say(spoken.CODE_PLACED, language, place=place, number=issue.number, leader=leader, time=time)


async def waiting(person: Person | None) -> Issue | None:
    """A person's issue of which nobody knows the place yet; None: there is none."""
    issue = await people.last_issue(person) if person else None
    return issue if issue and issue.state is State.OPEN and issue.block is None else None
