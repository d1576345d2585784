from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0006_room_round")]

    initial = False

    operations = [
        ops.CreateModel(
            name="TiedChat",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("bridge", fields.CharField(max_length=32)),
                ("chat", fields.CharField(max_length=255)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="tied_chats",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("tied_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "tied_chat",
                "app": "linzhang",
                "indexes": [Index(fields=["bridge", "chat"]), Index(fields=["unit_id"])],
                "pk_attr": "id",
                "table_description": "A group of another platform that shows what a unit's room shows, and the other way round.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Twin",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "tie",
                    fields.ForeignKeyField(
                        "linzhang.TiedChat",
                        source_field="tie_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="twins",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("external_id", fields.CharField(max_length=255)),
                ("event_id", fields.CharField(max_length=255)),
            ],
            options={
                "table": "twin",
                "app": "linzhang",
                "unique_together": (("tie_id", "external_id"),),
                "indexes": [Index(fields=["event_id"])],
                "pk_attr": "id",
                "table_description": "A message that stands in a group and in the room to which it is tied, so that replies find it.",
            },
            bases=["Model"],
        ),
    ]
