"""What people answer to a poll: the last answer counts, until it ends.

What somebody writes is an answer to a poll if it is

    what a button says, which names the poll
    one of its options' words, or a digit while no question about an issue is open,
        right behind the poll on the same address, or where it is the last notice and has no answer yet

All else is a report, as ever.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from bridges.contract import Inbound, Kind
from issues import names, numbers, urgency, wording
from issues.effects import ROOMS, Effects
from issues.folding import bare
from linzhang.settings import Settings
from linzhang.words import say
from models import Address, Notice, NoticePerson, NoticePost, NoticeState, Outbox, Person
from programme import texts
from programme.notices import progress, shaping
from programme.notices.answers import is_asked, is_our_last_word
from programme.polls import secrets

#: What a button says: 'poll 12: 2', '投票12选2'.
_PRESSED = re.compile(r"(?:poll|投票)\s*(\d{1,9})\s*[:：选]\s*([1-9])", re.IGNORECASE)

#: Characters of a text that may be an answer.
_LONGEST = 40

#: Characters of a name that may stand for the option that begins with it: '陈建国' for '陈建国（第3邻）'.
_NAME = 2

#: What people put around a digit: '我选2，谢谢'.
_DIGIT = re.compile(r"(?:我?选择?|第)?([1-9])(?:号|个|项)?(?:谢谢您?|thanks|thankyou)?")


@dataclass(frozen=True, slots=True)
class Said:
    """An answer to a poll.

    Attributes:
        address: Of whoever gave it.
        asked: Their row of the poll, with the notice and the person fetched.
        choice: Which option, from 1.
    """

    address: Address
    asked: NoticePerson
    choice: int


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str] | None:
    """Take what somebody has written to the service alone as their answer to a poll.

    Args:
        settings: The service's.
        inbound: What they wrote.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows; None: it is something else.
    """
    said = await heard(settings, inbound, at)
    if said is None:
        return None
    if not is_running(said.asked.notice, at):
        return await told_it_is_over(settings, inbound, said)
    await choose(settings, said.asked, said.choice)
    return set()


async def heard(settings: Settings, inbound: Inbound, at: datetime) -> Said | None:
    """What somebody has answered by what they wrote to the service alone, of any poll; None: nothing."""
    text = wording.clean(inbound.text)
    if inbound.kind is not Kind.TEXT or inbound.media or inbound.detail.get("opt_out"):
        return None
    if not text or len(text) > _LONGEST or urgency.danger(text, settings.territory):
        return None
    address = await numbers.known(settings, inbound.bridge, inbound.sender)
    found = await _meant(settings, text, address, at) if address is not None else None
    return Said(address, *found) if address is not None and found is not None else None


async def told_it_is_over(settings: Settings, inbound: Inbound, said: Said) -> set[str]:
    """Tell somebody that answers have been counted; returns the outbox lanes that have got rows."""
    language = names.language_of(said.asked.person, settings.territory)
    effects = Effects(f"pa{said.asked.id}.over.{inbound.external_id}", settings.clock.wall())
    effects.tell(said.address, say(texts.POLL_OVER, language))
    return await effects.save_once()


async def pressed(settings: Settings, event_id: str, person: Person, sign: str, at: datetime) -> bool:
    """Take a sign below a poll in a room, or below what reminds of it.

    Args:
        settings: The service's.
        event_id: On what.
        person: Who.
        sign: Which.
        at: Programme time.

    Returns:
        Whether it is an answer of somebody who is asked.
    """
    choice = _choice_of(sign)
    asked = await _asked_there(event_id, person, at) if choice else None
    if asked is None or choice > len(asked.notice.options or ()):
        return False
    await choose(settings, asked, choice)
    return True


async def voted(settings: Settings, event_id: str, person: Person, chosen: str, at: datetime) -> bool:
    """Take a vote that somebody has given with their client.

    A vote that names nothing of what is asked is as none: what they have answered before stays.

    Args:
        settings: The service's.
        event_id: In which poll.
        person: Who.
        chosen: The digit of an option; empty: they take their answer back, however they have given it.
        at: Programme time.

    Returns:
        Whether it is an answer of somebody who is asked.
    """
    asked = await _asked_there(event_id, person, at)
    if asked is None:
        return False
    if not chosen:
        wall = settings.clock.wall()
        await NoticePerson.filter(id=asked.id).update(answer=None, answered_at=None, stale_at=wall)
        return True
    places = {str(place): place for place, _ in enumerate(asked.notice.options or (), start=1)}
    if chosen not in places:
        return False
    await choose(settings, asked, places[chosen])
    return True


async def choose(settings: Settings, asked: NoticePerson, choice: int) -> None:
    """Note what somebody has chosen, from 1; who answers has read it."""
    at, wall = settings.clock.now(), settings.clock.wall()
    mine = NoticePerson.filter(id=asked.id)
    if asked.notice.secret:
        await mine.update(answered_at=at)  # first: it makes wait who answers the same on another platform
        await secrets.keep(settings, asked, choice)
    else:
        await mine.update(answer=choice, answered_at=at, stale_at=wall)
    await progress.read(settings, [asked.id])


def is_running(notice: Notice, at: datetime) -> bool:
    """Whether answers count."""
    goes_on = notice.state in (NoticeState.GOING, NoticeState.OUT) and notice.ended_at is None
    return bool(notice.options) and goes_on and notice.ends_at is not None and at < notice.ends_at


async def _asked_there(event_id: str, person: Person, at: datetime) -> NoticePerson | None:
    """The row of somebody whom a poll asks that stands in a room and goes on; None: they are not asked."""
    post = await _post_of(event_id) if event_id else None
    if post is None:
        return None
    mine = NoticePerson.filter(person_id=person.id, notice_id=post.notice_id)
    asked = await mine.select_related("notice").first()
    return asked if asked is not None and is_running(asked.notice, at) else None


async def _post_of(event_id: str) -> NoticePost | None:
    """The post that an event is, or of which it reminds."""
    if post := await NoticePost.get_or_none(event_id=event_id):
        return post
    ours = await Outbox.filter(bridge=ROOMS, external_id=event_id).first()
    reminds = ours.payload.get("reminds") if ours is not None else None
    return await NoticePost.get_or_none(id=reminds) if reminds is not None else None


async def _meant(
    settings: Settings, text: str, address: Address, at: datetime
) -> tuple[NoticePerson, int] | None:
    """Of which poll it is an answer, and which."""
    mine = NoticePerson.filter(person_id=address.person_id, told_at__isnull=False)
    mine = mine.select_related("notice", "person")
    if named := _PRESSED.fullmatch(text.strip()):
        asked = await mine.filter(notice_id=int(named[1])).first()
        choice = int(named[2])
        fits = asked is not None and choice <= len(asked.notice.options or ())
        return (asked, choice) if asked is not None and fits else None
    since = at - settings.territory.notices.answers
    last = await mine.filter(told_at__gte=since).order_by("-told_at", "-id").first()
    if last is None or not last.notice.options:
        return None
    is_last_word = await is_our_last_word(address, last)
    if not is_last_word and (last.answered_at is not None or not is_running(last.notice, at)):
        return None
    choice = _word(text, last.notice)
    if not choice and not await is_asked(address, at):
        digit = _DIGIT.fullmatch(bare(text))
        choice = int(digit[1]) if digit else 0
    return (last, choice) if 0 < choice <= len(last.notice.options) else None


def _word(text: str, notice: Notice) -> int:
    """Which option a text says word for word, from 1; of names, by how it begins; 0: none."""
    said, options = bare(text), [bare(each) for each in notice.options or ()]
    if said in options:
        return options.index(said) + 1
    begun = [place for place, each in enumerate(options, start=1) if each.startswith(said)]
    return begun[0] if notice.secret and len(said) >= _NAME and len(begun) == 1 else 0


def _choice_of(sign: str) -> int:
    """Which option a sign stands for, from 1; 0: none. Clients write it with and without its variant."""
    plain = sign.replace("\ufe0f", "")
    signs = [each.replace("\ufe0f", "") for each in shaping.SIGNS]
    return signs.index(plain) + 1 if plain in signs else 0
