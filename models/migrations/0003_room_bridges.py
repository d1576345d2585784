from tortoise import migrations
from tortoise.migrations import operations as ops
from models.rooms import RoomBridgeState
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0002_merged_units")]

    initial = False

    operations = [
        ops.CreateModel(
            name="BotRoom",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("network", fields.CharField(max_length=32)),
                ("room_id", fields.CharField(unique=True, max_length=255)),
                ("homeserver", fields.CharField(max_length=255)),
                ("lost_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "bot_room",
                "app": "linzhang",
                "indexes": [Index(fields=["network"])],
                "pk_attr": "id",
                "table_description": "A room into which a bridge's bot has invited the service, to be told there what to do.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RoomBridge",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="bridges",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("network", fields.CharField(max_length=32)),
                ("channel", fields.CharField(default="", max_length=255)),
                (
                    "state",
                    fields.CharEnumField(
                        default=RoomBridgeState.JOINING,
                        description="JOINING: joining\nON: on\nREJOINING: rejoining\nLEAVING: leaving\nOFF: off\nFAILED: failed",
                        enum_type=RoomBridgeState,
                        max_length=16,
                    ),
                ),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="bridges_made",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "ended_by",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="ended_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="bridges_ended",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("step", fields.IntField(default=0)),
                ("moved_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("trouble", fields.CharField(default="", max_length=255)),
                ("event_id", fields.CharField(max_length=255)),
                ("thread", fields.CharField(default="", max_length=255)),
            ],
            options={
                "table": "room_bridge",
                "app": "linzhang",
                "indexes": [Index(fields=["network", "state"]), Index(fields=["unit_id", "until"])],
                "pk_attr": "id",
                "table_description": "A unit's room that is bridged to a channel of another network, with who wanted it so.",
            },
            bases=["Model"],
        ),
    ]
