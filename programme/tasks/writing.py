"""Writing a task, letting it go, and calling it off: who may, and what it needs.

Who leads a unit asks the leaders at it and below it; a department asks those of the unit that it works for.
Either pays. Whoever is asked, and what comes of it, is for the other modules here.
"""

from dataclasses import dataclass
from datetime import datetime

from issues import audit, chain, departments, names, reaching, segments, wording
from issues.effects import Effects
from issues.errors import IssueError, NotAllowed, NotFound, NotNow
from linzhang.profile import Profile
from linzhang.settings import Settings
from linzhang.words import say
from models import Help, HelpState, Leadership, Person, Role, Task, TaskState, Unit
from programme import texts as programme_texts
from programme.notices import shaping
from programme.tasks import money, texts
from programme.tasks.reading import Wanted

#: Characters of words in the record of what was done.
_RECORDED = 200

#: States in which somebody may still come along, and those in which they may have to be told that it is off.
GOING = (TaskState.OPEN, TaskState.FULL)


class Unfit(IssueError):
    """A task cannot go out as it is."""


@dataclass(frozen=True, slots=True)
class Written:
    """A draft, and what it comes to.

    Attributes:
        task: The draft.
        reach: How many leaders it is for.
    """

    task: Task
    reach: int


async def write(
    settings: Settings,
    author: Person,
    payer: Unit,
    wanted: Wanted,
    at: datetime,
    *,
    event_id: str,
    area: Unit | None = None,
) -> Written:
    """Keep a draft.

    Args:
        settings: The service's.
        author: Who asks.
        payer: In whose name, and who pays.
        wanted: What for.
        at: Programme time.
        event_id: See `Task`.
        area: Whose leaders alone are asked, where that is known better than by its name.

    Raises:
        NotAllowed: They answer neither for the payer nor for a unit above it.
        Unfit: It has a link, is too long, pays too much, or is for nobody.
    """
    if await chain.unit_led(author, payer, at) is None:
        raise NotAllowed(texts.NOT_YOURS, unit=payer.name)
    profile = settings.territory
    unit = await _unit(payer, wanted, area, profile)
    task = Task(
        author=author,
        payer=payer,
        unit=unit,
        path=unit.path,
        words=wording.clean(wanted.what).strip(),
        need=wanted.need,
        pay=wanted.pay,
        currency=profile.tasks.currency,
        event_id=event_id,
        made_at=at,
    )
    await _check(settings, task, at)
    count = await reach(task, profile, at)
    if not count:
        raise Unfit(texts.FOR_NOBODY)
    await task.save()
    return Written(task, count)


async def reach(task: Task, profile: Profile, at: datetime) -> int:
    """How many leaders a task is for."""
    posts = Leadership.filter(
        chain.in_office(at), chain.below(task.path, "unit__path"), role=Role.LEADER, unit__closed_at=None
    )
    tiers = [tier.key for tier in profile.tiers]
    led = await posts.filter(unit__tier__in=tiers).exclude(person_id=task.author_id)
    return len({post.person_id for post in led})


async def lock(task_id: int) -> Task:
    """A task for what changes it, with its author, payer and unit.

    Raises:
        NotFound: There is none.
    """
    task = await Task.select_for_update().get_or_none(id=task_id)
    if task is None:
        raise NotFound(texts.NO_SUCH, number=task_id)
    await task.fetch_related("author", "payer", "unit")
    return task


async def send(settings: Settings, task: Task, person: Person, at: datetime) -> int:
    """Let a task go: those whom it is for are asked; returns how many they are.

    Raises:
        NotAllowed: They answer neither for its payer nor for a unit above.
        NotNow: It has gone, or was called off.
    """
    await check_right(task, person, at)
    if task.state is not TaskState.DRAFT:
        raise NotNow(texts.SENT_ALREADY, number=task.id)
    task.state, task.sent_at, task.offering = TaskState.OPEN, at, True
    await task.save(update_fields=["state", "sent_at", "offering"])
    await record(settings, task, "task sent", person, f"{task.need} times {amount(task)}: {task.words}")
    return await reach(task, settings.territory, at)


async def stop(settings: Settings, task: Task, person: Person, at: datetime, effects: Effects) -> int:
    """Call a task off, or drop its draft; who said yes is told, and who has done it is confirmed still.

    Returns:
        How many had said yes and are not done.

    Raises:
        NotAllowed: They answer neither for its payer nor for a unit above.
        NotNow: It is over.
    """
    await check_right(task, person, at)
    if task.state not in (TaskState.DRAFT, *GOING):
        raise NotNow(texts.OVER, number=task.id)
    was_draft = task.state is TaskState.DRAFT
    task.state, task.over_at, task.offering = TaskState.OFF, at, False
    await task.save(update_fields=["state", "over_at", "offering"])
    helps = await Help.filter(task_id=task.id, state=HelpState.ACCEPTED).select_related("person")
    await Help.filter(id__in=[each.id for each in helps]).update(
        state=HelpState.LEFT, settled_at=at, settled_by_id=person.id
    )
    for each in helps:
        language = names.language_of(each.person, settings.territory)
        words = say(texts.IS_OFF, language, number=task.id, what=segments.cut(task.words, 30))
        # Somebody may be on their way there: it does not wait for the morning.
        await reaching.leader(settings, effects, each.person, words, at, urgent=True)
    if not was_draft:
        await record(settings, task, "task called off", person, task.words)
    return len(helps)


async def check_right(task: Task, person: Person, at: datetime) -> None:
    """Make sure that somebody answers for a task's payer, or for a unit above it.

    Raises:
        NotAllowed: They do not.
    """
    if await chain.unit_led(person, task.payer, at) is None:
        raise NotAllowed(texts.NOT_YOURS, unit=task.payer.name)


def takes_two(settings: Settings, task: Task) -> bool:
    """Whether a task pays so much in all that whoever asked for it confirms nobody's help."""
    return money.major(task.pay * task.need, task.currency) > settings.territory.tasks.alone


def alone(settings: Settings, language: str) -> str:
    """Up to which sum one person may do both, as it is said."""
    rules = settings.territory.tasks
    return money.said(money.minor(str(rules.alone), rules.currency) or 0, rules.currency, language)


async def record(settings: Settings, task: Task, what: str, person: Person, detail: str) -> None:
    """Keep for ever what was done with a task."""
    subject = f"task {task.id} of {task.payer.path}"
    await audit.record(settings, what, subject, person.name, detail[:_RECORDED])


def amount(task: Task) -> str:
    """What each gets, for the record."""
    return f"{money.major(task.pay, task.currency)} {task.currency}"


async def offer(settings: Settings, task: Task, language: str, at: datetime) -> str:
    """What those who are asked read: who asks, for what, how many, and what each gets."""
    return say(
        texts.OFFER,
        language,
        who=await speaker(settings, task, language, at),
        number=task.id,
        what=shaping.ended(task.words, language),
        need=task.need,
        pay=money.said(task.pay, task.currency, language),
    )


async def speaker(settings: Settings, task: Task, language: str, at: datetime) -> str:
    """Who asks: unit, title and name; of a department its name is the title."""
    profile = settings.territory
    led = await chain.unit_led(task.author, task.payer, at) or task.payer
    leader = await names.speaker(task.author, led, profile, language, at)
    if departments.is_one(led, profile):
        return leader
    return say(programme_texts.FROM, language, unit=led.name, leader=leader)


async def _unit(payer: Unit, wanted: Wanted, area: Unit | None, profile: Profile) -> Unit:
    """Whose leaders are asked: those of the payer's own unit, or of one below it."""
    unit = payer
    if departments.is_one(payer, profile) and payer.parent_id is not None:
        unit = await Unit.get(id=payer.parent_id)
    if area is not None:
        if area.closed_at is not None or not area.path.startswith(unit.path):
            raise Unfit(texts.UNIT_UNKNOWN, name=area.name, unit=unit.name)
        return area
    if not wanted.unit:
        return unit
    named = await Unit.filter(chain.below(unit.path), name=wanted.unit, closed_at=None).limit(2)
    if len(named) != 1:
        raise Unfit(texts.UNIT_UNKNOWN, name=wanted.unit, unit=unit.name)
    return named[0]


async def _check(settings: Settings, task: Task, at: datetime) -> None:
    profile = settings.territory
    language, rules = profile.default_language, profile.tasks
    if shaping.has_link(task.words):
        raise Unfit(texts.NO_LINKS)
    if money.major(task.pay, task.currency) > rules.most_each:
        most = f"{rules.most_each} {rules.currency}"
        raise Unfit(texts.TOO_MUCH, pay=money.said(task.pay, task.currency, language), most=most)
    if task.need > rules.most_helpers:
        raise Unfit(texts.TOO_MANY, need=task.need, most=rules.most_helpers)
    words = say(texts.ON_PHONE, language, offer=await offer(settings, task, language, at))
    length, most_segments = segments.length(words).segments, profile.notices.segments
    if length > most_segments:
        raise Unfit(texts.TOO_LONG, segments=length, most=most_segments)
