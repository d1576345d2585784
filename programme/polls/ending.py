"""Ends a poll when its time is over: closes it where clients show one, and tells its results in one room."""

from datetime import datetime

from issues import segments
from issues.effects import Effects
from linzhang.settings import Settings
from linzhang.words import say
from models import Notice, NoticePerson, NoticeState
from programme import texts
from programme.polls import closing, results

#: Units that the results name, and characters of the question.
_UNITS, _QUOTED = 15, 80


async def end(settings: Settings, notice: Notice, at: datetime) -> tuple[int, set[str]]:
    """End a poll; nobody more is asked, or reminded.

    Args:
        settings: The service's.
        notice: Locked, with its author and unit fetched; its time is over.
        at: Programme time, by day.

    Returns:
        How much was done, and the outbox lanes that have got rows.
    """
    if await NoticePerson.exists(notice_id=notice.id, stale_at__isnull=False):
        return 0, set()  # the sums do not have everything yet; it is looked for again
    language = settings.territory.default_language
    found = await results.lines(settings, notice, notice.unit, language, at, _UNITS)
    words = segments.cut(notice.words, _QUOTED)
    line = say(texts.POLL_ENDED, language, number=notice.id, words=words, results="\n".join(found[:-1]))
    effects = Effects(f"pe{notice.id}", settings.clock.wall())
    effects.announce(notice.unit_id, line, mention=[notice.author_id])
    notice.state, notice.ended_at, notice.remind_due = NoticeState.OUT, at, None
    notice.out_at = notice.out_at or at
    await notice.save(update_fields=["state", "ended_at", "remind_due", "out_at"])
    return 1, await effects.save_once() | await closing.everywhere(settings, notice, texts.POLL_CLOSED)
