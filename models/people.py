"""People and the addresses under which bridges reach them."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.territory import Household, Unit


class Person(Model):
    """A resident, a leader, or both.

    Attributes:
        name: As the roster has it; empty for a number that nobody knows yet.
        language: Tag of the language the person uses; empty: the profile's default.
        language_chosen: Whether they asked for it, so that it is not learnt from what they write.
        block: Where the person lives; empty until it is known.
        party_member: Whether they are in the Party, as the roster says; empty where nobody has said.
        smartphone: Whether they have a smartphone, as the roster says; empty where nobody has said.
    """

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=128, default="")
    language = fields.CharField(max_length=16, default="")
    language_chosen = fields.BooleanField(default=False)
    block: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="residents", null=True, on_delete=fields.RESTRICT
    )
    block_id: int | None
    household: fields.ForeignKeyNullableRelation[Household] = fields.ForeignKeyField(
        "linzhang.Household", related_name="people", null=True, on_delete=fields.SET_NULL
    )
    household_id: int | None
    addresses: fields.ReverseRelation[Address]
    party_member = fields.BooleanField(null=True)
    smartphone = fields.BooleanField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "person"
        indexes = (Index(fields=("block_id",)),)


class Address(Model):
    """Where one bridge reaches one person: a phone number, a Matrix id.

    Attributes:
        bridge: The bridge's name, such as 'sms' or 'matrix'.
        lookup: Keyed hash of the address (`linzhang.vault`), unique per bridge.
        sealed: The address itself, encrypted.
        stopped_at: When the person, or the carrier for them, said that nothing may be sent here.
        seen_at: When the person last did or read something here, in programme time.
        fixed_line: Whether it is a telephone that takes calls and no texts.
    """

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="addresses", on_delete=fields.CASCADE
    )
    person_id: int
    bridge = fields.CharField(max_length=32)
    lookup = fields.CharField(max_length=64)
    sealed = fields.TextField()
    stopped_at = fields.DatetimeField(null=True)
    seen_at = fields.DatetimeField(null=True)
    fixed_line = fields.BooleanField(default=False)

    class Meta:
        """The table and its indexes."""

        table = "address"
        unique_together = (("bridge", "lookup"),)
        indexes = (Index(fields=("person_id",)),)


class Invitation(Model):
    """A code by which a person can bind a chat account of their own. The code itself is kept nowhere.

    Attributes:
        lookup: Keyed hash of the code (`linzhang.vault`).
        made_at: When it was made, in programme time.
        expires_at: Until when it counts, in programme time.
        used_at: When it was used, or a later one took its place.
    """

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="invitations", on_delete=fields.CASCADE
    )
    person_id: int
    lookup = fields.CharField(max_length=64, unique=True)
    made_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "invitation"
        indexes = (Index(fields=("person_id",)),)


class FormerAccount(Model):
    """A chat account that was a person's until they bound another one: it is in no room of theirs any more.

    Attributes:
        bridge: The bridge's name.
        lookup: Keyed hash of the address (`linzhang.vault`).
        sealed: The address itself, encrypted.
        until: When it was replaced, in programme time.
    """

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="former_accounts", on_delete=fields.CASCADE
    )
    person_id: int
    bridge = fields.CharField(max_length=32)
    lookup = fields.CharField(max_length=64)
    sealed = fields.TextField()
    until = fields.DatetimeField()

    class Meta:
        """The table and its indexes."""

        table = "former_account"
        unique_together = (("bridge", "lookup"),)
        indexes = (Index(fields=("person_id",)),)


class Portrait(Model):
    """A leader's picture, for cards and posters.

    Attributes:
        picture: A JPEG that was made fit (`attachments`).
        since: When it was handed in, in programme time.
    """

    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "linzhang.Person", related_name="portrait", primary_key=True, on_delete=fields.CASCADE
    )
    person_id: int
    picture = fields.BinaryField()
    since = fields.DatetimeField()

    class Meta:
        """The table."""

        table = "portrait"
