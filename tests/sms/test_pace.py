"""How fast texts go out to a carrier that refuses what is too much, in a time that nobody waits for."""

import asyncio
import heapq
from collections.abc import Generator

import pytest

from bridges.learning import LearntPace
from escalator.outbox import BACKOFF
from escalator.worker import JOBS


class Time:
    """A clock whose time passes as soon as everybody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.seconds + seconds, id(woken), woken))
        await woken

    async def pass_until(self, done: "asyncio.Future[list[None]]") -> None:
        while not done.done():
            await _everybody_has_moved()
            if self._sleepers:
                self.seconds, _, woken = heapq.heappop(self._sleepers)
                woken.set_result(None)
        await done


class _Step:
    def __await__(self) -> Generator[None, None, None]:
        yield


async def _everybody_has_moved() -> None:
    for _ in range(10):
        await _Step()


class Carrier:
    """Takes so many in a second, and a second's worth at once after a rest, as `demo.carrier` does."""

    def __init__(self, time: Time, rate: float) -> None:
        self.refused = 0
        self._time, self._rate, self._left, self._at = time, rate, rate, 0.0

    def takes(self) -> bool:
        now = self._time.now()
        self._left = min(self._rate, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            self.refused += 1
            return False
        self._left -= 1
        return True


@pytest.mark.parametrize(("allowed", "texts"), [(5.0, 120), (50.0, 2000), (1.0, 60)])
async def test_a_crowd_of_texts_goes_out_nearly_as_fast_as_the_carrier_takes_them(
    allowed: float, texts: int
) -> None:
    time = Time()
    carrier, pace = Carrier(time, allowed), LearntPace(now=time.now, sleep=time.sleep)

    hands = asyncio.Semaphore(JOBS)

    async def conversation() -> None:
        attempts, taken = 0, False
        while not taken:
            await time.sleep(BACKOFF[min(attempts, len(BACKOFF)) - 1] if attempts else 0)
            async with hands:
                turn = await pace.turn()
                await time.sleep(0.05)
                taken = carrier.takes()
                if taken:
                    pace.taken()
                else:
                    pace.refused(turn, None)
            attempts += 1

    await time.pass_until(asyncio.gather(*(conversation() for _ in range(texts))))

    assert time.seconds < 1.4 * texts / allowed
    assert carrier.refused < JOBS + texts / 4  # the first hands have all asked before one was refused


async def test_what_was_under_way_when_it_was_too_much_slows_nothing_down_again() -> None:
    time = Time()
    pace = LearntPace(now=time.now, sleep=time.sleep)
    turns = [await pace.turn() for _ in range(20)]
    pace.refused(turns[0], None)
    once = pace.wait()
    for turn in turns[1:]:
        pace.refused(turn, None)
    assert 0 < once == pace.wait()


@pytest.mark.parametrize(("limit", "gap"), [(5.0, 0.2), (None, 0.0)])
async def test_the_limit_is_never_passed_and_freedom_comes_back_without_one(
    limit: float | None, gap: float
) -> None:
    time = Time()
    pace = LearntPace(limit, now=time.now, sleep=time.sleep)
    pace.refused(await pace.turn(), None)
    for _ in range(10_000):
        pace.taken()
    time.seconds += 1000
    await pace.turn()
    assert pace.wait() == pytest.approx(gap)
