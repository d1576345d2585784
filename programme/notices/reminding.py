"""Reminds leaders of a notice that they have not passed on: once, a day after it began, and never at night.

Where residents get it too, a leader passes it on by saying that all theirs know; where it is for leaders
alone, by having read it. A poll waits for their own answer.
"""

from collections.abc import Sequence
from datetime import datetime

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from issues import reaching, segments
from issues.effects import Effects
from issues.reaching import CHAT
from linzhang.settings import Settings
from linzhang.words import Text, say
from models import Address, Notice, NoticePerson, NoticePost, PostState, Reached
from programme import texts
from programme.notices import aims, shaping

#: Leaders whom one transaction reminds.
BATCH = 20

#: Characters of the notice that a reminder quotes.
_QUOTED = 40


def waiting(notice: Notice) -> QuerySet[NoticePerson]:
    """The leaders who have not passed it on; of a poll, those who have not answered."""
    if notice.options:
        open_ends = Q(answered_at=None)
    else:
        passes = aims.of(notice.aim).residents
        open_ends = Q(passed_at=None) if passes else Q(read_at=None, passed_at=None)
    got_it = [Reached.TOLD, Reached.DELIVERED, Reached.READ]
    return NoticePerson.filter(open_ends, notice_id=notice.id, leads=True, state__in=got_it)


async def remind(settings: Settings, notice: Notice, at: datetime) -> tuple[int, set[str]]:
    """Remind the next of them; when nobody is left, nothing of it is due any more.

    Args:
        settings: The service's.
        notice: Locked, with its author and unit fetched; its time has come.
        at: Programme time, by day.

    Returns:
        How many were reminded, and the outbox lanes that have got rows.
    """
    people = await (
        waiting(notice).filter(reminded_at=None).order_by("id").limit(BATCH).select_related("person")
    )
    if not people:
        notice.remind_due = None
        await notice.save(update_fields=["remind_due"])
        return 0, set()
    lanes = await _in_rooms(settings, notice, [each for each in people if each.post_id is not None], at)
    for each in people:
        if each.post_id is None:
            lanes |= await _alone(settings, notice, each, at)
    await NoticePerson.filter(id__in=[each.id for each in people]).update(reminded_at=at)
    return len(people), lanes


async def _in_rooms(
    settings: Settings, notice: Notice, people: Sequence[NoticePerson], at: datetime
) -> set[str]:
    """One line in each room, which rings for those of them who are there."""
    language, lanes = settings.territory.default_language, set[str]()
    posts = NoticePost.filter(id__in={each.post_id for each in people}, state=PostState.UP)
    for post in await posts:
        those = [each.person_id for each in people if each.post_id == post.id]
        effects = Effects(f"nr{min(each.id for each in people if each.post_id == post.id)}", _wall(settings))
        line = (
            await _poll_line(settings, notice, shaping.signed(notice.options), language, at)
            if notice.options
            else await _line(settings, notice, texts.REMIND_IN_ROOM, language, at)
        )
        effects.announce(post.unit_id, line, mention=those, reminds=post.id)
        lanes |= await effects.save_once()
    return lanes


async def _alone(settings: Settings, notice: Notice, one: NoticePerson, at: datetime) -> set[str]:
    """A text, where it was a text."""
    address = await Address.filter(id=one.address_id, stopped_at=None).first()
    address = address or await reaching.address_of(settings, one.person, at)
    if address is None:
        return set()
    effects = Effects(f"nr{one.id}", _wall(settings))
    language = shaping.language_of(one.person, settings)
    if notice.options:
        line = await _poll_line(settings, notice, shaping.typed(notice.options, language), language, at)
    else:
        text = texts.REMIND_IN_ROOM if address.bridge == CHAT else texts.REMIND_BY_TEXT
        line = await _line(settings, notice, text, language, at)
    effects.tell(address, line, recipient=one.id)
    return await effects.save_once()


async def _line(settings: Settings, notice: Notice, text: Text, language: str, at: datetime) -> str:
    who = await shaping.speaker(settings, notice, language, at)
    return say(text, language, who=who, words=segments.cut(notice.words, _QUOTED))


async def _poll_line(settings: Settings, notice: Notice, ask: str, language: str, at: datetime) -> str:
    who = await shaping.speaker(settings, notice, language, at)
    words = shaping.ended(segments.cut(notice.words, _QUOTED), language)
    return say(texts.REMIND_POLL, language, who=who, words=words, ask=ask)


def _wall(settings: Settings) -> datetime:
    return settings.clock.wall()
