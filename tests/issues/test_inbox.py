"""The inbox: accepted once however often it is sent, worked on in order, and never lost to an error."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridges.contract import Inbound, Kind, Media
from escalator import deadlines
from escalator import inbox as worker
from issues import inbox
from issues.effects import ROOMS
from linzhang.settings import Settings
from models import (
    Action,
    Address,
    History,
    Inbox,
    InboxState,
    Issue,
    Message,
    Outbox,
    OutboxState,
    RoomEvent,
    State,
)
from tests.factories import MORNING, Territory, clock_of, plant, resident
from tests.issues.chat import Block, block_in, matrix_id

NUMBER = "+8613800138000"


def texted(sid: str, words: str = "水管坏了", sender: str = NUMBER) -> Inbound:
    return Inbound(bridge="sms", external_id=sid, sender=sender, text=words)


def receipt(target: str, status: str, *, code: int | None = None, key: str = "") -> Inbound:
    """What the carrier tells of something that we sent."""
    detail: dict[str, Any] = {"status": status, "code": code}
    if key:
        detail["key"] = key
    return Inbound(
        bridge="sms",
        external_id=f"{target}:{status}",
        sender=NUMBER,
        kind=Kind.RECEIPT,
        target=target,
        detail=detail,
    )


async def take(settings: Settings, inbound: Inbound) -> set[str]:
    lane = await inbox.store(settings, inbound)
    return await worker.drain(settings, lane) if lane else set()


async def time_passes() -> None:
    """Let every back-off be over."""
    await Inbox.all().update(not_before=MORNING.replace(year=2000))


# --- accepting ---------------------------------------------------------------------------------


async def test_a_hundred_replays_leave_one_issue(either: Settings) -> None:
    await resident(either, (await plant()).block)
    stored = await asyncio.gather(*(inbox.store(either, texted("SM1")) for _ in range(100)))
    (lane,) = [each for each in stored if each]
    await asyncio.gather(*(worker.drain(either, lane) for _ in range(4)))
    assert await inbox.store(either, texted("SM1")) is None
    assert await Issue.all().count() == 1
    assert await Message.all().count() == 1
    assert (await Inbox.get()).state is InboxState.DONE


async def test_several_workers_keep_one_senders_order(either: Settings) -> None:
    await resident(either, (await plant()).block)
    for number in range(8):
        lane = await inbox.store(either, texted(f"SM{number}", f"第{number}句"))
    assert lane is not None
    await asyncio.gather(*(worker.drain(either, lane) for _ in range(4)))
    assert await Issue.all().count() == 1
    assert [each.text for each in await Message.all().order_by("id")] == [f"第{n}句" for n in range(8)]


async def test_an_event_comes_out_as_it_went_in_and_its_sender_is_sealed(either: Settings) -> None:
    given = Inbound(
        bridge="matrix",
        external_id="$event",
        sender="@liu:test",
        kind=Kind.EDIT,
        text="水管\x00坏了 👨‍👩‍👧 \u202e",
        media=[Media("mxc://test/1", "image/png", 5, "管.png")],
        room="!room:test",
        thread="$root",
        target="$old",
        detail={"status": "x", "code": 3},
        sent_at=datetime(2026, 11, 24, tzinfo=UTC),
    )
    assert await inbox.store(either, given) == "room:!room:test"
    row = await Inbox.get()
    got = inbox.restore(either, row)
    assert got.text == "水管坏了 👨‍👩‍👧 \u202e"
    assert [got.media[0], got.sent_at, got.detail, got.kind] == [
        given.media[0],
        given.sent_at,
        given.detail,
        given.kind,
    ]
    assert (got.sender, got.room, got.thread, got.target) == ("@liu:test", "!room:test", "$root", "$old")
    assert "liu" not in row.sender + row.lane + str(row.body)
    assert row.received_at == either.clock.now().replace(microsecond=row.received_at.microsecond)


async def test_no_number_stands_anywhere_in_the_open(settings: Settings, territory: Territory) -> None:
    await take(settings, texted("SM1"))
    tables = [Inbox, Address, Issue, Message, Outbox]
    rows = [str(list(await table.all().values())) for table in tables]
    assert not [text for text in rows if NUMBER in text or NUMBER.removeprefix("+86") in text]


async def test_far_too_long_a_text_is_cut_and_not_refused(settings: Settings, territory: Territory) -> None:
    await take(settings, texted("SM1", "水" * 50_000))
    assert len((await Message.get()).text) == inbox.TEXT_LIMIT


# --- errors --------------------------------------------------------------------------------------


async def test_an_event_that_fails_is_tried_again_and_then_kept_aside(
    settings: Settings, territory: Territory
) -> None:
    """An event sealed with a key that is gone cannot be worked on, whatever one does."""
    await resident(settings, territory.block)
    lane = await inbox.store(settings, texted("SM1", "打不开"))
    await inbox.store(settings, texted("SM2", "水管坏了"))
    assert lane is not None
    await Inbox.filter(external_id="SM1").update(sender="gAAAA-sealed-with-a-lost-key")
    for attempt in range(len(worker.BACKOFF)):
        assert await worker.drain(settings, lane) == set()
        first = await Inbox.get(external_id="SM1")
        assert (first.state, first.attempts, first.error) == (
            InboxState.WAITING,
            attempt + 1,
            "InvalidToken",
        )
        assert first.not_before > settings.clock.wall().replace(year=2001)
        assert await Issue.all().count() == 0  # what comes behind it waits
        await time_passes()
    assert await worker.drain(settings, lane) != set()
    assert (await Inbox.get(external_id="SM1")).state is InboxState.FAILED
    assert (await Message.get()).text == "水管坏了"


async def test_lanes_that_wait_are_listed_once(settings: Settings, territory: Territory) -> None:
    one = await inbox.store(settings, texted("SM1"))
    await inbox.store(settings, texted("SM2"))
    other = await inbox.store(settings, texted("SM3", sender="+8613900139000"))
    later = await inbox.store(settings, texted("SM4", sender="+8613700137000"))
    await Inbox.filter(external_id="SM4").update(not_before=MORNING.replace(year=2100))
    assert later is not None
    assert sorted(await worker.due_lanes(settings, 10)) == sorted(each for each in (one, other) if each)
    assert len(await worker.due_lanes(settings, 1)) == 1


# --- receipts ------------------------------------------------------------------------------------


@pytest.fixture
async def sent(settings: Settings, territory: Territory) -> Outbox:
    """A receipt to a resident that the carrier has taken."""
    await resident(settings, territory.block)
    await take(settings, texted("SM1"))
    row = await Outbox.get(bridge="sms")
    row.state, row.external_id = OutboxState.SENT, "SMout"
    await row.save()
    return row


async def test_receipts_that_come_late_change_nothing(settings: Settings, sent: Outbox) -> None:
    for status in ("sent", "delivered", "queued", "sent", "failed"):
        await take(settings, receipt("SMout", status))
    assert (await Outbox.get(id=sent.id)).receipt == "delivered"


async def test_a_receipt_proves_that_a_call_that_died_had_arrived(settings: Settings, sent: Outbox) -> None:
    await Outbox.filter(id=sent.id).update(state=OutboxState.CALLING, external_id=None)
    await take(settings, receipt("SMnew", "queued", key=sent.key))
    row = await Outbox.get(id=sent.id)
    assert (row.state, row.external_id, row.leased_until) == (OutboxState.SENT, "SMnew", None)


async def test_a_receipt_for_nothing_of_ours_is_passed_over(settings: Settings, sent: Outbox) -> None:
    assert await take(settings, receipt("SMstrange", "failed")) == set()
    assert (await Outbox.get(id=sent.id)).receipt == ""


async def test_an_answer_to_a_post_that_is_not_written_down_yet_waits_until_it_is(
    settings: Settings, territory: Territory
) -> None:
    """A worker died behind its call: the leader sees the post before anybody here knows that it is there."""
    block = await block_in(settings, territory)
    await RoomEvent.filter(event_id=block.post).delete()
    show = await Outbox.get(key="i1.1.0")
    show.state, show.called_at = OutboxState.CALLING, settings.clock.wall() - timedelta(seconds=30)
    await show.save()
    said = Inbound("matrix", "$early", matrix_id(block.leader), text="明天来修")
    lane = await inbox.store(settings, replace(said, room=block.room.room_id, thread=block.post))
    assert lane is not None
    await worker.drain(settings, lane)
    assert (await Inbox.get(external_id="$early")).state is InboxState.WAITING
    show.state = OutboxState.SENT
    await show.save()
    assert await block.room.post(block.number) == block.post
    await time_passes()
    await worker.drain(settings, lane)
    assert (await block.issue()).state is State.ANSWERED
    assert [each for each in await block.phone.told() if "明天来修" in each]


async def unknown_post(settings: Settings, block: Block) -> Outbox:
    """Let a worker have died behind its call: the leader sees the post, and nobody here knows of it."""
    await RoomEvent.filter(event_id=block.post).delete()
    show = await Outbox.get(key="i1.1.0")
    show.state, show.called_at = OutboxState.CALLING, settings.clock.wall() - timedelta(seconds=30)
    await show.save()
    return show


async def answers_it(settings: Settings, block: Block) -> str:
    """The leader answers below the post; returns the lane."""
    said = Inbound("matrix", "$early", matrix_id(block.leader), text="明天来修")
    lane = await inbox.store(settings, replace(said, room=block.room.room_id, thread=block.post))
    assert lane is not None
    await worker.drain(settings, lane)
    return lane


async def becomes_known(block: Block, show: Outbox) -> None:
    """Let the homeserver tell that the post stands."""
    show.state = OutboxState.SENT
    await show.save()
    assert await block.room.post(block.number) == block.post
    await time_passes()


async def test_a_window_waits_for_an_answer_that_is_put_off(settings: Settings, territory: Territory) -> None:
    block = await block_in(settings, territory)
    show = await unknown_post(settings, block)
    lane = await answers_it(settings, block)
    clock_of(settings).advance(timedelta(hours=5))
    await deadlines.run(settings, 50)
    assert (await block.issue()).holder_id == territory.block.id, "it was answered in time"
    await becomes_known(block, show)
    await worker.drain(settings, lane)
    await deadlines.run(settings, 50)
    assert (await block.issue()).state is State.ANSWERED


async def test_no_other_window_waits_for_an_answer_that_is_put_off(
    settings: Settings, territory: Territory
) -> None:
    block = await block_in(settings, territory)
    await unknown_post(settings, block)
    await answers_it(settings, block)
    await block.phone.text("新 水管也漏了")
    clock_of(settings).advance(timedelta(hours=5))
    await deadlines.run(settings, 50)
    waits, other = await Issue.all().order_by("id")
    assert waits.holder_id == territory.block.id
    assert other.holder_id != territory.block.id


async def test_an_answer_that_is_put_off_and_came_too_late_saves_no_window(
    settings: Settings, territory: Territory
) -> None:
    block = await block_in(settings, territory)
    await unknown_post(settings, block)
    clock_of(settings).advance(timedelta(hours=5))
    await answers_it(settings, block)
    await deadlines.run(settings, 50)
    assert (await block.issue()).holder_id != territory.block.id


async def test_what_came_too_late_waits_for_what_may_have_come_in_time(
    settings: Settings, territory: Territory
) -> None:
    """The resident asks after the window; the leader's answer was there before it ended, and waits."""
    block = await block_in(settings, territory)
    show = await unknown_post(settings, block)
    lane = await answers_it(settings, block)
    clock_of(settings).advance(timedelta(hours=5))
    late = Inbound("sms", "SMlate", block.phone.number, text="修了吗")
    by_text = await inbox.store(settings, late)
    assert by_text is not None
    await worker.drain(settings, by_text)
    assert (await Inbox.get(external_id="SMlate")).state is InboxState.WAITING
    await becomes_known(block, show)
    await worker.drain(settings, lane)
    await worker.drain(settings, by_text)
    history = await History.filter(issue_id=1).order_by("seq")
    assert [each.action for each in history] == [Action.REPORT, Action.ANSWER, Action.ADD]


async def test_other_windows_of_who_is_put_off_by_text_wait_too(
    settings: Settings, territory: Territory
) -> None:
    """The resident's text waits for the leader's answer; it may also be about what is due next."""
    block = await block_in(settings, territory)
    await unknown_post(settings, block)
    await answers_it(settings, block)
    clock_of(settings).advance(timedelta(hours=2))
    await block.phone.text("新 水管也漏了")
    clock_of(settings).advance(timedelta(hours=3))
    by_text = await inbox.store(settings, Inbound("sms", "SMlate", block.phone.number, text="算了吧"))
    assert by_text is not None
    await worker.drain(settings, by_text)
    assert (await Inbox.get(external_id="SMlate")).state is InboxState.WAITING
    clock_of(settings).advance(timedelta(hours=2))
    await deadlines.run(settings, 50)
    assert {each.holder_id for each in await Issue.all()} == {territory.block.id}


async def test_an_answer_to_nothing_of_ours_is_put_off_only_for_a_while(
    settings: Settings, territory: Territory
) -> None:
    block = await block_in(settings, territory)
    called = settings.clock.wall() - timedelta(seconds=30)
    await Outbox.filter(bridge=ROOMS).update(state=OutboxState.CALLING, called_at=called)
    said = Inbound("matrix", "$chat", matrix_id(block.leader), text="好的", room=block.room.room_id)
    lane = await inbox.store(settings, replace(said, thread="$somebody-elses"))
    assert lane is not None
    for _ in range(len(worker.AHEAD) + 1):
        assert (await Inbox.get(external_id="$chat")).state is InboxState.WAITING
        await time_passes()
        await worker.drain(settings, lane)
    assert (await Inbox.get(external_id="$chat")).state is InboxState.DONE
