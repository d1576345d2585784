from tortoise import migrations
from tortoise.migrations import operations as ops

_DISPUTE = "An issue that is about two: whoever has reported it, and another."
_CONCERN = (
    "A leader of whom something says that they may need a word or help. Derived: it is made anew each day."
)


class Migration(migrations.Migration):
    """Says by which columns disputes and concerns are found; nothing changes in the database.

    Where a model's key is a relation, `CreateModel` keeps the relation's name instead of the column's, and
    `makemigrations` finds that out at its next run, and at every one after it.
    """

    dependencies = [("linzhang", "0041_room_polls")]

    initial = False

    operations = [
        ops.AlterModelOptions(name="Dispute", options={"pk_attr": "issue_id", "table_description": _DISPUTE}),
        ops.AlterModelOptions(name="Concern", options={"pk_attr": "post_id", "table_description": _CONCERN}),
    ]
