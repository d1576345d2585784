"""Steps of migrations that the ORM has not.

On SQLite its `AlterField` makes the table anew and forgets the indexes and unique constraints on it.
"""

from collections.abc import Sequence

from tortoise.migrations.operations import AlterField, RunSQL
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


class OnDialect(RunSQL):
    """Statements that each database has in its own words.

    Args:
        postgres: For PostgreSQL, one after the other.
        sqlite: For SQLite.
    """

    def __init__(self, *, postgres: Sequence[str] = (), sqlite: Sequence[str] = ()) -> None:
        super().__init__(sql=[])
        self._statements = {"postgres": list(postgres), "sqlite": list(sqlite)}

    async def database_forward(
        self,
        app_label: str,  # noqa: ARG002 - Tortoise's signature
        old_state: State,  # noqa: ARG002
        new_state: State,  # noqa: ARG002
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        """Run those of the database that is there."""
        if state_editor is not None:
            await self._run_sql(state_editor, self._statements[state_editor.DIALECT])
