"""One stack for all dialogues: each finds a quiet morning on it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.dialogues.stage import Stage, make_stage, morning_stack
from tests.stack.town import town_on


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """The town's stage."""
    async with town_on(morning_stack(tmp_path_factory.mktemp("dialogues") / "stack")) as town:
        made = await make_stage(town)
        yield made
        await made.rooms.close()
