"""Tasks in rooms: what somebody presses below one, and the picture to which they reply.

Who may do what is for `programme.tasks` to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from issues import inbox
from issues.effects import Effects
from linzhang.words import say
from models import Help, HelpState, Inbox, TaskState
from programme.tasks import answers, helping, settling, texts, writing
from programme.tasks.helping import Proof
from programme.tasks.offering import DRAFT, OFFER, PROOF, TAKEN
from rooms.heard import Heard, ours

#: The commands whose signs say yes; the second alone sends and confirms.
_YES, _SURE = ("accept", "done"), "done"


async def meant(event: Heard) -> Mapping[str, Any] | None:
    """What we have said of a task, where the event points at it; None: it is about something else."""
    said = await ours(event.inbound)
    return said if "task" in said else None


async def reacted(event: Heard, about: Mapping[str, Any], command: str) -> Sequence[Effects]:
    """Take a sign: on a draft it lets it go, on a task it says yes, on a proof it confirms.

    Args:
        event: The reaction.
        about: See `meant`.
        command: The name of the command whose sign it is.

    Raises:
        IssueError: It cannot be done; says why.
    """
    number, step = int(about["task"]), about.get("step")
    if event.person is None or command not in _YES:
        return ()
    if step == OFFER:
        return await take(event, number)
    if command != _SURE:
        return ()
    if step == DRAFT:
        return await let_go(event, number, twice=True)
    if step == PROOF:
        return await confirm(event, number, await Help.get(id=int(about["help"])).select_related("person"))
    return ()


async def take(event: Heard, number: int) -> Sequence[Effects]:
    """Say that somebody helps; they are told alone."""
    assert event.person is not None
    task = await writing.lock(number)
    effects = event.effects()
    words = await helping.take(event.settings, task, event.person, event.at, effects)
    return [event.privately(words, effects=effects, task=number, step=TAKEN)]


async def let_go(event: Heard, number: int, *, twice: bool = False) -> Sequence[Effects]:
    """Let a draft go.

    Args:
        event: What asks for it.
        number: The task's.
        twice: Whether nothing is said where it has gone already.
    """
    assert event.person is not None
    task = await writing.lock(number)
    if twice and task.state is not TaskState.DRAFT:
        return ()
    count = await writing.send(event.settings, task, event.person, event.at)
    return [event.retort_words(say(texts.ASKED, event.language, number=number, reach=count))]


async def confirm(event: Heard, number: int, help_: Help) -> Sequence[Effects]:
    """Confirm somebody's help; a sign that is pressed twice says nothing the second time."""
    assert event.person is not None
    task = await writing.lock(number)
    if event.inbound.target and help_.state is HelpState.CONFIRMED:
        return ()
    effects = event.effects()
    words = await settling.confirm(event.settings, task, help_, event.person, event.at, effects)
    return [event.privately(words, effects=effects)]


async def proof(event: Heard, words: str) -> Proof:
    """What somebody shows with a command: what came with it, or with what they reply to of their own."""
    shown = answers.proof_of(event.inbound, words)
    row = await Inbox.get_or_none(bridge=event.inbound.bridge, external_id=event.inbound.target)
    if shown.media or row is None:
        return shown
    earlier = inbox.restore(event.settings, row)
    if earlier.sender != event.inbound.sender or earlier.room != event.inbound.room:
        return shown
    picture = answers.proof_of(earlier, earlier.text)
    return replace(picture, words=words or picture.words)
