from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

from linzhang.schema import AddFilledField


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0014_api")]

    initial = False

    operations = [
        AddFilledField(
            model_name="Issue",
            name="bridge",
            field=fields.CharField(default="", max_length=32),
        ),
        ops.RunSQL(
            """UPDATE "issue" SET "bridge" = COALESCE(
            (SELECT "bridge" FROM "history" WHERE "issue_id" = "issue"."id" AND "seq" = 1), '')"""
        ),
        ops.AddIndex(
            model_name="Issue",
            index=Index(fields=["bridge", "id"]),
        ),
        # What few issues are: an index of those few only, which the ORM has no words for.
        ops.RunSQL('CREATE INDEX "idx_issue_urgent" ON "issue" ("id") WHERE "urgent"'),
        ops.RunSQL('CREATE INDEX "idx_issue_private" ON "issue" ("id") WHERE "private"'),
        ops.RunSQL('CREATE INDEX "idx_issue_rating" ON "issue" ("rating", "id") WHERE "rating" IS NOT NULL'),
        ops.RunSQL('CREATE INDEX "idx_projected_overdue" ON "projected" ("issue_id") WHERE "overdue" = 1'),
        ops.AlterModelOptions(
            name="UnitLoad",
            options={
                "table": "unit_load",
                "app": "linzhang",
                "indexes": [Index(fields=["tell_at"]), Index(fields=["report_at"])],
                "pk_attr": "unit_id",
                "table_description": "What is piled up at a unit and below it, and the warning level that this makes.",
            },
        ),
    ]
