from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """How far the rooms of each homeserver are read."""

    dependencies = [("linzhang", "0043_urgent_notices")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Reading",
            fields=[
                (
                    "server_name",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=255),
                ),
                ("position", fields.CharField(default="", max_length=1000)),
                ("looked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "reading",
                "app": "linzhang",
                "pk_attr": "server_name",
                "table_description": "How far one homeserver's rooms are read.",
            },
            bases=["Model"],
        ),
    ]
