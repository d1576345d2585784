"""Too much from one sender: worked on no further until somebody has looked, and never lost.

    a limit of the profile is passed ─► the message is held in the inbox; the sender is told so, once a day
    it is quieter again              ─► what comes now is worked on as ever; what is held waits
    'let through' at the desk        ─► what is held is worked on in its order, and no limit counts for a day
    'keep out'                       ─► nothing of theirs is worked on for a month; it is kept all the same

Why limits at all: each text of ours costs money, and one that is caused by a text from outside could be
caused a thousand times, by a machine that answers ours or by somebody who wants to drown a leader's room.
Who leads is not limited, nor is 'stop', nor the first word of a danger: a life is worth more than a quiet
room.
What is said in rooms is for homeservers to limit, and what programmes file, for the API.
"""

from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from bridges.contract import Inbound, Kind
from issues import audit, chain, keywords, names, senders, texts, urgency, wording
from issues.conversation import cause_of
from issues.effects import Effects
from issues.inbox import FILED
from issues.standing import IN_HAND
from issues.vocabulary import Word
from linzhang.settings import Settings
from linzhang.words import say
from models import Address, Flood, FloodState, Inbox, InboxState, Issue, Outbox, Person

#: Kinds of private events that make work.
_WORK = (Kind.TEXT, Kind.EDIT, Kind.REACTION)

_HOUR = timedelta(hours=1)


async def hold(settings: Settings, event: Inbound, row: Inbox) -> set[str] | None:
    """Decide whether an event is one too many from its sender; runs in the transaction that takes it out.

    Args:
        settings: The service's.
        event: What came in.
        row: Its row in the inbox.

    Returns:
        None: it is to be worked on. Otherwise it is to be held, and these outbox lanes have got rows.
    """
    if event.kind not in _WORK or event.room or "accepts" in event.detail or FILED in event.detail:
        return None
    flood = await Flood.get_or_none(lane=row.lane)
    decided = flood is not None and flood.until is not None and flood.until > row.received_at
    if flood is not None and decided and flood.state is FloodState.LET:
        return None
    kept_out = flood is not None and decided and flood.state is FloodState.OUT
    if not kept_out and not await _is_too_much(settings, row):
        return None
    address = await senders.of(settings, event)
    if await _must_be_heard(settings, event, address, row.received_at):
        return None
    if kept_out:
        return set()
    return await _note(settings, event, row, address, flood)


async def is_answered_enough(settings: Settings, address: Address, at: datetime) -> bool:
    """Whether a stranger has had so many texts and calls within an hour that they get no more answers.

    Their words are worked on all the same. One text is left for the word about a flood.

    Args:
        settings: The service's.
        address: Whose; with its person.
        at: Programme time.
    """
    if await chain.home_of(address.person, at) is not None:
        return False
    since = settings.clock.wall() - _HOUR
    lanes = [f"address:{address.id}", f"call:{address.id}"]  # a telephone is called instead
    sent = Outbox.filter(lane__in=lanes, created_at__gte=since)
    return await sent.count() >= settings.territory.floods.strangers - 1


async def let_through(settings: Settings, flood_id: int, by: Person) -> int:
    """Let what is held of a sender be worked on, and whatever comes from them for a while.

    Returns:
        How many messages were held.

    Raises:
        DoesNotExist: There is no such sender any more.
    """
    async with in_transaction():
        flood = await _decide(settings, flood_id, by, FloodState.LET, settings.territory.floods.let)
        held = Inbox.filter(lane=flood.lane, state=InboxState.HELD)
        count = await held.update(state=InboxState.WAITING, not_before=settings.clock.wall())
        await audit.record(settings, "sender let through", _subject(flood), by.name, f"{count} held")
    return count


async def keep_out(settings: Settings, flood_id: int, by: Person) -> None:
    """Work on nothing of a sender for a while; what they send is kept.

    Raises:
        DoesNotExist: There is no such sender any more.
    """
    async with in_transaction():
        flood = await _decide(settings, flood_id, by, FloodState.OUT, settings.territory.floods.out)
        await audit.record(settings, "sender kept out", _subject(flood), by.name)


async def _decide(
    settings: Settings, flood_id: int, by: Person, state: FloodState, lasts: timedelta
) -> Flood:
    flood = await Flood.select_for_update().get(id=flood_id)
    now = settings.clock.now()
    flood.state, flood.until = state, now + lasts
    flood.decided_at, flood.decided_by = now, by.name
    await flood.save()
    return flood


async def _note(
    settings: Settings, event: Inbound, row: Inbox, address: Address, flood: Flood | None
) -> set[str]:
    """Keep in mind that a sender sends too much, and tell them, unless they were told lately."""
    at, again = row.received_at, settings.territory.floods.again
    told = flood is not None and flood.answered_at > at - again
    if flood is None:
        flood = Flood(lane=row.lane, address_id=address.id, began_at=at, answered_at=at)
    if flood.state is not FloodState.ON:
        flood.state, flood.until, flood.began_at = FloodState.ON, None, at
    if not told:
        flood.answered_at = at
    await flood.save()
    if told or address.stopped_at is not None:
        return set()
    language = names.language_of(address.person, settings.territory)
    effects = Effects(f"{cause_of(event)}.f", settings.clock.wall())
    effects.tell(address, say(texts.FLOODED, language, emergency=settings.territory.emergency))
    return await effects.save()


async def _is_too_much(settings: Settings, row: Inbox) -> bool:
    """Whether a message comes after more from its sender than some limit allows."""
    for limit in settings.territory.floods.limits:
        before = Inbox.filter(lane=row.lane, id__lt=row.id).order_by("-id")
        nth = await before.offset(limit.messages - 1).only("received_at").first()
        if nth is not None and nth.received_at > row.received_at - limit.within:
            return True
    return False


async def _must_be_heard(settings: Settings, event: Inbound, address: Address, at: datetime) -> bool:
    """Whether no limit may stop an event: 'stop', a leader's word, the first word of a danger."""
    text = wording.clean(event.text)
    if event.detail.get("opt_out") or keywords.read(text).word is Word.STOP:
        return True
    if await chain.post_of(address.person, at) is not None:
        return True
    if urgency.danger(text, settings.territory) is None:
        return False
    return not await Issue.exists(reporter_id=address.person_id, urgent=True, state__in=IN_HAND)


def _subject(flood: Flood) -> str:
    return f"sender {flood.id}"
