"""The territory: units, the households and places in a block, and who leads a unit."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

if TYPE_CHECKING:
    from models.people import Person


class Unit(Model):
    """One node of the territory tree.

    Attributes:
        code: The official code, unique in the programme; what the room's alias is made of.
        tier: Key of its tier in the territory profile.
        path: The codes from the root down to this unit, each followed by '/': a subtree is a
            range of paths. Derived from `parent`, stored so that a subtree is one indexed range.
        card_code: The number printed on the contact card, by which a newcomer names the block.
        homeserver: Name of the homeserver its room lives on; empty: its parent's.
        households: How many households it has, where they are counted but not listed.
        merged_into: The unit that it has become part of. It is closed and never used again; its history,
            its code and its card stay its own.
        closed_at: Since when it is, in programme time; empty while the unit is there.
    """

    id = fields.BigIntField(primary_key=True)
    code = fields.CharField(max_length=64, unique=True)
    name = fields.CharField(max_length=128)
    tier = fields.CharField(max_length=32)
    parent: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="children", null=True, on_delete=fields.RESTRICT
    )
    parent_id: int | None
    path = fields.CharField(max_length=512)
    card_code = fields.CharField(max_length=16, unique=True, null=True)
    homeserver = fields.CharField(max_length=255, null=True)
    urban = fields.BooleanField(default=False)
    households = fields.IntField(default=0)
    merged_into: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="merged", null=True, on_delete=fields.RESTRICT
    )
    merged_into_id: int | None
    closed_at = fields.DatetimeField(null=True)
    leaderships: fields.ReverseRelation[Leadership]
    absences: fields.ReverseRelation[Absence]
    latitude = fields.FloatField(null=True)
    longitude = fields.FloatField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "unit"
        indexes = (Index(fields=("path",)), Index(fields=("parent_id",)), Index(fields=("tier", "name")))


class Household(Model):
    """A household of a block."""

    id = fields.BigIntField(primary_key=True)
    block: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="household_list", on_delete=fields.RESTRICT
    )
    block_id: int
    label = fields.CharField(max_length=128)

    class Meta:
        """The table and its indexes."""

        table = "household"
        indexes = (Index(fields=("block_id",)),)


class Place(Model):
    """A shop, hotel, school or hospital that a block covers too."""

    id = fields.BigIntField(primary_key=True)
    block: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="places", on_delete=fields.RESTRICT
    )
    block_id: int
    name = fields.CharField(max_length=128)
    kind = fields.CharField(max_length=32)

    class Meta:
        """The table and its indexes."""

        table = "place"
        indexes = (Index(fields=("block_id",)),)


class Role(StrEnum):
    """In which capacity a person answers for a unit."""

    LEADER = "leader"  # one per unit at a time
    DEPUTY = "deputy"  # acts in the leader's name


class Chosen(StrEnum):
    """How somebody came to their post."""

    UNKNOWN = ""
    RECOMMENDED = "recommended"  # by the neighbours
    VOLUNTEERED = "volunteered"
    APPOINTED = "appointed"


class Leadership(Model):
    """A person answers for a unit from a day until another. Rows end, they are never deleted.

    Attributes:
        until: When it ended, in programme time; empty while it lasts.
        since: From when it counts; a deputy's may lie ahead.
        chosen: How they came to it.
    """

    id = fields.BigIntField(primary_key=True)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="leaderships", on_delete=fields.RESTRICT
    )
    unit_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="leaderships", on_delete=fields.RESTRICT
    )
    person_id: int
    role = fields.CharEnumField(Role, max_length=16)
    since = fields.DatetimeField()
    until = fields.DatetimeField(null=True)
    chosen = fields.CharEnumField(Chosen, max_length=16, default=Chosen.UNKNOWN)

    class Meta:
        """The table and its indexes."""

        table = "leadership"
        indexes = (
            Index(fields=("unit_id",)),
            Index(fields=("person_id",)),
            Index(fields=("since",)),
            Index(fields=("until",)),
        )


class Absence(Model):
    """A leader is away, and a deputy stands in. Rows are ended early, never deleted.

    Attributes:
        deputy: Who stands in; empty: issues go to the unit above.
        since: From when, in programme time.
        until: Until when, in programme time.
    """

    id = fields.BigIntField(primary_key=True)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="absences", on_delete=fields.RESTRICT
    )
    unit_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="absences", on_delete=fields.RESTRICT
    )
    person_id: int
    deputy: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="stand_ins", null=True, on_delete=fields.RESTRICT
    )
    deputy_id: int | None
    since = fields.DatetimeField()
    until = fields.DatetimeField()

    class Meta:
        """The table and its indexes."""

        table = "absence"
        indexes = (Index(fields=("unit_id", "until")), Index(fields=("since",)), Index(fields=("until",)))
