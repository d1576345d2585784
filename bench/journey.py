"""From a resident's text to their leader's screen, against a bare client that sends to the same rooms.

`python -m bench.journey` starts the whole service: PostgreSQL, Redis, a real Synapse on SQLite, the carrier,
one application and one worker. Residents have written before, so that their rooms and their ghosts are there.
Then texts come in by the carrier's webhooks, one at a time and sixteen at once, each a new trouble, and the
next one comes when the leader's client has seen the last by `/sync`. The limit is the homeserver's own: a
client that does nothing but send messages as long, in the same rooms, as many at once, while the same leader
reads along.

A text makes more than the one event that is waited for: the issue with its history, the post, and a receipt
that the carrier takes and reports on twice. All that is part of the rate: nobody else does it meanwhile.
'Work' is what the processes have taken of a processor for each text, however many others wanted one. Where
the time went is printed as the database has it.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import aiohttp

from bench import village
from bench.hands import work
from bench.texts import Texts
from bench.timing import percentile, worked
from bench.village import Watcher
from demo.postgres import Postgres
from demo.stack import Stack, make_stack
from issues.effects import ROOMS
from linzhang.database import database
from models import Issue, Outbox

BLOCKS = 16

#: How many at once, and how many texts in all.
ROUNDS = ((1, 20), (16, 96))


@dataclass(frozen=True, slots=True)
class Sent:
    """What some messages have taken.

    Attributes:
        rate: Of them in a second.
        late: Seconds from each one's beginning until it was seen.
    """

    rate: float
    late: Sequence[float]


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = Postgres(folder / "postgres")
        try:
            stack = make_stack(folder / "stack", database_url=server.start())
            async with living(stack) as (watcher, phones):
                await measure(stack, server, watcher, phones)
        finally:
            server.stop()


@asynccontextmanager
async def living(stack: Stack) -> AsyncIterator[tuple[Watcher, Sequence[str]]]:
    """The whole service, with a village in which everybody has written once."""
    try:
        await stack.start_outside()
        async with database(stack.settings.database_url), aiohttp.ClientSession() as http:
            user_id = await village.enrol(stack)
            phones = await village.plant(stack, user_id, BLOCKS)
            watcher = Watcher(stack.homeserver.url, http)
            await watcher.log_in(user_id)
            watching = asyncio.create_task(watcher.watch())
            await stack.start_service()
            try:
                yield watcher, phones
            finally:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)
    finally:
        await stack.stop()


async def measure(stack: Stack, server: Postgres, watcher: Watcher, phones: Sequence[str]) -> None:
    """Let everybody write once, then measure each round."""
    processes = {
        "application": stack.web.pid,
        "worker": stack.worker.pid,
        "PostgreSQL": server.pid,
        "Synapse": stack.homeserver.pid,
    }
    texts = Texts(stack)
    bare = Bare(stack, watcher)
    try:
        first = await by_text(texts, watcher, phones, range(1, BLOCKS + 1), 16)
        show(f"first texts, with a room and a ghost for each: {first.rate:.1f}/s")
        await village.at_rest()
        number = 1000
        for at_once, count in ROUNDS:
            limit = await bare.send(range(number, number + count), at_once)
            number += count
            rate = await bare.rate(range(number, number + count), at_once)
            number += count
            began, before = stack.clock.now(), {name: worked(pid) for name, pid in processes.items()}
            ours = await by_text(texts, watcher, phones, range(number, number + count), at_once)
            number += count
            await village.at_rest()
            show(
                f"texts to the leader's screen, {at_once} at once: {ours.rate:.1f}/s of "
                f"{rate:.1f}/s sent barely: {ours.rate / rate:.2f}"
            )
            for share, what in ((0.5, "median"), (0.95, "95th")):
                here, there = percentile(ours.late, share), percentile(limit.late, share)
                show(
                    f"  from text to screen, {what}: {here * 1000:.0f} ms, "
                    f"of a bare send {there * 1000:.0f} ms: {here / there:.2f}"
                )
            spent = {name: (worked(pid) - before[name]) / count for name, pid in processes.items()}
            show("  work: " + ", ".join(f"{name} {each * 1000:.0f} ms" for name, each in spent.items()))
            rows = await Outbox.filter(
                bridge=ROOMS, payload__contains={"do": "show"}, issue__opened_at__gte=began
            )
            show(f"  {await parts(rows)}")
    finally:
        await bare.close()
        await texts.close()


async def by_text(
    texts: Texts, watcher: Watcher, phones: Sequence[str], numbers: range, at_once: int
) -> Sent:
    """Let residents text in turn, each when the last of its hand was seen."""
    webhooks = {
        number: texts.written(number, phones[number % len(phones)], f"新 {village.words(number)}")
        for number in numbers
    }
    late = []

    async def text(number: int) -> None:
        began = time.perf_counter()
        await texts.bring(webhooks[number])
        late.append(await watcher.expect(number) - began)

    return Sent(len(numbers) / await work(text, numbers, at_once), late)


class Bare:
    """A client that sends messages to the rooms of a village, and does nothing else.

    Args:
        stack: Whose homeserver; it acts by the application service's token, for which there are no limits.
        watcher: Knows the rooms, and sees what is sent.
    """

    def __init__(self, stack: Stack, watcher: Watcher) -> None:
        token = stack.settings.homeservers[0].as_token.get_secret_value()
        self._http = aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"})
        self._acting = {"user_id": stack.settings.homeservers[0].bot_id}
        self._url = stack.homeserver.url
        self._watcher = watcher

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.close()

    async def rate(self, numbers: range, at_once: int) -> float:
        """How many messages the homeserver takes in a second, each hand's next one when it has the last."""
        return len(numbers) / await work(self._put, numbers, at_once)

    async def send(self, numbers: range, at_once: int) -> Sent:
        """Send messages, each hand's next one when the last was seen."""
        late = []

        async def send(number: int) -> None:
            began = time.perf_counter()
            await self._put(number)
            late.append(await self._watcher.expect(number) - began)

        return Sent(len(numbers) / await work(send, numbers, at_once), late)

    async def _put(self, number: int) -> None:
        room_id = self._watcher.rooms[number % len(self._watcher.rooms)]
        url = f"{self._url}/_matrix/client/v3/rooms/{quote(room_id)}/send/m.room.message/bare-{number}"
        content = {"msgtype": "m.text", "body": village.words(number) * 4}  # as long as a post
        async with self._http.put(url, json=content, params=self._acting) as answer:
            answer.raise_for_status()
            await answer.read()


async def parts(rows: Sequence[Outbox]) -> str:
    """Where the time of posts went, in milliseconds at the median, by the marks in the database."""
    opened = {each.id: each.opened_at for each in await Issue.filter(id__in=[row.issue_id for row in rows])}
    spans: dict[str, list[float]] = {"to intake": [], "intake and wake": [], "post": []}
    for row in rows:
        assert row.issue_id is not None
        assert row.called_at is not None
        assert row.sent_at is not None
        spans["to intake"].append((row.created_at - opened[row.issue_id]).total_seconds())
        spans["intake and wake"].append((row.called_at - row.created_at).total_seconds())
        spans["post"].append((row.sent_at - row.called_at).total_seconds())
    return ", ".join(f"{name} {percentile(each, 0.5) * 1000:.0f} ms" for name, each in spans.items())


def show(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
