"""The official divisions, from the city to the village, as plain rows.

`data/bozhou/divisions.csv` has 96 townships and 1,360 villages, because its codes are younger than
the programme's published count of 88 and 1,348 (2020). The file is what counts here. This module
must never invent a unit.
"""

from pathlib import Path

from territory.files import read_units
from territory.rows import RowError, TerritoryError, UnitRow

CITY, COUNTY, TOWNSHIP, VILLAGE = "city", "county", "township", "village"
_ABOVE = {CITY: "", COUNTY: CITY, TOWNSHIP: COUNTY, VILLAGE: TOWNSHIP}

#: How the name of a community in a town ends. The file does not say where towns are, but their
#: lowest body is a residents' committee (Organic Law of the Urban Residents Committees, 居民委员会)
#: or a community, and a village's is a villagers' committee (村民委员会).
URBAN_ENDINGS = ("社区", "居委会", "居民委员会")


def read_divisions(path: Path) -> list[UnitRow]:
    """Read the divisions from the city to the villages, parents before children.

    Villages are marked as urban or rural by their names.

    Raises:
        TerritoryError: The file or some of its rows are wrong; it names each.
    """
    rows = read_units(path)
    tier_of = {row.code: row.tier for row in rows}
    errors = []
    for number, row in enumerate(rows, start=2):
        problem = _problem(row, tier_of)
        if problem:
            errors.append(RowError(number, f"{row.code}: {problem}"))
    errors += [RowError(0, f"{path}: there is no {tier}.") for tier in _ABOVE if tier not in tier_of.values()]
    if errors:
        raise TerritoryError(errors)
    return [row._replace(urban=row.tier == VILLAGE and row.name.endswith(URBAN_ENDINGS)) for row in rows]


def _problem(row: UnitRow, tier_of: dict[str, str]) -> str:
    if row.tier not in _ABOVE:
        return f"'{row.tier[:20]}' is not a tier of the divisions: write {', '.join(_ABOVE)}."
    above = _ABOVE[row.tier]
    if not above:
        return "a city stands at the top: leave parent_code empty." if row.parent_code else ""
    if tier_of.get(row.parent_code) != above:
        return f"its parent must be a {above} of this file."
    return ""
