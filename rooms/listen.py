"""What people say and do in rooms, turned into transitions of issues.

Runs in the transaction in which its event leaves the inbox. Being in a room gives no right: who may
act is the lifecycle's to say, and what it refuses is answered with its sentence.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from bridges.contract import Inbound, Kind
from issues.effects import Effects
from linzhang.settings import Settings
from models import DirectRoom, Room, RoomKind
from rooms import (
    acts,
    bridged,
    direct,
    doorway,
    guests,
    heard,
    knocking,
    outcasts,
    speech,
    ties,
)
from rooms.heard import Heard
from rooms.roster import MATRIX

log = logging.getLogger(__name__)


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str]:
    """Do what an event in a room asks for.

    Args:
        settings: The service's.
        inbound: Said or done in a room.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows.
    """
    if inbound.bridge != MATRIX and (tie := await ties.tie_of(inbound)):
        return await ties.bring_in(settings, tie, inbound)
    network = settings.network_by_bot(inbound.sender)
    if inbound.kind is Kind.MEMBERSHIP:
        await outcasts.note(settings, inbound)
        await guests.came(settings, inbound)
        return await doorway.take(settings, inbound, at)
    if await outcasts.is_one(settings, inbound):
        return set()
    if inbound.kind is Kind.STATE:
        return await doorway.changed(settings, inbound)
    if inbound.kind is Kind.NOTICE:
        return await bridged.answered(settings, inbound, network, at) if network else set()
    heard_anew = await guests.without_echo(settings, inbound)
    if heard_anew is None:
        return set()
    inbound = heard_anew
    address = await heard.who(settings, inbound)
    room = await Room.get_or_none(room_id=inbound.room, kind=RoomKind.ROOM, lost_at=None)
    if room is not None:
        lanes = await ties.bring_out(settings, room, inbound, address) if inbound.bridge == MATRIX else set()
        return lanes | await _in_unit(await heard.listen_to(settings, inbound, address, room.unit_id, at))
    if inbound.bridge != MATRIX:
        log.info(
            "something was said in the %s group %s, which is tied to no room", inbound.bridge, inbound.room
        )
        return set()
    if address is None:
        return await knocking.take(settings, inbound, at) or set()
    if await DirectRoom.exists(room_id=inbound.room, address=address, lost_at=None):
        told = await knocking.from_known(settings, inbound, address, at)
        if told is not None:
            return told
        return await direct.take(await heard.listen_to(settings, inbound, address, None, at))
    return set()


async def _in_unit(event: Heard) -> set[str]:
    if await guests.converses(event):
        return await guests.take(event)
    lanes: set[str] = set()
    for effects in await acts.do(event, _by_kind):
        lanes |= await effects.save()
    return lanes


async def _by_kind(event: Heard) -> Sequence[Effects]:
    return await acts.by_kind(event, speech.take)
