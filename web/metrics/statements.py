"""Runs a statement that the ORM has no words for; the same on both databases, without parameters."""

from typing import Any

from tortoise import Tortoise
from tortoise.models import Model


async def rows(model: type[Model], statement: str) -> list[dict[str, Any]]:
    """The rows of a statement of ours.

    Args:
        model: One of the tables that it reads, by which the database is known.
        statement: Nothing in it may come from outside.
    """
    connection = Tortoise.get_connection(str(model._meta.default_connection))
    return [dict(row) for row in await connection.execute_query_dict(statement)]
