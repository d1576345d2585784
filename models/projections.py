"""What the desk reads, derived from issues by one duty: it can be thrown away and made anew."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from pydantic_core import from_json
from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.territory import Unit


class Level(IntEnum):
    """The warning level of a unit: how much is piled up there for its size."""

    GREEN = 0
    BLUE = 1
    YELLOW = 2
    ORANGE = 3
    RED = 4


class Projected(Model):
    """What one issue has added to the sums: it is subtracted before it is added anew.

    Attributes:
        issue_id: The issue's id. No foreign key: rows go in and out in bulk, and issues stay for ever.
        path: Of the unit that it is about, as it was then: to this one and all above it was added.
        points: Its weight in thousandths of a point.
        open: 1 while it is in hand.
        overdue: 1 while it is in hand, and a window passed since somebody last did something about it.
        urgent: 1 while it is in hand and urgent.
        reopened: 1 while it is in hand, and it was said before to be done.
        week: The Monday, in the programme's zone, of the week in which it was received.
        counts: What it adds to the figures of that week, by the keys of `projections.counting`.
        next_at: When its weight changes by time alone, in programme time; empty: never.
    """

    issue_id = fields.BigIntField(primary_key=True, generated=False)
    path = fields.CharField(max_length=512)
    points = fields.BigIntField()
    open = fields.IntField()
    overdue = fields.IntField()
    urgent = fields.IntField()
    reopened = fields.IntField()
    week = fields.DateField()
    counts: dict[str, int] = fields.JSONField()
    next_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "projected"
        indexes = (Index(fields=("path", "week")), Index(fields=("next_at",)))


class UnitLoad(Model):
    """What is piled up at a unit and below it, and the warning level that this makes.

    Every unit has a row soon after it is there; one without has nothing, and is green.

    Attributes:
        points: Sum of the weights of the issues in hand, in thousandths of a point.
        open: How many issues are in hand.
        overdue: How many of them have missed a window.
        urgent: How many of them are urgent.
        reopened: How many of them were said before to be done.
        households: How many live there; assumed where nobody has counted.
        level: The warning level.
        since: Since when it has been at this level, in programme time.
        told: The highest level that its leader has been told of, and not long since left.
        fell_at: Since when it has been below that.
        tell_at: From when its leader is to be told of a rise; empty: they need not be.
        report_at: From when the tier above is to be told of it.
        heard_at: When its leader was last told of units below.
    """

    unit: fields.OneToOneRelation[Unit] = fields.OneToOneField(
        "linzhang.Unit", related_name="load", primary_key=True, on_delete=fields.CASCADE
    )
    unit_id: int
    points = fields.BigIntField(default=0)
    open = fields.IntField(default=0)
    overdue = fields.IntField(default=0)
    urgent = fields.IntField(default=0)
    reopened = fields.IntField(default=0)
    households = fields.IntField(default=0)
    level = fields.IntEnumField(Level, default=Level.GREEN)
    since = fields.DatetimeField(null=True)
    told = fields.IntEnumField(Level, default=Level.GREEN)
    fell_at = fields.DatetimeField(null=True)
    tell_at = fields.DatetimeField(null=True)
    report_at = fields.DatetimeField(null=True)
    heard_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "unit_load"
        indexes = (Index(fields=("tell_at",)), Index(fields=("report_at",)))


class Tally(Model):
    """The figures of a unit and of all below it, of the issues received in one week.

    Kept for the tiers from the lowest that has a space upwards; below them the few issues of a unit are
    counted when somebody asks (`projections.tallies`).

    Attributes:
        week: The Monday of the week, in the programme's zone.
        counts: By the keys of `projections.counting`.
    """

    id = fields.BigIntField(primary_key=True)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="tallies", on_delete=fields.CASCADE
    )
    unit_id: int
    week = fields.DateField()
    counts: dict[str, int] = fields.JSONField(decoder=from_json)  # twice as fast as the usual one

    class Meta:
        """The table and its indexes."""

        table = "tally"
        unique_together = (("unit_id", "week"),)


class ChangeKind(StrEnum):
    """What has changed."""

    ISSUE = "issue"  # something about an issue, or its words
    LEVEL = "level"  # the warning level of a unit


class Change(Model):
    """One line of the feed that live pages follow: by ascending id, and gone after a day.

    Attributes:
        at: When, in machine time.
        path: Of the unit that it happened at; empty: of an issue of which nobody knows where it belongs.
        issue_id: Which issue, if one has changed.
        unit_id: Which unit, if its level has.
        level: Its level now.
    """

    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField()
    kind = fields.CharEnumField(ChangeKind, max_length=16)
    path = fields.CharField(max_length=512)
    issue_id = fields.BigIntField(null=True)
    unit_id = fields.BigIntField(null=True)
    level = fields.IntEnumField(Level, null=True)

    class Meta:
        """The table and its indexes."""

        table = "change"
        indexes = (Index(fields=("at",)),)


class ProjectionState(Model):
    """How the projections stand: one row.

    Attributes:
        name: There is one name.
        parameters: Digest of the profile's parameters by which the weights and levels were made.
        silent: Whether rises are not told of: until all that was there before has been gone through.
        sized_to: The highest id of a unit whose households are counted.
        sizes_stale_at: Machine time since which households may have changed; empty: none has.
        rebuilt_at: Machine time of the last rebuild from scratch.
    """

    name = fields.CharField(max_length=16, primary_key=True)
    parameters = fields.CharField(max_length=64, default="")
    silent = fields.BooleanField(default=True)
    sized_to = fields.BigIntField(default=0)
    sizes_stale_at = fields.DatetimeField(null=True)
    rebuilt_at = fields.DatetimeField(null=True)

    class Meta:
        """The table."""

        table = "projection_state"
