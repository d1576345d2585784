"""The outbox: in order, none lost, none twice, whatever the far side does.

Leases and back-off run on machine time, which no test waits for: rows are written as they would
stand after the time has passed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from bridges.contract import Delivered, OptedOut, Refused, Unasked, Unavailable, Uncertain
from escalator import outbox
from escalator.pacing import Pacing
from escalator.shares import Shares, Turn
from issues.effects import Effects
from linzhang.settings import Settings
from models import Address, Issue, Outbox, OutboxState
from tests.factories import MORNING, plant, resident

LANE = "address:1"
LONG_AGO = timedelta(hours=1)


class Far:
    """The far side: remembers what it took, and fails as it is told.

    Attributes:
        took: The keys that it has taken, in order.
        searched: The keys that it was asked about.
        failures: What the next calls end with; None: as they should.
        losing: Whether a call that fails has been taken all the same.
        deaf: Whether it can be asked nothing.
        unasked: Why nobody asks it anything.
        during: Happens while a call is under way.
    """

    def __init__(self) -> None:
        self.took: list[str] = []
        self.searched: list[str] = []
        self.failures: list[Exception | None] = []
        self.losing = False
        self.deaf = False
        self.unasked: Unasked | None = None
        self.during: Callable[[Outbox], Awaitable[object]] | None = None

    async def deliver(self, row: Outbox) -> Delivered:
        if self.unasked:
            raise self.unasked
        if self.during:
            await self.during(row)
        failure = self.failures.pop(0) if self.failures else None
        if failure and not self.losing:
            raise failure
        self.took.append(row.key)
        if failure:
            raise failure
        return Delivered(f"far-{row.key}")

    async def find(self, row: Outbox) -> Delivered | None:
        if self.unasked:
            raise self.unasked
        if self.deaf:
            raise Unavailable("down")
        self.searched.append(row.key)
        return Delivered(f"far-{row.key}") if row.key in self.took else None


@pytest.fixture
async def address(settings: Settings) -> Address:
    return await resident(settings, None)


async def put(settings: Settings, key: str, *, lane: str = LANE, **columns: Any) -> Outbox:
    """An effect that waits, unless told otherwise."""
    wall = settings.clock.wall()
    facts: dict[str, Any] = {
        "bridge": "far",
        "payload": {"text": key},
        "created_at": wall - LONG_AGO,
        "not_before": wall - LONG_AGO,
    }
    return await Outbox.create(key=key, lane=lane, **(facts | columns))


async def calling(settings: Settings, key: str, *, lease: timedelta) -> Outbox:
    """An effect that some worker has claimed."""
    wall = settings.clock.wall()
    return await put(
        settings,
        key,
        state=OutboxState.CALLING,
        attempts=1,
        called_at=wall - LONG_AGO,
        leased_until=wall + lease,
    )


async def drain(settings: Settings, far: Far, lane: str = LANE) -> set[str]:
    return await outbox.drain(settings, {"far": far}, lane)


async def time_passes(key: str) -> None:
    """Let what a row waits for be over."""
    past = (await Outbox.get(key=key)).created_at
    await Outbox.filter(key=key).update(not_before=past)
    await Outbox.filter(key=key, state=OutboxState.CALLING).update(leased_until=past)


async def test_a_lane_goes_out_in_order_and_other_lanes_wait_for_their_turn(settings: Settings) -> None:
    for key in ("a", "b", "c"):
        await put(settings, key)
    await put(settings, "elsewhere", lane="address:2")
    far = Far()
    await drain(settings, far)
    assert far.took == ["a", "b", "c"]
    sent = await Outbox.get(key="a")
    assert (sent.state, sent.external_id, sent.leased_until, sent.error) == (
        OutboxState.SENT,
        "far-a",
        None,
        "",
    )
    assert sent.sent_at is not None
    assert await outbox.due_lanes(settings, 10) == ["address:2"]


async def test_what_was_certainly_not_taken_holds_back_what_comes_behind_it(either: Settings) -> None:
    settings = either
    await put(settings, "a")
    await put(settings, "b")
    far = Far()
    far.failures = [Unavailable("busy")]
    await drain(settings, far)
    first = await Outbox.get(key="a")
    assert (first.state, first.error, far.took) == (OutboxState.WAITING, "busy", [])
    assert first.not_before > settings.clock.wall() - timedelta(seconds=5)
    await time_passes("a")
    await drain(settings, far)
    assert (far.took, far.searched) == (["a", "b"], [])


async def test_the_far_sides_own_wish_to_wait_is_kept(settings: Settings) -> None:
    await put(settings, "a")
    far = Far()
    far.failures = [Unavailable("too many", retry_after=900)]
    await drain(settings, far)
    wait = (await Outbox.get(key="a")).not_before - settings.clock.wall()
    assert timedelta(seconds=890) < wait <= timedelta(seconds=900)
    assert await outbox.due_lanes(settings, 10) == []


async def test_attempts_become_rarer_but_never_end(settings: Settings) -> None:
    await put(settings, "a")
    far = Far()
    waits = []
    for _ in range(12):
        far.failures = [Unavailable("down")]
        await drain(settings, far)
        wait = (await Outbox.get(key="a")).not_before - settings.clock.wall()
        waits.append(round(wait.total_seconds()))
        await time_passes("a")
    assert waits == sorted(waits)
    assert waits[-1] == 60
    await drain(settings, far)
    assert far.took == ["a"]


@pytest.mark.parametrize("doubtful", [False, True])
async def test_what_was_never_asked_is_no_attempt_and_goes_on_soon(
    settings: Settings, doubtful: bool
) -> None:
    """A homeserver was away for long and many wait: most lanes were turned away before they could ask."""
    if doubtful:
        await calling(settings, "a", lease=-timedelta(seconds=1))
    else:
        await put(settings, "a", attempts=1)
    far = Far()
    for _ in range(12):
        far.unasked = Unasked("sending: there was no answer lately", 3.0, 60.0)
        await drain(settings, far)
        row = await Outbox.get(key="a")
        again = row.leased_until if doubtful else row.not_before
        assert again is not None
        assert again - settings.clock.wall() <= timedelta(seconds=3)
        assert row.attempts == 1
        await time_passes("a")
    far.unasked = None
    await drain(settings, far)
    assert (far.took, far.searched) == (["a"], ["a"] if doubtful else [])


@pytest.mark.parametrize("failure", [Uncertain("the line broke"), RuntimeError("nobody thought of this")])
@pytest.mark.parametrize("taken", [True, False])
async def test_nobody_knows_how_it_ended_so_the_far_side_is_asked(
    either: Settings, failure: Exception, taken: bool
) -> None:
    settings = either
    await put(settings, "a")
    await put(settings, "b")
    far = Far()
    far.failures, far.losing = [failure], taken
    await drain(settings, far)
    doubtful = await Outbox.get(key="a")
    assert doubtful.state is OutboxState.CALLING
    assert doubtful.leased_until is not None
    assert doubtful.leased_until > settings.clock.wall()
    await drain(settings, far)
    assert far.searched == []  # too early to believe the far side
    await time_passes("a")
    await drain(settings, far)
    assert far.searched == ["a"]
    assert far.took == ["a", "b"]  # once, and in order
    assert (await Outbox.get(key="a")).external_id == "far-a"


async def test_a_worker_that_died_is_found_by_its_lease(either: Settings) -> None:
    settings = either
    far = Far()
    await calling(settings, "taken", lease=-timedelta(seconds=1))
    await calling(settings, "lost", lease=-timedelta(seconds=1))
    far.took = ["taken"]
    assert await outbox.due_lanes(settings, 10) == [LANE]
    await drain(settings, far)
    assert far.searched == ["taken", "lost"]
    assert far.took == ["taken", "lost"]
    assert await Outbox.filter(state=OutboxState.SENT).count() == 2


async def test_what_another_worker_is_calling_is_left_to_it(settings: Settings) -> None:
    far = Far()
    await calling(settings, "a", lease=timedelta(seconds=60))
    await put(settings, "b")
    await drain(settings, far)
    assert (far.took, far.searched) == ([], [])


async def test_doubt_stays_while_the_far_side_cannot_be_asked(settings: Settings) -> None:
    await calling(settings, "a", lease=-timedelta(seconds=1))
    far = Far()
    far.deaf = True
    await drain(settings, far)
    row = await Outbox.get(key="a")
    assert (row.state, row.error, far.took) == (OutboxState.CALLING, "down", [])
    assert row.leased_until is not None
    assert row.leased_until > settings.clock.wall() - timedelta(seconds=1)


async def test_a_slow_worker_that_lost_its_lease_writes_nothing(either: Settings) -> None:
    settings = either
    await put(settings, "a")

    async def another_takes_over(row: Outbox) -> None:
        far.during = None
        await time_passes("a")
        await drain(settings, far)

    far = Far()
    far.during = another_takes_over
    far.failures = [None, Refused("too late")]
    await drain(settings, far)
    row = await Outbox.get(key="a")
    assert (row.state, row.external_id, row.error) == (OutboxState.SENT, "far-a", "")


async def test_two_workers_on_one_lane_send_everything_once(either: Settings) -> None:
    settings = either
    for number in range(12):
        await put(settings, f"{number:02}")
    far = Far()
    await asyncio.gather(*(drain(settings, far) for _ in range(4)))
    assert far.took == [f"{number:02}" for number in range(12)]


async def test_a_refusal_is_final_and_the_holder_is_sent_to_knock(settings: Settings) -> None:
    territory = await plant()
    address = await resident(settings, territory.block)
    issue = await Issue.create(
        block=territory.block,
        holder=territory.units["group"],
        reporter=address.person,
        address=address,
        opened_at=MORNING,
        talked_at=MORNING,
    )
    await put(settings, "a", issue=issue, address=address, payload={"text": "明天来修" + "，请等" * 60})
    await put(settings, "b")
    far = Far()
    far.failures = [Refused("no such number", 21211)]
    lane = f"issue:{issue.id}:{territory.units['group'].id}"
    assert await drain(settings, far) == {lane}
    row = await Outbox.get(key="a")
    assert (row.state, row.receipt_code, far.took) == (OutboxState.FAILED, 21211, ["b"])
    told = await Outbox.get(lane=lane)
    assert told.payload["unit"] == territory.units["group"].id
    said = told.payload["text"]
    assert said.startswith("魏岗村委会第3邻的刘大爷联系不上，请上门告诉：“明天来修，请等")
    assert said.endswith("…”")
    assert await drain(settings, far) == set()


async def test_a_refusal_of_what_belongs_to_no_issue_tells_nobody(
    settings: Settings, address: Address
) -> None:
    await put(settings, "a", address=address)
    far = Far()
    far.failures = [Refused("no such number")]
    assert await drain(settings, far) == set()
    assert await Outbox.all().count() == 1


async def test_who_has_opted_out_is_remembered(settings: Settings, address: Address) -> None:
    await put(settings, "a", address=address)
    far = Far()
    far.failures = [OptedOut("STOP", 21610)]
    await drain(settings, far)
    assert (await Outbox.get(key="a")).state is OutboxState.FAILED
    first = (await Address.get(id=address.id)).stopped_at
    assert first is not None
    await put(settings, "b", address=address)
    far.failures = [OptedOut("STOP", 21610)]
    await drain(settings, far)
    assert (await Address.get(id=address.id)).stopped_at == first


async def test_what_was_taken_back_is_passed_over(settings: Settings) -> None:
    await put(settings, "a", state=OutboxState.CANCELLED)
    await put(settings, "b")
    far = Far()
    await drain(settings, far)
    assert far.took == ["b"]


async def test_a_bridge_that_is_not_configured_is_waited_for(settings: Settings) -> None:
    await put(settings, "a", bridge="pigeon")
    await drain(settings, Far())
    row = await Outbox.get(key="a")
    assert row.state is OutboxState.WAITING
    assert "pigeon" in row.error


async def test_every_lane_with_something_due_is_listed_once(settings: Settings) -> None:
    wall = settings.clock.wall()
    await put(settings, "a")
    await put(settings, "b")
    await put(settings, "later", lane="later", not_before=wall + timedelta(minutes=1))
    await put(settings, "done", lane="done", state=OutboxState.SENT)
    await put(settings, "failed", lane="failed", state=OutboxState.FAILED)
    for number in range(3):
        await put(settings, f"more{number}", lane=f"more{number}")
    assert sorted(await outbox.due_lanes(settings, 10)) == [LANE, "more0", "more1", "more2"]
    assert len(await outbox.due_lanes(settings, 2)) == 2


async def test_lanes_that_must_wait_take_no_others_place(either: Settings) -> None:
    """A homeserver that is away blocks many lanes, and in each something waits behind the first row."""
    later = either.clock.wall() + LONG_AGO
    for number in range(3):
        await put(either, f"away{number}", lane=f"issue:{number}", not_before=later)
        await put(either, f"behind{number}", lane=f"issue:{number}")
    await put(either, "text", lane="address:9")
    assert await outbox.due_lanes(either, 2) == ["address:9"]


async def test_the_lanes_that_have_waited_longest_come_first(either: Settings) -> None:
    wall = either.clock.wall()
    for minutes in (1, 3, 2):
        since = wall - timedelta(minutes=minutes)
        await put(either, f"since{minutes}", lane=f"issue:{minutes}", not_before=since)
    assert await outbox.due_lanes(either, 2) == ["issue:3", "issue:2"]


async def test_who_waits_for_something_waits_behind_nothing_that_the_clock_has_caused(
    either: Settings,
) -> None:
    for number in range(3):
        await put(either, f"climbed{number}", lane=f"issue:{number}", patient=True)
    await put(either, "behind", lane="issue:2", not_before=either.clock.wall())
    await put(either, "receipt", lane="address:9", not_before=either.clock.wall())
    assert await outbox.due_lanes(either, 2) == ["issue:2", "address:9"]
    assert await outbox.due_lanes(either, 2, besides=["far"]) == ["issue:2", "address:9"]
    assert await outbox.due_lanes(either, 10) == ["issue:2", "address:9", "issue:0", "issue:1"]


async def test_what_may_have_arrived_comes_first_of_all(either: Settings) -> None:
    """Leaders may see it already: what they answer waits until it is known here."""
    wall = either.clock.wall()
    await put(either, "receipt", lane="address:9", not_before=wall - timedelta(hours=1))
    ended, lasts = wall - LONG_AGO, wall + timedelta(minutes=1)
    calling = {"state": OutboxState.CALLING, "called_at": wall - timedelta(minutes=2)}
    await put(either, "another's", lane="issue:1", leased_until=lasts, **calling)
    await put(either, "doubtful", lane="issue:2", leased_until=ended, **calling)
    await put(either, "behind", lane="issue:2")
    assert await outbox.due_lanes(either, 1) == ["issue:2"]
    assert await outbox.due_lanes(either, 9) == ["issue:2", "address:9"]
    found = await outbox.next_in("issue:2")
    assert found is not None
    assert found.turn is Turn.DOUBTFUL


async def test_who_waits_for_something_is_next_where_many_are_put_down() -> None:
    shares, done, goes_on = Shares(1), [], asyncio.Event()

    async def work(lane: str) -> None:
        await goes_on.wait()
        done.append(lane)

    busy = asyncio.create_task(shares.take("sms", "first", work))
    await asyncio.sleep(0)
    for number in range(1200):
        await shares.take("sms", f"climbed{number}", work, Turn.PATIENT)
    await shares.take("sms", "receipt", work)
    await shares.take("sms", "doubtful", work, Turn.DOUBTFUL)
    goes_on.set()
    await busy
    assert done[:4] == ["first", "doubtful", "receipt", "climbed0"]
    assert len(done) == 1003, "more wait in the database"


async def test_what_nobody_waits_for_goes_out_at_the_pace_of_the_far_side(either: Settings) -> None:
    far, pacing, wall = Far(), Pacing({"far": 0.01}), either.clock.wall()
    for number in range(5):
        moment = {"created_at": wall - LONG_AGO, "not_before": wall - LONG_AGO}
        await put(either, f"climbed{number}", lane=f"issue:{number}", patient=True, **moment)
        await outbox.drain(either, {"far": far}, f"issue:{number}", pacing)
    ahead = await Outbox.filter(state=OutboxState.WAITING).order_by("id")
    assert far.took == ["climbed0"]
    moments = [row.not_before for row in ahead]
    assert {later - moment for moment, later in pairwise(moments)} == {timedelta(seconds=100)}
    await put(either, "receipt", lane="address:9")
    await outbox.drain(either, {"far": far}, "address:9", pacing)
    assert far.took[-1] == "receipt"
    await Outbox.all().update(not_before=wall)  # their moments have come
    for row in ahead:
        await outbox.drain(either, {"far": far}, row.lane, pacing)
    assert not await Outbox.filter(state=OutboxState.WAITING).exists()


async def test_who_waits_for_something_waits_for_what_stands_before_it(
    settings: Settings, address: Address
) -> None:
    wall = settings.clock.wall()
    climbed = Effects("i1.2", wall, patient=True)
    climbed.tell(address, "已转给组长")
    await climbed.save()
    await Outbox.all().update(not_before=wall + LONG_AGO)  # put off behind a hundred thousand others
    receipt = Effects("m7", settings.clock.wall())
    receipt.tell(address, "收到了")
    await receipt.save()
    lane = f"address:{address.id}"
    assert await outbox.due_lanes(settings, 1) == [lane]
    far = Far()
    await outbox.drain(settings, {"sms": far}, lane, Pacing({"sms": 0.001}))
    assert [row.state for row in await Outbox.all()] == [OutboxState.SENT, OutboxState.SENT]
