"""Many hands that do the same thing again and again, so many of them at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable


async def work(do: Callable[[int], Awaitable[None]], numbers: Iterable[int], at_once: int) -> float:
    """Do something with each of some numbers, so many at a time; returns the seconds that it took."""
    left = iter(numbers)

    async def hand() -> None:
        for number in left:
            await do(number)

    began = time.perf_counter()
    await asyncio.gather(*(hand() for _ in range(at_once)))
    return time.perf_counter() - began
