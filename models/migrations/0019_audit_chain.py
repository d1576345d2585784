from datetime import datetime

from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state_apps import StateApps

from linzhang.chaining import START, link
from linzhang.schema import AddFilledField, DescribeField


async def chain(_apps: StateApps, schema_editor: BaseSchemaEditor) -> None:
    """Make a chain of what was recorded before there was one. The service seals its end with its key later."""
    client = schema_editor.client
    _, rows = await client.execute_query(
        "SELECT id, at, who, action, subject, detail FROM admin_action ORDER BY id"
    )
    entry, head = STATEMENTS[schema_editor.DIALECT]
    previous, seq = START, 0
    for seq, row in enumerate(rows, start=1):
        at = row["at"] if isinstance(row["at"], datetime) else datetime.fromisoformat(row["at"])
        digest = link(previous, seq, at, row["who"], row["action"], row["subject"], row["detail"])
        await client.execute_query(entry, [seq, previous, digest, row["id"]])
        previous = digest
    await client.execute_query(head, [seq, previous])


STATEMENTS = {
    "sqlite": (
        "UPDATE admin_action SET seq = ?, previous = ?, digest = ? WHERE id = ?",
        "INSERT INTO audit_head (name, seq, digest, seal) VALUES ('admin', ?, ?, '')",
    ),
    "postgres": (
        "UPDATE admin_action SET seq = $1, previous = $2, digest = $3 WHERE id = $4",
        "INSERT INTO audit_head (name, seq, digest, seal) VALUES ('admin', $1, $2, '')",
    ),
}


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0018_webhooks")]

    initial = False

    operations = [
        AddFilledField(model_name="AdminAction", name="seq", field=fields.BigIntField(default=0)),
        AddFilledField(
            model_name="AdminAction", name="previous", field=fields.CharField(default="", max_length=64)
        ),
        AddFilledField(
            model_name="AdminAction", name="digest", field=fields.CharField(default="", max_length=64)
        ),
        ops.CreateModel(
            name="AuditHead",
            fields=[
                ("name", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=16)),
                ("seq", fields.BigIntField(default=0)),
                ("digest", fields.CharField(max_length=64)),
                ("seal", fields.CharField(default="", max_length=64)),
            ],
            options={
                "table": "audit_head",
                "app": "linzhang",
                "pk_attr": "name",
                "table_description": "Where the chain of administrators' deeds ends: one row, which whoever appends holds until they commit.",
            },
            bases=["Model"],
        ),
        ops.RunPython(chain),
        ops.RunSQL("CREATE UNIQUE INDEX admin_action_seq ON admin_action (seq)"),
        DescribeField(model_name="AdminAction", name="seq", field=fields.BigIntField(default=0, unique=True)),
    ]
