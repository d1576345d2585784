from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0021_floods")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Issue",
            name="erased_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(model_name="Issue", index=Index(fields=["erased_at", "closed_at"])),
    ]
