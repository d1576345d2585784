"""Words that do not arrive are sent again, read out by telephone, and in the end carried to the door."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from bridges.contract import Inbound, Kind
from escalator import inbox as worker
from issues import inbox, remedies
from linzhang.clock import FileClock
from linzhang.settings import Settings, Twilio
from models import Address, Issue, Message, Outbox, OutboxState
from tests.factories import MORNING, Territory, clock_of, plant, reachable, resident
from tests.issues.diary import Leader, Phone, carry_out

MINUTE = timedelta(minutes=1)

_ids = count(1)
ANSWER = "邻长陈建国回您（编号1001）：下午送煤来"
KNOCK = f"魏岗村委会第3邻的刘大爷联系不上，请上门告诉：“{ANSWER}”"

OFF, UNKNOWN_NUMBER, LANDLINE, FILTERED, NOBODY_KNOWS = 30003, 30005, 30006, 30007, 30008


def at(hour: int, minute: int = 0, *, day: int = 24) -> datetime:
    """A moment of Bozhou's clock in November."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


class Carrier:
    """Tells the fate of what went out to phones; all that may go out has gone when it is asked."""

    def __init__(self, settings: Settings, territory: Territory) -> None:
        self.settings = settings
        self.territory = territory

    async def says(self, key: str, status: str, code: int | None = None) -> set[str]:
        """Tell the fate of something that has gone out; returns the lanes that got something."""
        await carry_out(self.settings)
        row = await Outbox.get(key=key)
        assert row.state is OutboxState.SENT, f"{key} has not gone out"
        return await self.insists(key, status, code)

    async def insists(self, key: str, status: str, code: int | None = None) -> set[str]:
        """The same, whatever we think of it."""
        row = await Outbox.get(key=key)
        told = Inbound(
            bridge=row.bridge,
            external_id=f"{key}:{status}:{next(_ids)}",
            sender="+8613800138000",
            kind=Kind.RECEIPT,
            target=f"out-{key}",
            detail={"status": status, "code": code, "key": key},
        )
        lane = await inbox.store(self.settings, told)
        return await worker.drain(self.settings, lane) if lane else set()

    async def gone(self) -> list[str]:
        """Keys of all that has gone out to people so far, in order."""
        await carry_out(self.settings)
        rows = Outbox.filter(bridge__in=["sms", "voice", "whatsapp", "matrix"], state=OutboxState.SENT)
        return [row.key for row in await rows.order_by("id")]

    async def knocks(self, unit: str = "block") -> list[dict[str, Any]]:
        """What was said in a unit's room about going there."""
        rows = await Outbox.filter(bridge="rooms", key__contains=".k.").order_by("id")
        return [row.payload for row in rows if row.payload["unit"] == self.territory.units[unit].id]


@pytest.fixture
async def carrier(settings: Settings, territory: Territory) -> Carrier:
    """The carrier; a resident's issue has been answered at ten, and the answer is on its way."""
    await resident(settings, territory.block)
    await Phone(settings).text("煤没有了")
    await Leader(settings, territory.leaders["block"]).answers(1001, "下午送煤来")
    await carry_out(settings)
    clock_of(settings).advance(31 * MINUTE)  # they are not taken to be awake any more
    return Carrier(settings, territory)


#: The answer's key: the second transition, whose first effect it is.
KEY = "i1.2.0"


async def test_a_phone_that_is_off_is_tried_again_and_the_words_come_once(either: Settings) -> None:
    territory, clock = await plant(), clock_of(either)
    await resident(either, territory.block)
    await Phone(either).text("煤没有了")
    await Leader(either, territory.leaders["block"]).answers(1001, "下午送煤来")
    carrier = Carrier(either, territory)
    assert await carrier.says(KEY, "undelivered", OFF) == {"address:1"}
    assert f"{KEY}.r1" not in await carrier.gone()
    clock.advance(5 * MINUTE)
    assert f"{KEY}.r1" in await carrier.gone()
    await carrier.says(f"{KEY}.r1", "delivered")
    clock.advance(timedelta(days=1))
    assert await carrier.gone() == ["i1.1.1", KEY, f"{KEY}.r1"]
    assert (await Outbox.get(key=f"{KEY}.r1")).payload["text"] == ANSWER
    assert await carrier.knocks() == []


async def test_after_three_times_the_phone_is_called_and_then_somebody_knocks(
    carrier: Carrier, clock: FileClock
) -> None:
    await carrier.says(KEY, "undelivered", OFF)
    for number, wait in enumerate((5, 30, 120), start=1):
        clock.advance((wait - 1) * MINUTE)
        assert f"{KEY}.r{number}" not in await carrier.gone()
        clock.advance(MINUTE)
        await carrier.says(f"{KEY}.r{number}", "undelivered", OFF)
    assert (await carrier.gone())[-1] == f"{KEY}.c"
    call = await Outbox.get(key=f"{KEY}.c")
    assert (call.bridge, call.payload["text"], call.payload["language"]) == ("voice", ANSWER, "zh-Hans")
    assert await carrier.knocks() == []
    await carrier.says(f"{KEY}.c", "no-answer")
    for number, wait in enumerate((5, 30), start=1):
        assert await carrier.knocks() == []
        clock.advance(wait * MINUTE)
        lanes = await carrier.says(f"{KEY}.c{number}", "busy")
    assert lanes == {f"issue:1:{carrier.territory.block.id}"}
    (line,) = await carrier.knocks()
    assert (line["text"], line["mention"]) == (KNOCK, [carrier.territory.leaders["block"].id])


@pytest.mark.parametrize("fate", ["failed", "canceled"])
async def test_a_call_that_reaches_nobody_sends_somebody_there_once(carrier: Carrier, fate: str) -> None:
    await carrier.says(KEY, "undelivered", UNKNOWN_NUMBER)
    await carrier.says(f"{KEY}.c", fate)
    await carrier.says(f"{KEY}.c", "failed")
    assert len(await carrier.knocks()) == 1


async def test_a_call_that_was_answered_is_enough(carrier: Carrier, clock: FileClock) -> None:
    await carrier.says(KEY, "undelivered", UNKNOWN_NUMBER)
    await carrier.says(f"{KEY}.c", "in-progress")
    await carrier.says(f"{KEY}.c", "completed")
    await carrier.says(f"{KEY}.c", "failed")
    clock.advance(timedelta(days=1))
    assert (await carrier.gone())[-1] == f"{KEY}.c"
    assert await carrier.knocks() == []


async def test_a_late_word_that_it_arrived_takes_the_second_copy_back(
    carrier: Carrier, clock: FileClock
) -> None:
    await carrier.says(KEY, "undelivered", OFF)
    await carrier.says(KEY, "delivered")
    clock.advance(5 * MINUTE)
    assert f"{KEY}.r1" not in await carrier.gone()
    assert (await Outbox.get(key=f"{KEY}.r1")).state is OutboxState.CANCELLED
    await carrier.says(KEY, "undelivered", OFF)
    assert await Outbox.filter(key__startswith=f"{KEY}.").count() == 1


async def test_a_late_word_takes_a_call_of_the_evening_back_too(carrier: Carrier, clock: FileClock) -> None:
    clock.set(at(20, 30))
    await carrier.says(KEY, "undelivered", FILTERED)
    await carrier.says(KEY, "delivered")
    clock.set(at(9, day=25))
    assert f"{KEY}.c" not in await carrier.gone()


async def test_the_same_word_twice_tries_once(carrier: Carrier) -> None:
    await carrier.says(KEY, "undelivered", OFF)
    await carrier.insists(KEY, "failed", OFF)
    await Outbox.filter(key=KEY).update(receipt="")
    await carrier.insists(KEY, "undelivered", OFF)
    assert await Outbox.filter(key__startswith=f"{KEY}.").count() == 1


async def test_what_nobody_can_explain_is_sent_once_more(carrier: Carrier, clock: FileClock) -> None:
    await carrier.says(KEY, "undelivered", NOBODY_KNOWS)
    clock.advance(5 * MINUTE)
    await carrier.says(f"{KEY}.r1", "undelivered", NOBODY_KNOWS)
    assert (await carrier.gone())[-1] == f"{KEY}.c"


@pytest.mark.parametrize("code", [30004, UNKNOWN_NUMBER, FILTERED, 29999])
async def test_what_would_be_lost_again_is_read_out_at_once(carrier: Carrier, code: int) -> None:
    await carrier.says(KEY, "undelivered", code)
    assert (await carrier.gone())[-1] == f"{KEY}.c"


async def test_a_landline_is_called_from_then_on(
    carrier: Carrier, settings: Settings, territory: Territory
) -> None:
    await carrier.says(KEY, "undelivered", LANDLINE)
    assert (await carrier.gone())[-1] == f"{KEY}.c"
    assert (await Address.get(id=1)).fixed_line
    await Leader(settings, territory.leaders["block"]).answers(1001, "在路上了")
    last = await Outbox.get(key=(await carrier.gone())[-1])
    assert (last.bridge, last.payload["text"]) == ("voice", "邻长陈建国回您（编号1001）：在路上了")


async def test_a_landline_is_not_called_in_the_evening(
    carrier: Carrier, settings: Settings, territory: Territory, clock: FileClock
) -> None:
    await Address.filter(id=1).update(fixed_line=True)
    clock.set(at(20, 15))
    await Leader(settings, territory.leaders["block"]).answers(1001, "明早来")
    before = len(await carrier.gone())
    clock.set(at(7, 59, day=25))
    assert len(await carrier.gone()) == before
    clock.set(at(8, day=25))
    assert len(await carrier.gone()) == before + 1


async def test_nobody_is_called_in_the_evening_unless_it_is_urgent(
    carrier: Carrier, settings: Settings, territory: Territory, clock: FileClock
) -> None:
    clock.set(at(20))
    await carrier.says(KEY, "undelivered", FILTERED)
    assert f"{KEY}.c" not in await carrier.gone()
    await Leader(settings, territory.leaders["block"]).answers(1001, "快出去")
    await Issue.filter(id=1).update(urgent=True)
    await carrier.says("i1.3.0", "undelivered", FILTERED)
    assert "i1.3.0.c" in await carrier.gone()


async def test_what_is_tried_again_at_night_waits_for_the_morning(
    carrier: Carrier, settings: Settings, territory: Territory, clock: FileClock
) -> None:
    clock.set(at(20, 58))
    await carrier.says(KEY, "undelivered", OFF)
    clock.set(at(6, 59, day=25))
    assert f"{KEY}.r1" not in await carrier.gone()
    clock.set(at(7, day=25))
    assert (await carrier.gone())[-1] == f"{KEY}.r1"


async def test_a_phone_that_writes_is_on_and_gets_it_at_once(carrier: Carrier, settings: Settings) -> None:
    await carrier.says(KEY, "undelivered", OFF)
    await Phone(settings).text("什么时候来")
    assert f"{KEY}.r1" in await carrier.gone()


async def test_order_holds_what_comes_later_takes_it_along(
    carrier: Carrier, settings: Settings, territory: Territory
) -> None:
    await carrier.says(KEY, "undelivered", OFF)
    await Leader(settings, territory.leaders["block"]).answers(1001, "路上了")
    assert (await carrier.gone())[-2:] == [f"{KEY}.r1", "i1.3.0"]


async def test_words_that_were_taken_back_or_corrected_are_not_sent_again(carrier: Carrier) -> None:
    said = await Message.get(text="下午送煤来")
    said.text = "明天送煤来"
    await said.save()
    assert await carrier.says(KEY, "undelivered", OFF) == set()
    said.retracted_at = MORNING
    said.text = "下午送煤来"
    await said.save()
    await Outbox.filter(key=KEY).update(receipt="")
    assert await carrier.insists(KEY, "failed", OFF) == set()


async def test_news_that_newer_news_have_overtaken_are_not_sent_again(
    settings: Settings, territory: Territory
) -> None:
    await resident(settings, territory.block)
    await Phone(settings).text("煤没有了")
    carrier, leader = Carrier(settings, territory), Leader(settings, territory.leaders["block"])
    await carry_out(settings)
    await leader.passes_up(1001, "归组里管")
    assert await carrier.says("i1.1.1", "undelivered", OFF) == set()


async def test_who_has_another_address_is_written_to_there(
    carrier: Carrier, settings: Settings, clock: FileClock
) -> None:
    address = await Address.get(id=1).select_related("person")
    other = await reachable(settings, address.person, "@liu:test", bridge="matrix")
    await carrier.says(KEY, "undelivered", UNKNOWN_NUMBER)
    row = await Outbox.get(key=(await carrier.gone())[-1])
    assert (row.key, row.address_id, row.payload["text"]) == (f"{KEY}.o", other.id, ANSWER)


async def test_where_a_chat_takes_no_free_words_any_more_the_phone_gets_a_text(
    settings: Settings, territory: Territory
) -> None:
    chat = await resident(settings, territory.block, bridge="whatsapp")
    phone = await reachable(settings, chat.person, "+8613800138000")
    await Phone(settings, bridge="whatsapp").text("煤没有了")
    carrier = Carrier(settings, territory)
    await carrier.says("i1.1.1", "failed", 63016)
    row = await Outbox.get(key=(await carrier.gone())[-1])
    assert (row.key, row.address_id) == ("i1.1.1.o", phone.id)
    await carrier.says("i1.1.1.o", "undelivered", OFF)
    assert (await carrier.gone())[-1] == "i1.1.1.c"


async def test_what_a_chat_takes_in_no_free_words_goes_in_the_approved_ones_and_then_by_text(
    settings: Settings, territory: Territory
) -> None:
    approved = {"any": {"zh-Hans": "HX" + "0" * 32}}
    settings.twilio = Twilio(
        account_sid="AC" + "0" * 32,
        auth_token=SecretStr("t"),
        number="+8655812345678",
        whatsapp_number="+8655812345678",
        whatsapp_templates=approved,
    )
    chat = await resident(settings, territory.block, bridge="whatsapp")
    phone = await reachable(settings, chat.person, "+8613800138000")
    await Phone(settings, bridge="whatsapp").text("煤没有了")
    carrier = Carrier(settings, territory)
    await carrier.says("i1.1.1", "failed", 63016)
    assert (await carrier.gone())[-1] == "i1.1.1.t"
    row = await Outbox.get(key="i1.1.1.t")
    assert (row.address_id, row.payload["prescribed"]) == (chat.id, True)
    await carrier.says("i1.1.1.t", "failed", 63016)
    row = await Outbox.get(key=(await carrier.gone())[-1])
    assert (row.key, row.address_id, "prescribed" in row.payload) == ("i1.1.1.o", phone.id, False)


async def test_who_wants_no_texts_is_neither_texted_nor_called(carrier: Carrier) -> None:
    await carrier.says(KEY, "failed", 21610)
    assert (await Address.get(id=1)).stopped_at is not None
    (line,) = await carrier.knocks()
    assert line["text"] == f"魏岗村委会第3邻的刘大爷不收我们的短信，请上门告诉：“{ANSWER}”"
    assert (await carrier.gone())[-1] == KEY


async def test_who_knocks_is_told_by_text_where_they_have_only_a_phone(
    carrier: Carrier, settings: Settings, territory: Territory
) -> None:
    await reachable(settings, territory.leaders["block"], "+8613700137000")
    chief = Phone(settings, number="+8613700137000")
    await carrier.says(KEY, "failed", 21211)
    assert await chief.receives() == [KNOCK]
    assert len(await carrier.knocks()) == 1


async def test_who_holds_it_now_is_sent_to_knock(
    carrier: Carrier, settings: Settings, territory: Territory
) -> None:
    await Leader(settings, territory.leaders["block"]).passes_up(1001, "")
    await carrier.says(KEY, "failed", 21211)
    (line,) = await carrier.knocks("group")
    assert line["mention"] == [territory.leaders["group"].id]


async def test_a_leaders_lost_text_sends_nobody_to_their_door(
    settings: Settings, territory: Territory, clock: FileClock
) -> None:
    await reachable(settings, territory.leaders["block"], "+8613700137000")
    await resident(settings, territory.block)
    await Phone(settings).text("煤没有了")
    carrier = Carrier(settings, territory)
    (given,) = await Outbox.filter(topic="yours")
    await carrier.says(given.key, "undelivered", OFF)
    for number, wait in enumerate((5, 30, 120), start=1):
        clock.advance(wait * MINUTE)
        await carrier.says(f"{given.key}.r{number}", "undelivered", OFF)
    assert await carrier.knocks() == []
    assert not [key for key in await carrier.gone() if key.endswith(".c")]


async def test_what_belongs_to_no_issue_is_only_sent_again(
    settings: Settings, territory: Territory, clock: FileClock
) -> None:
    await resident(settings, territory.block)
    await Phone(settings).text("谢谢")
    carrier = Carrier(settings, territory)
    (key,) = await carrier.gone()
    await carrier.says(key, "undelivered", NOBODY_KNOWS)
    clock.advance(5 * MINUTE)
    assert await carrier.says(f"{key}.r1", "undelivered", NOBODY_KNOWS) == set()


def test_every_code_is_explained_and_ends_with_a_knock() -> None:
    for code, remedy in remedies.REMEDIES.items():
        assert remedy.why
        assert list(remedy.again) == sorted(remedy.again)
        assert not (remedy.fixed_line and remedy.again), code
