"""Nothing lost, nothing twice: parts of the stack die in mid-flow and come back."""

import asyncio
import re

import httpx
import pytest
from redis.asyncio import Redis

from models import History, Inbox, Issue, Outbox, OutboxState
from tests.stack.loop import number_of
from tests.stack.shell import linzhang
from tests.stack.town import Town, until
from tests.stack.towns import ON_POSTGRES, ON_SQLITE

pytestmark = [pytest.mark.stack, pytest.mark.asyncio(loop_scope="session")]


async def test_the_same_message_a_hundred_times_at_once(town: Town) -> None:
    phone = await town.resident()
    sid = "SM" + "7" * 32
    seen = await phone.text("同一条短信", sid=sid, copies=100)
    assert set(seen["status_codes"]) == {200}
    number = await number_of(phone, "陈建国")
    room_id, _ = await town.expect_post("block", number)
    await phone.text("再来一次", sid=sid)
    await phone.text("新 另一件事")
    await phone.expect("陈建国")
    assert await Inbox.filter(external_id=sid).count() == 1
    assert await phone.count(number) == 1
    assert len(town.leaders["block"].seen(room_id, "同一条短信")) == 1


async def test_a_deadline_that_passes_without_a_worker(town: Town) -> None:
    phone = await town.resident()
    await phone.text("水管爆了")
    number = await number_of(phone, "陈建国")
    await town.expect_post("block", number)
    await town.stack.worker.stop()
    town.pass_hours(5)
    await town.stack.worker.start()
    room_id, _ = await town.expect_post("group", number, "水管爆了")
    await phone.expect(number, "周强")
    await town.is_quiet()
    assert len(town.leaders["group"].seen(room_id, number)) == 1
    assert await phone.count("周强") == 1


async def test_killed_workers_lose_and_double_nothing(town: Town) -> None:
    phones = [await town.resident(f"居民{index}") for index in range(6)]
    for index, phone in enumerate(phones):
        await phone.text(f"第{index}件事")
        await town.stack.worker.kill()
        await town.stack.worker.start()
    for index, phone in enumerate(phones):
        number = await number_of(phone, "陈建国")
        room_id, _ = await town.expect_post("block", number, f"第{index}件事")
    await town.is_quiet()
    for index, phone in enumerate(phones):
        assert len(await phone.received()) == 1
        assert len(town.leaders["block"].seen(room_id, f"第{index}件事")) == 1


@ON_SQLITE
async def test_redis_is_flushed_in_mid_flow(town: Town) -> None:
    phones = [await town.resident(f"街坊{index}") for index in range(6)]
    async with Redis.from_url(town.stack.settings.redis_url) as redis:
        for index, phone in enumerate(phones):
            await phone.text(f"冲掉{index}")
            await redis.flushall()
    for index, phone in enumerate(phones):
        number = await number_of(phone, "陈建国")
        await town.expect_post("block", number, f"冲掉{index}")
    await town.is_quiet()
    for index, phone in enumerate(phones):
        assert len(await phone.received()) == 1
        assert len(town.leaders["block"].seen(await town.room("block"), f"冲掉{index}")) == 1


@ON_POSTGRES
async def test_everything_goes_on_without_redis(town: Town) -> None:
    redis, worker = town.stack.redis, town.stack.worker
    assert redis is not None
    phone = await town.resident()
    await phone.text("第一句")
    first = await number_of(phone, "陈建国")
    await redis.kill()
    try:
        assert (await phone.text("新 没有Redis也要收下"))["status_code"] == 200
        room_id, post = await town.expect_post("block", "没有Redis也要收下")
        await town.leaders["block"].say(room_id, "照样答复", thread=post)
        await phone.expect("照样答复")
        town.pass_hours(4.01)
        await town.expect_post("group", first, "第一句")
        await phone.expect(first, "周强")
        assert worker.running
    finally:
        await redis.start()
    await phone.text("新 Redis回来了")
    await town.expect_post("block", "Redis回来了")
    await town.is_quiet()
    assert worker.running
    assert await phone.count(first) == 2, "the receipt, and that it went up"


@ON_SQLITE
async def test_the_homeserver_is_away_for_a_while(town: Town) -> None:
    await town.stack.homeserver.stop()
    try:
        phone = await town.resident()
        await phone.text("群不在也要回话")
        number = await number_of(phone, "陈建国")  # the receipt does not wait for rooms
    finally:
        await town.stack.homeserver.start()
    room_id, post = await town.expect_post("block", number, "群不在也要回话")
    await town.leaders["block"].say(room_id, "看到了", thread=post)
    await phone.expect("看到了")
    await town.is_quiet()
    assert len(town.leaders["block"].seen(room_id, number)) == 1


@ON_SQLITE
async def test_the_carrier_is_away_for_a_while(town: Town) -> None:
    phone = await town.resident()
    await phone.text("短信不通群照用")
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number)
    await town.stack.carrier.stop()
    try:
        await town.leaders["block"].say(room_id, "今晚就修", thread=post)
        await town.leaders["block"].expect_state(room_id, post, "answered")
        waiting = Outbox.filter(issue_id=Issue.id_of(int(number)), bridge="sms", state=OutboxState.WAITING)

        async def waits() -> bool:
            return await waiting.filter(attempts__gt=0).count() == 1

        await until(waits, "the answer to have been tried")
    finally:
        await town.stack.carrier.start()
    await phone.expect("今晚就修")
    await town.is_quiet()
    assert await phone.count("今晚就修") == 1


@ON_POSTGRES
async def test_a_carrier_that_takes_a_text_and_hangs_up(town: Town) -> None:
    phone = await town.resident()
    await town.fault({"kind": "timeout_after_accept"})
    await phone.text("只能收到一次")
    await number_of(phone, "陈建国")
    await town.is_quiet()
    assert len(await phone.received()) == 1


async def test_the_doctor_finds_all_well_that_is(town: Town) -> None:
    code, said = await linzhang(town, "doctor")
    assert code == 0, said
    server = town.stack.settings.homeservers[0].server_name
    for well in (
        "schema: of this version",
        "redis: ",
        f"public_url: we answer at {town.stack.settings.public_url}",
        f"homeserver {server}: it knows our token and our names, and reaches us",
        "sms: it lets us in",
    ):
        assert f"\nOK    {well}" in said, said
    # One that was killed a moment ago counts for a while.
    assert re.search(r"\nOK    workers: [1-9]\d* alive", said), said
    async with httpx.AsyncClient(base_url=town.stack.settings.public_url, trust_env=False) as client:

        async def all_is_well() -> bool:
            told = (await client.get("/ready")).json()
            assert told["status"] == "ok", told
            return all(each["status"] == "ok" for each in told["dependencies"].values())

        # A worker that has just begun tells of its first look around with its next sign of life.
        await until(all_is_well, "/ready to know of everything that it is well")


@pytest.mark.parametrize("kind", ["429", "503"])
@ON_SQLITE
async def test_a_carrier_that_is_busy_is_asked_again(town: Town, kind: str) -> None:
    phone = await town.resident()
    await town.fault({"kind": kind, "count": 2})
    await phone.text("忙也要回")
    await number_of(phone, "陈建国")
    await town.is_quiet()
    assert len(await phone.received()) == 1


async def test_the_application_dies_under_fire(town: Town) -> None:
    phones = [await town.resident(f"村民{index}") for index in range(8)]
    sids = [f"SM{index:032x}" for index in range(0xA0, 0xA8)]
    texts = [
        asyncio.create_task(phone.text(f"火线{index}", sid=sid))
        for index, (phone, sid) in enumerate(zip(phones, sids, strict=True))
    ]
    await town.stack.web.kill()
    await asyncio.gather(*texts)
    await town.stack.web.start()
    for index, (phone, sid) in enumerate(zip(phones, sids, strict=True)):
        await phone.text(f"火线{index}", sid=sid)  # the carrier tries again what was not accepted
    for index, phone in enumerate(phones):
        number = await number_of(phone, "陈建国")
        room_id, _ = await town.expect_post("block", number, f"火线{index}")
    await town.is_quiet()
    for index, phone in enumerate(phones):
        assert len(await phone.received()) == 1
        assert len(town.leaders["block"].seen(room_id, f"火线{index}")) == 1


@ON_SQLITE
async def test_an_unsigned_webhook_is_refused(town: Town) -> None:
    form = {"MessageSid": "SM" + "9" * 32, "From": "+8610000099998", "To": "+865581234567", "Body": "x"}
    async with httpx.AsyncClient(base_url=town.stack.settings.public_url, trust_env=False) as client:
        unsigned = await client.post("/sms/inbound", data=form)
        forged = await client.post("/sms/inbound", data=form, headers={"X-Twilio-Signature": "Zm9yZ2Vk"})
    assert (unsigned.status_code, forged.status_code) == (403, 403)
    assert await Inbox.filter(external_id=form["MessageSid"]).count() == 0


async def test_every_history_is_without_a_gap(town: Town) -> None:
    phone = await town.resident()
    await phone.text("查一查")
    await number_of(phone, "陈建国")
    await town.is_quiet()
    for issue in await Issue.all():
        rows = await History.filter(issue_id=issue.id).order_by("seq")
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
        assert rows[-1].to_holder_id == issue.holder_id
        assert rows[-1].to_state == issue.state
    keys = [row.key for row in await Outbox.all()]
    assert len(keys) == len(set(keys))
