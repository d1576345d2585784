"""Rooms that are bridged to other networks: begun and ended by a leader, step by step with a bridge's bot.

The bot of a third party's bridge is spoken to as a person would: a line, its answer, the next line. The
configuration says which; here is only noted how far each room is. One room at a time for each network,
since nobody could tell whose answer an answer is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.queryset import QuerySet

from bridges.contract import Inbound
from issues import audit, chain, intake, texts
from issues.effects import Effects
from issues.errors import NotAllowed
from linzhang.networks import Network, Step
from linzhang.settings import Settings
from linzhang.words import Text, day, say
from models import Person, Room, RoomBridge, RoomBridgeState, RoomKind, Unit
from rooms import networks
from rooms.heard import Heard

#: Machine time after which a bot that says nothing is taken to be away.
PATIENCE = timedelta(minutes=5)

_UNDER_WAY = (RoomBridgeState.JOINING, RoomBridgeState.REJOINING, RoomBridgeState.LEAVING)

_STATES = {
    RoomBridgeState.JOINING: texts.BRIDGE_BEGINS,
    RoomBridgeState.ON: texts.BRIDGE_IS_ON,
    RoomBridgeState.REJOINING: texts.BRIDGE_BEGINS,
    RoomBridgeState.LEAVING: texts.BRIDGE_ENDS,
}


async def may(event: Heard) -> tuple[Person, Unit]:
    """Who may bridge the room in which something was said, and whose room it is.

    Raises:
        NotAllowed: They lead neither the unit nor one above it, or it is no unit's room.
    """
    unit = await Unit.get_or_none(id=event.unit_id)
    if unit is None:
        raise NotAllowed(texts.BRIDGE_WHERE)
    if event.person is None or await chain.unit_led(event.person, unit, event.at) is None:
        raise NotAllowed(texts.BRIDGE_WHO)
    return event.person, unit


async def begin(event: Heard, network: Network, channel: str) -> Effects:
    """Bridge the room to a channel of a network: let the bot in, and tell it the first step.

    Raises:
        NotAllowed: They may not, or the room is bridged to this network already.
    """
    person, unit = await may(event)
    if await networks.of(unit.id).filter(network=network.name).exists():
        raise NotAllowed(texts.BRIDGE_ALREADY, network=network.name, form=texts.FORM_BRIDGE_OFF)
    waiting = await _under_way(network.name).exists()
    bridge = await RoomBridge.create(
        unit=unit,
        network=network.name,
        channel=channel,
        since=event.at,
        by=person,
        moved_at=event.settings.clock.wall(),
        event_id=event.inbound.external_id,
        thread=event.thread,
    )
    await _record(event, "room bridged", bridge, person, unit)
    effects = event.effects()
    words = say(texts.BRIDGE_STARTED, event.language, network=network.name, channel=channel)
    event.retort_words(words, effects=effects)
    effects.bridge(bridge.id, network.name, "let_in")
    if not waiting:
        await _next(event.settings, effects, bridge, network, event.at)
    return effects


async def end(event: Heard, network: Network) -> Effects:
    """End the room's bridge to a network.

    Raises:
        NotAllowed: They may not, or there is none.
    """
    person, unit = await may(event)
    bridge = await networks.of(unit.id).filter(network=network.name).select_for_update().first()
    if bridge is None or bridge.state is RoomBridgeState.LEAVING:
        raise NotAllowed(texts.BRIDGE_NONE, network=network.name)
    waiting = await _under_way(network.name).exclude(id=bridge.id).exists()
    bridge.state, bridge.step = RoomBridgeState.LEAVING, 0
    bridge.ended_by = person
    bridge.event_id, bridge.thread = event.inbound.external_id, event.thread
    bridge.moved_at = event.settings.clock.wall()
    await bridge.save()
    await _record(event, "room unbridged", bridge, person, unit)
    effects = event.effects()
    event.retort_words(say(texts.BRIDGE_STOPPED, event.language, network=network.name), effects=effects)
    if not waiting:
        await _next(event.settings, effects, bridge, network, event.at)
    return effects


async def follow(settings: Settings, effects: Effects, unit_id: int, at: datetime) -> None:
    """Bridge a unit's new room as the one was that it has lost.

    Args:
        settings: The service's.
        effects: Of the loss.
        unit_id: Whose room.
        at: Programme time.
    """
    for bridge in await networks.of(unit_id).exclude(state=RoomBridgeState.LEAVING).select_for_update():
        network = settings.network(bridge.network)
        if network is None:
            continue
        waiting = await _under_way(network.name).exclude(id=bridge.id).exists()
        bridge.state, bridge.step, bridge.event_id = RoomBridgeState.REJOINING, 0, ""
        bridge.moved_at = settings.clock.wall()
        await bridge.save()
        effects.bridge(bridge.id, network.name, "let_in")
        if not waiting:
            await _next(settings, effects, bridge, network, at)


async def answered(settings: Settings, inbound: Inbound, network: Network, at: datetime) -> set[str]:
    """Take in what a bridge's bot has said: the step that is under way is done, refused, or neither.

    Args:
        settings: The service's.
        inbound: The bot's words.
        network: Whose bot it is.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows.
    """
    bridge = await _under_way(network.name).order_by("id").select_for_update().first()
    if bridge is None or bridge.step >= len(_steps(bridge, network)):
        return set()
    step = _steps(bridge, network)[bridge.step].step
    effects = Effects(intake.cause_of(inbound), settings.clock.wall())
    if step.is_refused(inbound.text):
        bridge.trouble = inbound.text[:255]
        await _fail(settings, effects, bridge, network, at)
    elif step.is_done(inbound.text):
        bridge.step += 1
        await _next(settings, effects, bridge, network, at)
    return await effects.save()


def silent(settings: Settings) -> QuerySet[RoomBridge]:
    """Bridges whose bots have said nothing for too long."""
    return RoomBridge.filter(state__in=_UNDER_WAY, moved_at__lt=settings.clock.wall() - PATIENCE)


async def give_up(settings: Settings, bridge: RoomBridge, at: datetime) -> set[str]:
    """Let go of a bridge whose bot says nothing, so that the next one need not wait for it.

    Args:
        settings: The service's.
        bridge: Locked.
        at: Programme time.

    Returns:
        The outbox lanes that have got rows.
    """
    effects = Effects(f"silent{bridge.id}.{bridge.state}.{bridge.step}", settings.clock.wall())
    leaving = bridge.state is RoomBridgeState.LEAVING
    bridge.state, bridge.until = RoomBridgeState.OFF if leaving else RoomBridgeState.FAILED, at
    await bridge.save()
    effects.bridge(bridge.id, bridge.network, "take_out")
    await _say(settings, effects, bridge, texts.BRIDGE_OFF if leaving else texts.BRIDGE_SILENT)
    network = settings.network(bridge.network)
    if network is not None:
        await _let_another_begin(settings, effects, network, at)
    return await effects.save_once()


async def overview(event: Heard) -> str:
    """What the room is bridged to, and what it can be bridged to."""
    settings, language = event.settings, event.language
    lines = []
    for each in await networks.of(event.unit_id or 0).select_related("by").order_by("id"):
        since = day(each.since, settings.territory.zone, language)
        values = {"network": each.network, "channel": each.channel, "name": each.by.name, "day": since}
        lines.append(say(_STATES[each.state], language, **values))
    names = say(texts.COMMA, language).join(each.name for each in settings.networks)
    can = texts.BRIDGE_CAN if names else texts.BRIDGE_CANNOT
    lines.append(say(can, language, networks=names, form=texts.FORM_BRIDGE))
    return "\n".join(lines)


def _under_way(network: str) -> QuerySet[RoomBridge]:
    return RoomBridge.filter(network=network, state__in=_UNDER_WAY)


async def _record(event: Heard, action: str, bridge: RoomBridge, person: Person, unit: Unit) -> None:
    what = f"{unit.code} {bridge.channel}".strip()
    await audit.record(event.settings, action, bridge.network, person.name, what)


@dataclass(frozen=True, slots=True)
class _Told:
    """A step, and as which one of which the deliverer finds it."""

    step: Step
    do: str
    number: int


def _steps(bridge: RoomBridge, network: Network) -> Sequence[_Told]:
    join = [_Told(each, "join", number) for number, each in enumerate(network.join)]
    leave = [_Told(each, "leave", number) for number, each in enumerate(network.leave)]
    match bridge.state:
        case RoomBridgeState.JOINING:
            return join
        case RoomBridgeState.REJOINING:
            return leave + join
        case _:
            return leave


async def _next(
    settings: Settings, effects: Effects, bridge: RoomBridge, network: Network, at: datetime
) -> None:
    """Tell the bot the next steps, up to one whose answer must be waited for; or it is done."""
    steps = _steps(bridge, network)
    bridge.moved_at = settings.clock.wall()
    while bridge.step < len(steps):
        told = steps[bridge.step]
        effects.bridge(bridge.id, network.name, told.do, step=told.number)
        if told.step.expect:
            await bridge.save()
            return
        bridge.step += 1
    if bridge.state is not RoomBridgeState.LEAVING:
        bridge.state = RoomBridgeState.ON
        await _say(settings, effects, bridge, texts.BRIDGE_ON)
    else:
        bridge.state, bridge.until = RoomBridgeState.OFF, at
        effects.bridge(bridge.id, network.name, "take_out")
        await _say(settings, effects, bridge, texts.BRIDGE_OFF)
    await bridge.save()
    await _let_another_begin(settings, effects, network, at)


async def _fail(
    settings: Settings, effects: Effects, bridge: RoomBridge, network: Network, at: datetime
) -> None:
    """The bot will not: it is told so, and taken out."""
    bridge.state, bridge.until = RoomBridgeState.FAILED, at
    await bridge.save()
    effects.bridge(bridge.id, network.name, "take_out")
    await _say(settings, effects, bridge, texts.BRIDGE_FAILED)
    await _let_another_begin(settings, effects, network, at)


async def _let_another_begin(settings: Settings, effects: Effects, network: Network, at: datetime) -> None:
    another = await _under_way(network.name).order_by("id").select_for_update().first()
    if another is not None:
        await _next(settings, effects, another, network, at)


async def _say(settings: Settings, effects: Effects, bridge: RoomBridge, text: Text) -> None:
    """Answer the command in the room."""
    room = await Room.filter(unit_id=bridge.unit_id, kind=RoomKind.ROOM, lost_at=None).order_by("-id").first()
    if room is not None and bridge.event_id:
        values = {"network": bridge.network, "channel": bridge.channel, "words": bridge.trouble}
        line = say(text, settings.territory.default_language, **values)
        effects.retort(room.room_id, bridge.event_id, bridge.thread, line)
