"""What leaders can say to the service: a table of commands, one module for each family.

`python -m rooms.commands` prints the table for the documentation.
"""

from collections.abc import Sequence

from issues import texts
from issues.effects import Effects
from rooms.commands import (
    answering,
    bridging,
    calling,
    caring,
    desking,
    encouraging,
    finding,
    honouring,
    linking,
    moving,
    noticing,
    opining,
    polling,
    reconciling,
    sorting,
    standing_in,
    surveying,
    tasking,
    teaching,
    thanking,
    usage,
    visiting,
)
from rooms.commands.call import Call
from rooms.commands.parsing import Line, inside, read
from rooms.commands.table import TABLE, Command, nearest, reacting
from rooms.heard import Heard

__all__ = [
    "FAMILIES",
    "TABLE",
    "Call",
    "Command",
    "Line",
    "inside",
    "nearest",
    "obey",
    "reacting",
    "read",
]

#: The modules that fill the table when they are imported; help shows them in this order.
FAMILIES = (
    answering,
    calling,
    finding,
    moving,
    sorting,
    noticing,
    polling,
    opining,
    honouring,
    reconciling,
    teaching,
    caring,
    visiting,
    tasking,
    surveying,
    encouraging,
    thanking,
    standing_in,
    linking,
    bridging,
    desking,
    usage,
)


async def obey(heard: Heard, line: Line) -> Sequence[Effects]:
    """Do what a line asks for.

    Raises:
        IssueError: It cannot be done; says why.
    """
    if line.command is not None:
        return await line.command.run(Call(heard, line.command.form, line.number, line.words))
    meant = nearest(line.word)
    if meant is None:
        return [heard.retort(texts.UNKNOWN_COMMAND, word=line.word)]
    return [heard.retort(texts.UNKNOWN_COMMAND_LIKE, word=line.word, form=meant.form)]
