"""The desk: who has come in, what they have looked at, and what leaders say of themselves there."""

from __future__ import annotations

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.people import Person
from models.territory import Unit


class Ticket(Model):
    """A link by which one person comes in once. The word in it is kept nowhere, only its keyed hash.

    Attributes:
        lookup: Keyed hash of the word (`linzhang.vault`).
        made_at: Machine time, like all times of tickets and sessions: they are about machines.
        expires_at: Until when it counts.
        used_at: When it was used, or a later one took its place.
    """

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="tickets", on_delete=fields.CASCADE
    )
    person_id: int
    lookup = fields.CharField(max_length=64, unique=True)
    made_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "ticket"
        indexes = (Index(fields=("person_id",)),)


class Way(StrEnum):
    """How somebody has come in."""

    TICKET = "ticket"  # a link that the service has sent them in their direct room
    MATRIX = "matrix"  # name and password of their homeserver
    OIDC = "oidc"  # the city's own login


class Session(Model):
    """One browser of somebody who has come in. What is in its cookie is kept nowhere, only its keyed hash.

    Attributes:
        lookup: Keyed hash of the cookie's word.
        way: How they came in.
        seen_at: When it was last used, to the minute; machine time.
        expires_at: When it ends, however much it is used.
        ended_at: When it was ended before that.
    """

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="sessions", on_delete=fields.CASCADE
    )
    person_id: int
    lookup = fields.CharField(max_length=64, unique=True)
    way = fields.CharEnumField(Way, max_length=16)
    made_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "session"
        indexes = (Index(fields=("person_id",)),)


class Attempt(Model):
    """Somebody has tried to come in with a password. Kept for a day, for nobody to try all of them.

    Attributes:
        at: Machine time.
        key: Keyed hash of the account that was tried, or of the address from which.
    """

    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField()
    key = fields.CharField(max_length=64)

    class Meta:
        """The table and its indexes."""

        table = "attempt"
        indexes = (Index(fields=("key", "at")), Index(fields=("at",)))


class Look(Model):
    """One immutable row each time that somebody was shown a number outside an issue (DESIGN, rule 7).

    Attributes:
        at: Programme time.
        person: Who was shown it.
        whose: Whose number.
    """

    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField()
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="looks", on_delete=fields.RESTRICT
    )
    person_id: int
    whose: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="looked_at", on_delete=fields.RESTRICT
    )
    whose_id: int

    class Meta:
        """The table and its indexes."""

        table = "look"
        indexes = (Index(fields=("whose_id",)), Index(fields=("person_id", "at")))


class StatusNote(Model):
    """What a leader says of themselves and their unit for a while: 'on patrol', 'at the hospital until four'.

    Rows end, they are never deleted; the latest that has not ended counts.

    Attributes:
        person: Who says it.
        since: From when it counts, in programme time.
        until: When it ends.
    """

    id = fields.BigIntField(primary_key=True)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="status_notes", on_delete=fields.RESTRICT
    )
    unit_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="status_notes", on_delete=fields.RESTRICT
    )
    person_id: int
    text = fields.CharField(max_length=120)
    since = fields.DatetimeField()
    until = fields.DatetimeField()

    class Meta:
        """The table and its indexes."""

        table = "status_note"
        indexes = (Index(fields=("unit_id", "until")),)
