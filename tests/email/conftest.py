"""One IMAP server for all tests of e-mail, an SMTP server for each, and our bridge between them."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bridges.email.bridge import EmailBridge
from demo.children import Child, listens, port_near
from tests.email import post
from tests.email.post import PASSWORD, USER, Office
from tests.sms.wire import Store

KEY = "k" * 32


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def imap_port(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[int]:
    """Where a real IMAP server, pymap, listens."""
    port = port_near(0)
    skipped = ["--no-service", "admin", "--no-service", "managesieve"]
    child = Child(
        "pymap",
        [
            str(Path(sys.executable).with_name("pymap")),
            *["--host", post.HOST, "--port", str(port), "--no-tls", *skipped],
            *["dict", "--demo-user", USER, "--demo-password", PASSWORD],
        ],
        tmp_path_factory.mktemp("pymap") / "log",
        listens(port),
    )
    await child.start()
    yield port
    await child.stop()


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """A mail server that takes our mails."""
    async with post.office() as opened:
        yield opened


@pytest.fixture
async def bridge(office: Office) -> AsyncIterator[EmailBridge]:
    """The bridge, connected to the office."""
    bridge = bridge_to(office)
    yield bridge
    await bridge.close()


@pytest.fixture
async def reader(office: Office, imap_port: int) -> AsyncIterator[EmailBridge]:
    """The same with a mail box, in which nothing is."""
    post.empty(imap_port)
    bridge = bridge_to(
        office,
        imap_host=post.HOST,
        imap_port=imap_port,
        imap_tls="none",
        imap_user=USER,
        imap_password=PASSWORD,
        poll=0.01,
    )
    yield bridge
    await bridge.close()


def bridge_to(office: Office, **more: object) -> EmailBridge:
    """A bridge with settings of its own."""
    name = {"zh-Hans": "邻长制", "en": "Neighbour chiefs"}
    return EmailBridge(office.settings(**more), name=name, key=KEY, timeout=5.0)


@pytest.fixture
def store() -> Store:
    """Where what comes in is kept."""
    return Store()
