from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.intake import InboxState
from models.issues import Action, QuestionKind, State, Voice
from models.outbox import OutboxState
from models.rooms import RoomEventKind, RoomKind
from models.territory import Role
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Inbox",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("bridge", fields.CharField(max_length=32)),
                ("external_id", fields.CharField(max_length=255)),
                ("lane", fields.CharField(max_length=255)),
                ("sender", fields.TextField(unique=False)),
                (
                    "body",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "state",
                    fields.CharEnumField(
                        default=InboxState.WAITING,
                        description="WAITING: waiting\nDONE: done\nFAILED: failed",
                        enum_type=InboxState,
                        max_length=16,
                    ),
                ),
                ("attempts", fields.IntField(default=0)),
                ("error", fields.TextField(default="", unique=False)),
                ("not_before", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "inbox",
                "app": "linzhang",
                "unique_together": (("bridge", "external_id"),),
                "indexes": [Index(fields=["state", "not_before"]), Index(fields=["lane", "state"])],
                "pk_attr": "id",
                "table_description": "One accepted message, reaction, receipt or room event.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Routine",
            fields=[
                ("name", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("due", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "routine",
                "app": "linzhang",
                "pk_attr": "name",
                "table_description": "Something that comes again, such as the morning's digest.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Unit",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("code", fields.CharField(unique=True, max_length=64)),
                ("name", fields.CharField(max_length=128)),
                ("tier", fields.CharField(max_length=32)),
                (
                    "parent",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="parent_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="children",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("path", fields.CharField(max_length=512)),
                ("card_code", fields.CharField(null=True, unique=True, max_length=16)),
                ("homeserver", fields.CharField(null=True, max_length=255)),
                ("urban", fields.BooleanField(default=False)),
                ("households", fields.IntField(default=0)),
                ("latitude", fields.FloatField(null=True)),
                ("longitude", fields.FloatField(null=True)),
            ],
            options={
                "table": "unit",
                "app": "linzhang",
                "indexes": [
                    Index(fields=["path"]),
                    Index(fields=["parent_id"]),
                    Index(fields=["tier", "name"]),
                ],
                "pk_attr": "id",
                "table_description": "One node of the territory tree.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Household",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "block",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="block_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="household_list",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("label", fields.CharField(max_length=128)),
            ],
            options={
                "table": "household",
                "app": "linzhang",
                "indexes": [Index(fields=["block_id"])],
                "pk_attr": "id",
                "table_description": "A household of a block.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Person",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("name", fields.CharField(default="", max_length=128)),
                ("language", fields.CharField(default="", max_length=16)),
                ("language_chosen", fields.BooleanField(default=False)),
                (
                    "block",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="block_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="residents",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "household",
                    fields.ForeignKeyField(
                        "linzhang.Household",
                        source_field="household_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="people",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
            ],
            options={
                "table": "person",
                "app": "linzhang",
                "indexes": [Index(fields=["block_id"])],
                "pk_attr": "id",
                "table_description": "A resident, a leader, or both.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Absence",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="absences",
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
                        related_name="absences",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "deputy",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="deputy_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="stand_ins",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "absence",
                "app": "linzhang",
                "indexes": [Index(fields=["unit_id", "until"])],
                "pk_attr": "id",
                "table_description": "A leader is away, and a deputy stands in. Rows are ended early, never deleted.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Address",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="addresses",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("bridge", fields.CharField(max_length=32)),
                ("lookup", fields.CharField(max_length=64)),
                ("sealed", fields.TextField(unique=False)),
                ("stopped_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("seen_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("fixed_line", fields.BooleanField(default=False)),
            ],
            options={
                "table": "address",
                "app": "linzhang",
                "unique_together": (("bridge", "lookup"),),
                "indexes": [Index(fields=["person_id"])],
                "pk_attr": "id",
                "table_description": "Where one bridge reaches one person: a phone number, a Matrix id.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DirectRoom",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "address",
                    fields.ForeignKeyField(
                        "linzhang.Address",
                        source_field="address_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="direct_rooms",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("room_id", fields.CharField(unique=True, max_length=255)),
                ("homeserver", fields.CharField(max_length=255)),
                ("lost_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "direct_room",
                "app": "linzhang",
                "indexes": [Index(fields=["address_id"])],
                "pk_attr": "id",
                "table_description": "A room in which one person and the service are alone with each other.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Issue",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "block",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="block_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="issues",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "holder",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="holder_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="held_issues",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "reporter",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="reporter_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="issues",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "address",
                    fields.ForeignKeyField(
                        "linzhang.Address",
                        source_field="address_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="issues",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=State.OPEN,
                        description="OPEN: open\nANSWERED: answered\nRESOLVED: resolved\nCLOSED: closed\nREFERRED: referred\nWITHDRAWN: withdrawn\nMERGED: merged",
                        enum_type=State,
                        max_length=16,
                    ),
                ),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("talked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("answer_due", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("resolve_due", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reminded", fields.BooleanField(default=False)),
                ("reported_in", fields.CharField(default="", max_length=255)),
                ("confirm_due", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("nudge_due", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("nudges", fields.IntField(default=0)),
                ("urgent", fields.BooleanField(default=False)),
                ("private", fields.BooleanField(default=False)),
                ("rating", fields.IntField(null=True)),
                (
                    "merged_into",
                    fields.ForeignKeyField(
                        "linzhang.Issue",
                        source_field="merged_into_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="merged",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "returns_to",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="returns_to_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="awaited_issues",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("resolved_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "issue",
                "app": "linzhang",
                "indexes": [
                    Index(fields=["state", "answer_due"]),
                    Index(fields=["state", "resolve_due"]),
                    Index(fields=["state", "confirm_due"]),
                    Index(fields=["state", "nudge_due"]),
                    Index(fields=["reporter_id", "state"]),
                    Index(fields=["holder_id", "state"]),
                    Index(fields=["block_id"]),
                ],
                "pk_attr": "id",
                "table_description": "One tracked report.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="History",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "issue",
                    fields.ForeignKeyField(
                        "linzhang.Issue",
                        source_field="issue_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="history",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("seq", fields.IntField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "action",
                    fields.CharEnumField(
                        description="REPORT: report\nPLACE: place\nADD: add\nANSWER: answer\nSAY: say\nCORRECT: correct\nRETRACT: retract\nRESOLVE: resolve\nCONFIRM: confirm\nREJECT: reject\nPASS_UP: pass_up\nESCALATE: escalate\nREMIND: remind\nACCEPT: accept\nURGENT: urgent\nPRIVATE: private\nREFER: refer\nRETURN: return\nMERGE: merge\nSPLIT: split\nWITHDRAW: withdraw\nLAPSE: lapse\nVACANT: vacant\nRATE: rate\nCALL: call\nUNDO: undo",
                        enum_type=Action,
                        max_length=16,
                    ),
                ),
                (
                    "actor",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="actor_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="deeds",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("bridge", fields.CharField(default="", max_length=32)),
                ("room_id", fields.CharField(default="", max_length=255)),
                ("event_id", fields.CharField(default="", max_length=255)),
                ("from_state", fields.CharField(default="", max_length=16)),
                ("to_state", fields.CharField(max_length=16)),
                ("from_holder_id", fields.BigIntField(null=True)),
                ("to_holder_id", fields.BigIntField(null=True)),
                ("detail", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "history",
                "app": "linzhang",
                "unique_together": (("issue_id", "seq"),),
                "indexes": [Index(fields=["event_id"])],
                "pk_attr": "id",
                "table_description": "One immutable row per transition: who, when, through which bridge, what, in which room.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Leadership",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="leaderships",
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
                        related_name="leaderships",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "role",
                    fields.CharEnumField(
                        description="LEADER: leader\nDEPUTY: deputy", enum_type=Role, max_length=16
                    ),
                ),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("chosen", fields.CharField(default="", max_length=16)),
            ],
            options={
                "table": "leadership",
                "app": "linzhang",
                "indexes": [Index(fields=["unit_id"]), Index(fields=["person_id"])],
                "pk_attr": "id",
                "table_description": "A person answers for a unit from a day until another. Rows end, they are never deleted.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Message",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "issue",
                    fields.ForeignKeyField(
                        "linzhang.Issue",
                        source_field="issue_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="messages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "author",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="author_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="messages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "voice",
                    fields.CharEnumField(
                        description="RESIDENT: resident\nLEADER: leader\nINSIDE: inside",
                        enum_type=Voice,
                        max_length=16,
                    ),
                ),
                ("bridge", fields.CharField(max_length=32)),
                ("external_id", fields.CharField(max_length=255)),
                ("room_id", fields.CharField(default="", max_length=255)),
                ("text", fields.TextField(unique=False)),
                (
                    "media",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("said_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("retracted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "message",
                "app": "linzhang",
                "unique_together": (("bridge", "external_id"),),
                "indexes": [Index(fields=["issue_id", "id"])],
                "pk_attr": "id",
                "table_description": "Something said in an issue.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Outbox",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("key", fields.CharField(unique=True, max_length=64)),
                ("lane", fields.CharField(max_length=64)),
                ("bridge", fields.CharField(max_length=32)),
                (
                    "issue",
                    fields.ForeignKeyField(
                        "linzhang.Issue",
                        source_field="issue_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="effects",
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
                        related_name="effects",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "payload",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=OutboxState.WAITING,
                        description="WAITING: waiting\nCALLING: calling\nSENT: sent\nFAILED: failed\nCANCELLED: cancelled",
                        enum_type=OutboxState,
                        max_length=16,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("topic", fields.CharField(default="", max_length=32)),
                ("hold_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("not_before", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("leased_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("called_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("sent_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("attempts", fields.IntField(default=0)),
                ("external_id", fields.CharField(null=True, max_length=255)),
                ("receipt", fields.CharField(default="", max_length=32)),
                ("receipt_code", fields.IntField(null=True)),
                ("error", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "outbox",
                "app": "linzhang",
                "indexes": [
                    Index(fields=["state", "not_before"]),
                    Index(fields=["lane", "state", "id"]),
                    Index(fields=["bridge", "external_id"]),
                    Index(fields=["issue_id"]),
                ],
                "pk_attr": "id",
                "table_description": "One effect on the outside world.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Place",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "block",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="block_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="places",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=128)),
                ("kind", fields.CharField(max_length=32)),
            ],
            options={
                "table": "place",
                "app": "linzhang",
                "indexes": [Index(fields=["block_id"])],
                "pk_attr": "id",
                "table_description": "A shop, hotel, school or hospital that a block covers too.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Question",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="questions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "issue",
                    fields.ForeignKeyField(
                        "linzhang.Issue",
                        source_field="issue_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="questions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "kind",
                    fields.CharEnumField(
                        description="SOLVED: solved\nWHERE: where\nRATE: rate\nWHICH: which\nREPLY: reply",
                        enum_type=QuestionKind,
                        max_length=16,
                    ),
                ),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "pending",
                    fields.JSONField(
                        null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("settled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "question",
                "app": "linzhang",
                "indexes": [
                    Index(fields=["person_id", "settled_at"]),
                    Index(fields=["issue_id"]),
                    Index(fields=["settled_at", "due"]),
                ],
                "pk_attr": "id",
                "table_description": "Something that a person was asked and may answer with one digit or word.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Room",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="rooms",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "kind",
                    fields.CharEnumField(
                        description="ROOM: room\nSPACE: space", enum_type=RoomKind, max_length=16
                    ),
                ),
                ("room_id", fields.CharField(unique=True, max_length=255)),
                ("homeserver", fields.CharField(max_length=255)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("lost_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "room",
                "app": "linzhang",
                "indexes": [Index(fields=["unit_id", "kind"])],
                "pk_attr": "id",
                "table_description": "A room of a unit.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RoomEvent",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "issue",
                    fields.ForeignKeyField(
                        "linzhang.Issue",
                        source_field="issue_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="events",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("room_id", fields.CharField(max_length=255)),
                ("event_id", fields.CharField(unique=True, max_length=255)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="POST: post\nCARD: card\nLINE: line",
                        enum_type=RoomEventKind,
                        max_length=16,
                    ),
                ),
            ],
            options={
                "table": "room_event",
                "app": "linzhang",
                "indexes": [Index(fields=["issue_id", "room_id"])],
                "pk_attr": "id",
                "table_description": "An event in a room that belongs to an issue, so that replies and reactions find it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Upload",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("bridge", fields.CharField(max_length=32)),
                ("source", fields.CharField(max_length=1000)),
                ("made_for", fields.CharField(max_length=8)),
                ("homeserver", fields.CharField(max_length=255)),
                ("uri", fields.CharField(max_length=255)),
                ("content_type", fields.CharField(max_length=128)),
                ("extension", fields.CharField(max_length=8)),
                ("family", fields.CharField(max_length=8)),
                ("size", fields.BigIntField()),
                (
                    "facts",
                    fields.JSONField(
                        default=dict, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
            ],
            options={
                "table": "upload",
                "app": "linzhang",
                "unique_together": (("source", "made_for", "homeserver"),),
                "pk_attr": "id",
                "table_description": "A picture, sound or film that a homeserver keeps for us, so that it is uploaded once.",
            },
            bases=["Model"],
        ),
    ]
