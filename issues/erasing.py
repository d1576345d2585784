"""Forgetting: what was said in an issue, and all that is known about a person.

What stays is the record: issues' numbers, times, states, units and steps, without words, names or numbers.
Rooms are cleared by effects, as everything is done there. Each issue and, at last, the person is one
transaction: who is stopped half-way begins again, and goes on where it ended.

Out of reach are copies elsewhere: what was read, phones, the carrier's own list, groups of other platforms
that are tied to a room, backups. docs/security.md says what to do about those.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise.expressions import F, Q
from tortoise.transactions import in_transaction

from bridges.calls import WITHHELD
from issues import audit, chain, dossier, lifecycle, texts
from issues.effects import ROOMS, TIES, Effects
from issues.lifecycle import Actor
from issues.standing import IN_HAND
from linzhang.settings import Settings
from linzhang.words import say
from models import (
    Address,
    ApiToken,
    CareCheck,
    CareRecord,
    CareVisit,
    Concern,
    Course,
    DirectRoom,
    Door,
    DoorVisit,
    Flood,
    FormerAccount,
    Help,
    History,
    HonourNomination,
    Inbox,
    InboxState,
    Invitation,
    Issue,
    Knock,
    Message,
    NoticePerson,
    Outbox,
    OutboxState,
    Person,
    Portrait,
    Question,
    Room,
    RoomEvent,
    Session,
    State,
    Step,
    SurveyPerson,
    Ticket,
    TiedChat,
    Upload,
    Voice,
)

#: States in which somebody may still act on an issue: it is withdrawn before its reporter is forgotten.
ALIVE = (*IN_HAND, State.RESOLVED)

#: Of the effects on rooms, those that take something away: nothing of an issue stays for want of them.
_TAKING_AWAY = ("hide", "wipe")

#: Rows of the inbox that are opened at once to see who sent them.
_BATCH = 1000

#: What is somebody's alone, and goes with them.
_ACCOUNTS = (FormerAccount, Invitation, Ticket, Session, ApiToken, Portrait)
_OWN = (
    *_ACCOUNTS,
    Question,
    NoticePerson,
    HonourNomination,
    Course,
    CareCheck,
    CareVisit,
    CareRecord,
    SurveyPerson,
    Concern,
)

#: Through what somebody acts who has asked an administrator.
_CLI = "cli"


class StillLeads(ValueError):
    """Who answers for a unit cannot be forgotten until somebody else does."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What erasing a person comes to.

    Attributes:
        person: Who.
        open: Their issues in which somebody may still act; they are withdrawn first.
        closed: Their other issues.
        messages: How many messages lose their words.
        addresses: How many numbers and accounts are forgotten.
        leads: Whether they lead or deputise for a unit now, so that they cannot be erased.
    """

    person: Person
    open: Sequence[Issue]
    closed: Sequence[Issue]
    messages: int
    addresses: int
    leads: bool


async def plan(settings: Settings, person: Person) -> Plan:
    """What erasing a person would come to; changes nothing."""
    issues = await Issue.filter(reporter_id=person.id).order_by("id")
    alive = [issue for issue in issues if issue.state in ALIVE]
    said = Q(issue_id__in=[issue.id for issue in issues]) | Q(author_id=person.id, voice=Voice.RESIDENT)
    return Plan(
        person=person,
        open=alive,
        closed=[issue for issue in issues if issue not in alive],
        messages=await Message.filter(said).count(),
        addresses=await Address.filter(person_id=person.id).count(),
        leads=await chain.post_of(person, settings.clock.now()) is not None,
    )


async def person(settings: Settings, planned: Plan, who: str) -> set[str]:
    """Erase a person, with all that was said in their issues.

    Args:
        settings: The service's.
        planned: What it comes to.
        who: As the administrator is called.

    Returns:
        The outbox lanes that have got rows.

    Raises:
        StillLeads: They lead or deputise for a unit.
    """
    if planned.leads:
        raise StillLeads(f"{planned.person.name} leads a unit, or stands in for who does.")
    lanes: set[str] = set()
    for issue in planned.open:
        lanes |= await _withdraw(settings, issue.id, planned.person)
    for issue in [*planned.open, *planned.closed]:
        lanes |= await words_of(settings, issue.id) or set()
    async with in_transaction():
        lanes |= await _forget(settings, planned.person)
        what = f"{len(planned.open) + len(planned.closed)} issues, {planned.addresses} addresses"
        await audit.record(settings, "person erased", f"person {planned.person.id}", who, what)
    return lanes


async def words_of(settings: Settings, issue_id: int) -> set[str] | None:
    """Erase what was said in an issue, wherever we keep it or have shown it.

    Returns:
        The outbox lanes that have got rows; None: nothing was said in it since that was done before.
    """
    at, wall = settings.clock.now(), settings.clock.wall()
    async with in_transaction():
        issue = await lifecycle.lock(issue_id)
        if issue.erased_at is not None and issue.erased_at >= issue.talked_at:
            return None
        before = await Outbox.filter(issue_id=issue.id, key__startswith=_cause(issue)).count()
        effects = Effects(f"{_cause(issue)}{before}", wall)
        on_its_way = await Outbox.exists(issue_id=issue.id, state=OutboxState.CALLING)
        rooms = await _rooms_of(issue)
        for room_id, unit_id in rooms.items():
            effects.wipe(issue, room_id, unit_id, later=on_its_way)
        messages = await Message.filter(issue_id=issue.id)
        shown = await RoomEvent.filter(issue_id=issue.id).values_list("event_id", flat=True)
        await _blank_ties(rooms.values(), {*map(str, shown), *(each.external_id for each in messages)})
        await _blank_messages(messages, at)
        await _blank_effects(Q(issue_id=issue.id))
        await History.filter(issue_id=issue.id).exclude(detail="").update(detail="")
        await Question.filter(issue_id=issue.id).update(pending=None)
        await Issue.filter(id=issue.id).update(erased_at=at, stale_at=wall)
        return await effects.save()


def words_due(before: datetime) -> Q:
    """Of all issues, those that were over before a moment and whose words are not erased."""
    again = Q(erased_at__lt=F("talked_at"))  # somebody has said something since
    over = Q(closed_at__lt=before, talked_at__lt=before) & ~Q(state__in=ALIVE)
    return over & (Q(erased_at=None) | again)


async def _withdraw(settings: Settings, issue_id: int, reporter: Person) -> set[str]:
    """End an issue that nobody could answer afterwards; its leader is told so, the reporter is not."""
    async with in_transaction():
        issue = await lifecycle.lock(issue_id)
        if issue.state not in ALIVE:
            return set()
        at = settings.clock.now()
        effects = await lifecycle.withdraw(settings, issue, Actor(reporter, _CLI), at)
        for address in await Address.filter(person_id=reporter.id):
            effects.spare(address)
        if issue.holder is not None:
            line = say(texts.LINE_ERASED, settings.territory.default_language, number=issue.number)
            effects.announce(issue.holder.id, line, mention=[])
        return await effects.save()


async def _forget(settings: Settings, somebody: Person) -> set[str]:
    """Forget who a person is, where they are reached, and what they said elsewhere."""
    at = settings.clock.now()
    addresses = await Address.filter(person_id=somebody.id)
    elsewhere = await Message.filter(author_id=somebody.id, voice=Voice.RESIDENT, retracted_at=None)
    effects = Effects(f"gone{somebody.id}", settings.clock.wall())
    for message in elsewhere:
        if message.room_id:
            effects.redact(message.room_id, message.external_id)
    effects.rename_ghost(somebody.id)
    await _blank_messages(elsewhere, at)
    await _blank_effects(Q(address_id__in=[address.id for address in addresses]))
    for address in addresses:
        await _empty_inbox(settings, address)
        await _blank_address(settings, address, at)
    for model in _OWN:
        await model.filter(person_id=somebody.id).delete()
    await _forget_doors(somebody)
    # That somebody helped, and what they were paid, is the payer's record: it keeps its row and no words.
    await Help.filter(person_id=somebody.id).update(words="", media=[], place=None, event_id="", why="")
    await Step.filter(person_id=somebody.id).update(note="")
    await Issue.filter(reporter_id=somebody.id).update(stale_at=settings.clock.wall())
    await Person.filter(id=somebody.id).update(
        name="",
        language="",
        language_chosen=False,
        block_id=None,
        household_id=None,
        party_member=None,
        smartphone=None,
    )
    return await effects.save_once()


async def _forget_doors(somebody: Person) -> None:
    """Take what was said at somebody's door, also where others live there: nobody knows whose words it was.

    How the door was found, and what was chosen, stays among the counts, and is nobody's.
    """
    for visit in await DoorVisit.filter(dossier.at_door_of(somebody)):
        await Upload.filter(source__in=[str(each["url"]) for each in visit.media]).delete()
        told = Inbox.filter(bridge=visit.bridge, external_id=visit.external_id, state=InboxState.DONE)
        await told.update(body={})
        await DoorVisit.filter(id=visit.id).update(words="", media=[])
    await Door.filter(person_id=somebody.id).update(person_id=None)


async def _blank_address(settings: Settings, address: Address, at: datetime) -> None:
    """Let an address be nobody's: issues and effects point to it, so the row stays."""
    await Flood.filter(address_id=address.id).delete()
    await DirectRoom.filter(address_id=address.id, lost_at=None).update(lost_at=settings.clock.wall())
    await Knock.filter(lookup=address.lookup).delete()
    nobody = f"{WITHHELD}erased{address.id}"
    await Address.filter(id=address.id).update(
        lookup=settings.vault.lookup(address.bridge, nobody),
        sealed=settings.vault.seal(nobody),
        stopped_at=at,
        seen_at=None,
    )


async def _empty_inbox(settings: Settings, address: Address) -> None:
    """Forget what came from an address: in private by its lane, in rooms by whom each row was sent."""
    nobody = settings.vault.seal("")
    facts = {"body": {}, "sender": nobody}
    private = Inbox.filter(bridge=address.bridge, lane=f"sender:{address.lookup}")
    waiting = private.filter(state__in=[InboxState.WAITING, InboxState.HELD])
    await waiting.update(state=InboxState.DONE)
    await private.update(lane=f"erased:{address.id}", **facts)
    if not await Inbox.exists(bridge=address.bridge, lane__startswith="room:"):
        return
    raw, reached = settings.vault.open(address.sealed), 0
    while True:
        rows = Inbox.filter(bridge=address.bridge, lane__startswith="room:", id__gt=reached)
        batch = await rows.order_by("id").limit(_BATCH).only("id", "sender")
        theirs = [row.id for row in batch if settings.vault.open(row.sender) == raw]
        await Inbox.filter(id__in=theirs).update(**facts)
        if len(batch) < _BATCH:
            return
        reached = batch[-1].id


async def _blank_messages(messages: Sequence[Message], at: datetime) -> None:
    """Take the words and the media of messages, here and where they came in."""
    sources = {str(each["url"]) for message in messages for each in message.media}
    await Upload.filter(source__in=list(sources)).delete()
    for message in messages:
        await Inbox.filter(
            bridge=message.bridge, external_id=message.external_id, state=InboxState.DONE
        ).update(body={})
    ids = [message.id for message in messages]
    await Message.filter(id__in=ids, retracted_at=None).update(retracted_at=at)
    await Message.filter(id__in=ids).update(text="", media=[])


async def _blank_effects(which: Q) -> None:
    """Take the words of effects, and stop those that have not gone out."""
    rows = await Outbox.filter(which)
    for row in rows:
        if row.payload.get("do") in _TAKING_AWAY:
            continue
        payload: dict[str, Any] = {"text": ""}
        if row.bridge == ROOMS:
            payload |= {key: row.payload[key] for key in ("do", "unit", "room") if key in row.payload}
        undone = row.state in (OutboxState.WAITING, OutboxState.CALLING)
        state = OutboxState.CANCELLED if undone else row.state
        await Outbox.filter(id=row.id).update(payload=payload, state=state)


async def _blank_ties(units: Iterable[int | None], events: Set[str]) -> None:
    """Take the words of what has passed between rooms of units and the groups that are tied to them.

    Args:
        units: Whose rooms.
        events: Ids of what stands in them, or came from a group.
    """
    tied = await TiedChat.filter(unit_id__in=[unit for unit in units if unit is not None])
    passed = Outbox.filter(bridge=TIES, lane__in=[f"tie:{tie.id}" for tie in tied])
    about = ("event", "answers", "external_id", "target")
    ids = [row.id for row in await passed if any(row.payload.get(name) in events for name in about)]
    await _blank_effects(Q(id__in=ids))


async def _rooms_of(issue: Issue) -> dict[str, int | None]:
    """Rooms in which something of an issue stands, each with its unit; None: somebody's direct room."""
    rooms = set(await RoomEvent.filter(issue_id=issue.id).distinct().values_list("room_id", flat=True))
    said = Message.filter(issue_id=issue.id).exclude(room_id="")
    rooms |= set(await said.distinct().values_list("room_id", flat=True))
    units = dict(await Room.filter(room_id__in=list(rooms)).values_list("room_id", "unit_id"))
    return {str(room_id): units.get(room_id) for room_id in sorted(map(str, rooms))}


def _cause(issue: Issue) -> str:
    """Names the effects of erasing an issue's words, but for how often that was done."""
    return f"i{issue.id}.erased"
