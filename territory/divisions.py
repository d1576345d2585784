"""The official divisions, from the top to the lowest that is published, as plain rows.

`data/bozhou/divisions.csv` has 96 townships and 1,360 villages, because its codes are younger than
the programme's published count of 88 and 1,348 (2020). The file is what counts here. This module
must never invent a unit.
"""

from pathlib import Path

from linzhang.profile import Profile
from territory.files import read_units
from territory.rows import RowError, TerritoryError, UnitRow


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
    rows = read_units(path)
    tiers = published_tiers(profile)
    above = dict(zip(tiers, ["", *tiers], strict=False))
    tier_of = {row.code: row.tier for row in rows}
    errors = []
    for number, row in enumerate(rows, start=2):
        problem = _problem(row, above, tier_of)
        if problem:
            errors.append(RowError(number, f"{row.code}: {problem}"))
    errors += [RowError(0, f"{path}: there is no {tier}.") for tier in tiers if tier not in tier_of.values()]
    if errors:
        raise TerritoryError(errors)
    endings = tuple(profile.drawing.urban_endings) if profile.drawing else ()
    return [row._replace(urban=row.tier == tiers[-1] and row.name.endswith(endings)) for row in rows]


def _problem(row: UnitRow, above: dict[str, str], tier_of: dict[str, str]) -> str:
    if row.tier not in above:
        return f"'{row.tier[:20]}' is not a tier of the divisions: write {', '.join(above)}."
    parent = above[row.tier]
    if not parent:
        return f"a {row.tier} stands at the top: leave parent_code empty." if row.parent_code else ""
    if tier_of.get(row.parent_code) != parent:
        return f"its parent must be a {parent} of this file."
    return ""
