"""How a room differs from what it must be, in plain words: a pure comparison.

It never blames what the programme does not decide: guests whom a leader has invited, powers that the
service has given to somebody of no roster, such as another bridge's bot.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bridges.matrix.policy import BOT
from rooms.actual import Actual
from rooms.wanted import Wanted

_THERE = ("join", "invite")

#: Types of state by what people call them, and the one thing in them that matters.
_CALLED = {
    "m.room.name": ("the name", "name"),
    "m.room.topic": ("the topic", "topic"),
    "m.room.avatar": ("the picture", "url"),
    "m.room.canonical_alias": ("the main alias", "alias"),
    "m.room.history_visibility": ("who may read what was said before", "history_visibility"),
    "m.room.join_rules": ("who may enter", "join_rule"),
    "m.room.guest_access": ("whether guests may enter", "guest_access"),
}


class DriftKind(StrEnum):
    """What is not as it must be."""

    UPGRADED = "upgraded"  # somebody has put another room in its place
    POWERLESS = "powerless"  # the service itself may not repair anything
    STATE = "state"  # its name, topic, picture …; the subject is the type of event
    POWER = "power"  # who may do what
    EQUAL = "equal"  # somebody has as much power as the service, which can take it from nobody
    FORMER = "former"  # somebody is there for a post that they have no more
    MISSING = "missing"  # somebody is not there who must be
    LEFT = "left"  # the same, but they have left by themselves
    BANNED = "banned"  # the same, but a leader has banned them, which is meant
    ALIAS = "alias"  # its alias points elsewhere
    SPACE = "space"  # its space does not show it
    OTHER_SPACE = "other space"  # it is in a space of ours in which it was before
    CHILD = "child"  # it is a space and shows a room that is no more


@dataclass(frozen=True, slots=True)
class Drift:
    """One thing that is not as it must be.

    Attributes:
        kind: What.
        words: The same for people.
        subject: Whom or what it is about: a Matrix id, a type of event.
    """

    kind: DriftKind
    words: str
    subject: str = ""


def drifts(
    wanted: Wanted, actual: Actual, room_id: str, bot: str, gone: frozenset[str], spaces: frozenset[str]
) -> list[Drift]:
    """All that is not as it must be, in the order in which it can be repaired.

    Args:
        wanted: The room as it must be.
        actual: As it is.
        room_id: Which one.
        bot: Matrix id of the service's own user there.
        gone: Ids of rooms that are no more.
        spaces: Ids of spaces that are or were ours.
    """
    powers = actual.state.get("m.room.power_levels", {})
    if actual.state.get("m.room.tombstone", {}).get("replacement_room"):
        return [Drift(DriftKind.UPGRADED, "it was upgraded: another room is in its place")]
    if _level(powers, bot) < BOT:
        return [Drift(DriftKind.POWERLESS, "the service has lost its power there")]
    return [
        *_state(wanted, actual),
        *_powers(wanted, powers, bot),
        *_members(wanted, actual),
        *_place(wanted, actual, room_id),
        *(
            Drift(DriftKind.OTHER_SPACE, f"it is still in the space {space}", space)
            for space in sorted((actual.parents & spaces) - {wanted.around})
        ),
        *(
            Drift(DriftKind.CHILD, f"it shows {child}, which is no more", child)
            for child in sorted(actual.children & gone)
        ),
    ]


def _state(wanted: Wanted, actual: Actual) -> Iterator[Drift]:
    for kind, content in wanted.state.items():
        called, key = _CALLED[kind]
        is_now = actual.state.get(kind, {}).get(key)
        if is_now != content[key]:
            words = f"{called} is {_quoted(is_now)}, not {_quoted(content[key])}"
            yield Drift(DriftKind.STATE, words, kind)


def _powers(wanted: Wanted, powers: Mapping[str, Any], bot: str) -> Iterator[Drift]:
    for user, level in wanted.powers.items():
        has = _level(powers, user)
        if has != level and user != bot and has >= BOT:
            words = f"{user} has the power {has}, and only they themselves can give it back"
            yield Drift(DriftKind.EQUAL, words, user)
        elif has != level:
            yield Drift(DriftKind.POWER, f"{user} has the power {has}, not {level}", user)
    if not _covers(powers, wanted.rules):
        yield Drift(DriftKind.POWER, "who may do what there was changed")


def _members(wanted: Wanted, actual: Actual) -> Iterator[Drift]:
    for user in wanted.former:
        if actual.members.get(user) in _THERE:
            yield Drift(DriftKind.FORMER, f"{user} is still there, without a post", user)
    for user in wanted.invited:
        membership = actual.members.get(user)
        if membership in _THERE:
            continue
        if membership == "ban":
            yield Drift(DriftKind.BANNED, f"{user} is banned", user)
        elif user in actual.went:
            yield Drift(DriftKind.LEFT, f"{user} has left", user)
        else:
            how = "is not there" if membership is None else "was removed"
            yield Drift(DriftKind.MISSING, f"{user} {how}", user)


def _place(wanted: Wanted, actual: Actual, room_id: str) -> Iterator[Drift]:
    if actual.alias_points_to != room_id:
        what = "points to another room" if actual.alias_points_to else "is not there"
        yield Drift(DriftKind.ALIAS, f"its alias #{wanted.alias} {what}")
    if wanted.needs_space and not (wanted.around and actual.shown and wanted.around in actual.parents):
        yield Drift(DriftKind.SPACE, "its space does not show it" if wanted.around else "it is in no space")


def _level(powers: Mapping[str, Any], user: str) -> int:
    users = powers.get("users")
    given = users.get(user) if isinstance(users, Mapping) else None
    level = powers.get("users_default", 0) if given is None else given
    return level if isinstance(level, int) else 0


def _covers(found: Any, rules: Mapping[str, Any]) -> bool:
    """Whether all that is ruled is so; what is ruled besides does not matter."""
    for key, value in rules.items():
        is_now = found.get(key) if isinstance(found, Mapping) else None
        if isinstance(value, Mapping):
            if not _covers(is_now, value):
                return False
        elif is_now != value:
            return False
    return True


def _quoted(value: Any) -> str:
    return "missing" if value in (None, "") else f"‘{str(value)[:100]}’"
