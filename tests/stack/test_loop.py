"""A resident's text is answered in its room, or goes up when four hours pass: on both databases."""

import pytest

from tests.stack import loop
from tests.stack.town import Town

pytestmark = [pytest.mark.stack, pytest.mark.asyncio(loop_scope="session")]


async def test_answered_and_closed_on_sqlite(on_sqlite: Town) -> None:
    await loop.is_answered_and_closed(on_sqlite)


async def test_answered_and_closed_on_postgres(on_postgres: Town) -> None:
    await loop.is_answered_and_closed(on_postgres)


async def test_climbs_on_sqlite(on_sqlite: Town) -> None:
    await loop.climbs_when_nobody_answers(on_sqlite)


async def test_climbs_on_postgres(on_postgres: Town) -> None:
    await loop.climbs_when_nobody_answers(on_postgres)
