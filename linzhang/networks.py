"""Other networks behind third parties' Matrix bridges: what a configuration says about each of them.

A mautrix or matrix-appservice bridge shows people of its network in Matrix rooms as *puppets*. What these
people can see of a room is said here as capabilities, so that nobody ever asks which network it is.
"""

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

#: Blanks in what is said to a bridge's bot.
_ROOM, _CHANNEL = "{room}", "{channel}"


def _readable(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from error
    return pattern


#: A regular expression.
Pattern = Annotated[str, AfterValidator(_readable)]


class Place(StrEnum):
    """Where something is said to a bridge's bot."""

    DIRECT = "direct"  # in a direct room with it, which the service makes
    INVITED = "invited"  # in the room into which the bot has last invited the service
    ROOM = "room"  # in the unit's room


class Step(BaseModel):
    """Something that is said to a bridge's bot, and how its answers are understood.

    Attributes:
        say: The line; {room} is the unit's room's id, {channel} what is bridged to it.
        place: Where it is said.
        expect: The step is done when a line of an answer has this pattern; empty: as soon as it is said.
        refused: It can never be done when a line of one has this pattern; empty: none says so.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    say: str = Field(min_length=1, pattern=r"^[^\r\n]+$")
    place: Place = Place.DIRECT
    expect: Pattern = ""
    refused: Pattern = ""

    def words(self, room_id: str, channel: str) -> str:
        """What to say; whatever the blanks are filled with is never read as a blank."""
        fills = {_ROOM: room_id, _CHANNEL: channel}
        return re.sub(r"\{(?:room|channel)\}", lambda found: fills[found.group()], self.say)

    def is_done(self, answer: str) -> bool:
        """Whether an answer of the bot's says that it is done."""
        return bool(self.expect) and re.search(self.expect, answer, re.MULTILINE) is not None

    def is_refused(self, answer: str) -> bool:
        """Whether an answer of the bot's says that it never will be."""
        return bool(self.refused) and re.search(self.refused, answer, re.MULTILINE) is not None


class Network(BaseModel):
    """A network and the third party's bridge to it.

    Attributes:
        name: What leaders call it: '!bridge irc #zhangzhuang'.
        bot: Matrix id of the bridge's bot, which is let into rooms.
        puppets: Patterns of the Matrix ids under which the bridge shows the network's people.
        own: Patterns of the puppets that are the bridge itself, by which our own words come back.
        power: What the bot needs in a room, to invite puppets and to take them out.
        channel: Pattern of what can be bridged to a room.
        join: What bridges a room to a channel; empty: it is enough that the bot is invited.
        leave: What ends that.
        threads: Whether its people see in which thread something is said.
        edits: Whether they see a changed message as changed, and not as another one.
        notices: Whether they see what bots say as notices (m.notice).
        direct: Whether the service can talk to one of them alone.
        width: Characters after which a line is broken, where the bridge loses what is longer; 0: it loses
            nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[\w-]{1,32}$")
    bot: str = Field(pattern=r"^@[^:\s]+:\S+$")
    puppets: list[Pattern] = Field(min_length=1)
    own: list[Pattern] = []
    power: int = Field(default=50, ge=0, le=99)
    channel: Pattern = r"[^\s\x00-\x1f]{1,64}"
    join: list[Step] = []
    leave: list[Step] = []
    threads: bool = False
    edits: bool = False
    notices: bool = False
    direct: bool = False
    width: int = Field(default=0, ge=0, le=10_000)

    def has(self, user_id: str) -> bool:
        """Whether a Matrix user is one of this network's people."""
        return user_id != self.bot and _any(self.puppets, user_id)

    def is_itself(self, user_id: str) -> bool:
        """Whether a puppet is the bridge's own account on the network, whose words are ours."""
        return _any(self.own, user_id)

    def can_have(self, channel: str) -> bool:
        """Whether something can be bridged to a room: nothing else ever reaches the bot."""
        return re.fullmatch(self.channel, channel) is not None

    @property
    def in_the_open(self) -> bool:
        """Whether its people are answered by a message of its own in the room: nothing else reaches them."""
        return not self.threads and not self.direct


def _any(patterns: list[str], user_id: str) -> bool:
    return any(re.fullmatch(pattern, user_id) for pattern in patterns)
