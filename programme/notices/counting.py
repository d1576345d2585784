"""The sums of a notice, unit by unit: what each person adds is taken off and added anew when it changes.

As the projections do: what a person's row has added stands in it, so that the sums can be brought up to date
from the rows that have changed alone, whoever was at it and died.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from tortoise.expressions import F
from tortoise.transactions import in_transaction

from issues import chain
from models import Notice, NoticePerson, NoticeTally, Reached, Unit

#: People whose changes one transaction brings in.
BATCH: Final = 500

_TOLD = (Reached.TOLD, Reached.DELIVERED, Reached.READ)
_DELIVERED = (Reached.DELIVERED, Reached.READ)
_UNREACHED = (Reached.LOST, Reached.NOBODY)

#: What marks in `NoticePerson.counted` that somebody leads, has passed it on, and what they have answered.
_LEADS, _PASSED, _ANSWER = "leader:", "+", "="


async def count() -> int:
    """Bring the sums up to date with what has changed; returns how many people's rows were looked at."""
    async with in_transaction():
        rows = NoticePerson.filter(stale_at__isnull=False).order_by("stale_at", "id").limit(BATCH)
        people = await rows.select_for_update()
        if people:
            await _bring(people)
            await _note(people)
    return len(people)


async def _bring(people: Sequence[NoticePerson]) -> None:
    paths = {notice.id: notice.path for notice in await Notice.filter(id__in={p.notice_id for p in people})}
    codes = {code for person in people for code in chain.codes(person.path)}
    units = {unit.code: unit.id for unit in await Unit.filter(code__in=list(codes))}
    sums: dict[tuple[int, int], Counter[str]] = {}
    for person in people:
        change = Counter(worth(mark(person)))
        change.subtract(worth(person.counted))
        top = len(chain.codes(paths[person.notice_id])) - 1
        for code in chain.codes(person.path)[top:]:
            if code in units:
                sums.setdefault((person.notice_id, units[code]), Counter()).update(change)
    made = [NoticeTally(notice_id=notice, unit_id=unit) for notice, unit in sums]
    await NoticeTally.bulk_create(made, ignore_conflicts=True)
    for (notice, unit), change in sorted(sums.items()):  # always in this order: nobody waits for each other
        more = {name: F(name) + by for name, by in change.items() if by}
        if more:
            await NoticeTally.filter(notice_id=notice, unit_id=unit).update(**more)


async def _note(people: Sequence[NoticePerson]) -> None:
    by_mark: dict[str, list[int]] = {}
    for person in people:
        by_mark.setdefault(mark(person), []).append(person.id)
    for counted, ids in by_mark.items():
        await NoticePerson.filter(id__in=ids).update(counted=counted, stale_at=None)


def mark(person: NoticePerson) -> str:
    """What the sums are to have of somebody, as their row keeps it."""
    leads = _LEADS if person.leads else ""
    answer = f"{_ANSWER}{person.answer}" if person.answer else ""
    return f"{leads}{person.state}{answer}{_PASSED if person.passed_at is not None else ''}"


def worth(counted: str) -> Mapping[str, int]:
    """What somebody adds to the sums of their unit and of all above it."""
    if not counted:
        return {}
    leads, passed = counted.startswith(_LEADS), counted.endswith(_PASSED)
    kept, _, answer = counted.removeprefix(_LEADS).removesuffix(_PASSED).partition(_ANSWER)
    state = Reached(kept)
    if leads:
        facts = {"leaders": True, "leaders_told": state in _TOLD, "passed": passed}
        facts["leaders_read"] = state is Reached.READ
    else:
        facts = {"residents": True, "told": state in _TOLD, "delivered": state in _DELIVERED}
        facts["read"] = state is Reached.READ
    facts["lost"] = state in _UNREACHED
    if answer:
        facts[f"answer{answer}"] = True
    return {name: 1 for name, is_so in facts.items() if is_so}
