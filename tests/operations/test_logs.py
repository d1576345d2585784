"""The log: what each line is about, as a machine reads it, and never a phone number."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bridges.contract import Delivered, Inbound, Refused
from escalator import inbox, outbox
from issues.inbox import store
from linzhang.logs import BLACK, JsonFormatter, PlainFormatter, about, blackened
from linzhang.settings import Settings
from models import Inbox, InboxState, Issue, Outbox
from tests.factories import plant, resident
from tests.sms.wire import PHONE


class Lines(logging.StreamHandler[io.StringIO]):
    """What this process logs, as production writes it."""

    def __init__(self) -> None:
        super().__init__(io.StringIO())
        self.setFormatter(JsonFormatter("worker"))

    def said(self, message: str) -> dict[str, Any]:
        """The one line that begins so."""
        lines = [json.loads(line) for line in self.stream.getvalue().splitlines()]
        (found,) = [line for line in lines if line["message"].startswith(message)]
        return dict(found)


@pytest.fixture
def lines() -> Iterator[Lines]:
    """See `Lines`."""
    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


class Refusing:
    """A far side that takes nothing."""

    async def deliver(self, row: Outbox) -> Delivered:  # noqa: ARG002 - the signature is given
        raise Refused("it does not want it")

    async def find(self, row: Outbox) -> Delivered | None:  # noqa: ARG002
        return None


async def test_a_line_says_what_it_is_about_and_no_number(settings: Settings, lines: Lines) -> None:
    territory = await plant()
    await resident(settings, territory.block, number=PHONE)
    for external_id in ("SM1", "SM2"):
        await store(settings, Inbound("sms", external_id, PHONE, text=f"请打{PHONE}"))
    lane = (await Inbox.get(external_id="SM1")).lane
    await inbox.drain(settings, lane)
    issue = await Issue.get()
    receipt = await Outbox.filter(bridge="sms", issue_id=issue.id).order_by("id").first()
    assert receipt is not None
    await outbox.drain(settings, {"sms": Refusing()}, receipt.lane)
    told = lines.said("refused for good: it does not want it")
    about_it = {"outbox": receipt.key, "bridge": "sms", "issue": issue.number}
    assert {name: told[name] for name in about_it} == about_it
    assert (told["level"], told["logger"], told["process"]) == ("warning", "escalator.outbox", "worker")

    broken = await Inbox.get(external_id="SM2")
    await Inbox.filter(id=broken.id).update(
        state=InboxState.WAITING, body=broken.body | {"kind": f"a call of {PHONE}"}
    )
    await inbox.drain(settings, lane)
    failed = lines.said("what came in could not be worked on")
    assert (failed["inbox"], failed["bridge"]) == (broken.id, "sms")
    assert "issue" not in failed, "the line before was about one, this one is not"
    assert f"'a call of {BLACK}' is not a valid Kind" in failed["exception"]
    assert PHONE not in lines.stream.getvalue()


@pytest.mark.parametrize(
    ("text", "is_number"),
    [
        ("to +8613800138000", True),
        ("To=%2B8613800138000&", True),
        ("13800138000", True),
        ("138 0013 8000", True),
        ("0558-512-3456", True),
        ("at 2026-11-24 02:00:00", False),
        ("outbox i12345.3.0 of issue 1024, 127.0.0.1:8080", False),
        ("SM0123456789abcdef0123456789abcdef", False),
    ],
)
def test_what_may_be_a_number_is_blackened(text: str, is_number: bool) -> None:
    assert (BLACK in blackened(text)) is is_number
    if not is_number:
        assert blackened(text) == text


def test_in_the_demo_a_line_is_plain() -> None:
    record = logging.makeLogRecord(
        {"name": "web", "levelname": "INFO", "msg": "it rang for %s", "args": (PHONE,)}
    )
    with about(issue=1024):
        line = PlainFormatter().format(record)
    assert line.endswith(f"INFO web it rang for {BLACK} issue=1024")
