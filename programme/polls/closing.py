"""Closes a poll in the rooms in which clients show it as one, so that nobody votes there in vain."""

from collections.abc import Sequence

from issues.effects import Effects, save_all
from linzhang.settings import Settings
from linzhang.words import Text, say
from models import Notice, NoticePost


async def everywhere(settings: Settings, notice: Notice, text: Text) -> set[str]:
    """Close it wherever it stands by now; see `close`."""
    return await close(settings, await NoticePost.filter(notice_id=notice.id, is_poll=True), text)


async def close(settings: Settings, posts: Sequence[NoticePost], text: Text) -> set[str]:
    """Close a poll in some rooms, once in each.

    Args:
        settings: The service's.
        posts: In which rooms.
        text: What clients show there that know no polls.

    Returns:
        The outbox lanes that have got rows.
    """
    language, causes = settings.territory.default_language, []
    for post in posts:
        effects = Effects(f"pc{post.id}", settings.clock.wall(), patient=True)
        effects.conclude(post.room_id, post.event_id, say(text, language, number=post.notice_id))
        causes.append(effects)
    return await save_all(causes)
