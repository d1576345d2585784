"""The API's tables: who may come in by a token, and what was answered, for whoever asks the same again."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.people import Person


class ApiToken(Model):
    """A key by which a programme acts for a person. The word itself is kept nowhere, only its keyed hash.

    Attributes:
        lookup: Keyed hash of the word (`linzhang.vault`).
        name: What its owner calls it, such as 'the water works' system'.
        person: For whom it acts: it can never do more than they can at that moment.
        unit_ids: Ids of the units to which it is limited; empty: all of theirs.
        rights: What it may do, by the names of `web.access.tokens.Right`.
        made_at: Machine time, like all times of tokens: they are about machines.
        expires_at: Until when it counts.
        last_used_at: When it was last used, to the minute; empty: never.
        revoked_at: When it was taken back.
    """

    id = fields.BigIntField(primary_key=True)
    lookup = fields.CharField(max_length=64, unique=True)
    name = fields.CharField(max_length=80)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="api_tokens", on_delete=fields.CASCADE
    )
    person_id: int
    unit_ids: list[int] = fields.JSONField(default=list)
    rights: list[str] = fields.JSONField(default=list)
    made_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "api_token"
        indexes = (Index(fields=("person_id",)),)


class ApiAnswer(Model):
    """What a request was answered that came with a key of its own: who repeats it gets the same answer.

    Written in the transaction of what the request did. Gone after a day.

    Attributes:
        key: What the client calls the request; unique for its token.
        digest: Of what was asked, so that one key is not used for two things.
        body: The answer.
        made_at: Machine time.
    """

    id = fields.BigIntField(primary_key=True)
    token: fields.ForeignKeyRelation[ApiToken] = fields.ForeignKeyField(
        "linzhang.ApiToken", related_name="answers", on_delete=fields.CASCADE
    )
    token_id: int
    key = fields.CharField(max_length=128)
    digest = fields.CharField(max_length=64)
    body: dict[str, Any] = fields.JSONField()
    made_at = fields.DatetimeField()

    class Meta:
        """The table and its indexes."""

        table = "api_answer"
        unique_together = (("token_id", "key"),)
        indexes = (Index(fields=("made_at",)),)
