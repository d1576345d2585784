from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0019_audit_chain")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Worker",
            fields=[
                ("name", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=96)),
                ("started_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("swept_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "worker",
                "app": "linzhang",
                "pk_attr": "name",
                "table_description": "One worker process, while it lives and for some time after that.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="History",
            name="due",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
