"""Our extension of the specification, which has no way to change a request: `POST requests/{id}`.

A department's system closes with it what was referred to it, or returns it; the fields are those in which
the specification tells how a request stands.
"""

import secrets
from collections.abc import Mapping, Sequence

from tortoise.transactions import in_transaction

from bridges.open311.bridge import NAME
from issues import lifecycle
from issues.effects import Effects
from issues.lifecycle import Actor
from models import Issue, Message, State
from web.access.scope import NotThere
from web.access.tokens import Caller
from web.open311 import texts
from web.open311.errors import Wrong
from web.open311.requests import CLOSED, OPEN

#: A department sends it back to whoever has referred it.
RETURNED = "returned"

#: Characters of notes.
_LONGEST = 4000


async def change(caller: Caller, number: int, given: Mapping[str, str]) -> set[str]:
    """Do what a form says: close, return, or only say something to the resident.

    Args:
        caller: Who.
        number: The request's.
        given: The fields that are not empty.

    Returns:
        The outbox lanes that have got rows.

    Raises:
        Wrong: The form does not say what to do.
        IssueError: It cannot be done.
    """
    status, notes = given.get("status", ""), given.get("status_notes", "").strip()
    if status not in (OPEN, CLOSED, RETURNED):
        raise Wrong(400, texts.WRONG, name="status", example=f"{OPEN}, {CLOSED}, {RETURNED}")
    if not notes and status != CLOSED:
        raise Wrong(400, texts.MISSING, name="status_notes")
    if len(notes) > _LONGEST:
        raise Wrong(400, texts.TOO_LONG, name="status_notes", limit=_LONGEST)
    seen = await caller.scope.issue(number)
    if not await caller.scope.reads(seen):
        raise NotThere(str(number))
    lanes: set[str] = set()
    async with in_transaction():
        issue = await lifecycle.lock(seen.id)
        for effects in await _done(caller, issue, status, notes):
            lanes |= await effects.save()
    return lanes


async def _done(caller: Caller, issue: Issue, status: str, notes: str) -> Sequence[Effects]:
    settings, at = caller.scope.settings, caller.scope.at
    actor = Actor(caller.scope.person, NAME)
    if status == RETURNED:
        return [await lifecycle.hand_back(settings, issue, actor, notes, at)]
    if status == CLOSED and issue.state in (State.RESOLVED, State.CLOSED):
        return []  # it was closed before: a system whose connection broke says so again
    done = []
    if notes:
        words = Message(
            author_id=caller.scope.person.id,
            bridge=NAME,
            external_id=f"{caller.token.id}:{secrets.token_hex(16)}",
            text=notes,
            said_at=at,
        )
        done.append(await lifecycle.answer(settings, issue, actor, words, at))
    if status == CLOSED:
        done.append(await lifecycle.resolve(settings, issue, actor, at))
    return done
