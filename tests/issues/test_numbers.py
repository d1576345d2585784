"""One number is one person, however it writes; what one way does not take goes another, if they wish."""

from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bridges.contract import Delivered, OptedOut, Refused, Unfit
from escalator import outbox
from issues import numbers
from linzhang.settings import Settings
from models import Address, Issue, Outbox, OutboxState
from tests.factories import MORNING, make_settings, open_database, plant, resident
from tests.issues.diary import Phone

ACCOUNT = {"account_sid": "AC" + "0" * 32, "auth_token": "t", "number": "+8655812345678"}
NUMBER = "+8613800138000"


@pytest_asyncio.fixture(params=[True, False])
async def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Settings of an account with WhatsApp, and of one that no longer has it."""
    whatsapp = ACCOUNT["number"] if request.param else None
    made = make_settings(tmp_path, twilio=ACCOUNT | {"whatsapp_number": whatsapp})
    async with open_database(made):
        yield made


class NoWay:
    """A way that takes nothing."""

    def __init__(self, refusal: Refused) -> None:
        self.refusal = refusal

    async def deliver(self, row: Outbox) -> Delivered:
        del row
        raise self.refusal

    async def find(self, row: Outbox) -> Delivered | None:
        del row
        return None


async def refused(settings: Settings, refusal: Refused, *, bridge: str = "whatsapp") -> Outbox:
    """Words about an issue that a way has refused; returns their row."""
    territory = await plant()
    address = await resident(settings, territory.block, number=NUMBER, bridge=bridge)
    issue = await Issue.create(
        block=territory.block,
        holder=territory.units["group"],
        reporter=address.person,
        address=address,
        opened_at=MORNING,
        talked_at=MORNING,
    )
    wall = settings.clock.wall()
    row = await Outbox.create(
        key="a",
        lane=f"address:{address.id}",
        bridge=bridge,
        issue=issue,
        address=address,
        payload={"text": "明天来修"},
        created_at=wall,
        not_before=wall,
    )
    await outbox.drain(settings, {bridge: NoWay(refusal)}, row.lane)
    return await Outbox.get(key="a")


def has_whatsapp(settings: Settings) -> bool:
    return settings.twilio is not None and settings.twilio.whatsapp_number is not None


async def test_the_same_words_go_to_the_same_number_as_a_text(settings: Settings) -> None:
    row = await refused(settings, Refused("outside the window", 63016))
    assert row.state is OutboxState.FAILED
    (other,) = await Outbox.exclude(id=row.id).select_related("address")
    if not has_whatsapp(settings):
        assert other.bridge == "rooms"
        assert "明天来修" in other.payload["text"]
        return
    assert (other.bridge, other.payload["text"]) == ("sms", "明天来修")
    assert other.address is not None
    assert settings.vault.open(other.address.sealed) == NUMBER
    first = await Address.get(id=row.address_id)
    assert other.address.person_id == first.person_id


@pytest.mark.parametrize("refusal", [OptedOut("STOP", 21610), Unfit("a file of no kind")])
async def test_neither_a_wish_nor_a_bad_file_is_got_around(settings: Settings, refusal: Refused) -> None:
    row = await refused(settings, refusal)
    assert not await Outbox.filter(bridge="sms").exclude(id=row.id).exists()


async def test_a_text_has_no_other_way(settings: Settings) -> None:
    row = await refused(settings, Refused("no such number", 21211), bridge="sms")
    (line,) = await Outbox.exclude(id=row.id)
    assert line.bridge == "rooms"


async def test_who_wants_no_texts_gets_none_by_a_detour(settings: Settings) -> None:
    stopped = await Address.create(
        person=(await resident(settings, None, number="+8613900000000")).person,
        bridge="sms",
        lookup=settings.vault.lookup("sms", NUMBER),
        sealed=settings.vault.seal(NUMBER),
        stopped_at=settings.clock.wall(),
    )
    row = await refused(settings, Refused("outside the window", 63016))
    assert not await Outbox.filter(address_id=stopped.id).exclude(id=row.id).exists()


async def test_one_number_is_one_person_on_every_way(settings: Settings) -> None:
    address = await resident(settings, None, number=NUMBER)
    known = await numbers.known(settings, "whatsapp", NUMBER)
    if not has_whatsapp(settings):
        assert known is None
        return
    assert known is not None
    assert (known.bridge, known.person.id) == ("whatsapp", address.person_id)
    again = await numbers.known(settings, "whatsapp", NUMBER)
    assert again is not None
    assert again.id == known.id
    assert await numbers.known(settings, "whatsapp", "+8613900000001") is None
    assert await numbers.known(settings, "matrix", NUMBER) is None


async def test_what_is_no_number_is_nobody_elses(settings: Settings) -> None:
    await resident(settings, None, number="BANK")
    assert await numbers.known(settings, "whatsapp", "BANK") is None


async def test_a_telephone_is_known_behind_a_chat(settings: Settings) -> None:
    chat = await resident(settings, None, number=NUMBER, bridge="whatsapp")
    phone = await numbers.on_phone(settings, chat)
    if not has_whatsapp(settings):
        assert phone is None
        return
    assert phone is not None
    assert (phone.bridge, phone.person_id) == ("sms", chat.person_id)
    assert (await numbers.on_phone(settings, phone)) is phone


async def test_an_issue_is_answered_where_its_reporter_last_wrote(settings: Settings) -> None:
    territory = await plant()
    await resident(settings, territory.block, number=NUMBER)
    by_text, chat = Phone(settings, NUMBER), Phone(settings, NUMBER, bridge="whatsapp")
    assert await by_text.text("路灯坏了")
    if not has_whatsapp(settings):
        return
    await chat.text("还没修")
    issue = await Issue.first().select_related("address")
    assert issue is not None
    assert issue.address.bridge == "whatsapp"
    await by_text.text("怎么还没修")
    issue = await Issue.first().select_related("address")
    assert issue is not None
    assert issue.address.bridge == "sms"
