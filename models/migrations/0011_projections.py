from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.projections import ChangeKind, Level
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

from linzhang.schema import AddFilledField, OnDialect


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0010_borders")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Change",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="ISSUE: issue\nLEVEL: level", enum_type=ChangeKind, max_length=16
                    ),
                ),
                ("path", fields.CharField(max_length=512)),
                ("issue_id", fields.BigIntField(null=True)),
                ("unit_id", fields.BigIntField(null=True)),
                (
                    "level",
                    fields.IntEnumField(
                        null=True,
                        description="GREEN: 0\nBLUE: 1\nYELLOW: 2\nORANGE: 3\nRED: 4",
                        enum_type=Level,
                        generated=False,
                    ),
                ),
            ],
            options={
                "table": "change",
                "app": "linzhang",
                "indexes": [Index(fields=["at"])],
                "pk_attr": "id",
                "table_description": "One line of the feed that live pages follow: by ascending id, and gone after a day.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Projected",
            fields=[
                (
                    "issue_id",
                    fields.BigIntField(primary_key=True, generated=False, unique=True, db_index=True),
                ),
                ("path", fields.CharField(max_length=512)),
                ("points", fields.BigIntField()),
                ("open", fields.IntField()),
                ("overdue", fields.IntField()),
                ("urgent", fields.IntField()),
                ("reopened", fields.IntField()),
                ("week", fields.DateField()),
                (
                    "counts",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("next_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "projected",
                "app": "linzhang",
                "indexes": [Index(fields=["path", "week"]), Index(fields=["next_at"])],
                "pk_attr": "issue_id",
                "table_description": "What one issue has added to the sums: it is subtracted before it is added anew.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ProjectionState",
            fields=[
                ("name", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=16)),
                ("parameters", fields.CharField(default="", max_length=64)),
                ("silent", fields.BooleanField(default=True)),
                ("sized_to", fields.BigIntField(default=0)),
                ("sizes_stale_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("rebuilt_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "projection_state",
                "app": "linzhang",
                "pk_attr": "name",
                "table_description": "How the projections stand: one row.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Tally",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="tallies",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("week", fields.DateField()),
                (
                    "counts",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
            ],
            options={
                "table": "tally",
                "app": "linzhang",
                "unique_together": (("unit_id", "week"),),
                "pk_attr": "id",
                "table_description": "The figures of a unit and of all below it, of the issues received in one week.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="UnitLoad",
            fields=[
                (
                    "unit",
                    fields.OneToOneField(
                        "linzhang.Unit",
                        source_field="unit_id",
                        primary_key=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="load",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("points", fields.BigIntField(default=0)),
                ("open", fields.IntField(default=0)),
                ("overdue", fields.IntField(default=0)),
                ("urgent", fields.IntField(default=0)),
                ("reopened", fields.IntField(default=0)),
                ("households", fields.IntField(default=0)),
                (
                    "level",
                    fields.IntEnumField(
                        default=Level.GREEN,
                        description="GREEN: 0\nBLUE: 1\nYELLOW: 2\nORANGE: 3\nRED: 4",
                        enum_type=Level,
                        generated=False,
                    ),
                ),
                ("since", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "told",
                    fields.IntEnumField(
                        default=Level.GREEN,
                        description="GREEN: 0\nBLUE: 1\nYELLOW: 2\nORANGE: 3\nRED: 4",
                        enum_type=Level,
                        generated=False,
                    ),
                ),
                ("fell_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("tell_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("report_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("heard_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "unit_load",
                "app": "linzhang",
                "indexes": [Index(fields=["tell_at"]), Index(fields=["report_at"])],
                "pk_attr": "unit_id",
                "table_description": "What is piled up at a unit and below it, and the warning level that this makes.",
            },
            bases=["Model"],
        ),
        AddFilledField(
            model_name="Issue",
            name="path",
            field=fields.CharField(default="", max_length=512),
        ),
        ops.AddField(
            model_name="Issue",
            name="stale_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name="Issue",
            index=Index(fields=["path", "state"]),
        ),
        ops.AddIndex(
            model_name="Issue",
            index=Index(fields=["state", "id"]),
        ),
        ops.AddIndex(
            model_name="Issue",
            index=Index(fields=["stale_at"]),
        ),
        # A subtree is a range of paths: only byte by byte is it one, and only so does an index serve LIKE.
        OnDialect(
            postgres=[
                f'ALTER TABLE "{table}" ALTER COLUMN "path" TYPE VARCHAR(512) COLLATE "C"'
                for table in ("unit", "issue", "projected", "change")
            ]
        ),
        # The words of issues, as `projections.words` cuts them: no model, since each database has its own kind.
        OnDialect(
            postgres=[
                'CREATE TABLE "issue_words" ("issue_id" BIGINT PRIMARY KEY, "words" TSVECTOR NOT NULL)',
                'CREATE INDEX "idx_issue_words" ON "issue_words" USING GIN ("words")',
            ],
            sqlite=[
                'CREATE VIRTUAL TABLE "issue_words" USING fts5'
                "(words, tokenize = 'unicode61 remove_diacritics 0')"
            ],
        ),
        # All that is there already is gone through once, in silence.
        ops.RunSQL(
            """UPDATE "issue" SET "stale_at" = CURRENT_TIMESTAMP, "path" = COALESCE(
            (SELECT "path" FROM "unit" WHERE "unit"."id" = COALESCE("issue"."block_id", "issue"."holder_id")), '')"""
        ),
    ]
