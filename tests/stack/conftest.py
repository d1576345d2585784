"""One whole stack on SQLite, then one on PostgreSQL, each started once for all tests."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
import pytest_asyncio

from demo.stack import make_stack
from models import Issue
from tests.stack.town import Town, town_on


@pytest_asyncio.fixture(scope="session", loop_scope="session", params=["sqlite", "postgres"])
async def town(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    """A town on a whole stack: all tests live in one on SQLite, and then in one on PostgreSQL."""
    url = None
    if request.param == "postgres":
        make: Callable[[], str] = request.getfixturevalue("new_postgres")
        url = make()
    async with town_on(make_stack(tmp_path_factory.mktemp("stack"), database_url=url, lease=5)) as made:
        yield made


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def morning(town: Town) -> None:
    """Every test begins shortly after eight in the morning, so that none meets the night by chance.

    What others have left open has time for a year: else each window that passes would carry all of it one
    room further up.
    """
    await Issue.all().update(nudge_due=None)
    in_a_year = town.stack.clock.now() + timedelta(days=365)
    for due in ("answer_due", "resolve_due", "confirm_due"):
        await Issue.filter(**{f"{due}__isnull": False}).update(**{due: in_a_year})
    if not town.has_the_day_before_it():
        town.wait_for(8)
