"""People of other networks in a unit's room, whom a third party's bridge shows as puppets.

A puppet in a block's room is a resident of that block. Who sees no threads there and cannot be spoken to
alone is talked with as somebody who texts, only that all of it stands in the room. To be a puppet gives no
right: who leads something is for the roster to say, as with everybody.
"""

import re
from dataclasses import replace
from datetime import timedelta

from bridges.contract import Inbound, Kind
from issues import chain, intake, senders, stale, urgency, wording
from issues.effects import ROOMS
from linzhang.settings import Settings
from models import Issue, Message, Outbox, OutboxState, Person, Room, RoomEvent, RoomEventKind, RoomKind, Unit
from rooms import commands, speech
from rooms.heard import Heard

#: Words that begin with whom they are for.
_ADDRESSED = re.compile(r"@?([^\s:,：，]{1,50})\s*[:,：，]\s*(.+)", re.DOTALL)

#: Digits in a name from which on it is taken to be a phone number, which nobody is called by.
_NUMBER = 7

#: What of ours a guest's words are compared with: who repeats it is a machine.
_ECHO = timedelta(hours=1)
_LAST = 50

#: Characters that words have at least to be taken for a piece of ours.
_PIECE = 12


async def came(settings: Settings, inbound: Inbound) -> None:
    """Note somebody of another network who has come into a block's room: a resident of that block."""
    member = str(inbound.detail.get("member"))
    if settings.network_of(member) is None or inbound.detail.get("membership") != "join":
        return
    room = await Room.filter(room_id=inbound.room, kind=RoomKind.ROOM, lost_at=None).first()
    unit = await Unit.get(id=room.unit_id) if room else None
    if unit is None or unit.tier != settings.territory.bottom.key:
        return
    address = await senders.of(settings, replace(inbound, sender=member))
    await _settle(settings, address.person, unit, str(inbound.detail.get("name", "")))


async def converses(event: Heard) -> bool:
    """Whether something is said by somebody who is talked with as one who texts."""
    if event.inbound.kind is not Kind.TEXT or not event.sees_no_threads or event.issue_id is not None:
        return False
    if speech.unread(event) is not None or commands.read(event.text) is not None:
        return False
    if wording.is_blank(event.text) and not event.inbound.media:
        return False
    unit = await Unit.get(id=event.unit_id)
    if unit.tier != event.settings.territory.bottom.key:
        return False
    return event.person is None or await chain.unit_led(event.person, unit, event.at) is None


async def take(event: Heard) -> set[str]:
    """Do what such a one has said; their report is the root of its thread.

    Returns:
        The outbox lanes that have got rows.
    """
    settings, inbound = event.settings, event.inbound
    unit = await Unit.get(id=event.unit_id)
    address = await senders.of(settings, inbound)
    await _settle(settings, address.person, unit, "")
    text = await _said_to_us(event, unit)
    if text is None:
        return set()
    as_text = replace(inbound, text=text, room="", thread="", target="")
    lanes = await intake.take(settings, as_text, event.at)
    words = await Message.get_or_none(bridge=inbound.bridge, external_id=inbound.external_id)
    issue = await Issue.get(id=words.issue_id) if words else None
    if words is not None and issue is not None and not issue.private:
        later = await Message.filter(issue_id=issue.id, id__lt=words.id).exists() or issue.block_id != unit.id
        await RoomEvent.create(
            issue_id=issue.id,
            room_id=inbound.room,
            event_id=inbound.external_id,
            kind=RoomEventKind.LINE if later else RoomEventKind.POST,
        )
    return lanes


async def _said_to_us(event: Heard, unit: Unit) -> str | None:
    """What somebody has said to the service or the leader, without their name; None: it is for a neighbour.

    Where there are no threads people say first whom they mean: 'laowang: cards tonight?'. A danger is heard
    whomever it is told.
    """
    found = _ADDRESSED.fullmatch(event.text)
    if found is None:
        return event.text
    name, words = found.groups()
    if name.lower() in {each.bot.lower() for each in event.settings.homeservers}:
        return words
    leaders = {person.name for person in await chain.actors_of(unit, event.at)}
    if name in leaders or urgency.danger(event.text, event.settings.territory):
        return event.text
    return None if await Person.exists(block_id=unit.id, name=name) else event.text


async def without_echo(settings: Settings, inbound: Inbound) -> Inbound | None:
    """What somebody of another network has said, without words of ours that somebody's machine repeats.

    Whoever quotes us and says more is heard. None: there is nothing else.
    """
    if inbound.kind is not Kind.TEXT or not inbound.text or settings.network_of(inbound.sender) is None:
        return inbound
    since = settings.clock.wall() - _ECHO
    sent = Outbox.filter(bridge__in=(ROOMS, inbound.bridge), state=OutboxState.SENT, sent_at__gte=since)
    rows = await sent.order_by("-id").limit(_LAST)
    ours = {_plain(line) for row in rows for line in str(row.payload.get("text", "")).split("\n")}
    ours = {each for each in ours if len(each) >= _PIECE}
    lines = inbound.text.split("\n")
    left = [more for line in lines if (more := _more(line, ours)) is not None]
    if left == lines:
        return inbound
    text = "\n".join(left).strip()
    return replace(inbound, text=text) if text or inbound.media else None


def _more(line: str, ours: set[str]) -> str | None:
    """What a line says that is not ours; None: nothing."""
    said = _plain(line)
    if len(said) >= _PIECE and any(said in each for each in ours):
        return None
    for each in ours:
        # In front of it stands who has said it, as the machine tells it.
        _, found, behind = said.partition(each)
        if found:
            return behind.strip() or None
    return line


async def _settle(settings: Settings, person: Person, unit: Unit, name: str) -> None:
    """Note where a guest lives and what they are called, where nobody has said so before."""
    if person.block_id is None:
        person.block_id = unit.id
    if not person.name and sum(each.isdigit() for each in name) < _NUMBER:
        person.name = name
        await stale.reported_by(settings, person.id)
    await person.save(update_fields=["block_id", "name"])


def _plain(text: str) -> str:
    return " ".join(text.split())
