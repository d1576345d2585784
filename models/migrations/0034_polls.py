import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from linzhang.schema import AddFilledField


class Migration(migrations.Migration):
    """Notices that ask something, what each has answered, and the sums of that."""

    dependencies = [("linzhang", "0033_tasks")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Notice",
            name="options",
            field=fields.JSONField(
                null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
        AddFilledField(model_name="Notice", name="days", field=fields.SmallIntField(default=0)),
        ops.AddField(model_name="Notice", name="ends_at", field=fields.DatetimeField(null=True)),
        ops.AddField(model_name="Notice", name="ended_at", field=fields.DatetimeField(null=True)),
        ops.AddIndex(model_name="Notice", index=Index(fields=["ends_at"])),
        ops.AddField(model_name="NoticePerson", name="answer", field=fields.SmallIntField(null=True)),
        ops.AddField(model_name="NoticePerson", name="answered_at", field=fields.DatetimeField(null=True)),
        *(
            AddFilledField(model_name="NoticeTally", name=f"answer{place}", field=fields.IntField(default=0))
            for place in range(1, 6)
        ),
    ]
