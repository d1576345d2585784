"""The demo: `python -m demo`, or `make demo`. One command sets up and supervises everything."""

import argparse
import asyncio
import fcntl
import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from bridges.contract import DeliveryError
from bridges.registry import matrix_bridge
from demo import cast
from demo.children import Child, ChildError, answers, port_near
from demo.stack import ROOT, Ports, Stack, make_stack
from linzhang.database import database
from models import Unit
from rooms.bulk import make_rooms
from rooms.provision import Provision
from territory.load import load_city

#: Where the parts of the demo listen, if the ports are free.
PORTS = Ports(page=8700, web=8701, homeserver=8702, carrier=8703, redis=8704, second=8705, guest=8706)

#: What the page is started with, in the demo's folder.
PAGE_CONFIG = "page.json"

#: Local hour at which a new demo's clock begins.
BEGINS = 8

#: Seconds until rooms that could not be made are tried again.
RETRY_AFTER = 5.0

#: Draws the same people and places in every demo.
SEED = 1


async def run(stack: Stack, console: Console, page_port: int, *, sparse: bool = False) -> None:
    """Set everything up, say where it is, and keep it running until cancelled.

    Args:
        stack: Laid out.
        console: Where it is said.
        page_port: Where the page is to be.
        sparse: Whether no rooms are made beforehand but those that the page shows.

    Raises:
        ChildError: Something did not start.
    """
    with _step(console, "Redis, the homeserver and the carrier"):
        await stack.start_outside()
    async with database(stack.settings.database_url):
        with _step(console, "The city, down to its blocks"):
            await _load_territory(stack, console)
        with _step(console, "Accounts for the leaders and a neighbour"):
            await cast.settle(stack)
            units = await cast.stage()
            players = await cast.cast_leaders(stack, units)
            offices = await cast.cast_offices(stack)
            neighbour = await cast.cast_neighbour(stack, units[0])
            phones = await cast.cast_residents(stack.settings, units[:2])
        with _step(console, "The application and a worker"):
            await stack.start_service()
        with _step(console, "The leaders' rooms"):
            await _make_rooms_of(stack, units)
        page = _page(stack, page_port)
        try:
            with _step(console, "The page"):
                _write_page_config(stack, await cast.page_config(stack, players, neighbour, phones, offices))
                await page.start()
            _welcome(stack, console, [*players, neighbour, *offices], page_port)
            await _supervise(stack, console, page, sparse=sparse)
        finally:
            await page.stop()


@contextmanager
def _step(console: Console, what: str) -> Iterator[None]:
    """Say what is being done, and then how long it took."""
    started = time.monotonic()
    console.print(f"{what} …", end="\r" if console.is_terminal else "\n")
    yield
    console.print(f"[green]✓[/green] {what} [dim]({time.monotonic() - started:.1f} s)[/dim]")


async def _load_territory(stack: Stack, console: Console) -> None:
    if await Unit.exists():
        return  # it is drawn whole, or not at all
    with _bar(console) as bar:
        tasks: dict[str, int] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total)
            bar.update(tasks[step], completed=done, total=total)  # type: ignore[arg-type]

        await load_city(
            stack.settings,
            divisions=ROOT / "data" / "bozhou" / "divisions.csv",
            seed=SEED,
            residents_of=[cast.STAGE, *cast.NEIGHBOURS],
            progress=show,
        )


async def _make_rooms_of(stack: Stack, units: list[Unit]) -> None:
    """Make the rooms of the leaders who play; the page shows them."""
    matrix = matrix_bridge(stack.settings)
    provision = Provision(stack.settings, matrix)
    try:
        for unit in reversed(units):
            await provision.room(unit)
    finally:
        await matrix.close()


async def _make_rooms_around(stack: Stack, console: Console) -> None:
    """Make the rooms of whole villages, behind the demo's back, however often it takes."""
    matrix = matrix_bridge(stack.settings)
    provision = Provision(stack.settings, matrix)
    try:
        for code in (cast.STAGE, *cast.NEIGHBOURS):
            village = await Unit.get(code=code)
            while True:
                made = await _try_to_make_rooms(stack, provision, village)
                if made is not None:
                    break
                await asyncio.sleep(RETRY_AFTER)
            if made:
                console.print(f"[dim]{village.name}: {made} more rooms are ready.[/dim]")
    finally:
        await matrix.close()


async def _try_to_make_rooms(stack: Stack, provision: Provision, village: Unit) -> int | None:
    """How many were missing and are there now; None if the homeserver could not be asked."""
    made: int | None = None
    try:
        made = await make_rooms(stack.settings, provision, village, lambda _done, _total: None, concurrency=1)
    except* DeliveryError:
        pass  # it is being started again, or is busy; what was made stays
    return made


def _page(stack: Stack, port: int) -> Child:
    argv = [
        sys.executable,
        "-m",
        "demo.page",
        "--config",
        str(stack.folder / PAGE_CONFIG),
        "--port",
        str(port),
    ]
    return Child("the page", argv, stack.folder / "page.log", answers(f"http://127.0.0.1:{port}/"))


def _write_page_config(stack: Stack, config: dict[str, Any]) -> None:
    path = stack.folder / PAGE_CONFIG
    path.touch(mode=0o600)
    path.write_text(json.dumps(config), encoding="utf-8")


async def _supervise(stack: Stack, console: Console, page: Child, *, sparse: bool) -> None:
    def note(text: str) -> None:
        console.print(f"[yellow]{text}[/yellow]")

    async with asyncio.TaskGroup() as tasks:
        for part in (stack.redis, *stack.homeservers, stack.carrier, stack.web, stack.worker, page):
            if part:
                tasks.create_task(part.keep_alive(note))
        if not sparse:
            tasks.create_task(_make_rooms_around(stack, console))


def _welcome(stack: Stack, console: Console, players: list[cast.Player], page_port: int) -> None:
    table = Table("who", "unit", "Matrix id", "password", title="Accounts, for any Matrix client")
    for player in players:
        table.add_row(player.person.name, player.unit.name, player.user_id, player.password)
    console.print(table)
    console.print(
        f"the desk     {stack.settings.public_url}/desk/  map, board, figures: with any leader's account"
    )
    console.print(f"homeserver   {stack.homeserver.url}  {stack.homeserver.server_name}")
    if stack.second and stack.guest:
        console.print(f"the village  {stack.second.url}  {stack.second.server_name}: {cast.STAGE} lives here")
        console.print(f"another one  {stack.guest.url}  {stack.guest.server_name}: knows nothing of Linzhang")
    console.print(f"everything   {stack.folder}", soft_wrap=True)
    console.print(f"speed        {stack.clock.speed:g} × (make demo SPEED=360: four hours in forty seconds)")
    console.print(
        f"\n[bold green]Open  http://127.0.0.1:{page_port}/[/bold green]   Ctrl-C stops everything.\n"
    )


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console, transient=True
    )


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Make sure that no other demo runs over the same data.

    Raises:
        ChildError: One does.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "running").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ChildError(f"A demo is already running on {folder}; use it, or stop it first.") from error
        yield


def _next_morning(stack: Stack) -> datetime:
    """When a demo begins: at night nothing would be texted that can wait for the morning."""
    now = stack.clock.now().astimezone(stack.settings.territory.zone)
    morning = now.replace(hour=BEGINS, minute=0, second=0, microsecond=0)
    return morning if morning > now else morning + timedelta(days=1)


async def _main(arguments: argparse.Namespace) -> None:
    console = Console(highlight=False)
    is_first = not (arguments.data / "clock.json").exists()
    ports = Ports() if arguments.anywhere else PORTS
    stack = make_stack(
        arguments.data,
        ports=ports,
        database_url=arguments.database_url,
        redis_url=arguments.redis_url,
        speed=arguments.speed,
        federated=arguments.federated,
    )
    if is_first:
        stack.clock.set(_next_morning(stack))
    running = asyncio.ensure_future(run(stack, console, port_near(ports.page), sparse=arguments.sparse))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        console.print("\nStopping …")
    finally:
        await stack.stop()
    again = "make demo FEDERATED=1" if arguments.federated else "make demo"
    console.print(f"Stopped. Everything is kept; `{again}` goes on, `make clean-demo` forgets it.")


def main() -> None:
    """Run the demo until Ctrl-C.

    Raises:
        SystemExit: Something did not start; says what and shows the end of its log.
    """
    parser = argparse.ArgumentParser(
        prog="python -m demo", description="The whole of Linzhang on one machine."
    )
    parser.add_argument("--speed", type=float, default=1.0, help="programme seconds per second")
    parser.add_argument("--data", type=Path, help="folder that keeps everything; .demo, or .demo-federated")
    parser.add_argument("--database-url", help="a PostgreSQL instead of SQLite")
    parser.add_argument("--redis-url", help="a Redis instead of the bundled one")
    parser.add_argument(
        "--federated",
        action="store_true",
        help="three homeservers that know each other: the village lives on its own, a leader on one that "
        "knows nothing of Linzhang",
    )
    parser.add_argument(
        "--anywhere",
        action="store_true",
        help=f"listen on any free ports, not on {PORTS.page} and those after it: for several demos at once",
    )
    parser.add_argument(
        "--sparse",
        action="store_true",
        help="make no rooms beforehand but those that the page shows; the others when they are needed",
    )
    arguments = parser.parse_args()
    if arguments.speed <= 0:
        parser.error("--speed must be above zero")
    kept_in = arguments.data or ROOT / (".demo-federated" if arguments.federated else ".demo")
    arguments.data = kept_in.resolve()
    try:
        with _alone_in(arguments.data):
            asyncio.run(_main(arguments))
    except ChildError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
