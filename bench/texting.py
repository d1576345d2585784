"""How near texts go out to the rate that the carrier allows, and how often it has to say no.

`python -m bench.texting` starts the carrier, PostgreSQL, Redis, one application and one worker, and writes
texts to as many residents into the outbox at once, as a broadcast does: first to a carrier that takes all
that comes, which shows what one worker can do; then to one that takes so many in a second and refuses the
rest; then to the same with `messages_per_second` set to its rate. What the carrier lets everybody have at the
start, a second's worth, is taken off.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

import httpx
from tortoise.transactions import in_transaction

from bench import village
from bench.timing import worked
from demo.postgres import Postgres
from demo.stack import Stack, make_stack
from issues.effects import Effects
from linzhang.database import database, migrate
from models import Address, Outbox, OutboxState

TEXTS = 120

#: In a second.
ALLOWED = 5.0


async def main() -> None:
    """Measure and print."""
    cases = (("any", None, None), ("some", ALLOWED, None), ("paced", ALLOWED, ALLOWED))
    with tempfile.TemporaryDirectory() as name:
        for part, allowed, pace in cases:
            await measure(Path(name) / part, allowed, pace)


async def measure(folder: Path, allowed: float | None, pace: float | None) -> None:
    """Let a carrier have all texts.

    Args:
        folder: Where everything is kept.
        allowed: How many it takes in a second; None: any number.
        pace: To how many the service keeps.
    """
    await asyncio.to_thread(folder.mkdir)
    server = Postgres(folder / "postgres")
    try:
        stack = make_stack(
            folder / "stack", database_url=await asyncio.to_thread(server.start), messages_per_second=pace
        )
        await migrate(stack.settings.database_url)
        assert stack.redis is not None
        parts = (stack.redis, stack.carrier, stack.web, stack.worker)
        try:
            for each in parts:
                await each.start()
            if allowed is not None:
                await _allow(stack, allowed)
            async with database(stack.settings.database_url):
                await _write(stack)
                began = worked(stack.worker.pid)
                await village.at_rest()
                work = (worked(stack.worker.pid) - began) / TEXTS
                await _show(allowed, pace, work)
        finally:
            for each in reversed(parts):
                await each.stop()
    finally:
        server.stop()


async def _allow(stack: Stack, allowed: float) -> None:
    async with httpx.AsyncClient(base_url=stack.carrier.url, trust_env=False) as carrier:
        answer = await carrier.patch("/_carrier/settings", json={"messages_per_second": allowed})
        answer.raise_for_status()


async def _write(stack: Stack) -> None:
    """Write the texts; no worker sees one before all are there."""
    wall = stack.settings.clock.wall()
    async with in_transaction():
        await village.plant(stack, "@leader:localhost", TEXTS)
        for address in await Address.filter(bridge="sms"):
            effects = Effects(f"bench{address.id}", wall)
            effects.tell(address, "明天上午八点到十一点停水，请提前储水。")
            await effects.save()


async def _show(allowed: float | None, pace: float | None, work: float) -> None:
    """Print the result, by the marks in the database."""
    rows = await Outbox.filter(state=OutboxState.SENT)
    sent = sorted(row.sent_at for row in rows if row.sent_at is not None)
    took = (sent[-1] - min(row.called_at for row in rows if row.called_at is not None)).total_seconds()
    refused = sum(row.attempts for row in rows) - len(rows)
    if allowed is None:
        say(f"texts handed over by one worker: {len(sent) / took:.1f}/s, {work * 1000:.0f} ms of work each")
        return
    at_once = allowed if pace is None else 0.0
    rate = (len(sent) - at_once) / took
    how = "as it comes" if pace is None else "at its pace"
    say(
        f"texts handed over {how}: {rate:.1f}/s of {allowed:.0f}/s allowed: {rate / allowed:.2f}; "
        f"refused and tried again {refused} times; {work * 1000:.0f} ms of work each"
    )


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
