"""Which group of another platform is tied to which unit's room, and which messages are the same in both."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.territory import Unit


class TiedChat(Model):
    """A group of another platform that shows what a unit's room shows, and the other way round.

    Attributes:
        bridge: The bridge's name.
        chat: The platform's id of the group.
        tied_at: In programme time.
        ended_at: When it was untied; empty while it is tied.
    """

    id = fields.BigIntField(primary_key=True)
    bridge = fields.CharField(max_length=32)
    chat = fields.CharField(max_length=255)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="tied_chats", on_delete=fields.RESTRICT
    )
    unit_id: int
    tied_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "tied_chat"
        indexes = (Index(fields=("bridge", "chat")), Index(fields=("unit_id",)))


class Twin(Model):
    """A message that stands in a group and in the room to which it is tied, so that replies find it.

    Attributes:
        external_id: The platform's id of it.
        event_id: The homeserver's id of it.
    """

    id = fields.BigIntField(primary_key=True)
    tie: fields.ForeignKeyRelation[TiedChat] = fields.ForeignKeyField(
        "linzhang.TiedChat", related_name="twins", on_delete=fields.CASCADE
    )
    tie_id: int
    external_id = fields.CharField(max_length=255)
    event_id = fields.CharField(max_length=255)

    class Meta:
        """The table and its indexes."""

        table = "twin"
        unique_together = (("tie_id", "external_id"),)
        indexes = (Index(fields=("event_id",)),)
