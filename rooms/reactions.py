"""What a reaction on an issue asks for.

Only the signs of the table of commands mean anything; people react to each other as they like.
"""

from collections.abc import Sequence

from issues import chain
from issues.effects import Effects
from models import Issue
from rooms import canvassed, changes, commands, heard, honoured, noticed, tasked
from rooms.commands import Call, Command
from rooms.heard import Heard

#: What is pressed in passing too: it counts on the post itself only, and from those who may only.
_CASUAL = "accept"


async def take(event: Heard) -> Sequence[Effects]:
    """Do what a reaction asks for, if it asks for something.

    Raises:
        IssueError: It cannot be done; says why.
    """
    command = commands.reacting(event.inbound.text)
    if command is None:
        return await noticed.chosen(event) if event.issue_id is None else ()
    if event.issue_id is None:
        if about := await tasked.meant(event):
            return await tasked.reacted(event, about, command.name)
        if (number := await honoured.meant(event)) is not None:
            return await honoured.reacted(event, number, command.name)
        if campaign := await canvassed.drafted(event):
            return await canvassed.reacted(event, campaign, command.name)
        return await noticed.reacted(event, command.name)
    if command.name == "note":
        return await changes.into_note(event)
    if command.name == _CASUAL and not await _is_meant(event):
        return ()
    return await command.run(_call(event, command))


def _call(event: Heard, command: Command) -> Call:
    return Call(event, command.form)


async def _is_meant(event: Heard) -> bool:
    if event.person is None or not await heard.is_post(event.inbound):
        return False
    issue = await Issue.get(id=event.issue_id).select_related("block", "holder")
    unit = issue.block or issue.holder
    return unit is not None and await chain.unit_led(event.person, unit, event.at) is not None
