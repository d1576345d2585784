"""Sessions: a browser of somebody who has come in, told by a word in its cookie.

The word is kept nowhere, only its keyed hash. What the session's forms must show, so that no other site can
send them, is made of the same word.
"""

import secrets
from datetime import timedelta
from typing import Final

from linzhang.settings import Settings
from models import Person, Session, Way

#: A session ends so long after it was begun, and so long after it was last used; machine time.
LASTS = timedelta(days=7)
IDLE = timedelta(hours=12)

#: How exactly it is kept when a session was last used: not every look is written down.
_SEEN: Final = timedelta(minutes=1)

#: The names under which hashes are made.
_SESSION, _FORM = "session", "form"

_BYTES = 32
_LENGTH = 64


async def begin(settings: Settings, person: Person, way: Way) -> str:
    """Let somebody in; returns the word for their cookie."""
    word = secrets.token_urlsafe(_BYTES)
    wall = settings.clock.wall()
    await Session.create(
        person=person,
        lookup=settings.vault.lookup(_SESSION, word),
        way=way,
        made_at=wall,
        seen_at=wall,
        expires_at=wall + LASTS,
    )
    return word


async def find(settings: Settings, word: str) -> Session | None:
    """The session of a cookie's word, with its person, if it still counts; it is used by this."""
    if not word or len(word) > _LENGTH:
        return None
    lookup = settings.vault.lookup(_SESSION, word)
    session = await Session.get_or_none(lookup=lookup, ended_at=None).select_related("person")
    wall = settings.clock.wall()
    if session is None or min(session.expires_at, session.seen_at + IDLE) <= wall:
        return None
    if wall - session.seen_at >= _SEEN:
        await Session.filter(id=session.id).update(seen_at=wall)
    return session


async def lasts(settings: Settings, session: Session) -> bool:
    """Whether a session still counts; it is not used by this."""
    now = await Session.get_or_none(id=session.id, ended_at=None)
    return now is not None and settings.clock.wall() < min(now.expires_at, now.seen_at + IDLE)


async def end(settings: Settings, session: Session) -> None:
    """Let a session count no more."""
    await Session.filter(id=session.id, ended_at=None).update(ended_at=settings.clock.wall())


def form_word(settings: Settings, word: str) -> str:
    """What the forms of a session must show; of no session, what those of the way in must."""
    return settings.vault.lookup(_FORM, word)
