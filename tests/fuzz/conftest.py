"""One service for each module of fuzzers, on PostgreSQL: it refuses what SQLite would swallow."""

from collections.abc import Callable, Iterator

import pytest

from tests.fuzz.service import Service, make_service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, new_postgres: Callable[[], str]) -> Iterator[Service]:
    """A running application with a database of its own."""
    made = make_service(tmp_path_factory.mktemp("fuzz"), new_postgres())
    made.start()
    yield made
    made.stop()
