"""What somebody answers who was asked whether they are well: a '1', that they are not, or anything else.

anything that they write, say or do ─► a sign of life: nobody waits any more, and nobody need knock
an open question about an issue ─► a digit answers that (`issues.asking`), and is a sign of life all the same
else '1', 'well' and the like ─► the answer; somebody for whom a leader was called is thanked
else '2', 'not well' and the like ─► an urgent issue of theirs that leaders alone see
else ─► it is what it would have been, a report as ever
"""

import re
from datetime import datetime

from bridges.contract import Inbound, Kind
from issues import chain, intake, keywords, lifecycle, names, numbers, reaching, urgency, wording
from issues.effects import Effects
from issues.folding import bare
from issues.lifecycle import Actor
from issues.vocabulary import Word
from linzhang.settings import Settings
from linzhang.words import say
from models import (
    Address,
    CareCheck,
    CareRecord,
    CareState,
    Outbox,
    Question,
    QuestionKind,
    State,
)
from programme.care import recording, texts

#: What says that somebody is there; that something of ours was delivered to a phone does not.
_SIGNS = (Kind.TEXT, Kind.CALL, Kind.REACTION, Kind.VOTE, Kind.EDIT)

#: What a digit answers before it says how somebody is.
_QUESTIONS = (QuestionKind.SOLVED, QuestionKind.RATE, QuestionKind.WHICH)

_WELL_WORDS = """
    1 一 好 很好 都好 挺好 还好 好着呢 身体好 身体很好 身体还好
    我很好 我挺好 我好 我还好 都挺好 一切都好 没事 我没事 没事儿
    well imwell iamwell fine imfine iamfine good imgood ok okay imok iamok imokay allwell allgood verywell
"""
_WELL = frozenset(_WELL_WORDS.split())
_UNWELL_WORDS = """
    2 二 不好 不太好 不舒服 我不舒服 身体不舒服 不大舒服 有点不舒服
    身体不好 身体不太好 难受 我难受 病了 我病了 生病了 我生病了
    unwell notwell imnotwell iamnotwell notgood notfine bad sick imsick iamsick ill imill
    iamill ifeelbad ifeelill
"""
_UNWELL = frozenset(_UNWELL_WORDS.split())
_NODS = (Word.YES, Word.OKAY, Word.THANKS)
_PAUSE = re.compile(r"[\s,.;!，。；！、~～]+")


async def sign(settings: Settings, inbound: Inbound, at: datetime) -> set[str]:
    """Note that somebody is there, if they were asked: nobody waits for their answer any more.

    Args:
        settings: The service's.
        inbound: What they wrote, said or did, wherever.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows.
    """
    if inbound.kind not in _SIGNS or not inbound.sender:
        return set()
    address = await numbers.find(settings, inbound.bridge, inbound.sender)
    if address is None:
        return set()
    waiting = CareCheck.filter(person_id=address.person_id, state__in=recording.WAITING)
    lanes: set[str] = set()
    for check in await waiting.order_by("id").select_for_update():
        check.state, check.answered_at, check.answer_due = CareState.WELL, at, None
        await check.save(update_fields=["state", "answered_at", "answer_due"])
        await CareRecord.filter(id=check.record_id).update(heard_at=at, silent_at=None)
        if check.issue_id is not None:
            lanes |= await _call_off(settings, check.issue_id, address, at)
    return lanes


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str] | None:
    """Take what somebody has written to the service alone as their answer, after `sign` has seen it.

    Args:
        settings: The service's.
        inbound: What they wrote.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows; None: it is something else.
    """
    text = wording.clean(inbound.text)
    if inbound.kind is not Kind.TEXT or inbound.media or inbound.detail.get("opt_out"):
        return None
    if "call" in inbound.detail and not inbound.detail.get("answered"):
        return None
    well, unwell = bare(text) in _WELL or _nods(text), bare(text) in _UNWELL
    if not (well or unwell) or urgency.danger(text, settings.territory):
        return None
    address = await numbers.known(settings, inbound.bridge, inbound.sender)
    if address is None or await _is_asked(address, at):
        return None
    check = await CareCheck.filter(person_id=address.person_id).order_by("-id").first()
    if check is None:
        return None
    if check.answered_at != at:
        # They say it twice, or thank us for asking.
        return set() if well and await _is_our_last_word(address, check) else None
    if unwell:
        return await _unwell(settings, check, address, inbound, text, at)
    return await _thank(settings, inbound, address) if check.issue_id is not None else set()


async def _call_off(settings: Settings, issue_id: int, address: Address, at: datetime) -> set[str]:
    """Tell the leader that they need not knock, unless they have begun to talk."""
    issue = await lifecycle.lock(issue_id)
    if issue.state is not State.OPEN:
        return set()
    profile, holder = settings.territory, issue.holder
    acting = await chain.acting(holder, at) if holder is not None else None
    effects = await lifecycle.withdraw(settings, issue, Actor(issue.reporter, address.bridge), at)
    if holder is not None:
        line = say(
            texts.HEARD,
            profile.default_language,
            name=names.resident(issue.reporter, profile.default_language),
            number=issue.number,
        )
        effects.say(issue, holder.id, line, mention=[acting.person.id] if acting else [])
    if acting is not None:
        language = names.language_of(acting.person, profile)
        name = names.resident(issue.reporter, language)
        words = say(texts.HEARD, language, name=name, number=issue.number)
        await reaching.by_phone_only(settings, effects, acting.person, words, at, issue)
    return await effects.save()


async def _unwell(
    settings: Settings, check: CareCheck, address: Address, inbound: Inbound, text: str, at: datetime
) -> set[str]:
    """Somebody says that they are not well: their leader is called."""
    await CareCheck.filter(id=check.id).update(state=CareState.UNWELL)
    home = await chain.home_of(address.person, at)
    language = settings.territory.default_language
    told = say(texts.SAYS_UNWELL, language, words=text)
    words = intake.message(inbound, address.person, told, at)
    issue, effects = await lifecycle.report(
        settings, address=address, unit=home, words=words, at=at, private=True
    )
    lanes = await effects.save()
    urgent = await lifecycle.urgent(settings, issue, Actor(address.person, address.bridge), at)
    return lanes | await urgent.save()


async def _thank(settings: Settings, inbound: Inbound, address: Address) -> set[str]:
    if inbound.detail.get("answered"):
        return set()  # they have been thanked on the line
    effects = Effects(intake.cause_of(inbound), settings.clock.wall())
    language = names.language_of(address.person, settings.territory)
    effects.tell(address, say(texts.GLAD, language))
    return await effects.save()


def _nods(text: str) -> bool:
    """Whether a text says no more than that all is well: 'ok', '好的，谢谢'."""
    parts = [keywords.read(part) for part in _PAUSE.split(text) if part]
    return bool(parts) and all(each.word in _NODS and not each.numbers for each in parts)


async def _is_asked(address: Address, at: datetime) -> bool:
    """Whether a question about an issue is open, which a digit answers."""
    asked = Question.filter(person_id=address.person_id, kind__in=_QUESTIONS, settled_at=None)
    return any(each.due is None or each.due > at for each in await asked)


async def _is_our_last_word(address: Address, check: CareCheck) -> bool:
    row = await Outbox.filter(address__person_id=address.person_id).order_by("-id").first()
    return row is not None and row.payload.get("care") == check.id
