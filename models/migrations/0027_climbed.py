from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from linzhang.schema import AddFilledField


class Migration(migrations.Migration):
    """How far an issue is from home: after a long outage those that have gone the least way come first."""

    dependencies = [("linzhang", "0026_portraits")]

    initial = False

    operations = [
        AddFilledField(model_name="Issue", name="climbed", field=fields.IntField(default=0)),
        # Of what is in hand; the rest has no deadline.
        ops.RunSQL(
            "UPDATE issue SET climbed = ("
            " SELECT CASE WHEN up > 0 THEN up ELSE 0 END FROM ("
            "  SELECT (LENGTH(b.path) - LENGTH(REPLACE(b.path, '/', '')))"
            "   - (LENGTH(h.path) - LENGTH(REPLACE(h.path, '/', ''))) AS up"
            "  FROM unit h, unit b WHERE h.id = issue.holder_id AND b.id = issue.block_id) AS way)"
            " WHERE state IN ('open', 'answered', 'referred', 'resolved')"
            " AND block_id <> holder_id"
        ),
        ops.AddIndex(model_name="Issue", index=Index(fields=["state", "climbed", "answer_due"])),
        ops.AddIndex(model_name="Issue", index=Index(fields=["state", "climbed", "resolve_due"])),
        ops.AddIndex(model_name="Issue", index=Index(fields=["state", "climbed", "confirm_due"])),
        # Rows that wait for the morning, which whatever comes behind them may have to let go.
        ops.RunSQL(
            'CREATE INDEX "idx_outbox_held" ON "outbox" ("lane")'
            ' WHERE "state" = \'waiting\' AND "hold_until" IS NOT NULL'
        ),
    ]
