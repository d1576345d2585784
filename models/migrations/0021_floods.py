from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from linzhang.schema import DescribeField
from models.intake import FloodState, InboxState


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0020_operations")]

    initial = False

    operations = [
        DescribeField(
            model_name="Inbox",
            name="state",
            field=fields.CharEnumField(
                description="WAITING: waiting\nDONE: done\nFAILED: failed\nHELD: held",
                default=InboxState.WAITING,
                enum_type=InboxState,
                max_length=16,
            ),
        ),
        ops.AddIndex(model_name="Inbox", index=Index(fields=["lane", "id"])),
        ops.CreateModel(
            name="Flood",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "address",
                    fields.ForeignKeyField(
                        "linzhang.Address",
                        source_field="address_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="floods",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("lane", fields.CharField(unique=True, max_length=255)),
                (
                    "state",
                    fields.CharEnumField(
                        description="ON: on\nLET: let\nOUT: out",
                        default=FloodState.ON,
                        enum_type=FloodState,
                        max_length=16,
                    ),
                ),
                ("began_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("answered_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("decided_by", fields.CharField(default="", max_length=128)),
            ],
            options={
                "table": "flood",
                "app": "linzhang",
                "indexes": [Index(fields=["state"]), Index(fields=["address_id"])],
                "pk_attr": "id",
                "table_description": "A sender from whom more came than any person writes: what came too much is held in the inbox.",
            },
            bases=["Model"],
        ),
    ]
