from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.doors import CampaignState, DoorState
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    """Door to door: campaigns, lists, visits, and the sums of them."""

    dependencies = [("linzhang", "0039_merits")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Campaign",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "author",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="author_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="campaigns",
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
                        related_name="campaigns",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("path", fields.CharField(max_length=512)),
                ("title", fields.CharField(max_length=64)),
                ("words", fields.TextField(unique=False)),
                (
                    "questions",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("from_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "state",
                    fields.CharEnumField(
                        default=CampaignState.DRAFT,
                        description="DRAFT: draft\nOPEN: open\nENDED: ended\nSTOPPED: stopped",
                        enum_type=CampaignState,
                        max_length=16,
                    ),
                ),
                ("event_id", fields.CharField(default="", max_length=255)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("begun_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("telling", fields.BooleanField(default=False)),
                ("reached", fields.CharField(default="", max_length=512)),
                ("remind_due", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reminded", fields.SmallIntField(default=0)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "campaign",
                "app": "linzhang",
                "indexes": [
                    Index(fields=["path"]),
                    Index(fields=["telling"]),
                    Index(fields=["state", "until_at"]),
                    Index(fields=["remind_due"]),
                    Index(fields=["event_id"]),
                ],
                "pk_attr": "id",
                "table_description": "Leaders go from door to door. Times are programme time.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CampaignBlock",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "campaign",
                    fields.ForeignKeyField(
                        "linzhang.Campaign",
                        source_field="campaign_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="blocks",
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
                        related_name="campaign_blocks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("path", fields.CharField(max_length=512)),
                ("doors", fields.IntField(default=0)),
                ("begun_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reminded", fields.SmallIntField(default=0)),
                ("reminded_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("stale_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "counted",
                    fields.JSONField(
                        default=dict, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
            ],
            options={
                "table": "campaign_block",
                "app": "linzhang",
                "unique_together": (("campaign_id", "unit_id"),),
                "indexes": [
                    Index(fields=["stale_at"]),
                    Index(fields=["campaign_id", "begun_at", "id"]),
                    Index(fields=["unit_id"]),
                ],
                "pk_attr": "id",
                "table_description": "A block in a campaign, from the moment at which its list was made.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Door",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "block",
                    fields.ForeignKeyField(
                        "linzhang.CampaignBlock",
                        source_field="block_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="listed",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("number", fields.SmallIntField()),
                (
                    "household",
                    fields.ForeignKeyField(
                        "linzhang.Household",
                        source_field="household_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="doors",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="person_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="doors",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=DoorState.TODO,
                        description="TODO: todo\nVISITED: visited\nAWAY: away\nBACK: back\nREFUSED: refused",
                        enum_type=DoorState,
                        max_length=16,
                    ),
                ),
                ("visits", fields.SmallIntField(default=0)),
                ("visited_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "answers",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
            ],
            options={
                "table": "door",
                "app": "linzhang",
                "unique_together": (("block_id", "number"),),
                "indexes": [Index(fields=["household_id"]), Index(fields=["person_id"])],
                "pk_attr": "id",
                "table_description": "A household on a block's list. It has no name of its own: that is the roster's to say.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DoorTally",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "campaign",
                    fields.ForeignKeyField(
                        "linzhang.Campaign",
                        source_field="campaign_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="tallies",
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
                        related_name="door_tallies",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "sums",
                    fields.JSONField(
                        default=dict, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
            ],
            options={
                "table": "door_tally",
                "app": "linzhang",
                "unique_together": (("campaign_id", "unit_id"),),
                "pk_attr": "id",
                "table_description": "What a campaign has come to at a unit and below it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DoorVisit",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "door",
                    fields.ForeignKeyField(
                        "linzhang.Door",
                        source_field="door_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="visited",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "campaign",
                    fields.ForeignKeyField(
                        "linzhang.Campaign",
                        source_field="campaign_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="visits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("path", fields.CharField(max_length=512)),
                (
                    "visitor",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="visitor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="doors_visited",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "state",
                    fields.CharEnumField(
                        description="TODO: todo\nVISITED: visited\nAWAY: away\nBACK: back\nREFUSED: refused",
                        enum_type=DoorState,
                        max_length=16,
                    ),
                ),
                (
                    "answers",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("words", fields.TextField(default="", unique=False)),
                (
                    "media",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "issue",
                    fields.ForeignKeyField(
                        "linzhang.Issue",
                        source_field="issue_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="door_visits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("bridge", fields.CharField(max_length=32)),
                ("external_id", fields.CharField(max_length=255)),
            ],
            options={
                "table": "door_visit",
                "app": "linzhang",
                "unique_together": (("bridge", "external_id", "door_id"),),
                "indexes": [Index(fields=["door_id", "id"]), Index(fields=["campaign_id", "path", "id"])],
                "pk_attr": "id",
                "table_description": "Somebody went to a door: one row for each time.",
            },
            bases=["Model"],
        ),
    ]
