"""Recording somebody who is looked after, and ending that: who may, and what it needs.

Nothing is asked, and nothing is kept, of somebody who has not agreed.
"""

from dataclasses import dataclass
from datetime import datetime

from issues import audit, chain, wording
from issues.errors import IssueError, NotNow
from linzhang.settings import Settings
from models import (
    CareCheck,
    CareKind,
    CareRecord,
    CareRhythm,
    CareState,
    CareWay,
    Person,
    Unit,
)
from programme.care import reaching, seeing, texts, times

#: States in which an answer is waited for.
WAITING = (CareState.ASKED, CareState.AGAIN, CareState.MISSING)

#: Characters of a sentence that are kept.
_SENTENCE = 255


class Unfit(IssueError):
    """A record cannot be made as it is."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants to be looked after.

    Attributes:
        kind: Why.
        rhythm: How often they are asked.
        clock: Minutes after midnight at which they are, in the programme's zone.
        consent: How they, or who speaks for them, agreed.
        weekday: Of a weekly rhythm, Monday is 0.
        way: How they are asked.
        why: In a short sentence.
    """

    kind: CareKind
    rhythm: CareRhythm
    clock: int
    consent: str
    weekday: int | None = None
    way: CareWay = CareWay.TEXT
    why: str = ""


async def add(settings: Settings, recorder: Person, person: Person, wish: Wish, at: datetime) -> CareRecord:
    """Let somebody be looked after, from now on; what was recorded of them before ends with that.

    Args:
        settings: The service's.
        recorder: Who records it.
        person: Who is looked after.
        wish: How.
        at: Programme time.

    Raises:
        NotAllowed: The recorder is none of the few who see the names of that block.
        Unfit: There is no consent, or no way to ask them at that hour.
    """
    profile = settings.territory
    block = await _home(person)
    await seeing.check(recorder, block, profile, at)
    consent = wording.clean(wish.consent).strip()[:_SENTENCE]
    if wording.is_blank(consent):
        raise Unfit(texts.NO_CONSENT, name=person.name)
    if wish.rhythm is not CareRhythm.OFF and not times.fits(wish.clock, wish.way, profile):
        raise Unfit(texts.AT_NIGHT)
    # Of two who record the same person at once, one comes after the other.
    await Person.select_for_update().get(id=person.id)
    record = CareRecord(
        person=person,
        unit=block,
        path=block.path,
        kind=wish.kind,
        why=wording.clean(wish.why).strip()[:_SENTENCE],
        recorder=recorder,
        since=at,
        consent=consent,
        consent_at=at,
        rhythm=wish.rhythm,
        weekday=(wish.weekday or 0) if wish.rhythm is CareRhythm.WEEKLY else None,
        clock=wish.clock,
        way=wish.way,
    )
    if wish.rhythm is not CareRhythm.OFF and await reaching.address_of(settings, record, at) is None:
        raise Unfit(texts.NO_WAY, name=person.name)
    for before in await CareRecord.filter(person_id=person.id, ended_at=None).select_for_update():
        record.asked_at, record.heard_at = before.asked_at, before.heard_at
        record.silent_at, record.visited_at = before.silent_at, before.visited_at
        await _end(before, "", at)
    record.next_due = times.next_due(record, at, profile)
    await record.save()
    await CareCheck.filter(person_id=person.id, state__in=WAITING).update(record_id=record.id)
    await audit.record(
        settings, "care recorded", f"care {record.id} of {block.path}", recorder.name, wish.kind
    )
    return record


async def end(settings: Settings, record: CareRecord, person: Person, why: str, at: datetime) -> None:
    """Look after somebody no more: they do not want it, need it, or live there any more.

    Args:
        settings: The service's.
        record: Locked, with its unit fetched.
        person: Who ends it.
        why: In a few words.
        at: Programme time.

    Raises:
        NotAllowed: They are none of the few who see the names of that block.
        NotNow: It has ended already.
    """
    await seeing.check(person, record.unit, settings.territory, at)
    if record.ended_at is not None:
        raise NotNow(texts.ENDED_ALREADY)
    await _end(record, wording.clean(why).strip()[:_SENTENCE], at)
    waiting = CareCheck.filter(record_id=record.id, state__in=WAITING)
    await waiting.update(state=CareState.DROPPED, answer_due=None)
    await audit.record(settings, "care ended", f"care {record.id} of {record.path}", person.name, "")


async def lock(record_id: int) -> CareRecord | None:
    """A record for what changes it, with its person and unit; None: there is none."""
    record = await CareRecord.select_for_update().get_or_none(id=record_id)
    if record is not None:
        await record.fetch_related("person", "unit")
    return record


async def of(person: Person, *, lock: bool = False) -> CareRecord | None:
    """The record of somebody who is looked after now."""
    found = CareRecord.filter(person_id=person.id, ended_at=None).order_by("-id")
    if lock:
        found = found.select_for_update()
    return await found.first()


async def _end(record: CareRecord, why: str, at: datetime) -> None:
    record.ended_at, record.ended_why, record.next_due = at, why, None
    await record.save(update_fields=["ended_at", "ended_why", "next_due"])


async def _home(person: Person) -> Unit:
    block = await Unit.get_or_none(id=person.block_id)
    if block is None:
        raise Unfit(texts.NO_HOME, name=person.name)
    return await chain.standing(block)


def unknown(person: Person) -> Unfit:
    """What to raise where somebody is not looked after."""
    return Unfit(texts.NOT_RECORDED, name=person.name)
