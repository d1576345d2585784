"""Where a unit lies on the map."""

from __future__ import annotations

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.territory import Unit


class Origin(StrEnum):
    """Where a border comes from."""

    GIVEN = "given"  # by a file
    JOINED = "joined"  # all that lies below was given, and this is around it
    DRAWN = "drawn"  # by `territory.borders`, so that the unit can be seen


class Border(Model):
    """The ground of a unit on the map, in degrees of WGS84.

    Attributes:
        shape: A polygon or several, as well-known binary (`territory.borders.shapes`).
        west: Least longitude.
        south: Least latitude.
        east: Greatest longitude.
        north: Greatest latitude.
        origin: Where it comes from; what was drawn may be drawn anew at any time.
        version: Fingerprint: of the shape where it was given or joined, else of all that it was drawn from.
    """

    unit: fields.OneToOneRelation[Unit] = fields.OneToOneField(
        "linzhang.Unit", related_name="border", primary_key=True, on_delete=fields.RESTRICT
    )
    unit_id: int
    shape = fields.BinaryField()
    west = fields.FloatField()
    south = fields.FloatField()
    east = fields.FloatField()
    north = fields.FloatField()
    origin = fields.CharEnumField(Origin, max_length=8)
    version = fields.CharField(max_length=32)

    class Meta:
        """The table."""

        table = "border"
