"""Which Matrix room a unit has, and which event in it shows which issue."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.issues import Issue
from models.people import Address, Person
from models.territory import Unit


class RoomKind(StrEnum):
    """What a room is for."""

    ROOM = "room"  # the unit's own room: its leader and the leaders below
    SPACE = "space"  # the space around the rooms of the unit's subtree


class Room(Model):
    """A room of a unit.

    Attributes:
        room_id: The homeserver's id of it.
        homeserver: Name of the homeserver it was made on.
        lost_at: When the service was thrown out of it or it was left behind; a unit has at most
            one room of a kind that is not lost.
        successor: Id of the room that somebody has put in its place by an upgrade; empty: none.
        stale_at: Machine time from which it is to be looked over; empty: nothing is known to be wrong.
        looked_at: Machine time at which the roster was last compared with what it was.
        digest: Of the roster as it was then; empty: not known.
    """

    id = fields.BigIntField(primary_key=True)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="rooms", on_delete=fields.RESTRICT
    )
    unit_id: int
    kind = fields.CharEnumField(RoomKind, max_length=16)
    room_id = fields.CharField(max_length=255, unique=True)
    homeserver = fields.CharField(max_length=255)
    made_at = fields.DatetimeField()
    lost_at = fields.DatetimeField(null=True)
    successor = fields.CharField(max_length=255, default="")
    stale_at = fields.DatetimeField(null=True)
    looked_at = fields.DatetimeField(null=True)
    digest = fields.CharField(max_length=32, default="")

    class Meta:
        """The table and its indexes."""

        table = "room"
        indexes = (
            Index(fields=("unit_id", "kind")),
            Index(fields=("stale_at", "looked_at")),
            Index(fields=("successor",)),
        )


class RoomEventKind(StrEnum):
    """What an event of ours in a room is to its issue."""

    POST = "post"  # the root of the issue's thread in this room
    CARD = "card"  # where its state is shown, if the root is a resident's own message
    LINE = "line"  # anything further in the thread


class RoomEvent(Model):
    """An event in a room that belongs to an issue, so that replies and reactions find it."""

    id = fields.BigIntField(primary_key=True)
    issue: fields.ForeignKeyRelation[Issue] = fields.ForeignKeyField(
        "linzhang.Issue", related_name="events", on_delete=fields.RESTRICT
    )
    issue_id: int
    room_id = fields.CharField(max_length=255)
    event_id = fields.CharField(max_length=255, unique=True)
    kind = fields.CharEnumField(RoomEventKind, max_length=16)

    class Meta:
        """The table and its indexes."""

        table = "room_event"
        indexes = (Index(fields=("issue_id", "room_id")),)


class DirectRoom(Model):
    """A room in which one person and the service are alone with each other.

    Attributes:
        address: The person's address on the platform.
        room_id: The homeserver's id of it.
        homeserver: Name of the homeserver whose service is in it.
        lost_at: When one of the two left it.
    """

    id = fields.BigIntField(primary_key=True)
    address: fields.ForeignKeyRelation[Address] = fields.ForeignKeyField(
        "linzhang.Address", related_name="direct_rooms", on_delete=fields.CASCADE
    )
    address_id: int
    room_id = fields.CharField(max_length=255, unique=True)
    homeserver = fields.CharField(max_length=255)
    lost_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "direct_room"
        indexes = (Index(fields=("address_id",)),)


class Knock(Model):
    """A room into which a stranger has invited the service, which listens there for a code and no more.

    Attributes:
        room_id: The homeserver's id of it.
        homeserver: Name of the homeserver whose service is in it.
        lookup: Keyed hash of the stranger's Matrix id (`linzhang.vault`).
        sealed: The id itself, encrypted.
        at: When they came, in programme time.
        heard: How many of their messages were listened to.
        wrong: How many of these held a code that was none.
        left_at: When the service left it, or the stranger was no stranger any more.
    """

    id = fields.BigIntField(primary_key=True)
    room_id = fields.CharField(max_length=255, unique=True)
    homeserver = fields.CharField(max_length=255)
    lookup = fields.CharField(max_length=64)
    sealed = fields.TextField()
    at = fields.DatetimeField()
    heard = fields.IntField(default=0)
    wrong = fields.IntField(default=0)
    left_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "knock"
        indexes = (Index(fields=("lookup", "at")), Index(fields=("at",)), Index(fields=("left_at",)))


class Outcast(Model):
    """Somebody who was put out of a room by others, and is not heard there until they are in it again.

    Their own homeserver may not have been told, or may not want to know: what they say meanwhile is shown to
    nobody by any other, but Synapse tells application services of it all the same.

    Attributes:
        room_id: The homeserver's id of the room.
        lookup: Keyed hash of their Matrix id, as in `Address`.
    """

    id = fields.BigIntField(primary_key=True)
    room_id = fields.CharField(max_length=255)
    lookup = fields.CharField(max_length=64)

    class Meta:
        """The table and its indexes."""

        table = "outcast"
        unique_together = (("room_id", "lookup"),)


class Upload(Model):
    """A picture, sound or film that a homeserver keeps for us, so that it is uploaded once.

    Attributes:
        bridge: Through which bridge it came.
        source: Where it came from: the address under which the bridge's platform kept it.
        made_for: What it was made fit for: a room's clients, or a resident's phone.
        homeserver: Name of the homeserver that keeps it.
        uri: Its 'mxc:' address there.
        content_type: Its type, as its own bytes tell.
        extension: How its name ends.
        family: How it is shown: picture, sound, film, paper.
        size: Bytes.
        facts: What clients want to know before they have it: 'w', 'h', 'duration', 'waveform', and of a
            film's first picture 'poster' and 'poster_size'.
    """

    id = fields.BigIntField(primary_key=True)
    bridge = fields.CharField(max_length=32)
    source = fields.CharField(max_length=1000)
    made_for = fields.CharField(max_length=8)
    homeserver = fields.CharField(max_length=255)
    uri = fields.CharField(max_length=255)
    content_type = fields.CharField(max_length=128)
    extension = fields.CharField(max_length=8)
    family = fields.CharField(max_length=8)
    size = fields.BigIntField()
    facts: dict[str, Any] = fields.JSONField(default=dict)

    class Meta:
        """The table and its indexes."""

        table = "upload"
        unique_together = (("source", "made_for", "homeserver"),)


class RoomBridgeState(StrEnum):
    """How far a room's bridge to another network is."""

    JOINING = "joining"  # the bridge's bot is being told
    ON = "on"
    REJOINING = "rejoining"  # the unit has another room: the bot is told to leave the old one, and to join
    LEAVING = "leaving"  # the bridge's bot is being told
    OFF = "off"  # it was taken away
    FAILED = "failed"  # the bot has said no, or nothing


class RoomBridge(Model):
    """A unit's room that is bridged to a channel of another network, with who wanted it so.

    Rows are never deleted: they are the record of what was bridged when.

    Attributes:
        network: Name of the network in the settings.
        channel: What it is bridged to there; empty where the bridge needs none.
        since: When it was asked for, in programme time.
        by: Who asked for it.
        until: When it was over, in programme time; empty while its bot is wanted in the room.
        ended_by: Who asked for its end; empty where it has failed.
        step: Which of the steps that the bot is told is under way, from 0.
        moved_at: Machine time of the last step.
        trouble: What the bot has said instead of doing it.
        event_id: What is answered when it is done: the command.
        thread: The thread in which that stands.
    """

    id = fields.BigIntField(primary_key=True)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="bridges", on_delete=fields.RESTRICT
    )
    unit_id: int
    network = fields.CharField(max_length=32)
    channel = fields.CharField(max_length=255, default="")
    state = fields.CharEnumField(RoomBridgeState, max_length=16, default=RoomBridgeState.JOINING)
    since = fields.DatetimeField()
    by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="bridges_made", on_delete=fields.RESTRICT
    )
    by_id: int
    until = fields.DatetimeField(null=True)
    ended_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="bridges_ended", null=True, on_delete=fields.RESTRICT
    )
    ended_by_id: int | None
    step = fields.IntField(default=0)
    moved_at = fields.DatetimeField()
    trouble = fields.CharField(max_length=255, default="")
    event_id = fields.CharField(max_length=255)
    thread = fields.CharField(max_length=255, default="")

    class Meta:
        """The table and its indexes."""

        table = "room_bridge"
        indexes = (Index(fields=("network", "state")), Index(fields=("unit_id", "until")))


class BotRoom(Model):
    """A room into which a bridge's bot has invited the service, to be told there what to do.

    Attributes:
        network: Name of the network in the settings.
        room_id: The homeserver's id of it.
        homeserver: Name of the homeserver whose service was invited.
        lost_at: When the service was thrown out of it.
    """

    id = fields.BigIntField(primary_key=True)
    network = fields.CharField(max_length=32)
    room_id = fields.CharField(max_length=255, unique=True)
    homeserver = fields.CharField(max_length=255)
    lost_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "bot_room"
        indexes = (Index(fields=("network",)),)
