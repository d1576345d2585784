from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0006_administration")]

    initial = False

    operations = [
        ops.RemoveIndex(
            model_name="Room",
            name=None,
            fields=["stale_at"],
        ),
        ops.RemoveIndex(
            model_name="Room",
            name=None,
            fields=["looked_at"],
        ),
        ops.AddIndex(
            model_name="Room",
            index=Index(fields=["stale_at", "looked_at"]),
        ),
    ]
