from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from linzhang.schema import AddFilledField


class Migration(migrations.Migration):
    """What the clock has caused waits behind what people wait for."""

    dependencies = [("linzhang", "0029_courses")]

    initial = False

    operations = [
        AddFilledField(model_name="Outbox", name="patient", field=fields.BooleanField(default=False)),
        ops.RunSQL(
            'CREATE INDEX "idx_outbox_awaited" ON "outbox" ("not_before", "lane")'
            " WHERE \"state\" IN ('waiting', 'calling') AND NOT \"patient\""
        ),
    ]
