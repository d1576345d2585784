"""Links by which a leader comes into the desk: made when they ask in chat, good once and for a few minutes.

The word in a link is kept nowhere, only its keyed hash, and, sealed, in the row that carries it.
"""

import secrets
from datetime import timedelta

from linzhang.settings import Settings
from models import Person, Ticket

#: For how long a link counts, in machine time: long enough to go from one room to another, short enough for a
#: link that somebody else finds later.
LASTS = timedelta(minutes=15)

#: Where links lead; the word stands behind it.
PATH = "/desk/in/"

#: The name under which hashes of words are made.
_TICKET = "ticket"

#: Bytes of chance in a word, and characters that a word may have.
_BYTES = 24
LENGTH = 64


async def make(settings: Settings, person: Person) -> str:
    """A new word for somebody; an earlier one that was not used counts no more."""
    word = secrets.token_urlsafe(_BYTES)
    wall = settings.clock.wall()
    await Ticket.filter(person_id=person.id, used_at=None).update(used_at=wall)
    lookup = settings.vault.lookup(_TICKET, word)
    await Ticket.create(person=person, lookup=lookup, made_at=wall, expires_at=wall + LASTS)
    return word


async def find(settings: Settings, word: str) -> Ticket | None:
    """The ticket of a word, with its person, if it still counts."""
    if len(word) > LENGTH:
        return None
    lookup = settings.vault.lookup(_TICKET, word)
    ticket = await Ticket.get_or_none(lookup=lookup).select_related("person")
    counts = ticket is not None and ticket.used_at is None and ticket.expires_at > settings.clock.wall()
    return ticket if counts else None


async def use(settings: Settings, word: str) -> Person | None:
    """Use a word up; None: it does not count (any more)."""
    ticket = await find(settings, word)
    if ticket is None:
        return None
    # Of two who come at once, one comes in.
    used = await Ticket.filter(id=ticket.id, used_at=None).update(used_at=settings.clock.wall())
    return ticket.person if used else None


def link(settings: Settings, word: str) -> str:
    """The address that a word opens."""
    return f"{settings.public_url}{PATH}{word}"
