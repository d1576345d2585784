"""Which Matrix room a unit has, and which event in it shows which issue."""

from __future__ import annotations

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.issues import Issue
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

    class Meta:
        """The table and its indexes."""

        table = "room"
        indexes = (Index(fields=("unit_id", "kind")),)


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
