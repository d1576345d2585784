from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """Notes of public opinion."""

    dependencies = [("linzhang", "0034_polls")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Opinion",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "author",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="author_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="opinions",
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
                        related_name="opinions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("path", fields.CharField(max_length=512)),
                ("words", fields.TextField(unique=False)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("event_id", fields.CharField(unique=True, max_length=255)),
            ],
            options={
                "table": "opinion",
                "app": "linzhang",
                "indexes": [Index(fields=["path", "id"])],
                "pk_attr": "id",
                "table_description": "One note. It has no deadline, and is never changed.",
            },
            bases=["Model"],
        ),
    ]
