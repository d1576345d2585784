"""Who may ask a far side, by a clock that the test moves."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from bridges.contract import Unasked, Unavailable, Uncertain
from bridges.crowd import LIMIT, PROBES, RARELY, REST, SLOW, WAIT, Crowd

pytestmark = pytest.mark.asyncio


class Clock:
    """Seconds."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def may_ask(crowd: Crowd) -> bool:
    try:
        async with crowd.joined("asking"):
            return True
    except Unavailable:
        return False


async def fail(crowd: Crowd, error: Exception) -> None:
    with pytest.raises(type(error)):
        async with crowd.joined("asking"):
            raise error


async def test_more_than_fit_wait_until_one_has_its_answer() -> None:
    crowd, clock = Crowd(), asyncio.get_running_loop()
    async with AsyncExitStack() as last:
        async with AsyncExitStack() as others:
            for index in range(LIMIT):
                await (last if index else others).enter_async_context(crowd.joined("asking"))
            waiting = asyncio.create_task(may_ask(crowd))
            began = clock.time()
            await asyncio.sleep(0)
            assert not waiting.done()
        assert await waiting
        assert clock.time() - began < SLOW


async def test_a_far_side_that_hangs_is_asked_by_two_at_most() -> None:
    clock = Clock()
    crowd = Crowd(now=clock)
    async with AsyncExitStack() as hanging:
        for _ in range(PROBES):
            await hanging.enter_async_context(crowd.joined("asking"))
        assert await may_ask(crowd)
        clock.now += SLOW + 0.1
        assert not await may_ask(crowd)
    assert await may_ask(crowd), "they were answered after all"


async def test_after_a_silence_it_is_left_in_peace_and_then_tried_again() -> None:
    clock = Clock()
    crowd = Crowd(now=clock)
    await fail(crowd, Uncertain("no answer"))
    assert not await may_ask(crowd)
    clock.now += REST
    assert await may_ask(crowd)


async def test_an_error_that_it_tells_itself_is_a_sign_of_life() -> None:
    crowd = Crowd()
    await fail(crowd, Unavailable("too much at once", 429))
    assert await may_ask(crowd)
    beyond = Crowd(answer_counts=False)
    await fail(beyond, Uncertain("the one beyond did not answer", 502))
    assert not await may_ask(beyond)


async def test_a_call_that_takes_long_is_no_silence_while_others_are_answered() -> None:
    clock = Clock()
    crowd = Crowd(now=clock)
    async with AsyncExitStack() as long:
        for _ in range(PROBES):
            await long.enter_async_context(crowd.joined("making a room"))
        for _ in range(5):
            clock.now += SLOW - 1
            assert await may_ask(crowd)
        clock.now += SLOW + 0.1
        assert not await may_ask(crowd), "now nobody has heard anything for too long"


async def test_a_call_that_fails_after_others_were_answered_is_no_silence() -> None:
    clock = Clock()
    crowd = Crowd(now=clock)

    async def fail_late() -> None:
        async with crowd.joined("making a room"):
            clock.now += 20
            assert await may_ask(crowd)
            raise Uncertain("no answer")

    with pytest.raises(Uncertain):
        await fail_late()
    assert await may_ask(crowd)


async def test_who_is_turned_away_comes_again_the_later_the_longer_it_has_been_silent() -> None:
    clock = Clock()
    crowd = Crowd(now=clock)
    waits = []
    for _ in range(100):
        await fail(crowd, Uncertain("no answer"))
        with pytest.raises(Unasked) as turned_away:
            async with crowd.joined("asking"):
                raise AssertionError
        waits.append(turned_away.value.retry_after)
        clock.now += REST
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (REST, RARELY)


async def test_who_waits_gets_a_place_in_turn_and_nobody_comes_before() -> None:
    crowd = Crowd()
    came: list[int] = []

    async def come(number: int) -> None:
        async with crowd.joined("asking"):
            came.append(number)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as all_of_them:
        for number in range(LIMIT * 4):
            all_of_them.create_task(come(number))
    assert came == list(range(LIMIT * 4))


async def test_who_gives_up_waiting_keeps_no_place_from_others() -> None:
    crowd = Crowd()
    async with AsyncExitStack() as places:
        for _ in range(LIMIT):
            await places.enter_async_context(crowd.joined("asking"))
        impatient, patient = (asyncio.create_task(may_ask(crowd)) for _ in range(2))
        await asyncio.sleep(0)
        impatient.cancel()
        await asyncio.wait({impatient})
    assert await patient


async def test_who_waits_too_long_for_a_place_has_asked_nothing() -> None:
    clock = Clock()
    crowd, done = Crowd(now=clock), asyncio.Event()

    async def take_long() -> None:
        async with crowd.joined("making a room"):
            await done.wait()

    async with AsyncExitStack() as others:
        async with AsyncExitStack() as answered:
            for index in range(LIMIT):
                await (others if index else answered).enter_async_context(crowd.joined("asking"))
            before, late = asyncio.create_task(take_long()), asyncio.create_task(may_ask(crowd))
            await asyncio.sleep(0)
            clock.now += WAIT + 0.1
        assert not await late, "one was answered, so it lives; whoever had waited longer got the place"
        done.set()
        await before
