"""What a year's roster audit has counted: numbers as they were, whatever the roster becomes."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.territory import Unit


class YearlyCount(Model):
    """The numbers of a unit and of those below it in one year.

    Attributes:
        unit: The unit whose year it is: a county, in Bozhou.
        year: The calendar year in the programme's zone.
        lines: The numbers, the unit's own first, then those of each unit below that has a line
            (`territory.yearly.numbers`).
        digest: Fingerprint of the lines, so that a paper can be held against them.
        frozen_at: When it was counted, in programme time.
        frozen_by: Who had it counted, in their own words.
        signed_at: When it was signed off; from then on nothing of it changes.
        signed_by: Who signed.
    """

    id = fields.BigIntField(primary_key=True)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="yearly_counts", on_delete=fields.RESTRICT
    )
    unit_id: int
    year = fields.IntField()
    lines: list[dict[str, Any]] = fields.JSONField()
    digest = fields.CharField(max_length=64)
    frozen_at = fields.DatetimeField()
    frozen_by = fields.CharField(max_length=128)
    signed_at = fields.DatetimeField(null=True)
    signed_by = fields.CharField(max_length=128, default="")

    class Meta:
        """The table and its indexes."""

        table = "yearly_count"
        unique_together = (("unit_id", "year"),)
