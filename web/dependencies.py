"""What the service stands on, asked so seldom that nobody is hammered, and so that nobody waits for it.

Whoever asks gets what is known; what is known for some time is asked for again meanwhile, once however many
ask. Only what is not known, or was too long ago, is waited for, and only for a moment. Times are seconds.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bridges.contract import Bridge, Checks, DeliveryError
from bridges.matrix.bridge import MatrixBridge
from escalator.waking import Waker

#: How long an answer counts: of Redis, which is ours and near, and of far sides.
NEAR, FAR = 5.0, 60.0

#: After a failure a far side is asked again sooner, so that it is seen when it is back.
FAILED = 10.0

#: How long one of which nothing is known is waited for, and how long one may take to answer.
MOMENT, PATIENCE = 1.0, 5.0


class Away(Exception):
    """It does not answer; says why, without any address."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of a dependency.

    Attributes:
        well: Whether it answers and knows us; None: nothing is known yet.
        detail: What is wrong.
        age: Seconds since it was asked.
    """

    well: bool | None
    detail: str = ""
    age: float | None = None

    def told(self) -> dict[str, object]:
        """As `/ready` says it."""
        status = {True: "ok", False: "down", None: "unknown"}[self.well]
        found: dict[str, object] = {"status": status}
        if self.detail:
            found["detail"] = self.detail
        if self.age is not None:
            found["seconds_ago"] = round(self.age, 1)
        return found


@dataclass
class Dependency:
    """One thing that can be away.

    Attributes:
        ask: Asks it; raises `DeliveryError` or `Away` where all is not well.
        lasts: How long its answer counts.
    """

    ask: Callable[[], Awaitable[None]]
    lasts: float
    _last: tuple[bool, str, float] | None = None
    _asking: asyncio.Task[None] | None = field(default=None, repr=False)

    def refresh(self, now: float) -> None:
        """Have it asked again where what is known is too old."""
        if self._asking is not None and not self._asking.done():
            return
        if self._last is not None:
            well, _, at = self._last
            if now < at + (self.lasts if well else min(self.lasts, FAILED)):
                return
        self._asking = asyncio.create_task(self._ask())

    def awaited(self, now: float) -> asyncio.Task[None] | None:
        """What to wait for, where nothing is known that still counts."""
        return self._asking if self.answer(now).well is None else None

    def answer(self, now: float) -> Answer:
        """What is known."""
        if self._last is None:
            return Answer(None)
        well, detail, at = self._last
        return Answer(well if now < at + 2 * self.lasts else None, detail, now - at)

    def close(self) -> None:
        """Wait for no answer any more."""
        if self._asking is not None:
            self._asking.cancel()

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self.ask()
            found = (True, "")
        except (DeliveryError, Away) as error:
            found = (False, str(error))
        except Exception as error:  # a bridge of a third party may raise anything; its words may hold secrets
            found = (False, type(error).__name__)
        self._last = (*found, time.monotonic())


class Watch:
    """All dependencies of the service but its database, by name."""

    def __init__(self, dependencies: Mapping[str, Dependency]) -> None:
        self._dependencies = dependencies

    async def look(self) -> Mapping[str, Answer]:
        """What is known of each."""
        now = time.monotonic()
        for each in self._dependencies.values():
            each.refresh(now)
        awaited = [task for each in self._dependencies.values() if (task := each.awaited(now)) is not None]
        if awaited:
            await asyncio.wait(awaited, timeout=MOMENT)
        now = time.monotonic()
        return {name: each.answer(now) for name, each in self._dependencies.items()}

    def close(self) -> None:
        """Wait for no answer any more."""
        for each in self._dependencies.values():
            each.close()


def of_service(waker: Waker, matrix: MatrixBridge, bridges: Iterable[Bridge]) -> Watch:
    """What a configuration stands on: Redis, each homeserver, and each bridge that can be asked."""

    async def redis() -> None:
        if not await waker.can_wake():
            raise Away("Redis does not answer; everything goes on a second later")

    found = {"redis": Dependency(redis, NEAR)}
    for service in matrix.services:
        found[f"homeserver {service.homeserver.server_name}"] = Dependency(service.ping, FAR)
    found |= {bridge.name: Dependency(bridge.check, FAR) for bridge in bridges if isinstance(bridge, Checks)}
    return Watch(found)
