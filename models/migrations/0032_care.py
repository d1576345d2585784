from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.care import CareKind, CareRhythm, CareState, CareWay
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

from linzhang.schema import AddFilledField


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0031_disputes")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CareRecord",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="care_records",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="care_records",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("path", fields.CharField(max_length=512)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="ALONE: alone\nOLD: old\nDISABLED: disabled\nCHILD: child\nOTHER: other",
                        enum_type=CareKind,
                        max_length=16,
                    ),
                ),
                ("why", fields.CharField(default="", max_length=255)),
                (
                    "recorder",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="recorder_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="recorded_care",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("consent", fields.CharField(max_length=255)),
                ("consent_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "rhythm",
                    fields.CharEnumField(
                        description="DAILY: daily\nWEEKLY: weekly\nOFF: off",
                        enum_type=CareRhythm,
                        max_length=16,
                    ),
                ),
                ("weekday", fields.IntField(null=True)),
                ("clock", fields.IntField(default=480)),
                (
                    "way",
                    fields.CharEnumField(
                        default=CareWay.TEXT,
                        description="TEXT: text\nCALL: call",
                        enum_type=CareWay,
                        max_length=16,
                    ),
                ),
                ("next_due", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("asked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("heard_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("silent_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("visited_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("ended_why", fields.CharField(default="", max_length=255)),
            ],
            options={
                "table": "care_record",
                "app": "linzhang",
                "indexes": [
                    Index(fields=["next_due"]),
                    Index(fields=["path", "ended_at"]),
                    Index(fields=["unit_id"]),
                    Index(fields=["person_id"]),
                ],
                "pk_attr": "id",
                "table_description": "Somebody who is looked after from a day until another. There is none without their consent.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CareRound",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="care_rounds",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("path", fields.CharField(max_length=512)),
                ("occasion", fields.CharField(max_length=16)),
                ("kind", fields.CharField(default="", max_length=16)),
                (
                    "starter",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="starter_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="care_rounds",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("event_id", fields.CharField(max_length=255)),
                ("started_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("reached", fields.BigIntField(default=0)),
                ("done_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "care_round",
                "app": "linzhang",
                "unique_together": (("starter_id", "event_id"),),
                "indexes": [Index(fields=["done_at"]), Index(fields=["path"])],
                "pk_attr": "id",
                "table_description": "An extra question to all who are looked after in a unit and below: in a heat wave, at a festival.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CareCheck",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "record",
                    fields.ForeignKeyField(
                        "linzhang.CareRecord",
                        source_field="record_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="checks",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="care_checks",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("due", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "state",
                    fields.CharEnumField(
                        default=CareState.ASKED,
                        description="ASKED: asked\nAGAIN: again\nMISSING: missing\nWELL: well\nUNWELL: unwell\nVISITED: visited\nDROPPED: dropped",
                        enum_type=CareState,
                        max_length=16,
                    ),
                ),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("answer_due", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "issue",
                    fields.ForeignKeyField(
                        "linzhang.Issue",
                        source_field="issue_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="care_checks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "round",
                    fields.ForeignKeyField(
                        "linzhang.CareRound",
                        source_field="round_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="checks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "care_check",
                "app": "linzhang",
                "unique_together": (("person_id", "due"),),
                "indexes": [
                    Index(fields=["state", "answer_due"]),
                    Index(fields=["person_id", "state"]),
                    Index(fields=["record_id", "id"]),
                    Index(fields=["issue_id"]),
                ],
                "pk_attr": "id",
                "table_description": "One person is asked whether they are well: one row for each moment, however often it is looked for.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CareVisit",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="care_visits",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="care_visits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "visitor",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="visitor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="visits_made",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
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
                        related_name="care_visits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("bridge", fields.CharField(max_length=32)),
                ("external_id", fields.CharField(max_length=255)),
            ],
            options={
                "table": "care_visit",
                "app": "linzhang",
                "unique_together": (("bridge", "external_id"),),
                "indexes": [Index(fields=["person_id", "id"])],
                "pk_attr": "id",
                "table_description": "Somebody went to a person who is looked after.",
            },
            bases=["Model"],
        ),
        AddFilledField(
            model_name="Issue",
            name="silent",
            field=fields.BooleanField(default=False),
        ),
    ]
