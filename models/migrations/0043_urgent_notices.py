from tortoise import fields, migrations

from linzhang.schema import AddFilledField


class Migration(migrations.Migration):
    """Why a notice goes at night, too."""

    dependencies = [("linzhang", "0042_keys_of_relations")]

    initial = False

    operations = [
        AddFilledField(
            model_name="Notice", name="urgent_why", field=fields.CharField(default="", max_length=200)
        ),
    ]
