"""The official divisions, from the top to the lowest that is published, as plain rows.

`data/bozhou/divisions.csv` has 96 townships and 1,360 villages, because its codes are younger than
the programme's published count of 88 and 1,348 (2020). The file is what counts here. This module
must never invent a unit.
"""

from pathlib import Path

from linzhang.profile import Profile
from territory import texts
from territory.files import read_units
from territory.rows import RowError, Said, TerritoryError, UnitRow, said


def published_tiers(profile: Profile) -> list[str]:
    """Keys of the tiers that the divisions' file has, top-down: those that are not drawn."""
    drawn = len(profile.drawing.tiers) if profile.drawing else 0
    return [tier.key for tier in profile.tiers[: len(profile.tiers) - drawn]]


def read_divisions(path: Path, profile: Profile) -> list[UnitRow]:
    """Read the divisions of a programme, parents before children.

    The lowest are marked as urban or rural by their names.

    Raises:
        TerritoryError: The file or some of its rows are wrong; it names each.
    """
    rows = read_units(path, profile)
    tiers = published_tiers(profile)
    above = dict(zip(tiers, ["", *tiers], strict=False))
    tier_of = {row.code: row.tier for row in rows}
    errors = []
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        twice = said(texts.CODE_TWICE) if row.code in seen else None
        seen.add(row.code)
        problem = twice or _problem(row, profile, above, tier_of)
        if problem:
            errors.append(RowError(number, said(texts.ABOUT_UNIT, code=row.code, problem=problem)))
    for tier in tiers:
        if tier not in tier_of.values():
            called = profile.tier(tier).name
            errors.append(RowError(0, said(texts.NO_SUCH_TIER_IN_FILE, file=path.name, tier=called)))
    if errors:
        raise TerritoryError(errors)
    endings = tuple(profile.drawing.urban_endings) if profile.drawing else ()
    return [row._replace(urban=row.tier == tiers[-1] and row.name.endswith(endings)) for row in rows]


def _problem(row: UnitRow, profile: Profile, above: dict[str, str], tier_of: dict[str, str]) -> Said | None:
    if row.tier not in above:
        tiers = [profile.tier(key).name for key in above]
        return said(texts.TIER_NOT_PUBLISHED, tier=row.tier[:20], tiers=tiers)
    parent = above[row.tier]
    if not parent:
        root = said(texts.ROOT_HAS_PARENT, tier=profile.tier(row.tier).name)
        return root if row.parent_code else None
    if tier_of.get(row.parent_code) != parent:
        return said(texts.PARENT_NOT_IN_FILE, tier=profile.tier(parent).name)
    return None
