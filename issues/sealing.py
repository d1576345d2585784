"""Seals what happened to issues, and who looked at numbers, into the record of deeds, which shows tampering.

Histories are written by many at once, so they are no chain themselves: every hour all rows that have come
since are hashed together, by their ids, and the hash becomes an entry of the record (`issues.audit`). Of a
row counts who did what, when, through what, and where the issue went; not the words beside it, which may be
erased.
"""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tortoise.models import Model
from tortoise.transactions import in_transaction

from issues import audit
from linzhang import chaining
from linzhang.settings import Settings
from models import AdminAction, History, Issue, Look

#: What is done, and by whom, as the record has it.
ACTION, WHO = "rows sealed", "sealing"

#: The detail of an entry: the ids of the first and the last row, how many there are, and their hash.
_WRITTEN = re.compile(r"(\d{1,18})-(\d{1,18}) (\d{1,18}) ([0-9a-f]{64})")

#: Rows that are read at once.
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Sealed:
    """A table whose rows are sealed.

    Attributes:
        name: As the record has it.
        table: Whose rows; they are never changed.
        words: What counts of a row, besides its id and its time.
        about: What a row is about, for people.
    """

    name: str
    table: type[Model]
    words: Callable[[Any], Sequence[object]]
    about: Callable[[Any], str]


TABLES = (
    Sealed(
        "history",
        History,
        lambda row: (
            *(row.issue_id, row.seq, str(row.action), row.actor_id, row.bridge),
            *(row.from_state, str(row.to_state), row.from_holder_id, row.to_holder_id),
        ),
        lambda row: f"no. {Issue(id=row.issue_id).number}",
    ),
    Sealed("look", Look, lambda row: (row.person_id, row.whose_id), lambda row: f"person {row.whose_id}"),
)


async def take_in(settings: Settings, sealed: Sealed, up_to: int) -> bool:
    """Seal the rows of a table that have come since the last time.

    Args:
        settings: The service's.
        sealed: Which table.
        up_to: Highest id that counts; no transaction that makes a lower one may still be under way.

    Returns:
        Whether there were any.
    """
    async with in_transaction():
        first = await _next(sealed)
        digest, count, _ = await _digest(sealed, first, up_to)
        if count:
            detail = f"{first}-{up_to} {count} {digest}"
            await audit.record(settings, ACTION, sealed.name, WHO, detail)
    return count > 0


async def look_over() -> list[str]:
    """Hold all rows against what was sealed; returns what is wrong, each in a sentence, the first first."""
    broken: list[str] = []
    tables = {sealed.name: sealed for sealed in TABLES}
    async for deed in AdminAction.filter(action=ACTION).order_by("seq"):
        written = _WRITTEN.fullmatch(deed.detail)
        if written is None or deed.subject not in tables:
            continue  # the chain tells that it was changed
        first, last, count, digest = int(written[1]), int(written[2]), int(written[3]), written[4]
        now, number, about = await _digest(tables[deed.subject], first, last)
        where = f"the {deed.subject} between rows {first} and {last} ({about}), sealed by entry {deed.seq}"
        if number != count:
            what = "removed from" if number < count else "put into"
            broken.append(f"{_rows_were(abs(number - count))} {what} {where}.")
        elif now != digest:
            broken.append(f"Something was changed in {where}.")
    return broken


def _rows_were(count: int) -> str:
    return "One row was" if count == 1 else f"{count} rows were"


async def _next(sealed: Sealed) -> int:
    """The first id that is not sealed."""
    last = await AdminAction.filter(action=ACTION, subject=sealed.name).order_by("-seq").first()
    return int(last.detail.split(" ")[0].partition("-")[2]) + 1 if last else 1


async def _digest(sealed: Sealed, first: int, last: int) -> tuple[str, int, str]:
    """The hash of some rows, how many they are, and what the first and the last are about."""
    digest, count = chaining.START, 0
    about: list[str] = []
    async for row in _rows(sealed, first, last):
        words = ["" if each is None else str(each) for each in sealed.words(row)]
        digest, count = chaining.link(digest, row.id, row.at, *words), count + 1
        about = [*about[:1], sealed.about(row)]
    return digest, count, " to ".join(dict.fromkeys(about)) or "all of them"


async def _rows(sealed: Sealed, first: int, last: int) -> AsyncIterator[Any]:
    reached = first - 1
    while True:
        rows = await sealed.table.filter(id__gt=reached, id__lte=last).order_by("id").limit(_BATCH)
        for row in rows:
            yield row
        if len(rows) < _BATCH:
            return
        reached = rows[-1].pk
