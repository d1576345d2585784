"""Which workers there are: each says again and again that it lives, and when it last looked for work."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class Worker(Model):
    """One worker process, while it lives and for some time after that.

    Attributes:
        name: The machine, the process and a word of its own.
        seen_at: Machine time of its last sign of life.
        swept_at: Machine time at which it last found the end of a look at the database for what is due; of
            several workers with one Redis only one looks each time.
    """

    name = fields.CharField(max_length=96, primary_key=True)
    started_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    swept_at = fields.DatetimeField(null=True)

    class Meta:
        """The table."""

        table = "worker"
