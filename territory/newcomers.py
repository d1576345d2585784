"""Stores people who are not in the database yet, with their addresses, many at a time.

Numbers are sealed on their way in. It must never write one anywhere else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tortoise.backends.base.client import BaseDBAsyncClient

from linzhang.phones import is_fixed_line
from linzhang.vault import Vault
from models import Address, Person
from territory.bulk import insert, reserve_ids
from territory.progress import Progress, told

SMS, MATRIX = "sms", "matrix"

_PERSON = (
    "id",
    "name",
    "language",
    "language_chosen",
    "block_id",
    "household_id",
    "party_member",
    "smartphone",
)
_ADDRESS = ("id", "person_id", "bridge", "lookup", "sealed", "fixed_line")


@dataclass(slots=True)
class NewAddress:
    """An address that is not in the database yet; `lookup` is its keyed hash, or empty: still to be made."""

    bridge: str
    raw: str
    lookup: str = ""


@dataclass(slots=True)
class NewPerson:
    """Somebody who is not in the database yet, with addresses that are not either; `id` is given here."""

    name: str
    addresses: Sequence[NewAddress]
    language: str = ""
    block_id: int | None = None
    household_id: int | None = None
    party_member: bool | None = None
    smartphone: bool | None = None
    id: int = 0


async def insert_people(
    connection: BaseDBAsyncClient,
    vault: Vault,
    newcomers: Sequence[NewPerson],
    stage: str,
    progress: Progress,
) -> None:
    """Store people and their addresses, and give them their ids."""
    ids = await reserve_ids(connection, Person, len(newcomers))
    for person, id_ in zip(newcomers, ids, strict=True):
        person.id = id_
    rows = (
        (
            each.id,
            each.name,
            each.language,
            bool(each.language),
            each.block_id,
            each.household_id,
            each.party_member,
            each.smartphone,
        )
        for each in newcomers
    )
    await insert(connection, Person, _PERSON, rows)
    addresses = [(each.id, address) for each in newcomers for address in each.addresses]
    # Sealing takes most of the time, so this is where progress is worth telling.
    await insert_addresses(
        connection, vault, told(addresses, stage, len(addresses), progress), len(addresses)
    )


async def insert_addresses(
    connection: BaseDBAsyncClient, vault: Vault, addresses: Iterable[tuple[int, NewAddress]], count: int
) -> None:
    """Store addresses of people who are there."""
    ids = await reserve_ids(connection, Address, count)
    rows = (
        (
            id_,
            person_id,
            each.bridge,
            each.lookup or vault.lookup(each.bridge, each.raw),
            vault.seal(each.raw),
            each.bridge == SMS and is_fixed_line(each.raw),
        )
        for id_, (person_id, each) in zip(ids, addresses, strict=True)
    )
    await insert(connection, Address, _ADDRESS, rows)
