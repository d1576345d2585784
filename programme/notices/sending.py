"""Hands a notice to the outbox in slices, as the pace allows; at night only what is about a danger.

What is said about issues never waits behind a notice: at most `in_flight` of all notices' texts, and as many
posts, stand in the outbox at once, whatever is still to come. A person's row and the row of the outbox are
written together, so that everybody is told once; several notices take turns.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tortoise.transactions import in_transaction

from issues import switches
from issues.effects import Effects
from linzhang.settings import Settings
from models import (
    Notice,
    NoticePerson,
    NoticePhase,
    NoticePost,
    NoticeState,
    PostState,
    Question,
    QuestionKind,
    Reached,
)
from programme.notices import shaping

#: Seconds of the pace that are made up for when nobody has looked for a while.
_BURST = 2.0

#: After this time what stands in the outbox is stuck there for a reason of its own, and is not waited for.
_STUCK = timedelta(minutes=10)

#: What a digit answers before it says that a notice was read.
QUESTIONS = (QuestionKind.SOLVED, QuestionKind.RATE, QuestionKind.WHICH)


async def morning(settings: Settings, at: datetime) -> datetime | None:
    """When notices go on; None: now, since it is not night."""
    profile = settings.territory
    return profile.quiet.until(at, profile.zone)


async def held_until(settings: Settings, notice: Notice, at: datetime) -> datetime | None:
    """When a notice goes on; None: now, since it is not night, or it does not wait for the morning."""
    return None if notice.urgent_why else await morning(settings, at)


async def begin(settings: Settings, notice: Notice, at: datetime) -> None:
    """Let a notice that is due go out.

    Args:
        settings: The service's.
        notice: Locked; its time has come.
        at: Programme time.
    """
    notice.state = NoticeState.GOING
    notice.begun_at = at
    notice.sliced_at = settings.clock.wall() - timedelta(seconds=1)
    notice.remind_due = at + settings.territory.notices.remind_after
    notice.ends_at = at + timedelta(days=notice.days) if notice.options else None
    await notice.save(update_fields=["state", "begun_at", "sliced_at", "remind_due", "ends_at"])


async def slices(settings: Settings) -> tuple[int, set[str]]:
    """Hand the next slice to the outbox, of the notice whose turn it is.

    Returns:
        How many texts and posts, and the lanes that have got rows.
    """
    at = settings.clock.now()
    goes = Notice.filter(state=NoticeState.GOING)
    if await morning(settings, at) is not None:
        goes = goes.exclude(urgent_why="")
    async with in_transaction():
        going = await goes.order_by("sliced_at", "id").select_for_update()
        if not going:
            return 0, set()
        wall = settings.clock.wall()
        last = max(notice.sliced_at or wall for notice in going)
        pace = settings.territory.notices.pace
        allowed = int(pace * min(max(0.0, (wall - last).total_seconds()), _BURST))
        for notice in going if allowed else ():
            lanes, count = await _slice(settings, notice, allowed, at)
            if count:
                notice.sliced_at = wall
                await notice.save(update_fields=["sliced_at"])
                return count, lanes
            await _end(notice, at)
    return 0, set()


async def _slice(settings: Settings, notice: Notice, allowed: int, at: datetime) -> tuple[set[str], int]:
    await notice.fetch_related("author", "unit")
    free = settings.territory.notices.in_flight
    # Posts first: leaders are to know before those who ask them.
    posts = NoticePost.filter(notice_id=notice.id, state=PostState.WAITING).order_by("id")
    queued = await NoticePost.filter(state=PostState.QUEUED, notice__state=NoticeState.GOING).count()
    up = await posts.limit(min(allowed, free - queued)) if queued < free else []
    lanes = await _post(settings, notice, up, at)
    allowed -= len(up)
    busy = NoticePerson.filter(state=Reached.QUEUED, told_at__gte=at - _STUCK)
    on_their_way = await busy.filter(notice__state=NoticeState.GOING).count()
    if allowed <= 0 or on_their_way >= free:
        return lanes, len(up)
    waiting = NoticePerson.filter(notice_id=notice.id, state=Reached.WAITING, post_id=None)
    if off := await switches.off():
        waiting = waiting.exclude(address__bridge__in=list(off))
    people = await (
        waiting.order_by("id").limit(min(allowed, free - on_their_way)).select_related("person", "address")
    )
    return lanes | await _tell(settings, notice, people, at), len(up) + len(people)


async def _post(settings: Settings, notice: Notice, posts: Sequence[NoticePost], at: datetime) -> set[str]:
    """Let the notice stand in some rooms; it rings for those who get it there."""
    if not posts:
        return set()
    words = await shaping.for_room(settings, notice, at)
    asked = {"poll": await shaping.as_poll(settings, notice, at)} if notice.options else {}
    lanes: set[str] = set()
    for post in posts:
        readers = await NoticePerson.filter(post_id=post.id).values_list("person_id", flat=True)
        effects = Effects(f"np{post.id}", settings.clock.wall())
        mention = [int(str(each)) for each in readers]
        effects.announce(post.unit_id, words, mention=mention, post=post.id, **asked)
        lanes |= await effects.save_once()
    await NoticePost.filter(id__in=[post.id for post in posts]).update(state=PostState.QUEUED)
    return lanes


async def _tell(settings: Settings, notice: Notice, people: Sequence[NoticePerson], at: datetime) -> set[str]:
    """Put the texts of some people into the outbox."""
    if not people:
        return set()
    asked = await _asked(people)
    said: dict[tuple[str, bool, bool], tuple[str, Mapping[str, Any]]] = {}
    lanes: set[str] = set()
    for each in people:
        shape = (shaping.language_of(each.person, settings), each.leads, each.person_id in asked)
        if shape not in said:
            said[shape] = await _words(settings, notice, at, *shape)
        words, below = said[shape]
        effects = Effects(f"no{each.id}", settings.clock.wall())
        if each.address is not None:
            effects.tell(each.address, words, recipient=each.id, **below)
        lanes |= await effects.save_once()
    await NoticePerson.filter(id__in=[each.id for each in people]).update(
        state=Reached.QUEUED, told_at=at, stale_at=settings.clock.wall()
    )
    return lanes


async def _words(
    settings: Settings, notice: Notice, at: datetime, language: str, leads: bool, asked: bool
) -> tuple[str, Mapping[str, Any]]:
    words = await shaping.for_phone(settings, notice, language, at, leads=leads, asked=asked)
    return words, await shaping.pressed(settings, notice, language, at, leads=leads)


async def _asked(people: Sequence[NoticePerson]) -> set[int]:
    """Ids of those who were asked something that a digit answers, so that it cannot mean the notice."""
    open_now = Question.filter(
        person_id__in=[each.person_id for each in people], kind__in=QUESTIONS, settled_at=None
    )
    return {int(str(each)) for each in await open_now.values_list("person_id", flat=True)}


async def _end(notice: Notice, at: datetime) -> None:
    """Note that everybody has been told, if that is so."""
    if notice.phase is not NoticePhase.DONE:
        return
    if await NoticePerson.exists(notice_id=notice.id, state__in=[Reached.WAITING, Reached.QUEUED]):
        return
    if await NoticePost.exists(notice_id=notice.id, state__in=[PostState.WAITING, PostState.QUEUED]):
        return
    notice.state, notice.out_at = NoticeState.OUT, at
    await notice.save(update_fields=["state", "out_at"])
