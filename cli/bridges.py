"""`linzhang bridges`: which there are, turn one off and on, and let one tell its platform where we are.

Each deed is recorded: who, when, what.
"""

import getpass
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bridges.contract import Bridge, Connects, DeliveryError
from bridges.registry import bridges as configured
from bridges.registry import matrix_bridge
from cli import running
from issues import audit, switches
from linzhang.settings import Settings, SettingsError
from models import AdminAction, Outbox, OutboxState, RoomBridge
from rooms.tied import tie, untie

bridges = typer.Typer(help="The ways to platforms: list them, turn them off and on.", no_args_is_help=True)

#: Ids of groups begin with a minus, and are no options.
_MINUS = {"ignore_unknown_options": True}

Name = Annotated[str, typer.Argument(help="The bridge, as `linzhang bridges list` calls it: sms, telegram …")]
Who = Annotated[str, typer.Option(help="Who does it, for the record.", default_factory=getpass.getuser)]
Why = Annotated[str, typer.Option(help="Why, for the record.")]


@bridges.command("list")
def show() -> None:
    """Show all bridges of the configuration, whether they are on, and what waits to go out."""

    async def work(settings: Settings) -> Table:
        table = Table("bridge", "is", "waiting", "can")
        off = await switches.off()
        for name, bridge in _bridges(settings).items():
            waiting = await Outbox.filter(bridge=name, state=OutboxState.WAITING).count()
            table.add_row(name, "off" if name in off else "on", str(waiting), _abilities(bridge))
        return table

    Console().print(running.with_database(work))


@bridges.command()
def disable(name: Name, who: Who, why: Why = "") -> None:
    """Turn a bridge off: what is to go out waits, and what comes in is not accepted."""

    async def work(settings: Settings) -> bool:
        _named(settings, name)
        try:
            return await switches.turn_off(settings, name, who, why)
        except ValueError as error:
            running.fail(str(error))

    typer.echo(f"{name} is off." if running.with_database(work) else f"{name} was off already.")


@bridges.command()
def enable(name: Name, who: Who, why: Why = "") -> None:
    """Turn a bridge on again: what has waited goes out."""

    async def work(settings: Settings) -> bool:
        _named(settings, name)
        return await switches.turn_on(settings, name, who, why)

    typer.echo(f"{name} is on." if running.with_database(work) else f"{name} was on already.")


@bridges.command()
def connect(name: Name) -> None:
    """Tell a bridge's platform where our webhook is; needed once, and after a change of public_url."""

    async def work(settings: Settings) -> str:
        bridge = _named(settings, name)
        if not isinstance(bridge, Connects):
            running.fail(f"{name} is told on its platform's own pages; see docs/admins.md.")
        try:
            return await bridge.connect()
        except DeliveryError as error:
            running.fail(f"It did not work: {error}.")
        finally:
            await bridge.close()

    typer.echo(f"{name} is connected as {running.with_database(work)}.")


@bridges.command("tie", context_settings=_MINUS)
def tie_chat(
    name: Name,
    chat: Annotated[str, typer.Argument(help="The platform's id of the group, such as -1001234567890.")],
    unit: Annotated[str, typer.Argument(help="Code of the unit whose room it is tied to.")],
    who: Who,
) -> None:
    """Tie a group of another platform to a unit's room: what is said in one is shown in the other."""

    async def work(settings: Settings) -> str:
        bridge = _named(settings, name)
        try:
            tied = await tie(settings, bridge, chat, unit)
        except ValueError as error:
            running.fail(str(error))
        await audit.record(settings, "chat tied", name, who, f"{chat} {unit}")
        return tied.name

    typer.echo(f"The group is tied to the room of {running.with_database(work)}.")


@bridges.command("untie", context_settings=_MINUS)
def untie_chat(
    name: Name,
    chat: Annotated[str, typer.Argument(help="The platform's id of the group.")],
    who: Who,
) -> None:
    """Untie a group: nothing is shown in it any more, and what is said there is nobody's business."""

    async def work(settings: Settings) -> bool:
        was_tied = await untie(settings, name, chat)
        if was_tied:
            await audit.record(settings, "chat untied", name, who, chat)
        return was_tied

    typer.echo("The group is untied." if running.with_database(work) else "The group was not tied.")


@bridges.command()
def rooms() -> None:
    """Show which units' rooms are bridged to other networks, and which were, the last first."""

    async def work(settings: Settings) -> Table:
        table = Table("unit", "network", "channel", "is", "since", "by", "until", "trouble")
        zone = settings.territory.zone
        for row in await RoomBridge.all().select_related("unit", "by").order_by("-id").limit(200):
            since = f"{row.since.astimezone(zone):%Y-%m-%d}"
            until = f"{row.until.astimezone(zone):%Y-%m-%d}" if row.until else ""
            name, state = row.by.name, str(row.state)
            table.add_row(row.unit.code, row.network, row.channel, state, since, name, until, row.trouble)
        return table

    Console().print(running.with_database(work))


@bridges.command()
def log() -> None:
    """Show what administrators have done to bridges, the last first."""

    async def work(settings: Settings) -> Table:
        table = Table("when", "who", "what", "bridge", "why")
        for row in await AdminAction.all().order_by("-id").limit(50):
            at = row.at.astimezone(settings.territory.zone)
            table.add_row(f"{at:%Y-%m-%d %H:%M}", row.who, row.action, row.subject, row.detail)
        return table

    Console().print(running.with_database(work))


def _bridges(settings: Settings) -> dict[str, Bridge]:
    try:
        return dict(configured(settings, matrix_bridge(settings)))
    except SettingsError as error:
        running.fail(str(error))


def _named(settings: Settings, name: str) -> Bridge:
    found = _bridges(settings)
    if name not in found:
        running.fail(f"There is no bridge {name!r} in the configuration; there are: {', '.join(found)}.")
    return found[name]


def _abilities(bridge: Bridge) -> str:
    able = bridge.capabilities
    said = {
        "pictures": able.media,
        "buttons": able.choices,
        "edits": able.edits,
        "threads": able.threads,
        "receipts": able.receipts,
    }
    return ", ".join(name for name, can in said.items() if can)
