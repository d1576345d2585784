from tortoise import migrations

from linzhang.schema import OnDialect


class Migration(migrations.Migration):
    """Lets PostgreSQL find people and units by any part of their names, through the characters in them."""

    dependencies = [("linzhang", "0016_settled")]

    initial = False

    operations = [
        OnDialect(
            postgres=[
                "CREATE INDEX person_name_characters ON person USING gin (string_to_array(name, NULL))",
                "CREATE INDEX unit_name_characters ON unit USING gin (string_to_array(name, NULL))",
            ],
        ),
    ]
