"""How a leader is reached in person: in the chat that they have open, or else by text or by call.

Chooses the address and puts words into the effects; decides nothing about issues. A leader who has
not opened their chat for the profile's time is told by text as well as they can be.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bridges.registry import letter_bridges, phone_bridges
from issues import chain, departments, names, segments, texts
from issues.effects import Effects
from issues.quoting import quoted
from issues.reading import at_hand
from linzhang.networks import Network
from linzhang.settings import Settings
from linzhang.words import Text, clock_time, say
from models import Address, Issue, Message, Outbox, OutboxState, Person, Question, QuestionKind, Unit, Voice

#: The bridge to people's phones, and the one on which the rooms are.
PHONE, CHAT = "sms", "matrix"

#: Where words to a leader's chat have the same for a text, if the chat cannot be reached.
BY_TEXT = "by_text"

#: After so many attempts of which it has certainly taken none, some fifteen seconds, a homeserver is away; or
#: after so many seconds in which it has answered nobody.
AWAY, SILENT = 6, 15.0

#: The topic of texts that give an issue to a leader.
YOURS = "yours"


async def given(settings: Settings, issue: Issue, effects: Effects, at: datetime) -> None:
    """Tell an issue's new holder by text, where its leader would not see the post in their chat.

    An urgent one is told to leaders in person however they are reached; that is not done here.
    """
    acting = await chain.acting(issue.holder, at) if issue.holder else None
    if acting is None or issue.urgent:
        return
    person = acting.person
    address = await at_work(settings, issue.holder, person, at)
    if address is None or address.bridge == CHAT or person.id == issue.reporter_id:
        return
    text = await told_of(settings, issue, person, at)
    await leader(settings, effects, person, text, at, issue=issue, topic=YOURS, address=address)


async def reminded(settings: Settings, issue: Issue, effects: Effects, text: Text, at: datetime) -> None:
    """Remind whoever acts for the holder where they would not see it in the room.

    Args:
        settings: The service's.
        issue: With its holder fetched; it has a time by which it must be done.
        effects: Where the words are put.
        text: Names the number and the time.
        at: Programme time.
    """
    acting = await chain.acting(issue.holder, at) if issue.holder else None
    if acting is None:
        return
    person, profile = acting.person, settings.territory
    address = await at_work(settings, issue.holder, person, at)
    due = issue.answer_due or issue.resolve_due
    if address is None or address.bridge == CHAT or due is None:
        return
    language = names.language_of(person, profile)
    words = say(text, language, number=issue.number, time=clock_time(due, at, profile.zone, language))
    await leader(settings, effects, person, words, at, issue=issue, address=address)


async def told_of(settings: Settings, issue: Issue, person: Person, at: datetime) -> str:
    """What a leader with only a phone is told of an issue, and how they answer."""
    profile = settings.territory
    language = names.language_of(person, profile)
    said = await first_words(issue)
    due = issue.answer_due
    return segments.say_short(
        texts.YOURS if due else texts.YOURS_STILL,
        language,
        quoted(said, language),
        number=issue.number,
        name=names.resident(issue.reporter, language),
        place=await names.place(issue.block, profile, language),
        time=clock_time(due, at, profile.zone, language) if due else "",
    )


async def first_words(issue: Issue) -> Message | None:
    """What an issue's reporter has said first."""
    messages = at_hand(issue.messages)
    if messages is None:
        return await Message.filter(issue_id=issue.id, voice=Voice.RESIDENT).order_by("id").first()
    return next((each for each in messages if each.voice is Voice.RESIDENT), None)


async def by_phone_only(
    settings: Settings, effects: Effects, person: Person, text: str, at: datetime, issue: Issue
) -> None:
    """Tell a leader something by text that stands in a room too, if they would not see it there."""
    address = await address_of(settings, person, at)
    if address is not None and address.bridge != CHAT:
        await leader(settings, effects, person, text, at, issue=issue, urgent=issue.urgent)


async def taken_away(ids: Sequence[int]) -> None:
    """Take back what was held for the night for leaders whom these issues do not wait for any more."""
    if not ids:
        return
    held = Outbox.filter(issue_id__in=ids, topic=YOURS, state=OutboxState.WAITING)
    await held.exclude(hold_until=None).update(state=OutboxState.CANCELLED)


async def leader(
    settings: Settings,
    effects: Effects,
    person: Person,
    text: str,
    at: datetime,
    *,
    issue: Issue | None = None,
    urgent: bool = False,
    by_text: str = "",
    topic: str = "",
    phone_of: int | None = None,
    address: Address | None = None,
) -> Address | None:
    """Tell a leader something in person; at night it waits for the morning unless it is urgent.

    Args:
        settings: The service's.
        effects: Where the words are put.
        person: The leader.
        text: In the leader's language.
        at: Programme time.
        issue: What it is about.
        urgent: Whether it may wake them.
        by_text: The same for somebody who answers with a text; they are taken to have been asked to.
        topic: See `Effects.tell`.
        phone_of: See `Effects.tell`.
        address: Where, if that is known already.

    Returns:
        Where they are told; None where nobody knows how to reach them.
    """
    address = address or await address_of(settings, person, at)
    if address is None:
        return None
    wakes_nobody = address.bridge in letter_bridges(settings)
    held = not urgent and not wakes_nobody
    hold_until = settings.territory.quiet.until(at, settings.territory.zone) if held else None
    if address.bridge != CHAT:
        text = by_text or text
        if issue is not None:
            await _ask_for_reply(effects, person, issue, at)
    instead: dict[str, Any] = {BY_TEXT: by_text} if by_text and address.bridge == CHAT else {}
    effects.tell(address, text, issue, hold_until=hold_until, topic=topic, phone_of=phone_of, **instead)
    return address


async def can_go_by_text(settings: Settings, row: Outbox, silent: float) -> Address | None:
    """The phone to which what a leader's chat does not take can go instead; None: it must wait.

    Args:
        settings: The service's.
        row: Which the chat's homeserver has certainly not taken, once more.
        silent: Seconds for which it has answered nobody, as far as is known.
    """
    if BY_TEXT not in row.payload or (row.attempts < AWAY and silent < SILENT):
        return None
    chat = await Address.get(id=row.address_id).select_related("person")
    phone = await phone_of(settings, chat.person)
    return phone if phone is not None and phone.stopped_at is None and not phone.fixed_line else None


async def by_text_instead(settings: Settings, row: Outbox, phone: Address) -> set[str]:
    """Tell a leader by text what their chat does not take; the caller's transaction takes it back there.

    Returns:
        The outbox lanes that have got rows.
    """
    issue = await Issue.get_or_none(id=row.issue_id)
    await phone.fetch_related("person")
    effects = Effects(row.key, settings.clock.wall())
    if issue is not None:
        await _ask_for_reply(effects, phone.person, issue, settings.clock.now())
    effects.tell(phone, row.payload[BY_TEXT], issue, topic=row.topic, ending="o")
    return await effects.save_once()


def in_the_open(settings: Settings, address: Address) -> Network | None:
    """The network of somebody whom nothing reaches but a message in a room, which others read too."""
    if address.bridge != CHAT or not settings.networks:
        return None
    network = settings.network_of(settings.vault.open(address.sealed))
    return network if network and network.in_the_open else None


async def address_of(settings: Settings, person: Person, at: datetime) -> Address | None:
    """Where a leader is most likely to read something now."""
    return likeliest(settings, await _addresses_of(person), at)


def likeliest(settings: Settings, addresses: Sequence[Address], at: datetime) -> Address | None:
    """Of somebody's addresses that may be written to, the one where they are most likely to read it now."""
    usable = [each for each in addresses if not each.fixed_line and not in_the_open(settings, each)]
    recent = at - settings.territory.unseen_after
    chats = [each for each in usable if each.bridge == CHAT]
    open_now = [each for each in chats if each.seen_at is not None and each.seen_at >= recent]
    texts_to = sorted((each for each in usable if each.bridge != CHAT), key=lambda each: each.bridge != PHONE)
    return next(iter([*open_now, *texts_to, *chats]), None)


async def _addresses_of(person: Person) -> list[Address]:
    """A person's addresses at which they take messages, the oldest first."""
    addresses = at_hand(person.addresses)
    if addresses is None:
        return await Address.filter(person_id=person.id, stopped_at=None).order_by("id")
    return sorted((each for each in addresses if each.stopped_at is None), key=lambda each: each.id)


async def at_work(settings: Settings, unit: Unit | None, person: Person, at: datetime) -> Address | None:
    """Where somebody is told of what their unit has to do: a department where it gets letters, if it does."""
    if departments.is_one(unit, settings.territory):
        boxes = Address.filter(person_id=person.id, bridge__in=letter_bridges(settings), stopped_at=None)
        box = await boxes.order_by("-id").first()  # the one that was given last
        if box is not None:
            return box
    return await address_of(settings, person, at)


async def phone_of(settings: Settings, person: Person) -> Address | None:
    """Where a person can be called: their telephone, or else another address that is a phone number."""
    bridges = {PHONE, *phone_bridges(settings)}
    own = await Address.filter(person_id=person.id, bridge__in=bridges).order_by("id")
    return min(own, key=lambda each: each.bridge != PHONE, default=None)


async def ring(
    settings: Settings,
    effects: Effects,
    person: Person,
    text: str,
    language: str,
    *,
    issue: Issue | None = None,
) -> bool:
    """Call a leader's phone and read something to them; returns whether they have one."""
    phone = await phone_of(settings, person)
    if phone is not None:
        effects.call(phone, text, language, issue)
    return phone is not None


async def _ask_for_reply(effects: Effects, person: Person, issue: Issue, at: datetime) -> None:
    """Note that words that a leader texts without a number may be about this issue."""
    asked = {"person_id": person.id, "issue_id": issue.id, "kind": QuestionKind.REPLY, "settled_at": None}
    questions = at_hand(issue.questions)
    if questions is None:
        known = await Question.exists(**asked)
    else:
        known = any(all(getattr(each, name) == asked[name] for name in asked) for each in questions)
    if not known:
        effects.ask(Question(**asked, asked_at=at))
