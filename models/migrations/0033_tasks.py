from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.tasks import Entry, HelpState, TaskState
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0032_care")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Task",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "author",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="author_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="tasks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "payer",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="payer_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="tasks_paid",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="tasks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("path", fields.CharField(max_length=512)),
                ("words", fields.TextField(unique=False)),
                ("need", fields.IntField()),
                ("pay", fields.BigIntField()),
                ("currency", fields.CharField(max_length=3)),
                (
                    "state",
                    fields.CharEnumField(
                        default=TaskState.DRAFT,
                        description="DRAFT: draft\nOPEN: open\nFULL: full\nDONE: done\nOFF: off",
                        enum_type=TaskState,
                        max_length=16,
                    ),
                ),
                ("event_id", fields.CharField(default="", max_length=255)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("sent_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("over_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("offering", fields.BooleanField(default=False)),
                ("reached", fields.CharField(default="", max_length=512)),
            ],
            options={
                "table": "task",
                "app": "linzhang",
                "indexes": [
                    Index(fields=["path"]),
                    Index(fields=["payer_id"]),
                    Index(fields=["offering"]),
                    Index(fields=["event_id"]),
                ],
                "pk_attr": "id",
                "table_description": "Work for which leaders are asked, with its pay. Times are programme time.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Help",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "task",
                    fields.ForeignKeyField(
                        "linzhang.Task",
                        source_field="task_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="helps",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="helps",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=HelpState.ACCEPTED,
                        description="ACCEPTED: accepted\nDONE: done\nCONFIRMED: confirmed\nREFUSED: refused\nLEFT: left\nREVERSED: reversed",
                        enum_type=HelpState,
                        max_length=16,
                    ),
                ),
                ("accepted_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("words", fields.TextField(default="", unique=False)),
                (
                    "media",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("bridge", fields.CharField(default="", max_length=32)),
                ("event_id", fields.CharField(default="", max_length=255)),
                (
                    "place",
                    fields.JSONField(
                        null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("proved_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("settled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "settled_by",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="settled_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="helps_settled",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("why", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "help",
                "app": "linzhang",
                "unique_together": (("task", "person"),),
                "indexes": [Index(fields=["person_id"])],
                "pk_attr": "id",
                "table_description": "Somebody helps with a task: one row for each of them, however often they come and go.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Allowance",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "help",
                    fields.ForeignKeyField(
                        "linzhang.Help",
                        source_field="help_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="allowances",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "entry",
                    fields.CharEnumField(
                        default=Entry.DUE, description="DUE: due\nBACK: back", enum_type=Entry, max_length=8
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="allowances",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "payer",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="payer_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="allowances",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("amount", fields.BigIntField()),
                ("currency", fields.CharField(max_length=3)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="allowances_entered",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("paid_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "paid_by",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="paid_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="allowances_paid",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "allowance",
                "app": "linzhang",
                "unique_together": (("help", "entry"),),
                "indexes": [Index(fields=["payer_id", "paid_at"]), Index(fields=["person_id"])],
                "pk_attr": "id",
                "table_description": "One row of the ledger: what a leader is due for one piece of help, or the same taken back.",
            },
            bases=["Model"],
        ),
    ]
