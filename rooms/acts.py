"""Does what somebody said or did, in a unit's room or alone with the service.

What is refused is answered with its sentence. It must never decide who may.
"""

from collections.abc import Awaitable, Callable, Sequence

from tortoise.transactions import in_transaction

from bridges.contract import Kind
from issues.effects import Effects
from issues.errors import IssueError
from rooms import changes, noticed, reactions
from rooms.heard import Heard

#: Does what an event asks for; what it is to do, its effects tell.
Doing = Callable[[Heard], Awaitable[Sequence[Effects]]]


async def do(event: Heard, doing: Doing) -> Sequence[Effects]:
    """Do it whole or, where it is refused, not at all, and say why not."""
    try:
        async with in_transaction():  # what is refused half-way has changed nothing
            return await doing(event)
    except IssueError as error:
        return [event.retort_words(error.sentence(event.language))]


async def by_kind(event: Heard, said: Doing) -> Sequence[Effects]:
    """Do what a leader's reaction, vote, edit or redaction asks for; words are for `said`."""
    match event.inbound.kind:
        case Kind.REACTION:
            return await reactions.take(event)
        case Kind.VOTE:
            return await noticed.voted(event)
        case Kind.EDIT:
            return await changes.edit(event)
        case Kind.REDACTION:
            return await changes.redaction(event)
        case _:
            return await said(event)
