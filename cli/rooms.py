"""`linzhang rooms`: make the rooms of units, look whether they are as they must be, and mend them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bridges.contract import DeliveryError, Unavailable, Uncertain
from bridges.matrix.appservice import LostRoom
from bridges.matrix.bridge import MatrixBridge
from bridges.registry import matrix_bridge
from cli import running
from linzhang.settings import Settings
from models import Room, Unit
from rooms.bulk import RATE, make_rooms
from rooms.mending import Mender
from rooms.provision import Provision

T = TypeVar("T")

rooms = typer.Typer(help="Make the rooms of units, look them over, mend them.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(help="Code of the unit whose subtree it is about.")]


@rooms.command()
def provision(
    code: Code,
    rate: Annotated[float, typer.Option(min=0.1, help="Rooms in a second on one homeserver.")] = RATE,
) -> None:
    """Make the rooms of a unit and of all units below it.

    What is there is left alone: it can be stopped at any time and goes on where it ended. Who leads or lives
    there and has a Matrix account is invited.
    """

    async def work(settings: Settings, matrix: MatrixBridge) -> int:
        unit = await _unit(code)
        with _bar() as bar:
            task = bar.add_task(unit.name, total=None)

            def told(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            return await make_rooms(settings, Provision(settings, matrix), unit, told, rate=rate)

    made = _with_homeservers(work)
    typer.echo(f"{made} rooms were made." if made else "Every unit there has its room.")


@rooms.command()
def check(
    code: Annotated[str, typer.Argument(help="Look only at this unit's subtree.")] = "",
    repair: Annotated[bool, typer.Option("--repair", help="Mend what is found.")] = False,
) -> None:
    """Compare rooms with the roster; the exit code is 1 where something is left that is not as it must be.

    Found and mended are: name, topic, picture, alias, powers, who may enter and read, who must be there and
    who must not be any more, the place in the space, and a room that the service was thrown out of.
    """

    async def work(settings: Settings, matrix: MatrixBridge) -> tuple[int, int]:
        found = left = 0
        there = Room.filter(lost_at=None, unit__closed_at=None)
        if code:
            there = there.filter(unit__path__startswith=(await _unit(code)).path)
        all_of_them = await there.select_related("unit").order_by("unit__path", "kind")
        names = {each.server_name for each in settings.homeservers}
        mender = Mender(settings, matrix)
        with _bar() as bar:
            for room in bar.track(all_of_them, description="rooms"):
                if room.homeserver not in names:
                    typer.echo(f"#lz-{room.unit.code}: its homeserver is not in LINZHANG_HOMESERVERS")
                    found, left = found + 1, left + 1
                    continue
                found_here, left_here = await _look(mender, room, repair=repair)
                found, left = found + found_here, left + left_here
        return found, left

    found, left = _with_homeservers(work)
    if not found:
        typer.echo("Every room is as it must be.")
    elif left:
        typer.echo(
            f"{found} things are not as they must be"
            + (f", and {left} of them could not be mended now." if repair else "; --repair mends them.")
        )
        raise typer.Exit(1)
    else:
        typer.echo(f"{found} things were not as they must be, and are mended.")


async def _look(mender: Mender, room: Room, *, repair: bool) -> tuple[int, int]:
    """Look at one room; returns how much was found, and how much is left."""
    name = f"#lz-{room.unit.code} {room.unit.name}"
    try:
        look = await mender.look(room)
        for drift in look.drifts:
            typer.echo(f"{name}: {drift.words}")
        if not repair:
            return len(look.drifts), len(look.drifts)
        return len(look.drifts), len(await mender.mend(look, call_back=True))
    except LostRoom:
        typer.echo(f"{name}: the service is not in it")
        if repair:
            await mender.replace(room)
        return 1, int(not repair)
    except (Unavailable, Uncertain) as error:
        typer.echo(f"{name}: {error}")
        return 1, 1


def _with_homeservers(work: Callable[[Settings, MatrixBridge], Awaitable[T]]) -> T:
    """Do something with database and homeservers at hand; ends the command where it cannot be done."""

    async def run(settings: Settings) -> T:
        async with _homeservers(settings) as matrix:
            return await work(settings, matrix)

    try:
        return running.with_database(run)
    except* DeliveryError as errors:
        first: BaseException = errors
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        reason = str(first)
    return running.fail(f"A homeserver does not do it: {reason}. What was done stays; run it again.")


@asynccontextmanager
async def _homeservers(settings: Settings) -> AsyncIterator[MatrixBridge]:
    matrix = matrix_bridge(settings)
    try:
        yield matrix
    finally:
        await matrix.close()


async def _unit(code: str) -> Unit:
    unit = await Unit.get_or_none(code=code)
    if unit is None:
        running.fail(f"There is no unit {code}.")
    return unit


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True))
