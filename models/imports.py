"""Files that an administrator has handed in on the desk, until they are applied or put away."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.people import Person


class ImportState(StrEnum):
    """How far an import is. A worker does what waits; whoever handed it in decides in between."""

    WAITING = "waiting"  # for a worker that says what would change
    LOOKING = "looking"  # one is at it
    WRONG = "wrong"  # the files cannot be taken
    SHOWN = "shown"  # what would change can be read
    WANTED = "wanted"  # waits for a worker that carries out what was shown
    APPLYING = "applying"  # one is at it
    APPLIED = "applied"
    BROKEN = "broken"  # the worker died over it: nothing was changed


class Import(Model):
    """Files of one upload, and what they change or would. Times are machine time.

    Attributes:
        person: Who handed them in, and who alone sees them.
        made_at: When they came.
        moved_at: When the state last changed.
        files: Their names, in the order in which they are loaded.
        found: For each file what it changes: 'file', 'kind', 'total', 'counts' and 'examples' by kind of
            change, 'fingerprint'. No phone number is in it.
        errors: Some of what is wrong: 'file', and the words in each language.
        error_count: How much is wrong.
        differs: Whether it would change something else than what was shown before.
        stage: What the worker is doing.
        done: How much of that it has done.
        total: How much of that there is.
        leased_until: Until when the worker must have given a sign of life.
    """

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="imports", on_delete=fields.CASCADE
    )
    person_id: int
    state = fields.CharEnumField(ImportState, max_length=16, default=ImportState.WAITING)
    made_at = fields.DatetimeField()
    moved_at = fields.DatetimeField()
    files: list[str] = fields.JSONField(default=list)
    found: list[dict[str, Any]] = fields.JSONField(default=list)
    errors: list[dict[str, Any]] = fields.JSONField(default=list)
    error_count = fields.IntField(default=0)
    differs = fields.BooleanField(default=False)
    stage = fields.CharField(max_length=32, default="")
    done = fields.IntField(default=0)
    total = fields.IntField(default=0)
    leased_until = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "territory_import"
        indexes = (Index(fields=("state",)), Index(fields=("person_id",)))


class ImportPiece(Model):
    """A piece of a file that was handed in, encrypted: files hold phone numbers.

    They are kept here and in no folder, since any worker on any machine may come for them.

    Attributes:
        place: Which of the upload's files, from 0.
        seq: Which piece of it, from 0.
        sealed: Its bytes (`linzhang.vault`).
    """

    id = fields.BigIntField(primary_key=True)
    of: fields.ForeignKeyRelation[Import] = fields.ForeignKeyField(
        "linzhang.Import", related_name="pieces", on_delete=fields.CASCADE
    )
    of_id: int
    place = fields.IntField()
    seq = fields.IntField()
    sealed = fields.BinaryField()

    class Meta:
        """The table and its indexes."""

        table = "import_piece"
        unique_together = (("of_id", "place", "seq"),)
