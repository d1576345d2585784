from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.imports import ImportState
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0012_attempts")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Import",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="imports",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=ImportState.WAITING,
                        description="WAITING: waiting\nLOOKING: looking\nWRONG: wrong\nSHOWN: shown\nWANTED: wanted\nAPPLYING: applying\nAPPLIED: applied\nBROKEN: broken",
                        enum_type=ImportState,
                        max_length=16,
                    ),
                ),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("moved_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "files",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "found",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "errors",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("error_count", fields.IntField(default=0)),
                ("differs", fields.BooleanField(default=False)),
                ("stage", fields.CharField(default="", max_length=32)),
                ("done", fields.IntField(default=0)),
                ("total", fields.IntField(default=0)),
                ("leased_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "territory_import",
                "app": "linzhang",
                "indexes": [Index(fields=["state"]), Index(fields=["person_id"])],
                "pk_attr": "id",
                "table_description": "Files of one upload, and what they change or would. Times are machine time.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ImportPiece",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "of",
                    fields.ForeignKeyField(
                        "linzhang.Import",
                        source_field="of_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="pieces",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("place", fields.IntField()),
                ("seq", fields.IntField()),
                ("sealed", fields.BinaryField()),
            ],
            options={
                "table": "import_piece",
                "app": "linzhang",
                "unique_together": (("of_id", "place", "seq"),),
                "pk_attr": "id",
                "table_description": "A piece of a file that was handed in, encrypted: files hold phone numbers.",
            },
            bases=["Model"],
        ),
    ]
