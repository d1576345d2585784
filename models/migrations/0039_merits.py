from tortoise import migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """What somebody did is found by who did it, so that a page of it costs no more than they did."""

    dependencies = [("linzhang", "0038_encouraging")]

    initial = False

    operations = [
        ops.AddIndex(model_name="CareVisit", index=Index(fields=["visitor_id", "at"])),
        ops.AddIndex(model_name="History", index=Index(fields=["actor_id", "at"])),
    ]
