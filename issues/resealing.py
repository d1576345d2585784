"""Seals all that is encrypted in the database with the first key, while the service runs.

Goes through each table by its ids, a few hundred rows in a transaction. What the first key has sealed is left
alone, and a row that somebody has changed meanwhile too, so that it can be stopped at any moment and begun
again, by several at once, and nothing is kept of how far it was. Nothing that is opened here is shown.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from tortoise.models import Model
from tortoise.transactions import in_transaction

from issues import audit
from issues.inbox import PHONE
from linzhang.settings import Settings
from linzhang.vault import Vault
from models import Address, FormerAccount, ImportPiece, Inbox, Knock, Outbox, Survey, WebhookTarget

#: Rows of one transaction.
BATCH = 300

#: Told how many rows of a table have been looked at.
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something sealed is kept.

    Attributes:
        table: Whose rows.
        column: Which column.
        path: Where in it, if it is JSON; empty: the column itself.
    """

    table: type[Model]
    column: str
    path: Sequence[str] = ()


#: All that is sealed. What is not here keeps its old key, and is lost with it.
PLACES = (
    Place(Address, "sealed"),
    Place(FormerAccount, "sealed"),
    Place(Knock, "sealed"),
    Place(WebhookTarget, "secret"),
    Place(Inbox, "sender"),
    Place(Inbox, "body", ("detail", PHONE)),
    Place(Outbox, "payload", ("secret",)),
    Place(ImportPiece, "sealed"),
    Place(Survey, "sealed"),
)


@dataclass(slots=True)
class Standing:
    """By which keys what is kept was sealed.

    Attributes:
        by_key: How much each key has sealed, by its place in the settings.
        lost: How much none of them opens.
    """

    by_key: Counter[int] = field(default_factory=Counter)
    lost: int = 0

    @property
    def old(self) -> int:
        """How much needs a key that is not the first."""
        return sum(count for key, count in self.by_key.items() if key > 0)


async def standing(settings: Settings, progress: Progress) -> Standing:
    """Look by which keys everything was sealed; changes nothing."""
    found = Standing()
    for place in PLACES:
        looked = 0
        async for rows in _batches(place, BATCH):
            for row in rows:
                _count(found, settings.vault, _value(row, place))
            looked += len(rows)
            progress(_name(place), looked)
    return found


async def reseal(settings: Settings, who: str, progress: Progress, *, at_most: int | None = None) -> int:
    """Seal everything with the first key.

    Args:
        settings: The service's.
        who: As the administrator is called.
        progress: Told how far it is.
        at_most: How much is sealed anew before it ends; None: all.

    Returns:
        How much was sealed anew.
    """
    done = 0
    for place in PLACES:
        looked = 0
        async for rows in _batches(place, BATCH):
            left = None if at_most is None else at_most - done
            done += await _reseal(settings.vault, place, rows, left)
            looked += len(rows)
            progress(_name(place), looked)
            if at_most is not None and done >= at_most:
                break
    if done:
        async with in_transaction():
            await audit.record(settings, "sealed anew", "keys", who, f"{done} values")
    return done


async def _reseal(vault: Vault, place: Place, rows: Sequence[Model], left: int | None) -> int:
    """Seal the values of some rows anew; returns of how many."""
    old = [row for row in rows if _needs(vault, _value(row, place))][:left]
    done = 0
    async with in_transaction():
        for row in old:
            was = getattr(row, place.column)
            # A row that was changed since it was read was written by the service, with its first key.
            unchanged = place.table.filter(pk=row.pk)
            if not place.path:
                unchanged = unchanged.filter(**{place.column: was})
            elif getattr(await unchanged.select_for_update().get(), place.column) != was:
                continue
            done += await unchanged.update(**{place.column: _with(vault, was, place)})
    return done


async def _batches(place: Place, size: int) -> AsyncIterator[Sequence[Model]]:
    """All rows of a place's table, by ascending id."""
    reached = 0
    while True:
        rows = await place.table.filter(id__gt=reached).order_by("id").limit(size).only("id", place.column)
        if rows:
            yield rows
        if len(rows) < size:
            return
        reached = rows[-1].pk


def _value(row: Model, place: Place) -> Any:
    """What is sealed in a row; None: nothing is."""
    found = getattr(row, place.column)
    for name in place.path:
        found = found.get(name) if isinstance(found, dict) else None
    return found or None


def _with(vault: Vault, was: Any, place: Place) -> Any:
    """A column's value with what is sealed in it sealed anew."""
    if not place.path:
        sealed = vault.reseal(was)
        return sealed.decode("ascii") if isinstance(was, str) else sealed
    changed = deepcopy(was)
    inner = changed
    for name in place.path[:-1]:
        inner = inner[name]
    inner[place.path[-1]] = vault.reseal(inner[place.path[-1]]).decode("ascii")
    return changed


def _needs(vault: Vault, value: Any) -> bool:
    return value is not None and (vault.key_of(value) or 0) > 0


def _count(found: Standing, vault: Vault, value: Any) -> None:
    if value is None:
        return
    key = vault.key_of(value)
    if key is None:
        found.lost += 1
    else:
        found.by_key[key] += 1


def _name(place: Place) -> str:
    return f"{place.table._meta.db_table}.{'.'.join([place.column, *place.path])}"
