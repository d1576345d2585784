"""The ledger of allowances: what each leader is due, what each payer owes, and what has been paid out.

A row is paid out once: the statement that says so takes only rows of which nobody has said it yet, and only
those that whoever pays has seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from issues import audit, chain
from issues.errors import NotAllowed
from linzhang.settings import Settings
from models import Allowance, Person, Unit
from programme.tasks import money, texts


@dataclass(frozen=True, slots=True)
class Sum:
    """What some rows of the ledger come to, in one currency.

    Attributes:
        of: Whose: a person or a unit.
        currency: ISO 4217 code.
        rows: How many.
        due: All that was entered, less what was taken back.
        paid: What of it has been paid out.
    """

    of: Person | Unit
    currency: str
    rows: int
    due: int
    paid: int

    @property
    def open(self) -> int:
        """What is still to be paid."""
        return self.due - self.paid


def paid_by(units: Sequence[Unit]) -> Q:
    """Of all rows, those that these units, or ones below them, pay."""
    found = Q()
    for unit in units:
        found |= chain.below(unit.path, "payer__path")
    return found


async def rows(which: Q) -> list[Allowance]:
    """Rows of the ledger, the oldest first, with all that a table shows."""
    found = Allowance.filter(which).order_by("id")
    return await found.select_related("person", "payer", "by", "help__task")


def by_person(entries: Sequence[Allowance]) -> list[Sum]:
    """What each leader comes to."""
    return _sums([(entry.person_id, entry.person, entry) for entry in entries])


def by_payer(entries: Sequence[Allowance]) -> list[Sum]:
    """What each payer comes to."""
    return _sums([(entry.payer_id, entry.payer, entry) for entry in entries])


async def of(person: Person) -> list[Sum]:
    """What somebody is due, one for each currency."""
    return by_person(await rows(Q(person_id=person.id)))


async def pay_out(settings: Settings, payer: Unit, upto: int, by: Person, at: datetime) -> tuple[int, int]:
    """Note that all which a payer owes has been paid out.

    Args:
        settings: The service's.
        payer: Which.
        upto: Id of the last row that whoever says so has seen.
        by: Who says so.
        at: Programme time.

    Returns:
        How many rows it was, and what they come to in the smallest unit of the currency.

    Raises:
        NotAllowed: They answer neither for the payer nor for a unit above.
    """
    if await chain.unit_led(by, payer, at) is None:
        raise NotAllowed(texts.NOT_YOURS, unit=payer.name)
    unpaid = Allowance.filter(payer_id=payer.id, paid_at=None, id__lte=upto)
    entries = await unpaid.select_for_update().order_by("id")
    total = sum(entry.amount for entry in entries)
    ids = [entry.id for entry in entries]
    count = await Allowance.filter(id__in=ids, paid_at=None).update(paid_at=at, paid_by_id=by.id)
    if count:
        currency = entries[0].currency
        detail = f"{count} rows up to {upto}, {money.major(total, currency)} {currency}"
        await audit.record(settings, "allowances paid", payer.path, by.name, detail)
    return count, total


def _sums(entries: Sequence[tuple[int, Person | Unit, Allowance]]) -> list[Sum]:
    found: dict[tuple[int, str], list[tuple[Person | Unit, Allowance]]] = {}
    for key, of_whom, entry in entries:
        found.setdefault((key, entry.currency), []).append((of_whom, entry))
    return [
        Sum(
            of=theirs[0][0],
            currency=currency,
            rows=len(theirs),
            due=sum(entry.amount for _, entry in theirs),
            paid=sum(entry.amount for _, entry in theirs if entry.paid_at is not None),
        )
        for (_, currency), theirs in found.items()
    ]
