"""What every room of ours is like: who may do what in it, who may enter, who may read what was said before.

One place for those who make rooms and for those who look whether a room is still so.
"""

from collections.abc import Sequence
from typing import Any

#: The powers of the service's own user, of whoever acts for a unit, and of everybody else.
BOT, LEADER, ANYONE = 100, 50, 0

#: What only the service may change, since residents' words would leak or the room stop to work.
_BOT_ONLY = (
    "m.room.canonical_alias",
    "m.room.encryption",
    "m.room.guest_access",
    "m.room.history_visibility",
    "m.room.join_rules",
    "m.room.power_levels",
    "m.room.server_acl",
    "m.room.tombstone",
)

#: By type of event; said outright, although Synapse's preset for private rooms has the same today.
DOORS: dict[str, dict[str, Any]] = {
    "m.room.history_visibility": {"history_visibility": "shared"},
    "m.room.join_rules": {"join_rule": "invite"},
    "m.room.guest_access": {"guest_access": "forbidden"},
}


def power_levels(bot: str, leaders: Sequence[str], *, space: bool) -> dict[str, Any]:
    """Who may do what in a room of ours: the content of 'm.room.power_levels'."""
    return {
        "users": {bot: BOT} | dict.fromkeys(leaders, LEADER),
        "users_default": ANYONE,
        "events": dict.fromkeys(_BOT_ONLY, BOT),
        "events_default": LEADER if space else ANYONE,
        "state_default": LEADER,
        "invite": LEADER,
        "kick": LEADER,
        "ban": LEADER,
        "redact": LEADER,
    }
