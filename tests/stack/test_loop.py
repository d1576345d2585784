"""A resident's text is answered in its room, or goes up when four hours pass."""

import pytest

from tests.stack import loop
from tests.stack.town import Town

pytestmark = [pytest.mark.stack, pytest.mark.asyncio(loop_scope="session")]


async def test_answered_and_closed(town: Town) -> None:
    await loop.is_answered_and_closed(town)


async def test_climbs_when_nobody_answers(town: Town) -> None:
    await loop.climbs_when_nobody_answers(town)
