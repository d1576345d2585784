from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0024_urgent")]

    initial = False

    operations = [
        # What else was said of the same trouble: asked for whenever somebody is told something.
        ops.RunSQL(
            'CREATE INDEX "idx_issue_merged" ON "issue" ("merged_into_id") WHERE "merged_into_id" IS NOT NULL'
        ),
    ]
