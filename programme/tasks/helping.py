"""Who helps with a task: saying yes, as many as are needed; stepping back; having done it, with the proof."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from issues import chain, names, reaching, segments
from issues import texts as issue_texts
from issues.effects import Effects
from issues.errors import NotAllowed, NotNow
from issues.reaching import CHAT
from linzhang.settings import Settings
from linzhang.words import say
from models import Help, HelpState, Person, Task, TaskState
from programme.notices import shaping
from programme.tasks import money, texts, writing
from programme.tasks.offering import PROOF

#: States in which somebody takes a place.
TAKES_A_PLACE = (HelpState.ACCEPTED, HelpState.DONE, HelpState.CONFIRMED)

#: Characters of a proof's words that whoever judges reads in a text, and that are kept.
_QUOTED, _KEPT = 60, 2000


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody shows of what they have done.

    Attributes:
        words: What they wrote.
        media: See `Message.media`.
        bridge: Through which bridge it came.
        event_id: The platform's id of it.
        place: Latitude and longitude, where they sent them.
    """

    words: str
    media: Sequence[Mapping[str, Any]]
    bridge: str
    event_id: str
    place: Sequence[float] | None = None


async def take(settings: Settings, task: Task, person: Person, at: datetime, effects: Effects) -> str:
    """Let somebody help, if they are wanted.

    Args:
        settings: The service's.
        task: Locked; see `writing.lock`.
        person: Who says yes.
        at: Programme time.
        effects: Where others are told of it.

    Returns:
        What they are told.

    Raises:
        NotAllowed: It is not for them.
        NotNow: There are enough, or it is over.
    """
    language = names.language_of(person, settings.territory)
    if person.id == task.author_id:
        raise NotAllowed(texts.ASKED_BY_YOU, number=task.id)
    known = await Help.get_or_none(task_id=task.id, person_id=person.id)
    if known is not None and known.state in TAKES_A_PLACE:
        return say(texts.TAKEN_ALREADY, language, number=task.id)
    if known is not None and known.state is HelpState.REVERSED:
        raise NotNow(texts.REVERSED_ALREADY, number=task.id, unit=task.payer.name)
    if not any(unit.path.startswith(task.path) for unit in await chain.units_of(person, at)):
        raise NotAllowed(texts.NOT_FOR_YOU, number=task.id, unit=task.unit.name)
    await _check_room(task)
    help_ = known or Help(task_id=task.id, person_id=person.id)
    help_.state, help_.accepted_at = HelpState.ACCEPTED, at
    help_.settled_at, help_.settled_by_id, help_.why = None, None, ""
    await help_.save()
    await fill(settings, task, at, effects)
    return say(texts.TAKEN, language, number=task.id, what=shaping.ended(task.words, language))


async def leave(settings: Settings, task: Task, person: Person, at: datetime, effects: Effects) -> str:
    """Let somebody step back who had said yes; returns what they are told.

    Raises:
        NotNow: They had not.
    """
    help_ = await Help.get_or_none(task_id=task.id, person_id=person.id, state=HelpState.ACCEPTED)
    if help_ is None:
        raise NotNow(texts.NOT_TAKEN, number=task.id)
    help_.state, help_.settled_at, help_.settled_by_id = HelpState.LEFT, at, person.id
    await help_.save()
    await reopen(task)
    asker = await asker_of(task, at)
    if asker is not None:
        facts = {"number": task.id, "count": await taken(task), "need": task.need}
        words = say(texts.HAS_LEFT, names.language_of(asker, settings.territory), name=_name(person), **facts)
        await reaching.leader(settings, effects, asker, words, at)
    return say(texts.LEFT, names.language_of(person, settings.territory), number=task.id)


async def prove(
    settings: Settings, task: Task, person: Person, proof: Proof, at: datetime, effects: Effects
) -> str:
    """Keep what somebody shows of what they have done, and ask whoever may confirm it.

    Returns:
        What they are told.

    Raises:
        NotNow: They do not help with it, there are enough others by now, or it is settled.
    """
    language = names.language_of(person, settings.territory)
    help_ = await Help.get_or_none(task_id=task.id, person_id=person.id)
    if help_ is None or help_.state is HelpState.LEFT:
        raise NotNow(texts.NOT_TAKEN, number=task.id)
    if help_.state is HelpState.CONFIRMED:
        raise NotNow(texts.CONFIRMED_ALREADY, pay=money.said(task.pay, task.currency, language))
    if help_.state is HelpState.REVERSED:
        raise NotNow(texts.REVERSED_ALREADY, number=task.id, unit=task.payer.name)
    if help_.state is HelpState.REFUSED:
        await _check_room(task)
    help_.state, help_.proved_at, help_.why = HelpState.DONE, at, ""
    help_.settled_at, help_.settled_by_id = None, None
    help_.words = proof.words[:_KEPT] or help_.words
    help_.media = [*map(dict, proof.media)] or help_.media
    help_.bridge, help_.event_id = proof.bridge, proof.event_id
    help_.place = [*proof.place] if proof.place else help_.place
    await help_.save()
    await fill(settings, task, at, effects)
    asker = await judge_of(settings, task, help_, at)
    if asker is None:
        return say(texts.PROVED, language, who=task.payer.name, number=task.id)
    await _ask_to_confirm(settings, task, help_, person, asker, at, effects)
    return say(texts.PROVED, language, who=asker.name or task.payer.name, number=task.id)


async def judge_of(settings: Settings, task: Task, help_: Help, at: datetime) -> Person | None:
    """Who may confirm somebody's help: not they themselves, nor whoever asked where it pays much."""
    author = [task.author_id] if writing.takes_two(settings, task) else []
    return await asker_of(task, at, besides=[help_.person_id, *author])


async def asker_of(task: Task, at: datetime, *, besides: Collection[int] = ()) -> Person | None:
    """Who looks after a task: whoever asked, while they answer for its payer; else who does so now."""
    if task.author_id not in besides and await chain.unit_led(task.author, task.payer, at) is not None:
        return task.author
    for unit in reversed(await chain.ancestors(task.payer)):
        for each in await chain.actors_of(unit, at):
            if each.id not in besides:
                return each
    return None


async def taken(task: Task) -> int:
    """How many places of a task are taken."""
    return await Help.filter(task_id=task.id, state__in=TAKES_A_PLACE).count()


async def reopen(task: Task) -> None:
    """Let somebody else take a place that has become free."""
    if task.state is TaskState.FULL:
        task.state = TaskState.OPEN
        await task.save(update_fields=["state"])


async def fill(settings: Settings, task: Task, at: datetime, effects: Effects) -> None:
    """Note that there are enough, if that is so, and tell whoever asked."""
    if task.state is not TaskState.OPEN or await taken(task) < task.need:
        return
    task.state, task.offering = TaskState.FULL, False
    await task.save(update_fields=["state", "offering"])
    asker = await asker_of(task, at)
    if asker is None:
        return
    language = names.language_of(asker, settings.territory)
    helps = (
        await Help.filter(task_id=task.id, state__in=TAKES_A_PLACE).order_by("id").select_related("person")
    )
    called = say(issue_texts.COMMA, language).join(_name(each.person) for each in helps)
    await reaching.leader(
        settings, effects, asker, say(texts.ENOUGH, language, number=task.id, names=called), at
    )


async def _check_room(task: Task) -> None:
    if task.state is TaskState.FULL or (task.state is TaskState.OPEN and await taken(task) >= task.need):
        raise NotNow(texts.IS_FULL, number=task.id)
    if task.state is not TaskState.OPEN:
        raise NotNow(texts.OVER, number=task.id)


async def _ask_to_confirm(
    settings: Settings,
    task: Task,
    help_: Help,
    person: Person,
    asker: Person,
    at: datetime,
    effects: Effects,
) -> None:
    profile = settings.territory
    address = await reaching.address_of(settings, asker, at)
    if address is None:
        return
    language = names.language_of(asker, profile)
    post = await chain.post_of(person, at)
    with_what = ""
    if help_.media:
        with_what += say(texts.WITH_PICTURES, language, count=len(help_.media))
    if help_.place:
        latitude, longitude = help_.place
        with_what += say(texts.WITH_PLACE, language, place=profile.on_map(latitude, longitude))
    quoted = say(texts.QUOTED, language, words=segments.cut(help_.words, _QUOTED)) if help_.words else ""
    said = say(
        texts.SAYS_DONE,
        language,
        number=task.id,
        name=_name(person),
        unit=post.name if post else "",
        with_what=with_what,
        words=quoted,
    )
    form = {"number": task.id, "name": _name(person)}
    judge = texts.JUDGE_CHAT if address.bridge == CHAT else texts.JUDGE_PHONE
    words = say(
        judge,
        language,
        said=said,
        yes=say(texts.FORM_CONFIRM, language, **form),
        no=say(texts.FORM_REFUSE, language, **form),
        **form,
    )
    hold_until = profile.quiet.until(at, profile.zone)
    effects.tell(address, words, hold_until=hold_until, task=task.id, step=PROOF, help=help_.id)


def _name(person: Person) -> str:
    return person.name or str(person.id)
