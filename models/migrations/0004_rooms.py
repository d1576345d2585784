from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

from linzhang.schema import AddFilledField


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0003_room_bridges")]

    initial = False

    operations = [
        ops.CreateModel(
            name="FormerAccount",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="former_accounts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("bridge", fields.CharField(max_length=32)),
                ("lookup", fields.CharField(max_length=64)),
                ("sealed", fields.TextField(unique=False)),
                ("until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "former_account",
                "app": "linzhang",
                "unique_together": (("bridge", "lookup"),),
                "indexes": [Index(fields=["person_id"])],
                "pk_attr": "id",
                "table_description": "A chat account that was a person's until they bound another one: it is in no room of theirs any more.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Invitation",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="invitations",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("lookup", fields.CharField(unique=True, max_length=64)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "invitation",
                "app": "linzhang",
                "indexes": [Index(fields=["person_id"])],
                "pk_attr": "id",
                "table_description": "A code by which a person can bind a chat account of their own. The code itself is kept nowhere.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Knock",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("room_id", fields.CharField(unique=True, max_length=255)),
                ("homeserver", fields.CharField(max_length=255)),
                ("lookup", fields.CharField(max_length=64)),
                ("sealed", fields.TextField(unique=False)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("heard", fields.IntField(default=0)),
                ("wrong", fields.IntField(default=0)),
                ("left_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "knock",
                "app": "linzhang",
                "indexes": [Index(fields=["lookup", "at"]), Index(fields=["at"]), Index(fields=["left_at"])],
                "pk_attr": "id",
                "table_description": "A room into which a stranger has invited the service, which listens there for a code and no more.",
            },
            bases=["Model"],
        ),
        ops.AddIndex(
            model_name="Absence",
            index=Index(fields=["since"]),
        ),
        ops.AddIndex(
            model_name="Absence",
            index=Index(fields=["until"]),
        ),
        ops.AddIndex(
            model_name="Leadership",
            index=Index(fields=["since"]),
        ),
        ops.AddIndex(
            model_name="Leadership",
            index=Index(fields=["until"]),
        ),
        AddFilledField(
            model_name="Room",
            name="digest",
            field=fields.CharField(default="", max_length=32),
        ),
        ops.AddField(
            model_name="Room",
            name="looked_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Room",
            name="stale_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        AddFilledField(
            model_name="Room",
            name="successor",
            field=fields.CharField(default="", max_length=255),
        ),
        ops.AddIndex(
            model_name="Room",
            index=Index(fields=["stale_at"]),
        ),
        ops.AddIndex(
            model_name="Room",
            index=Index(fields=["looked_at"]),
        ),
        ops.AddIndex(
            model_name="Room",
            index=Index(fields=["successor"]),
        ),
        AddFilledField(
            model_name="Routine",
            name="reached",
            field=fields.BigIntField(default=0),
        ),
    ]
