"""The demo: `python -m demo`, or `make demo`. One command sets up and supervises everything."""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

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
PORTS = Ports(page=8700, web=8701, homeserver=8702, carrier=8703, redis=8704)

#: Draws the same people and places in every demo.
SEED = 1


async def run(stack: Stack, console: Console, page_port: int) -> None:
    """Set everything up, say where it is, and keep it running until cancelled.

    Raises:
        ChildError: Something did not start.
    """
    console.print("Starting Redis, the homeserver and the carrier …")
    await stack.start_outside()
    async with database(stack.settings.database_url):
        await _load_territory(stack, console)
        units = await cast.stage()
        console.print("Giving the leaders accounts …")
        players = await cast.cast_leaders(stack, units)
        phones = await cast.cast_residents(stack.settings, units[:2])
        await stack.start_service()
        await _make_rooms_of(stack, console, units)
        config = stack.folder / "page.json"
        config.touch(mode=0o600)
        config.write_text(json.dumps(await cast.page_config(stack, players, phones)), encoding="utf-8")
        page = _page(stack, config, page_port)
        await page.start()
        try:
            _welcome(stack, console, players, page_port)
            await _supervise(stack, console, page)
        finally:
            await page.stop()


async def _load_territory(stack: Stack, console: Console) -> None:
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


async def _make_rooms_of(stack: Stack, console: Console, units: list[Unit]) -> None:
    """Make the rooms of the leaders who play; the page shows them."""
    matrix = matrix_bridge(stack.settings)
    provision = Provision(stack.settings, matrix)
    try:
        with _bar(console) as bar:
            task = bar.add_task("rooms", total=len(units))
            for unit in reversed(units):
                await provision.room(unit)
                bar.advance(task)
    finally:
        await matrix.close()


async def _make_rooms_around(stack: Stack, console: Console) -> None:
    """Make the rooms of whole villages, behind the demo's back."""
    matrix = matrix_bridge(stack.settings)
    provision = Provision(stack.settings, matrix)
    try:
        for code in (cast.STAGE, *cast.NEIGHBOURS):
            village = await Unit.get(code=code)
            made = await make_rooms(
                stack.settings, provision, village, lambda _done, _total: None, concurrency=1
            )
            if made:
                console.print(f"[dim]{village.name}: {made} rooms are ready.[/dim]")
    finally:
        await matrix.close()


def _page(stack: Stack, config: Path, port: int) -> Child:
    argv = [sys.executable, "-m", "demo.page", "--config", str(config), "--port", str(port)]
    return Child("the page", argv, stack.folder / "page.log", answers(f"http://127.0.0.1:{port}/"))


async def _supervise(stack: Stack, console: Console, page: Child) -> None:
    children = [child for child in (stack.redis, stack.web, stack.worker, page) if child]

    def note(text: str) -> None:
        console.print(f"[yellow]{text}[/yellow]")

    async with asyncio.TaskGroup() as tasks:
        for child in children:
            tasks.create_task(child.keep_alive(note))
        tasks.create_task(_make_rooms_around(stack, console))


def _welcome(stack: Stack, console: Console, players: list[cast.Player], page_port: int) -> None:
    table = Table("leader", "unit", "Matrix id", "password", title="Leaders' accounts, for any Matrix client")
    for player in players:
        table.add_row(player.person.name, player.unit.name, player.user_id, player.password)
    console.print(table)
    console.print(f"homeserver   {stack.homeserver.url}")
    console.print(f"speed        {stack.clock.speed:g} × (make demo SPEED=360: four hours in forty seconds)")
    console.print(
        f"\n[bold green]Open  http://127.0.0.1:{page_port}/[/bold green]   Ctrl-C stops everything.\n"
    )


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console, transient=True
    )


async def _main(arguments: argparse.Namespace) -> None:
    console = Console()
    stack = make_stack(
        arguments.data.resolve(),
        ports=PORTS,
        database_url=arguments.database_url,
        redis_url=arguments.redis_url,
        speed=arguments.speed,
    )
    running = asyncio.ensure_future(run(stack, console, port_near(PORTS.page)))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        console.print("\nStopping …")
    finally:
        await stack.stop()
    console.print("Stopped. Everything is kept; `make demo` goes on, `make clean-demo` forgets it.")


def main() -> None:
    """Run the demo until Ctrl-C.

    Raises:
        SystemExit: Something did not start; says what and shows the end of its log.
    """
    parser = argparse.ArgumentParser(
        prog="python -m demo", description="The whole of Linzhang on one machine."
    )
    parser.add_argument("--speed", type=float, default=1.0, help="programme seconds per second")
    parser.add_argument("--data", type=Path, default=ROOT / ".demo", help="folder that keeps everything")
    parser.add_argument("--database-url", help="a PostgreSQL instead of SQLite")
    parser.add_argument("--redis-url", help="a Redis instead of the bundled one")
    arguments = parser.parse_args()
    if arguments.speed <= 0:
        parser.error("--speed must be above zero")
    try:
        asyncio.run(_main(arguments))
    except ChildError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
