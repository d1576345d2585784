"""Steps of migrations that the ORM has not.

On SQLite its `AlterField` makes the table anew and forgets the indexes and unique constraints on it.
"""

from tortoise.migrations.operations import AlterField
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State


class DescribeField(AlterField):
    """A field has changed in Python and not in the database: an enum has one more member, say."""

    async def database_forward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        """Change nothing."""

    async def database_backward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        """Change nothing."""
