"""How far the service has read on each homeserver by itself, besides what the homeserver tells."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class Reading(Model):
    """How far one homeserver's rooms are read.

    Attributes:
        server_name: Which homeserver.
        position: Its own word for it; empty: not begun.
        looked_at: Machine time of the last look, by whichever worker.
    """

    server_name = fields.CharField(max_length=255, primary_key=True)
    position = fields.CharField(max_length=1000, default="")
    looked_at = fields.DatetimeField()

    class Meta:
        """The table."""

        table = "reading"
