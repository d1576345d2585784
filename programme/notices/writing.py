"""Writing a notice, sending it, and taking it back: who may, and what it needs.

A notice that goes to many, or at night because of a danger, is sent by two: whoever wrote it, and somebody
else who answers for its unit or for one above it. What goes out to whom, and when, is for the other modules
here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from issues import audit, chain, names, reaching, wording
from issues.effects import Effects
from issues.errors import IssueError, NotAllowed, NotNow
from linzhang.settings import Settings
from linzhang.words import say
from models import Notice, NoticePerson, NoticePost, NoticeState, Person, PostState, Reached, Unit
from programme import texts
from programme.notices import aims, reckoning, shaping
from programme.notices.aims import Asked
from programme.notices.reckoning import Reach
from programme.polls import closing

#: States in which it can be taken back; and those in which nobody has been told yet.
_ALIVE = (NoticeState.DRAFT, NoticeState.ASKED, NoticeState.SET, NoticeState.GOING)
UNSENT = (NoticeState.DRAFT, NoticeState.ASKED, NoticeState.SET)

#: Characters of words in the record of what was done, and of the reason why something goes at night.
_RECORDED, WHY = 200, 200

#: How many are woken to look at what does not wait for the morning.
_WOKEN = 3


class Unfit(IssueError):
    """A notice cannot go out as it is."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What has come of sending a notice.

    Attributes:
        notice: As it is now.
        waits: Whether it waits for a second pair of eyes.
        others: Who may be that.
    """

    notice: Notice
    waits: bool
    others: Sequence[Person] = ()


async def write(
    settings: Settings,
    author: Person,
    unit: Unit,
    words: str,
    asked: Asked,
    at: datetime,
    *,
    event_id: str,
    options: Sequence[str] = (),
    days: int = 0,
    secret: bool = False,
    urgent_why: str = "",
) -> tuple[Notice, Reach]:
    """Keep a draft, with what it will come to.

    Args:
        settings: The service's.
        author: Who writes it.
        unit: For which unit.
        words: What is said.
        asked: To whom.
        at: Programme time.
        event_id: See `Notice`.
        options: What one can answer; see `programme.polls.reading`.
        days: For how long.
        secret: Whether nobody is to learn what somebody answers.
        urgent_why: See `Notice`.

    Raises:
        NotAllowed: The author answers neither for the unit nor for one above it.
        Unfit: There are no words, too many, or a link; or it is for nobody; or it asks something at night.
    """
    if await chain.unit_led(author, unit, at) is None:
        raise NotAllowed(texts.NOT_YOUR_UNIT, unit=unit.name)
    words = wording.clean(words).strip()
    if wording.is_blank(words):
        raise Unfit(texts.NO_WORDS)
    if options and urgent_why:
        raise Unfit(texts.NO_URGENT_POLL)
    if any(shaping.has_link(each) for each in (words, *options)):
        raise Unfit(texts.NO_LINKS)
    aim = aims.for_unit(unit, asked, settings.territory)
    notice = Notice(
        author=author,
        unit=unit,
        path=unit.path,
        words=words,
        aim=aim.kept(),
        event_id=event_id,
        made_at=at,
        options=[*options] or None,
        days=days,
        secret=secret,
        urgent_why=wording.clean(urgent_why).strip()[:WHY],
    )
    reach = await reckoning.reach(settings, notice, at)
    most = settings.territory.notices.segments
    if reach.segments > most:
        raise Unfit(texts.TOO_LONG, segments=reach.segments, most=most)
    if not reach.people:
        raise Unfit(texts.FOR_NOBODY)
    notice.people, notice.texts, notice.segments = reach.people, reach.texts, reach.segments
    await notice.save()
    return notice, reach


async def lock(notice_id: int) -> Notice | None:
    """A notice for what changes it, with its author and unit; None: there is none."""
    notice = await Notice.select_for_update().get_or_none(id=notice_id)
    if notice is not None:
        await notice.fetch_related("author", "unit")
    return notice


async def send(
    settings: Settings,
    notice: Notice,
    person: Person,
    at: datetime,
    *,
    start_at: datetime | None = None,
    together: int = 0,
) -> Sent:
    """Let a notice go out, now or at a time; or ask for a second pair of eyes.

    Args:
        settings: The service's.
        notice: Locked; see `lock`.
        person: Who wants it sent.
        at: Programme time.
        start_at: When; None: at once, or as it was said before.
        together: How many people it goes to with others that are sent as one.

    Raises:
        NotAllowed: They answer neither for the unit nor for one above it, or it was they who wrote it.
        NotNow: It is out, or taken back.
        Unfit: The time lies behind.
    """
    await check_right(notice, person, at)
    if notice.state not in (NoticeState.DRAFT, NoticeState.ASKED):
        raise NotNow(texts.SENT_ALREADY, number=notice.id)
    if start_at is not None and start_at < at:
        raise Unfit(texts.TIME_BEHIND)
    notice.start_at = start_at or notice.start_at
    is_another = person.id != notice.author_id
    if takes_two(settings, notice, together) and not is_another:
        if notice.state is NoticeState.ASKED:
            text = texts.NOT_ALONE_AT_NIGHT if notice.urgent_why else texts.NOT_ALONE
            raise NotAllowed(text, number=notice.id)
        notice.state = NoticeState.ASKED
        await notice.save(update_fields=["state", "start_at"])
        await _record(settings, notice, "notice asked", person)
        return Sent(notice, waits=True, others=await second_eyes(notice, at))
    notice.state = NoticeState.SET
    notice.start_at = max(notice.start_at or at, at)
    notice.approver_id = person.id if is_another else None
    await notice.save(update_fields=["state", "start_at", "approver_id"])
    await _record(settings, notice, "notice sent", person)
    return Sent(notice, waits=False)


async def stop(settings: Settings, notice: Notice, person: Person, at: datetime) -> int:
    """Take a notice back: nobody more is told.

    Args:
        settings: The service's.
        notice: Locked.
        person: Who wants that.
        at: Programme time.

    Returns:
        How many had been told, or were being told.

    Raises:
        NotAllowed: They answer neither for the unit nor for one above it.
        NotNow: Everybody has been told, or it is taken back already.
    """
    await check_right(notice, person, at)
    if notice.state not in _ALIVE:
        raise NotNow(texts.OVER_ALREADY, number=notice.id)
    was_draft = notice.state is NoticeState.DRAFT
    notice.state = NoticeState.STOPPED
    notice.out_at = at
    notice.remind_due = None
    await notice.save(update_fields=["state", "out_at", "remind_due"])
    if not was_draft:
        await _record(settings, notice, "notice stopped", person)
        await closing.everywhere(settings, notice, texts.POLL_TAKEN_BACK)
    told = NoticePerson.filter(notice_id=notice.id).exclude(state__in=[Reached.WAITING, Reached.NOBODY])
    posts = NoticePost.filter(notice_id=notice.id).exclude(state=PostState.WAITING)
    queued = NoticePerson.filter(post_id__in=await posts.values_list("id", flat=True), state=Reached.WAITING)
    return await told.count() + await queued.count()


async def check_right(notice: Notice, person: Person, at: datetime) -> None:
    """Make sure that somebody answers for a notice's unit, or for one above it.

    Raises:
        NotAllowed: They do not.
    """
    if await chain.unit_led(person, notice.unit, at) is None:
        raise NotAllowed(texts.NOT_YOUR_UNIT, unit=notice.unit.name)


def takes_two(settings: Settings, notice: Notice, together: int = 0) -> bool:
    """Whether nobody sends it alone, or alone with others that go to so many together."""
    return max(notice.people, together) > settings.territory.notices.alone or bool(notice.urgent_why)


async def second_eyes(notice: Notice, at: datetime) -> list[Person]:
    """Who may look at a notice that goes to many, besides its author, the nearest first."""
    found: dict[int, Person] = {}
    for unit in reversed(await chain.ancestors(notice.unit)):
        found |= {each.id: each for each in await chain.actors_of(unit, at) if each.id not in found}
    found.pop(notice.author_id, None)
    return list(found.values())


async def ask_others(
    settings: Settings, sent: Sent, effects: Effects, at: datetime, *, form: str = ""
) -> None:
    """Ask in the nearest room in which somebody may be the second pair of eyes.

    The nearest few are told in person, too, of what does not wait for the morning: they may be asleep.

    Args:
        settings: The service's.
        sent: What has come of sending it.
        effects: Where the words are put.
        at: Programme time.
        form: How it is let go by writing.
    """
    notice, language = sent.notice, settings.territory.default_language
    nearest = next(iter(sent.others), None)
    if nearest is None:
        return
    unit = await chain.unit_led(nearest, notice.unit, at) or notice.unit
    line = say(
        texts.SECOND_EYES_AT_NIGHT if notice.urgent_why else texts.SECOND_EYES,
        language,
        number=notice.id,
        who=await shaping.speaker(settings, notice, language, at),
        people=notice.people,
        texts=notice.texts,
        words=notice.words,
        why=notice.urgent_why,
        form=form,
    )
    effects.announce(unit.id, line, mention=[nearest.id], notice=notice.id)
    for each in sent.others[:_WOKEN] if notice.urgent_why else ():
        said = say(
            texts.WAKE,
            names.language_of(each, settings.territory),
            number=notice.id,
            who=await shaping.speaker(settings, notice, names.language_of(each, settings.territory), at),
            why=notice.urgent_why,
            words=notice.words,
        )
        await reaching.leader(settings, effects, each, said, at, urgent=True)


async def _record(settings: Settings, notice: Notice, what: str, person: Person) -> None:
    night = f"; at night, too: {notice.urgent_why}" if notice.urgent_why else ""
    detail = f"{notice.people} people, {notice.texts} texts{night}: {notice.words[:_RECORDED]}"
    await audit.record(settings, what, f"notice {notice.id} of {notice.path}", person.name, detail)
