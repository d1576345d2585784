"""What leaders text about tasks: '1' right behind our words, 'task 7 done', a picture alone, or a new task.

A lone '1' means what our last words asked for: to help, to let a draft go, or to confirm. A picture without
words right behind them is the proof. Everything else names the task; what names none is no word about one,
except a whole new one, which says the pay.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from bridges.contract import Inbound, Kind
from issues import chain, intake, names, numbers, wording
from issues.effects import Effects
from issues.errors import IssueError
from issues.folding import bare
from issues.last_word import last_word
from linzhang.settings import Settings
from linzhang.words import say
from models import Address, Help, HelpState, Task, TaskState
from programme.notices import shaping
from programme.tasks import helping, money, reading, settling, texts, writing
from programme.tasks.helping import Proof
from programme.tasks.offering import DRAFT, OFFER, PROOF, TAKEN

_ABOUT = re.compile(
    r"(?:任务|task)\s*(?:no\.?\s*)?(\d{1,9})号?\s*[:：,，]?\s*(.*)", re.IGNORECASE | re.DOTALL
)
_NEW = re.compile(r"(?:任务|task)\s*[:：]?\s*(\D.*)", re.IGNORECASE | re.DOTALL)

_TAKE = re.compile(
    r"(?:1|接|接了|我接|我来|能去|我去|可以|好|yes|ok|take|i will|i can)[.。!！]?", re.IGNORECASE
)
_LEAVE = re.compile(r"(?:不接|不去|去不了|不行|来不了|no|leave|cannot|can't|can not)[.。!！]?", re.IGNORECASE)
_DONE = re.compile(
    r"(?:[做干办]好了?|[做干]完了?|完成了?|好了|done|did it|did|finished)[:：,，.。!！]?\s*(.*)",
    re.IGNORECASE | re.DOTALL,
)
_CONFIRM = re.compile(r"(?:确认|属实|confirm)\s*(\S.*)?", re.IGNORECASE)
_REFUSE = re.compile(r"(?:退回|不认|不属实|refuse|no)\s*(\S+)[\s:：,，]*(.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Text:
    """A leader's text, with what is known about it."""

    settings: Settings
    inbound: Inbound
    address: Address
    text: str
    at: datetime
    effects: Effects

    @property
    def language(self) -> str:
        return names.language_of(self.address.person, self.settings.territory)

    @property
    def proof(self) -> Proof:
        return proof_of(self.inbound, self.text)


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str] | None:
    """Take what somebody has written to the service alone as a word about a task.

    Args:
        settings: The service's.
        inbound: What they wrote.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows; None: it is something else.
    """
    if inbound.kind is not Kind.TEXT or inbound.detail.get("opt_out") or "call" in inbound.detail:
        return None
    text = wording.clean(inbound.text).strip()
    about, new, digit = _ABOUT.fullmatch(text), _NEW.fullmatch(text), bare(text) == "1"
    picture = bool(inbound.media) and wording.is_blank(text)
    # In chat whole sentences are for the commands, which know rooms.
    if not (digit or picture or (about and not inbound.room) or (new and not inbound.room)):
        return None
    address = await numbers.known(settings, inbound.bridge, inbound.sender)
    if address is None or await chain.post_of(address.person, at) is None:
        return None
    effects = Effects(intake.cause_of(inbound), settings.clock.wall())
    said = _Text(settings, inbound, address, text, at, effects)
    try:
        async with in_transaction():  # what is refused half-way has changed nothing
            if about is not None:
                answer = await _about(said, int(about[1]), about[2].strip())
            elif new is not None:
                answer = await _new(said, text)
            else:
                answer = await _behind(said, digit=digit)
    except IssueError as error:
        said = _Text(settings, inbound, address, text, at, Effects(effects.cause, effects.wall))
        answer = error.sentence(said.language), {}
    if answer is None:
        return None
    words, facts = answer
    if words:
        said.effects.tell(address, words, **facts)
    return await said.effects.save_once()


def proof_of(inbound: Inbound, words: str) -> Proof:
    """What somebody shows by an event."""
    place = inbound.detail.get("place")
    return Proof(words, intake.media_of(inbound), inbound.bridge, inbound.external_id, place)


_Answer = tuple[str, Mapping[str, Any]]


async def _behind(said: _Text, *, digit: bool) -> _Answer | None:
    """A '1' or a picture, right behind our words about a task; None: those were about something else."""
    row = await last_word(said.address)
    step = row.payload.get("step") if row is not None and "task" in row.payload else None
    if row is None or step is None:
        return None
    number = int(row.payload["task"])
    person = said.address.person
    if not digit:
        mine = Help.filter(
            task_id=number, person_id=person.id, state__in=(HelpState.ACCEPTED, HelpState.DONE)
        )
        return await _prove(said, number, "") if step in (OFFER, TAKEN) and await mine.exists() else None
    task = await writing.lock(number)
    match step:
        case str(step) if step == OFFER:
            return await _take(said, task)
        case str(step) if step == DRAFT:
            if task.state is not TaskState.DRAFT:
                return "", {}  # they say it twice
            count = await writing.send(said.settings, task, person, said.at)
            return say(texts.ASKED, said.language, number=number, reach=count), {
                "task": number,
                "step": DRAFT,
            }
        case str(step) if step == PROOF:
            return await _confirm(said, task, int(row.payload["help"]))
    return "", {}  # they have said so before


async def _about(said: _Text, number: int, rest: str) -> _Answer | None:
    verbs = (_TAKE, _LEAVE, _DONE, _CONFIRM, _REFUSE)
    if not said.inbound.media and not any(verb.fullmatch(rest) for verb in verbs):
        return None
    settings, person, at, effects = said.settings, said.address.person, said.at, said.effects
    task = await writing.lock(number)
    if _TAKE.fullmatch(rest):
        return await _take(said, task)
    if _LEAVE.fullmatch(rest):
        return await helping.leave(settings, task, person, at, effects), {}
    if done := _DONE.fullmatch(rest):
        return await _prove(said, number, done[1].strip())
    if asked := _CONFIRM.fullmatch(rest):
        help_ = await settling.find(task, (asked[1] or "").strip())
        return await settling.confirm(settings, task, help_, person, at, effects), {}
    if asked := _REFUSE.fullmatch(rest):
        help_ = await settling.find(task, asked[1])
        if not asked[2].strip():
            form = say(texts.FORM_REFUSE_TEXT, said.language, number=number, name=help_.person.name)
            return say(texts.NO_WHY, said.language, form=form), {}
        return await settling.refuse(settings, task, help_, person, asked[2].strip(), at, effects), {}
    return await _prove(said, number, rest)


async def _take(said: _Text, task: Task) -> _Answer:
    words = await helping.take(said.settings, task, said.address.person, said.at, said.effects)
    return words, {"task": task.id, "step": TAKEN}


async def _prove(said: _Text, number: int, words: str) -> _Answer:
    task = await writing.lock(number)
    proof = proof_of(said.inbound, words)
    told = await helping.prove(said.settings, task, said.address.person, proof, said.at, said.effects)
    return told, {"task": number, "step": TAKEN}


async def _confirm(said: _Text, task: Task, help_id: int) -> _Answer:
    help_ = await Help.get(id=help_id).select_related("person")
    if help_.state is HelpState.CONFIRMED:
        return "", {}  # they say it twice
    person = said.address.person
    told = await settling.confirm(said.settings, task, help_, person, said.at, said.effects)
    return told, {"task": task.id, "step": PROOF, "help": help_id}


async def _new(said: _Text, text: str) -> _Answer | None:
    """A whole new task; None: it does not say the pay, so that it may be anything."""
    settings, person = said.settings, said.address.person
    found = _NEW.fullmatch(text)
    wanted = reading.wanted(found[1], settings.territory.tasks.currency) if found else None
    if wanted is None:
        return None
    payer = (await chain.units_of(person, said.at))[0]
    written = await writing.write(settings, person, payer, wanted, said.at, event_id=said.inbound.external_id)
    draft = draft_of(settings, written, said.language)
    return say(texts.DRAFT_PHONE, said.language, draft=draft), {"task": written.task.id, "step": DRAFT}


def draft_of(settings: Settings, written: writing.Written, language: str) -> str:
    """What a draft comes to, in a sentence or two."""
    task = written.task
    draft = say(
        texts.DRAFT,
        language,
        number=task.id,
        reach=written.reach,
        unit=task.unit.name,
        what=shaping.ended(task.words, language),
        need=task.need,
        pay=money.said(task.pay, task.currency, language),
        total=money.said(task.pay * task.need, task.currency, language),
        payer=task.payer.name,
    )
    if not writing.takes_two(settings, task):
        return draft
    return say(texts.DRAFT_MUCH, language, draft=draft, most=writing.alone(settings, language))
