"""People of other networks in a unit's room, whom a third party's bridge shows as puppets.

A puppet in a block's room is a resident of that block. Who sees no threads there and cannot be spoken to
alone is talked with as somebody who texts, only that all of it stands in the room. To be a puppet gives no
right: who leads something is for the roster to say, as with everybody.
"""

from dataclasses import replace
from datetime import timedelta

from bridges.contract import Inbound, Kind
from issues import chain, intake, wording
from issues.effects import ROOMS
from linzhang.settings import Settings
from models import Issue, Message, Outbox, OutboxState, Person, Room, RoomEvent, RoomEventKind, RoomKind, Unit
from rooms import commands, speech
from rooms.heard import Heard

#: Digits in a name from which on it is taken to be a phone number, which nobody is called by.
_NUMBER = 7

#: What of ours a guest's words are compared with: who repeats it is a machine.
_ECHO = timedelta(hours=1)
_LAST = 50

#: Characters that words have at least to be taken for a piece of ours.
_PIECE = 12


async def came(settings: Settings, inbound: Inbound) -> None:
    """Note somebody of another network who has come into a block's room: a resident of that block."""
    member = str(inbound.detail["member"])
    if settings.network_of(member) is None or inbound.detail["membership"] != "join":
        return
    room = await Room.filter(room_id=inbound.room, kind=RoomKind.ROOM, lost_at=None).first()
    unit = await Unit.get(id=room.unit_id) if room else None
    if unit is None or unit.tier != settings.territory.bottom.key:
        return
    address = await intake.sender(settings, replace(inbound, sender=member))
    await _settle(address.person, unit, str(inbound.detail.get("name", "")))


async def converses(event: Heard) -> bool:
    """Whether something is said by somebody who is talked with in the open."""
    if event.inbound.kind is not Kind.TEXT or not event.is_in_the_open or event.issue_id is not None:
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
    """Do what somebody has said who is talked with in the open; their report is the root of its thread.

    Returns:
        The outbox lanes that have got rows.
    """
    settings, inbound = event.settings, event.inbound
    unit = await Unit.get(id=event.unit_id)
    address = await intake.sender(settings, inbound)
    await _settle(address.person, unit, "")
    as_text = replace(inbound, text=event.text, room="", thread="", target="")
    lanes = await intake.take(settings, as_text, event.at)
    if await _opens_an_issue(inbound, unit):
        words = await Message.get(bridge=inbound.bridge, external_id=inbound.external_id)
        await RoomEvent.create(
            issue_id=words.issue_id,
            room_id=inbound.room,
            event_id=inbound.external_id,
            kind=RoomEventKind.POST,
        )
    return lanes


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


async def _opens_an_issue(inbound: Inbound, unit: Unit) -> bool:
    """Whether words have become the first ones of an issue of the unit that everybody there may see."""
    words = await Message.get_or_none(bridge=inbound.bridge, external_id=inbound.external_id)
    if words is None or await Message.filter(issue_id=words.issue_id, id__lt=words.id).exists():
        return False
    return await Issue.exists(id=words.issue_id, block_id=unit.id, private=False)


async def _settle(person: Person, unit: Unit, name: str) -> None:
    """Note where a guest lives and what they are called, where nobody has said so before."""
    if person.block_id is None:
        person.block_id = unit.id
    if not person.name and sum(each.isdigit() for each in name) < _NUMBER:
        person.name = name
    await person.save(update_fields=["block_id", "name"])


def _plain(text: str) -> str:
    return " ".join(text.split())
