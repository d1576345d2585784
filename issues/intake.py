"""What a resident's private message is: an answer to a question, more of an issue, or a new one.

Runs in the transaction in which its message leaves the inbox. It decides; what follows from the
decision is the lifecycle's. It never asks through which platform the message came.
"""

import hashlib
import re
from dataclasses import asdict
from datetime import datetime

from bridges.contract import Inbound
from issues import chain, lifecycle, names, numbers, texts, whereabouts, wording
from issues.effects import Effects
from issues.lifecycle import Actor
from issues.whereabouts import Whereabouts
from issues.wording import Verdict
from linzhang.settings import Settings
from linzhang.words import Text, say
from models import Address, Issue, Message, Person, Question, QuestionKind, State, Unit, Voice

_NUMBER = re.compile(r"(?<!\d)\d{4,9}(?!\d)")
_ALIVE = (State.OPEN, State.ANSWERED, State.RESOLVED)


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str]:
    """Do what a resident's message asks for.

    Args:
        settings: The service's.
        inbound: What was said to the service in private.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows.
    """
    address = await sender(settings, inbound)
    if await _opted_in_or_out(settings, address, inbound):
        return set()
    text = wording.clean(inbound.text)
    if wording.is_blank(text) and not inbound.media:
        return await _reply(settings, inbound, address, texts.EMPTY)
    await _learn_language(settings, address.person, text)
    words = message(inbound, address.person, text, at)
    if wording.is_new_report(text):
        words.text = wording.without_new(text)
        if not words.text and not words.media:
            return await _reply(settings, inbound, address, texts.EMPTY)
        return await (await _report(settings, address, words, at)).save()
    lanes: set[str] = set()
    for effects in await _sort(settings, address, words, at):
        lanes |= await effects.save()
    return lanes or await _reply(settings, inbound, address, texts.WELCOME)


async def sender(settings: Settings, inbound: Inbound) -> Address:
    """The address that an event came from, with its person; both are made when they are new."""
    address = await numbers.known(settings, inbound.bridge, inbound.sender)
    if address is None:
        address = await Address.create(
            person=await Person.create(),
            bridge=inbound.bridge,
            lookup=settings.vault.lookup(inbound.bridge, inbound.sender),
            sealed=settings.vault.seal(inbound.sender),
            stopped_at=settings.clock.wall() if inbound.detail.get("withheld") else None,
        )
    if inbound.detail.get("fixed_line") and not address.fixed_line:
        address.fixed_line = True
        await address.save(update_fields=["fixed_line"])
    return address


def message(inbound: Inbound, author: Person, text: str, at: datetime) -> Message:
    """The row that keeps what was said; not saved yet."""
    return Message(
        author_id=author.id,
        voice=Voice.RESIDENT,
        bridge=inbound.bridge,
        external_id=inbound.external_id,
        room_id=inbound.room,
        text=text,
        media=[
            {name: fact for name, fact in asdict(each).items() if fact not in (None, "")}
            for each in inbound.media
        ],
        said_at=at,
    )


def cause_of(inbound: Inbound) -> str:
    """Names the effects of an inbound event that changes no issue."""
    name = f"{inbound.bridge}\0{inbound.external_id}"
    return f"e{hashlib.sha256(name.encode()).hexdigest()[:32]}"


async def home_of(person: Person, at: datetime) -> Unit | None:
    """Where a person lives, or else the unit that they lead."""
    if person.block_id is not None:
        return await Unit.get(id=person.block_id)
    return await chain.post_of(person, at)


async def _sort(settings: Settings, address: Address, words: Message, at: datetime) -> list[Effects]:
    """Find out what the words are, and make the transition; nothing: they are about nothing."""
    person, profile = address.person, settings.territory
    # A picture is evidence, so what comes with one is never a mere yes or no.
    verdict = None if words.media else _verdict(words.text)
    about = await _quoted(person, words.text)
    asked = await _asked(person, about) if verdict else None
    if verdict and asked:
        return [await _judge(settings, person, asked.issue_id, verdict, words, at)]
    unplaced = Question.filter(person_id=person.id, kind=QuestionKind.WHERE, settled_at=None)
    where = await unplaced.order_by("id")
    if where:
        return await _place(settings, person, where, words, at)
    if verdict:
        return await _unasked(settings, person, about, verdict, words, at)
    follow_up = at - profile.follow_up
    about = (
        about
        or await Issue.filter(
            reporter_id=person.id, reported_in="", state__in=_ALIVE, talked_at__gte=follow_up
        )
        .order_by("-talked_at")
        .first()
    )
    if about and about.state in _ALIVE:
        return [await lifecycle.add(settings, await lifecycle.lock(about.id), words, at)]
    return [await _report(settings, address, words, at)]


def _verdict(text: str) -> Verdict | None:
    """The yes or no in a text, which may quote the number that it is about."""
    return wording.verdict(_NUMBER.sub("", text) or text)


async def _asked(person: Person, about: Issue | None) -> Question | None:
    """What a lone yes or no answers: about the issue it quotes, or else the one last asked about."""
    asked = Question.filter(person_id=person.id, kind=QuestionKind.SOLVED, settled_at=None)
    return await (asked.filter(issue_id=about.id) if about else asked).order_by("-id").first()


async def _judge(
    settings: Settings, person: Person, issue_id: int, verdict: Verdict, words: Message, at: datetime
) -> Effects:
    issue = await lifecycle.lock(issue_id)
    actor = Actor(person, words.bridge)
    if verdict is Verdict.YES:
        return await lifecycle.confirm(settings, issue, actor, at)
    return await lifecycle.reject(settings, issue, actor, at)


async def _unasked(
    settings: Settings, person: Person, about: Issue | None, verdict: Verdict, words: Message, at: datetime
) -> list[Effects]:
    """A yes or no that nobody has asked for: more words, or a closed issue that is not solved."""
    issues = Issue.filter(reporter_id=person.id, reported_in="")
    if about:
        issues = Issue.filter(id=about.id)
    alive = await issues.filter(state__in=_ALIVE).order_by("-talked_at").first()
    if alive:
        return [await lifecycle.add(settings, await lifecycle.lock(alive.id), words, at)]
    closed = await issues.filter(closed_at__gte=at - settings.territory.reopen).order_by("-closed_at").first()
    if closed and verdict is Verdict.NO:
        return [await _judge(settings, person, closed.id, verdict, words, at)]
    return []


async def _place(
    settings: Settings, person: Person, asked: list[Question], words: Message, at: datetime
) -> list[Effects]:
    """The answer to 'where do you live?'; what is no place is further words, and we ask again."""
    issues = [await lifecycle.lock(question.issue_id) for question in asked]
    found = await whereabouts.find(words.text, settings.territory)
    if found is None:
        return [await lifecycle.add(settings, issues[-1], words, at)]
    await _settle_down(person, found)
    return [await lifecycle.place(settings, issue, found.unit, at, bridge=words.bridge) for issue in issues]


async def _report(settings: Settings, address: Address, words: Message, at: datetime) -> Effects:
    home = await home_of(address.person, at)
    known = home is not None
    if home is None:
        found = await whereabouts.find(words.text, settings.territory, strict=True)
        if found:
            await _settle_down(address.person, Whereabouts(found.unit))
            home = found.unit
    _, effects = await lifecycle.report(settings, address=address, unit=home, words=words, at=at, known=known)
    return effects


async def _settle_down(person: Person, found: Whereabouts) -> None:
    person.block = found.unit
    person.name = person.name or found.name
    await person.save()


async def _quoted(person: Person, text: str) -> Issue | None:
    """The person's own issue whose number the text quotes."""
    numbers = [Issue.id_of(int(number)) for number in _NUMBER.findall(text)]
    return await Issue.filter(reporter_id=person.id, id__in=numbers).order_by("-id").first()


async def _learn_language(settings: Settings, person: Person, text: str) -> None:
    # A lone 'ok' or '1' says nothing about the language that somebody reads.
    if _verdict(text):
        return
    language = wording.language(text, settings.territory)
    if language and language != person.language:
        person.language = language
        await person.save()


async def _opted_in_or_out(settings: Settings, address: Address, inbound: Inbound) -> bool:
    """Keep to the carrier's own word on who wants messages; returns whether it was that."""
    wish = inbound.detail.get("opt_out")
    # 'YES' is one of the carrier's words for START: from somebody who never stopped it is an answer.
    if wish == "START" and address.stopped_at is None and wording.verdict(inbound.text):
        return False
    if wish in ("STOP", "START"):
        address.stopped_at = settings.clock.wall() if wish == "STOP" else None
        await address.save()
    return wish is not None


async def _reply(settings: Settings, inbound: Inbound, address: Address, text: Text) -> set[str]:
    effects = Effects(cause_of(inbound), settings.clock.wall())
    effects.tell(address, say(text, names.language_of(address.person, settings.territory)))
    return await effects.save()
