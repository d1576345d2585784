from tortoise import fields, migrations

from linzhang.schema import AddFilledField


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0022_erased")]

    initial = False

    operations = [
        AddFilledField(model_name="Inbox", name="trace", field=fields.CharField(default="", max_length=64)),
        AddFilledField(model_name="Outbox", name="trace", field=fields.CharField(default="", max_length=64)),
    ]
