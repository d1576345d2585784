"""Whether somebody has helped: whoever asked says that it is so, and the ledger has a row; or that it is not.

A row of the ledger is never changed. What was wrong is taken back by another row, once; and whose help was
taken back cannot have it confirmed anew.
"""

from datetime import datetime

from issues import names, reaching
from issues.effects import Effects
from issues.errors import NotAllowed, NotFound, NotNow
from linzhang.settings import Settings
from linzhang.words import Text, say
from models import Allowance, Entry, Help, HelpState, Person, Task, TaskState
from programme.notices import shaping
from programme.tasks import helping, money, texts, writing


async def find(task: Task, name: str) -> Help:
    """Whose help with a task is meant.

    Args:
        task: Which.
        name: As whoever asks calls them; empty: the only one who waits for a confirmation.

    Raises:
        NotFound: Nobody is called so, several are, or nobody waits.
    """
    helps = await Help.filter(task_id=task.id).order_by("id").select_related("person")
    if not name:
        waiting = [each for each in helps if each.state is HelpState.DONE]
        if len(waiting) == 1:
            return waiting[0]
        if not waiting:
            raise NotFound(texts.NOTHING_TO_JUDGE, number=task.id)
        raise NotFound(texts.WHICH_HELPER, names=_called(waiting))
    exact = [each for each in helps if each.person.name == name]
    found = exact or [each for each in helps if name and name in each.person.name]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFound(texts.WHICH_HELPER, names=_called(found))
    if not helps:
        raise NotFound(texts.NOBODY_HELPS, number=task.id)
    raise NotFound(texts.NO_HELPER, name=name, number=task.id, names=_called(helps))


async def confirm(
    settings: Settings, task: Task, help_: Help, by: Person, at: datetime, effects: Effects
) -> str:
    """Say that somebody has helped: the ledger has what they are due.

    Args:
        settings: The service's.
        task: Locked; see `writing.lock`.
        help_: Whose help, with its person.
        by: Who says so.
        at: Programme time.
        effects: Where the helper is told.

    Returns:
        What whoever says so is told.

    Raises:
        NotAllowed: They answer neither for the payer nor for a unit above, it is their own help, or they have
            asked for it and it pays much.
        NotNow: It is not done, or was confirmed before.
    """
    await _check(settings, task, help_, by, at)
    if by.id == task.author_id and writing.takes_two(settings, task):
        said = (texts.NOT_ASKED_BY_YOU, texts.NOT_ASKED_BY_YOU_ALONE)
        most = writing.alone(settings, names.language_of(by, settings.territory))
        raise await _not_you(settings, task, help_, at, said, most)
    if help_.state in (HelpState.CONFIRMED, HelpState.REVERSED):
        raise NotNow(texts.SETTLED_ALREADY, name=help_.person.name, number=task.id)
    if help_.state is not HelpState.DONE:
        raise NotNow(texts.NOT_DONE_YET, name=help_.person.name)
    await _settle(help_, HelpState.CONFIRMED, by, at)
    if task.pay:
        await _enter(task, help_, Entry.DUE, by, at)
    confirmed = await Help.filter(task_id=task.id, state=HelpState.CONFIRMED).count()
    if confirmed >= task.need and task.state in writing.GOING:
        task.state, task.over_at, task.offering = TaskState.DONE, at, False
        await task.save(update_fields=["state", "over_at", "offering"])
    language = names.language_of(help_.person, settings.territory)
    pay = money.said(task.pay, task.currency, language)
    told = texts.YOU_ARE_DUE if task.pay else texts.YOU_ARE_THANKED
    words = say(told, language, number=task.id, pay=pay, payer=task.payer.name)
    await reaching.leader(settings, effects, help_.person, words, at)
    await writing.record(settings, task, "help confirmed", by, _recorded(task, help_))
    language = names.language_of(by, settings.territory)
    pay = money.said(task.pay, task.currency, language)
    answer = texts.CONFIRMED if task.pay else texts.CONFIRMED_FREE
    return say(answer, language, name=help_.person.name, number=task.id, pay=pay)


async def refuse(
    settings: Settings, task: Task, help_: Help, by: Person, why: str, at: datetime, effects: Effects
) -> str:
    """Say that somebody has not helped, or not well enough; they may show it anew.

    Who has not said that it is done did not come: their place is somebody else's.

    Returns:
        What whoever says so is told.

    Raises:
        NotAllowed: See `confirm`.
        NotNow: It was confirmed before: then it is taken back by `reverse`.
    """
    await _check(settings, task, help_, by, at)
    if help_.state not in (HelpState.DONE, HelpState.ACCEPTED):
        raise NotNow(texts.SETTLED_ALREADY, name=help_.person.name, number=task.id)
    came = help_.state is HelpState.DONE
    await _settle(help_, HelpState.REFUSED if came else HelpState.LEFT, by, at, why)
    await helping.reopen(task)
    told = texts.YOU_ARE_REFUSED if came else texts.YOU_ARE_OUT
    await _tell(settings, task, help_, told, why, at, effects)
    await writing.record(settings, task, "help refused", by, f"{_recorded(task, help_)}: {why}")
    answer = texts.REFUSED if came else texts.NO_SHOW
    language = names.language_of(by, settings.territory)
    return say(answer, language, name=help_.person.name, number=task.id, why=why)


async def reverse(
    settings: Settings, task: Task, help_: Help, by: Person, why: str, at: datetime, effects: Effects
) -> str:
    """Take a row of the ledger back by another one; returns what whoever does it is told.

    Raises:
        NotAllowed: See `confirm`.
        NotNow: Nothing stands there, or it was taken back before.
    """
    await _check(settings, task, help_, by, at)
    entered = await Allowance.get_or_none(help_id=help_.id, entry=Entry.DUE)
    if help_.state is not HelpState.CONFIRMED or entered is None:
        raise NotNow(texts.NOT_IN_LEDGER, name=help_.person.name, number=task.id)
    await _settle(help_, HelpState.REVERSED, by, at, why)
    await _enter(task, help_, Entry.BACK, by, at)
    await _tell(settings, task, help_, texts.YOU_ARE_REVERSED, why, at, effects)
    await writing.record(settings, task, "allowance reversed", by, f"{_recorded(task, help_)}: {why}")
    language = names.language_of(by, settings.territory)
    pay = money.said(task.pay, task.currency, language)
    return say(texts.REVERSED, language, name=help_.person.name, number=task.id, pay=pay)


async def _check(settings: Settings, task: Task, help_: Help, by: Person, at: datetime) -> None:
    await writing.check_right(task, by, at)
    if help_.person_id == by.id:
        own = (texts.NOT_YOUR_OWN, texts.NOT_YOUR_OWN_ALONE)
        raise await _not_you(settings, task, help_, at, own)


async def _not_you(
    settings: Settings, task: Task, help_: Help, at: datetime, said: tuple[Text, Text], most: str = ""
) -> NotAllowed:
    """That somebody else has to confirm it, said with and without who that may be."""
    other = await helping.judge_of(settings, task, help_, at)
    if other is None:
        return NotAllowed(said[1], number=task.id, most=most)
    return NotAllowed(said[0], number=task.id, most=most, names=other.name)


async def _settle(help_: Help, state: HelpState, by: Person, at: datetime, why: str = "") -> None:
    help_.state, help_.settled_at, help_.settled_by_id, help_.why = state, at, by.id, why
    await help_.save(update_fields=["state", "settled_at", "settled_by_id", "why"])


async def _enter(task: Task, help_: Help, entry: Entry, by: Person, at: datetime) -> None:
    await Allowance.create(
        help_id=help_.id,
        entry=entry,
        person_id=help_.person_id,
        payer_id=task.payer_id,
        amount=task.pay if entry is Entry.DUE else -task.pay,
        currency=task.currency,
        at=at,
        by_id=by.id,
    )


async def _tell(
    settings: Settings,
    task: Task,
    help_: Help,
    text: Text,
    why: str,
    at: datetime,
    effects: Effects,
) -> None:
    language = names.language_of(help_.person, settings.territory)
    words = say(
        text,
        language,
        number=task.id,
        payer=task.payer.name,
        why=shaping.ended(why, language),
        pay=money.said(task.pay, task.currency, language),
    )
    await reaching.leader(settings, effects, help_.person, words, at)


def _called(helps: list[Help]) -> str:
    return " · ".join(each.person.name for each in helps)


def _recorded(task: Task, help_: Help) -> str:
    return f"{help_.person.name}, {writing.amount(task)}"
