"""Steps of migrations that the ORM has not.

On SQLite its `AlterField` makes the table anew and forgets the indexes and unique constraints on it.
"""

from collections.abc import Sequence

from tortoise.migrations.operations import AddField, AlterField, RunSQL
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


class AddFilledField(AddField):
    """A column that must not be empty, in a table that has rows: they get the field's default.

    The ORM's `AddField` leaves that to Python, and a table with rows refuses the column. The database's own
    default stays, and never counts, since the ORM always gives a value.
    """

    async def database_forward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        """Add it with the default as the database's."""
        field = new_state.apps.get_model(f"{app_label}.{self.model_name}")._meta.fields_map[self.name]
        unset, field.db_default = field.db_default, field.default
        try:
            await super().database_forward(app_label, old_state, new_state, state_editor)
        finally:
            field.db_default = unset


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
