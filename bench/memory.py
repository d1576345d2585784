"""The memory of an application and of a worker, idle and after work, against a bare process of their parts.

`python -m bench.memory` starts both on PostgreSQL with Redis and the carrier, lets them rest, brings texts
and waits until all is done. The limit is a Python that serves with uvicorn and FastAPI, holds a connection of
asyncpg, and does nothing. Megabytes of the proportional share (PSS): pages that several processes share are
counted once. No homeserver is there: what is to go into rooms waits.
"""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench import village
from bench.hands import work
from bench.texts import Texts
from demo.children import Child, answers, free_port
from demo.postgres import Postgres
from demo.stack import make_stack
from linzhang.database import database, migrate
from models import Inbox, InboxState

TEXTS = 100
BLOCKS = 20
AT_ONCE = 16

_BARE = """
import asyncpg, fastapi, os, uvicorn
from contextlib import asynccontextmanager

@asynccontextmanager
async def lifespan(app):
    async with asyncpg.create_pool(os.environ["BARE_DATABASE"], min_size=1):
        yield

app = fastapi.FastAPI(lifespan=lifespan)
app.get("/health")(lambda: {"status": "ok"})
uvicorn.run(app, port=int(os.environ["BARE_PORT"]), log_level="warning")
"""


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = Postgres(folder / "postgres")
        url = await asyncio.to_thread(server.start)
        stack = make_stack(folder / "stack", database_url=url)
        bare = _bare(folder, url)
        assert stack.redis is not None
        children = (stack.redis, stack.carrier, stack.web, stack.worker, bare)
        try:
            await migrate(url)
            async with database(url):
                phones = await village.plant(stack, "@leader:localhost", BLOCKS)
                for part in children:
                    await part.start()
                texts = Texts(stack)
                try:
                    await _bring(texts, phones, 1)  # whatever is loaded at the first need
                    idle = _megabytes(stack.web.pid), _megabytes(stack.worker.pid)
                    await _bring(texts, phones, TEXTS)
                    after = _megabytes(stack.web.pid), _megabytes(stack.worker.pid)
                finally:
                    await texts.close()
            limit = _megabytes(bare.pid)
            for name, before, later in zip(("application", "worker"), idle, after, strict=True):
                sys.stdout.write(
                    f"memory of the {name}: {before:.0f} MB after a text, {later:.0f} MB after {TEXTS}, "
                    f"of a bare process {limit:.0f} MB: {later / limit:.2f}\n"
                )
        finally:
            for part in reversed(children):
                await part.stop()
            server.stop()


def _bare(folder: Path, url: str) -> Child:
    port = free_port()
    return Child(
        "the bare process",
        [sys.executable, "-c", _BARE],
        folder / "bare.log",
        answers(f"http://127.0.0.1:{port}/health"),
        {"BARE_DATABASE": url, "BARE_PORT": str(port)},
    )


async def _bring(texts: Texts, phones: Sequence[str], count: int) -> None:
    """Bring texts, and wait until all are worked on."""
    first = 1000 * count

    async def bring(number: int) -> None:
        phone = phones[number % len(phones)]
        await texts.bring(texts.written(number, phone, f"新 {village.words(number)}"))

    await work(bring, range(first, first + count), AT_ONCE)
    while True:
        if not await Inbox.filter(state=InboxState.WAITING).exists():
            return
        await asyncio.sleep(0.1)


def _megabytes(process: int) -> float:
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    return int(rollup.split("Pss:")[1].split()[0]) / 1024


if __name__ == "__main__":
    asyncio.run(main())
