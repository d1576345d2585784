"""A command or a reaction that is taken back, or written anew: undone where nobody has heard of it yet.

A deed is found by the event that made it, which the history names.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bridges.contract import Inbound, Kind
from issues import inbox, lifecycle, texts, untold
from issues.effects import Effects
from models import Action, History, Inbox
from rooms import commands, heard, noticed
from rooms.heard import Heard


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier event of the same person.

    Attributes:
        inbound: The event.
        issue_id: The issue that it pointed at.
        deed: What it has made of an issue; None: nothing.
    """

    inbound: Inbound
    issue_id: int | None
    deed: History | None


async def earlier(event: Heard) -> Earlier | None:
    """The event that this one edits or takes back, if it was the same person's."""
    row = await Inbox.get_or_none(bridge=event.inbound.bridge, external_id=event.inbound.target)
    if row is None or event.person is None:
        return None
    inbound = inbox.restore(event.settings, row)
    if inbound.sender != event.inbound.sender or inbound.room != event.inbound.room:
        return None
    deed = await History.filter(event_id=inbound.external_id).order_by("-id").first()
    return Earlier(inbound, await heard.about(inbound), deed)


async def take_back(event: Heard, before: Earlier) -> Sequence[Effects]:
    """Undo what the event has made, or say that it cannot be undone.

    Raises:
        IssueError: It cannot be done; says why.
    """
    if before.deed is None:
        return await noticed.taken_back(event, before.inbound.external_id)
    issue = await lifecycle.lock(before.deed.issue_id)
    thread = await heard.thread_of(issue.id, event.inbound.room)
    said = replace(event, issue_id=issue.id, thread=thread)
    if before.deed.action is Action.URGENT:
        return [await lifecycle.calm(event.settings, issue, event.actor, event.at)]
    if before.deed.action is not Action.RESOLVE:
        return [said.retort(texts.CANNOT_TAKE_BACK, number=issue.number)]
    if issue.returns_to_id is not None or not await untold.stop(issue, before.deed):
        return [said.retort(texts.ASKED_ALREADY, number=issue.number)]
    return [await lifecycle.undo(event.settings, issue, event.actor, event.at)]


async def write_anew(event: Heard, before: Earlier) -> Sequence[Effects]:
    """An edited command that has done nothing is the new one; one that has done something is over.

    Raises:
        IssueError: It cannot be done; says why.
    """
    line = commands.read(event.text, bare=event.is_direct)
    if line is None or line.command is None or before.inbound.kind is not Kind.TEXT:
        return ()
    anew = replace(event.inbound, kind=Kind.TEXT, thread=before.inbound.thread, target=before.inbound.target)
    thread = anew.thread or await heard.thread_of(before.issue_id, anew.room)
    said = replace(event, inbound=anew, issue_id=before.issue_id, thread=thread)
    if before.deed is not None:
        return [said.retort(texts.DONE_ALREADY)]
    await noticed.written_anew(event, before.inbound.external_id)
    return await commands.obey(said, line)
