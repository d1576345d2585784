"""What a room must be, from the roster alone: a pure function, and the one place that says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bridges.matrix.policy import ANYONE, DOORS, power_levels
from linzhang.settings import Homeserver
from rooms.roster import Roster


@dataclass(frozen=True, slots=True)
class Wanted:
    """A room as it must be.

    Attributes:
        alias: The local part of its alias.
        state: Contents by type of state event, each without a state key.
        rules: 'm.room.power_levels' but for its users.
        powers: What those of the roster may, by Matrix id.
        invited: Who must be there, or invited.
        former: Who must not be there any more.
        around: Id of the space that shows it; empty: none, or none yet.
        needs_space: Whether there must be one.
    """

    alias: str
    state: Mapping[str, Mapping[str, Any]]
    rules: Mapping[str, Any]
    powers: Mapping[str, int]
    invited: tuple[str, ...]
    former: tuple[str, ...]
    around: str
    needs_space: bool


def wanted(roster: Roster, homeserver: Homeserver, avatar: str) -> Wanted:
    """The room that a roster asks for.

    Args:
        roster: What the database says.
        homeserver: On which the room is.
        avatar: The 'mxc:' address of its picture; empty: none can be had, and any will do.
    """
    rules = power_levels(homeserver.bot_id, roster.leaders, space=roster.is_space)
    given = rules.pop("users")
    nobody = dict.fromkeys([*roster.people, *roster.former], ANYONE)
    state: dict[str, Mapping[str, Any]] = {
        "m.room.name": {"name": roster.name},
        "m.room.topic": {"topic": roster.topic},
        "m.room.canonical_alias": {"alias": f"#{roster.alias}:{homeserver.server_name}"},
        **DOORS,
    }
    if avatar:
        state["m.room.avatar"] = {"url": avatar}
    return Wanted(
        alias=roster.alias,
        state=state,
        rules=rules,
        powers=nobody | given | dict(roster.guests),
        invited=(*roster.leaders, *roster.people, *(bot for bot, _ in roster.guests)),
        former=roster.former,
        around=roster.around,
        needs_space=roster.needs_space,
    )
