from tortoise import fields, migrations

from linzhang.schema import AddFilledField


class Migration(migrations.Migration):
    """Whether a poll's post stands in its room as a poll, in which clients vote."""

    dependencies = [("linzhang", "0040_doors")]

    initial = False

    operations = [
        AddFilledField(model_name="NoticePost", name="is_poll", field=fields.BooleanField(default=False)),
    ]
