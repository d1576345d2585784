from tortoise import migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from linzhang.schema import OnDialect


class Migration(migrations.Migration):
    """What the desk needs with a city's million issues; `python -m bench.desk` shows it."""

    dependencies = [("linzhang", "0024_urgent")]

    initial = False

    operations = [
        # What else was said of the same trouble: asked for whenever somebody is told something.
        ops.RunSQL(
            'CREATE INDEX "idx_issue_merged" ON "issue" ("merged_into_id") WHERE "merged_into_id" IS NOT NULL'
        ),
        ops.AddIndex(model_name="Issue", index=Index(fields=["opened_at"])),
        # Units are many, and so are words: with the usual few samples PostgreSQL takes those that it has not
        # seen for ten to forty times more, or less, than they are, and finds them one by one.
        OnDialect(
            postgres=[
                "ALTER TABLE issue ALTER COLUMN path SET STATISTICS 1000",
                "ALTER TABLE issue_words ALTER COLUMN words SET STATISTICS 1000",
            ],
        ),
    ]
