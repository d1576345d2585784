"""What is to happen regularly, and when next: columns, as all deadlines."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class Routine(Model):
    """Something that comes again, such as the morning's digest.

    Attributes:
        name: What it is.
        due: When it is next to be done, in programme time.
        reached: How far it has got, where it goes through rows by their ids.
    """

    name = fields.CharField(max_length=64, primary_key=True)
    due = fields.DatetimeField()
    reached = fields.BigIntField(default=0)

    class Meta:
        """The table."""

        table = "routine"
