from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from linzhang.schema import AddFilledField
from models.honours import HonourState


class Migration(migrations.Migration):
    """Rounds in which the leader of a month or a year is chosen, and polls that are answered in secret."""

    dependencies = [("linzhang", "0035_opinions")]

    initial = False

    operations = [
        ops.CreateModel(
            name="HonourRound",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "notice",
                    fields.OneToOneField(
                        "linzhang.Notice",
                        source_field="notice_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="honour_round",
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
                        related_name="honour_rounds",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("path", fields.CharField(max_length=512)),
                ("period", fields.CharField(max_length=7)),
                ("nominate_days", fields.SmallIntField()),
                ("vote_days", fields.SmallIntField()),
                (
                    "state",
                    fields.CharEnumField(
                        default=HonourState.NOMINATING,
                        description="NOMINATING: nominating\nVOTING: voting\nOVER: over\nSTOPPED: stopped",
                        enum_type=HonourState,
                        max_length=16,
                    ),
                ),
                ("over_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "honour_round",
                "app": "linzhang",
                "indexes": [Index(fields=["state"]), Index(fields=["path"])],
                "pk_attr": "id",
                "table_description": "One round.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="HonourBallot",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "round",
                    fields.ForeignKeyField(
                        "linzhang.HonourRound",
                        source_field="round_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="ballots",
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
                        related_name="honour_ballots",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "notice",
                    fields.OneToOneField(
                        "linzhang.Notice",
                        source_field="notice_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="honour_ballot",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "honour_ballot",
                "app": "linzhang",
                "unique_together": (("round_id", "unit_id"),),
                "pk_attr": "id",
                "table_description": "Those of one village between whom one chooses.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="HonourCandidate",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "ballot",
                    fields.ForeignKeyField(
                        "linzhang.HonourBallot",
                        source_field="ballot_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="candidates",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("place", fields.SmallIntField()),
                (
                    "block",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="block_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="candidacies",
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
                        related_name="candidacies",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("nominations", fields.IntField(default=0)),
                ("votes", fields.IntField(default=0)),
                ("points", fields.IntField(default=0)),
                ("won", fields.BooleanField(default=False)),
                ("in_time", fields.FloatField(null=True)),
                ("closed", fields.IntField(default=0)),
                ("rating", fields.FloatField(null=True)),
            ],
            options={
                "table": "honour_candidate",
                "app": "linzhang",
                "unique_together": (("ballot_id", "place"),),
                "indexes": [Index(fields=["person_id"])],
                "pk_attr": "id",
                "table_description": "Somebody who can be chosen, and what has come of it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="HonourNomination",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "round",
                    fields.ForeignKeyField(
                        "linzhang.HonourRound",
                        source_field="round_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="nominations",
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
                        related_name="nominations",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "block",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="block_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="nominations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "leader",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="leader_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="nominated",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.TextField(unique=False)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "honour_nomination",
                "app": "linzhang",
                "unique_together": (("round_id", "person_id"),),
                "indexes": [Index(fields=["person_id"])],
                "pk_attr": "id",
                "table_description": "Somebody has nominated a block's leader. Who did is shown to nobody.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SecretAnswer",
            fields=[
                ("token", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                (
                    "notice",
                    fields.ForeignKeyField(
                        "linzhang.Notice",
                        source_field="notice_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="secret_answers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("choice", fields.SmallIntField()),
            ],
            options={
                "table": "secret_answer",
                "app": "linzhang",
                "indexes": [Index(fields=["notice_id"])],
                "pk_attr": "token",
                "table_description": "What somebody has answered to a secret poll, until it is over.",
            },
            bases=["Model"],
        ),
        AddFilledField(model_name="Notice", name="secret", field=fields.BooleanField(default=False)),
    ]
