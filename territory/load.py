"""The door for loading a territory: units, leaders, residents, a roster's file, a whole city.

Every function runs in one transaction on the open database and can be run again. It must never
take half of what it was given.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from tortoise.transactions import in_transaction

from linzhang.phones import NotANumber, normalise
from linzhang.settings import Settings
from models import Leadership, Role, Unit
from territory import people
from territory.divisions import read_divisions
from territory.draw import draw
from territory.files import read_roster
from territory.load_people import load_leaders, load_residents
from territory.load_units import load_units
from territory.progress import Progress, silent
from territory.rows import PostRow, RowError, TerritoryError

__all__ = ["load_city", "load_leaders", "load_residents", "load_roster", "load_units"]

#: A Matrix id after the specification's appendix "User Identifiers", 255 bytes at most.
_MATRIX_ID = re.compile(r"@[a-z0-9._=/+-]+:[A-Za-z0-9.:\[\]-]+")
_MATRIX_ID_LENGTH = 255


async def load_city(
    settings: Settings,
    *,
    divisions: Path,
    seed: int,
    residents_of: Sequence[str],
    progress: Progress | None = None,
) -> None:
    """Load a drawn city: every unit down to the blocks, a leader for each of the chain, residents.

    The database must be open and migrated. Posts that somebody holds already stay as they are, so
    that loading again changes nothing.

    Args:
        settings: The service's.
        divisions: The divisions' file, from the city to the villages.
        seed: The same seed gives the same territory and people.
        residents_of: Codes of villages whose blocks get residents.
        progress: Told of the stages 'units', 'leaders' and 'residents'.

    Raises:
        TerritoryError: The file is wrong, or what is in the database does not fit it.
    """
    progress = progress or silent
    units = draw(read_divisions(divisions, settings.territory), seed, settings.territory)
    async with in_transaction():
        await load_units(settings, units, progress)
        chain = [tier.key for tier in settings.territory.tiers if tier.chain]
        held = Leadership.filter(role=Role.LEADER, until=None)
        led = {code for (code,) in await held.values_list("unit__code")}
        posts = [post for post in people.leaders(units, chain, seed) if post.unit_code not in led]
        await load_leaders(settings, posts, progress)
        blocks = await blocks_of(settings, residents_of)
        await load_residents(settings, blocks, seed, progress)


async def load_roster(settings: Settings, path: Path, progress: Progress = silent) -> int:
    """Fill posts from a roster's file, all or none. The database must be open.

    Args:
        settings: The service's.
        path: CSV with the columns unit_code, role, name, phone and, where wanted, matrix_id.
        progress: Told as people go in, as stage 'leaders'.

    Returns:
        How many posts have got somebody new.

    Raises:
        TerritoryError: The file or some of its rows are wrong; it names each.
    """
    posts: list[PostRow] = []
    errors: list[RowError] = []
    for number, post in enumerate(read_roster(path), start=2):
        if post.matrix_id and not _is_matrix_id(post.matrix_id):
            errors.append(RowError(number, "matrix_id: write it as @name:server, such as @chen:example.org."))
        try:
            posts.append(post._replace(phone=normalise(post.phone, settings.territory.region)))
        except NotANumber as error:
            errors.append(RowError(number, f"phone: {error}"))
    if errors:
        raise TerritoryError(errors)
    return await load_leaders(settings, posts, progress)


async def blocks_of(settings: Settings, codes: Sequence[str]) -> list[str]:
    """The codes of all blocks below some units.

    Raises:
        TerritoryError: One of the units is not there.
    """
    found: list[str] = []
    for code in codes:
        unit = await Unit.get_or_none(code=code)
        if unit is None:
            raise TerritoryError([RowError(0, f"there is no unit {code}.")])
        below = Unit.filter(path__startswith=unit.path, tier=settings.territory.bottom.key).order_by("code")
        found += [str(each) for each in await below.values_list("code", flat=True)]
    return found


def _is_matrix_id(text: str) -> bool:
    return len(text.encode()) <= _MATRIX_ID_LENGTH and _MATRIX_ID.fullmatch(text) is not None
