"""Child processes: started, watched, started again when they die, and stopped in good order.

Knows nothing of what the children do. A child dies with its parent, whatever kills that.
"""

import asyncio
import ctypes
import os
import random
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

#: Seconds that a child may take until it is ready, and until it has ended.
READY_IN = 90.0
ENDED_IN = 20.0

#: Seconds before a child that has died is started again.
RESTART_AFTER = 1.0

#: prctl(2): the signal that a process gets when its parent dies.
_PR_SET_PDEATHSIG = 1

#: ip(7): the first and the last port that the kernel lends to outgoing connections.
_LENT_PORTS = Path("/proc/sys/net/ipv4/ip_local_port_range")

#: Below it are the ports that well-known services have, and the demo's own.
_FIRST_PORT = 10_000

#: The ports that this process has been told of.
_told: set[int] = set()

IsReady = Callable[[], Awaitable[bool]]


class ChildError(RuntimeError):
    """A child did not become ready; the message has the end of its log."""


@dataclass
class Child:
    """One process.

    Attributes:
        name: What people call it.
        argv: Its command.
        log: Where its output goes.
        is_ready: Whether it can be used.
        env: Environment variables besides ours.
        cwd: The folder in which it runs; ours without one.
        process: While it runs.
    """

    name: str
    argv: Sequence[str]
    log: Path
    is_ready: IsReady
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    process: asyncio.subprocess.Process | None = None

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self.process is not None and self.process.returncode is None

    @property
    def pid(self) -> int:
        """The process' id; 0: there is none."""
        return self.process.pid if self.process is not None and self.running else 0

    async def start(self) -> None:
        """Start it and wait until it is ready.

        Raises:
            ChildError: It ended, or was not ready in time.
        """
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | self.env,
                cwd=self.cwd,
                start_new_session=True,  # Ctrl-C reaches only the parent, which stops all in order
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        deadline = time.monotonic() + READY_IN
        while not await self.is_ready():
            if not self.running or time.monotonic() > deadline:
                raise ChildError(f"{self.name} did not start. The end of {self.log}:\n{self.tail()}")
            await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """Ask it to end, and end it if it does not."""
        if self.process is None or self.process.returncode is not None:
            return
        self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), ENDED_IN)
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """End it at once, as a crash would."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(number)

    async def keep_alive(self, note: Callable[[str], None]) -> None:
        """Start it again whenever it ends, until cancelled."""
        while True:
            assert self.process is not None
            code = await self.process.wait()
            note(f"{self.name} ended with {_ending(code)}; starting it again")
            await asyncio.sleep(RESTART_AFTER)
            try:
                await self.start()
            except ChildError as error:
                note(str(error))
                await self.kill()

    def tail(self, lines: int = 15) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def answers(url: str) -> IsReady:
    """Ready when this URL answers with a status below 500."""

    async def is_ready() -> bool:
        try:
            async with httpx.AsyncClient(timeout=2, trust_env=False) as client:
                return (await client.get(url)).status_code < 500
        except httpx.HTTPError:
            return False

    return is_ready


def listens(port: int) -> IsReady:
    """Ready when something accepts connections on this port of the loopback interface."""

    async def is_ready() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    return is_ready


def port_near(wanted: int) -> int:
    """The wanted port of the loopback interface, or a free one if it is taken; 0: any free one."""
    return wanted if wanted and not why_taken(wanted) else free_port()


def free_port() -> int:
    """A port of the loopback interface on which a child can listen some seconds later.

    It lies below those that the kernel lends to outgoing connections: of those, any may be taken by the
    time a slow child listens. No port is told twice.

    Raises:
        ChildError: None is free.
    """
    lent_from = int(_LENT_PORTS.read_text(encoding="ascii").split()[0]) if _LENT_PORTS.exists() else 32768
    for port in random.sample(range(_FIRST_PORT, lent_from), lent_from - _FIRST_PORT):
        if port not in _told and not why_taken(port):
            _told.add(port)
            return port
    raise ChildError("There is no free port on the loopback interface.")


def why_taken(port: int) -> str:
    """Why nobody can listen on a port of the loopback interface; empty where somebody can."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return os.strerror(error.errno or 0)
    return ""


def _ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"status {code}"


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
