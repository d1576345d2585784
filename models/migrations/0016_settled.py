from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0015_board")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Outbox",
            name="settled_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name="Outbox",
            index=Index(fields=["receipt", "not_before"]),
        ),
    ]
