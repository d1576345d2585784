"""The duty of retention: what people have said is kept no longer than the profile says.

Once a night: the words and media of issues that were over long enough ago, the people who were known only by
those, and the copies that the inbox and the outbox keep. Each issue and each person is a transaction of its
own, and how far the copies are gone through is a row, so that a night that was broken off is gone on with.
What was erased is recorded, by numbers of things alone.
"""

import logging
from datetime import datetime, timedelta

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q, Subquery
from tortoise.transactions import in_transaction

from issues import audit, erasing
from linzhang.settings import Settings
from models import Inbox, InboxState, Issue, Leadership, Outbox, OutboxState, Person, Routine

log = logging.getLogger(__name__)

#: What is to be done when, and how far each copy is gone through.
_NAME, _INBOX, _OUTBOX = "retention", "retention inbox", "retention outbox"

#: Programme time between two rounds.
EVERY = timedelta(days=1)

#: As whom the duty is recorded.
WHO = "retention"

_DONE = (InboxState.DONE, InboxState.HELD, InboxState.FAILED)
_OVER = (OutboxState.SENT, OutboxState.FAILED, OutboxState.CANCELLED)


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Erase what has been kept long enough.

    Args:
        settings: The service's.
        limit: How many issues, people or copies at most.

    Returns:
        How many were erased, and the outbox lanes that have got rows.
    """
    now = settings.clock.now()
    routine, _ = await Routine.get_or_create(name=_NAME, defaults={"due": now})
    if routine.due > now:
        return 0, set()
    done, lanes = await _words(settings, now, limit)
    if done < limit:
        copies = await _inbox(settings, limit - done) if done < limit else 0
        copies += await _outbox(settings, limit - done - copies) if done + copies < limit else 0
        done += copies
    if done < limit:
        await Routine.filter(name=_NAME, due=routine.due).update(due=now + EVERY)
    return done, lanes


async def next_due(settings: Settings) -> datetime | None:
    """When the next round is due, in programme time."""
    routine = await Routine.get_or_none(name=_NAME)
    return routine.due if routine else settings.clock.now()


async def _words(settings: Settings, now: datetime, limit: int) -> tuple[int, set[str]]:
    """Erase the words of issues, and then the people of whom nothing else is left."""
    keep = settings.territory.retention.words
    if keep is None:
        return 0, set()
    lanes: set[str] = set()
    erased: list[Issue] = []
    due = await Issue.filter(erasing.words_due(now - keep)).order_by("id").limit(limit)
    for issue in due:
        woken = await erasing.words_of(settings, issue.id)
        if woken is not None:  # else another worker was a moment faster
            lanes |= woken
            erased.append(issue)
    if erased:
        about = f"{len(erased)} issues, no. {erased[0].number} to {erased[-1].number}"
        async with in_transaction():
            await audit.record(settings, "words erased", WHO, WHO, about)
    people = await Person.filter(_known_by_nothing_else()).order_by("id").limit(limit - len(due))
    for person in people:
        lanes |= await erasing.person(settings, await erasing.plan(settings, person), WHO)
    return len(due) + len(people), lanes


def _known_by_nothing_else() -> Q:
    """Of all people, those in no household of whose issues no words are left, and who never led anything."""
    reported = Subquery(Issue.all().values("reporter_id"))
    with_words = Subquery(Issue.filter(erased_at=None).values("reporter_id"))
    led = Subquery(Leadership.all().values("person_id"))
    with_number = Q(addresses__stopped_at=None) | ~Q(name="")
    return with_number & Q(household_id=None, id__in=reported) & ~Q(id__in=with_words) & ~Q(id__in=led)


async def _inbox(settings: Settings, limit: int) -> int:
    """Empty what came in long ago and has been worked on: its id stays, so that it never counts twice."""
    keep = settings.territory.retention.copies
    if keep is None or limit <= 0:
        return 0
    reached = await _reached(settings, _INBOX)
    rows = Inbox.filter(id__gt=reached, received_at__lt=settings.clock.now() - keep).order_by("id")
    batch = await rows.limit(limit).only("id")
    ids = [row.id for row in batch]
    emptied = Inbox.filter(id__in=ids, state__in=_DONE)
    await emptied.update(body={}, sender=settings.vault.seal(""), state=InboxState.DONE)
    await _note(_INBOX, ids)
    return len(ids)


async def _outbox(settings: Settings, limit: int) -> int:
    """Empty what went out long ago and is about no issue; what is about one goes with its words."""
    keep = settings.territory.retention.copies
    if keep is None or limit <= 0:
        return 0
    reached = await _reached(settings, _OUTBOX)
    rows = Outbox.filter(id__gt=reached, created_at__lt=settings.clock.wall() - keep).order_by("id")
    ids = [row.id for row in await rows.limit(limit).only("id")]
    await Outbox.filter(id__in=ids, issue_id=None, state__in=_OVER).update(payload={"text": ""})
    await _note(_OUTBOX, ids)
    return len(ids)


async def _reached(settings: Settings, name: str) -> int:
    try:
        routine, _ = await Routine.get_or_create(name=name, defaults={"due": settings.clock.now()})
    except IntegrityError:
        routine = await Routine.get(name=name)  # another worker was a moment faster
    reached: int = routine.reached
    return reached


async def _note(name: str, ids: list[int]) -> None:
    """Note how far it is gone through."""
    if ids:
        await Routine.filter(name=name, reached__lt=ids[-1]).update(reached=ids[-1])
