from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.notices import NoticePhase, NoticeState, PostState, Reached
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0027_climbed")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Notice",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "author",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="author_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="notices",
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
                        related_name="notices",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("path", fields.CharField(max_length=512)),
                ("words", fields.TextField(unique=False)),
                (
                    "aim",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=NoticeState.DRAFT,
                        description="DRAFT: draft\nASKED: asked\nSET: set\nGOING: going\nOUT: out\nSTOPPED: stopped",
                        enum_type=NoticeState,
                        max_length=16,
                    ),
                ),
                ("event_id", fields.CharField(default="", max_length=255)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("start_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("people", fields.IntField(default=0)),
                ("texts", fields.IntField(default=0)),
                ("segments", fields.IntField(default=0)),
                (
                    "approver",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="approver_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="approved_notices",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("begun_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("out_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "phase",
                    fields.CharEnumField(
                        default=NoticePhase.LEADERS,
                        description="LEADERS: leaders\nRESIDENTS: residents\nDONE: done",
                        enum_type=NoticePhase,
                        max_length=16,
                    ),
                ),
                ("reached", fields.CharField(default="", max_length=512)),
                ("sliced_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("remind_due", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "notice",
                "app": "linzhang",
                "indexes": [
                    Index(fields=["state", "start_at"]),
                    Index(fields=["path"]),
                    Index(fields=["event_id"]),
                    Index(fields=["remind_due"]),
                ],
                "pk_attr": "id",
                "table_description": "One notice.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="NoticePost",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "notice",
                    fields.ForeignKeyField(
                        "linzhang.Notice",
                        source_field="notice_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="posts",
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
                        related_name="notice_posts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=PostState.WAITING,
                        description="WAITING: waiting\nQUEUED: queued\nUP: up",
                        enum_type=PostState,
                        max_length=16,
                    ),
                ),
                ("room_id", fields.CharField(default="", max_length=255)),
                ("event_id", fields.CharField(default="", max_length=255)),
                ("posted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "notice_post",
                "app": "linzhang",
                "unique_together": (("notice_id", "unit_id"),),
                "indexes": [
                    Index(fields=["notice_id", "state", "id"]),
                    Index(fields=["event_id"]),
                    Index(fields=["room_id"]),
                ],
                "pk_attr": "id",
                "table_description": "A notice as it stands, or is to stand, in one unit's room.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="NoticePerson",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "notice",
                    fields.ForeignKeyField(
                        "linzhang.Notice",
                        source_field="notice_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="recipients",
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
                        related_name="noticed",
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
                        related_name="noticed",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("path", fields.CharField(max_length=512)),
                ("leads", fields.BooleanField(default=False)),
                (
                    "post",
                    fields.ForeignKeyField(
                        "linzhang.NoticePost",
                        source_field="post_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="readers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "address",
                    fields.ForeignKeyField(
                        "linzhang.Address",
                        source_field="address_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="noticed",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=Reached.WAITING,
                        description="WAITING: waiting\nQUEUED: queued\nTOLD: told\nDELIVERED: delivered\nREAD: read\nLOST: lost\nNOBODY: nobody",
                        enum_type=Reached,
                        max_length=16,
                    ),
                ),
                ("told_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("read_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("passed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reminded_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("counted", fields.CharField(default="", max_length=32)),
                ("stale_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "notice_person",
                "app": "linzhang",
                "unique_together": (("notice_id", "person_id"),),
                "indexes": [
                    Index(fields=["notice_id", "state", "id"]),
                    Index(fields=["notice_id", "unit_id"]),
                    Index(fields=["person_id", "id"]),
                    Index(fields=["post_id"]),
                    Index(fields=["stale_at"]),
                ],
                "pk_attr": "id",
                "table_description": "One person whom a notice is for: there is one row for each, however often it is looked for.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="NoticeTally",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "notice",
                    fields.ForeignKeyField(
                        "linzhang.Notice",
                        source_field="notice_id",
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
                        related_name="notice_tallies",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("leaders", fields.IntField(default=0)),
                ("leaders_told", fields.IntField(default=0)),
                ("leaders_read", fields.IntField(default=0)),
                ("passed", fields.IntField(default=0)),
                ("residents", fields.IntField(default=0)),
                ("told", fields.IntField(default=0)),
                ("delivered", fields.IntField(default=0)),
                ("read", fields.IntField(default=0)),
                ("lost", fields.IntField(default=0)),
            ],
            options={
                "table": "notice_tally",
                "app": "linzhang",
                "unique_together": (("notice_id", "unit_id"),),
                "pk_attr": "id",
                "table_description": "What a notice has come to at a unit and all below it: it costs what a page shows of it.",
            },
            bases=["Model"],
        ),
    ]
