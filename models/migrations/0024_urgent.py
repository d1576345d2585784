from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0023_traces")]

    initial = False

    operations = [
        # Those in danger stand first on the board, in the order of their deadlines: of the few an index alone.
        ops.RunSQL(
            'CREATE INDEX "idx_issue_urgent_answer" ON "issue" ("state", "answer_due") WHERE "urgent"'
        ),
        ops.RunSQL(
            'CREATE INDEX "idx_issue_urgent_resolve" ON "issue" ("state", "resolve_due") WHERE "urgent"'
        ),
    ]
