"""Territory files: units and rosters as CSV, written the same byte for byte and read with checks.

Every row is looked at before anything is said, so that a file is repaired in one go. It must never
write a phone number into an error, and never ask the database.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from models import Role
from territory.rows import PostRow, RowError, TerritoryError, UnitRow

UNIT_COLUMNS = ("code", "name", "tier", "parent_code", "urban", "households", "card_code")
UNIT_COLUMNS_NEEDED = ("code", "name", "tier", "parent_code")
ROSTER_COLUMNS = ("unit_code", "role", "name", "phone", "matrix_id")
ROSTER_COLUMNS_NEEDED = ("unit_code", "role", "name", "phone")

#: How long a code and a name may be: the width of their columns in the table.
CODE_LENGTH = 64
NAME_LENGTH = 128

_BOOLEANS = {"": False, "0": False, "1": True}
_FORBIDDEN_IN_CODE = set("/ \t,;")


def write_units(path: Path, units: Iterable[UnitRow]) -> None:
    """Write units as CSV: UTF-8, one line feed a row, in the order given."""
    rows = (
        (unit.code, unit.name, unit.tier, unit.parent_code, int(unit.urban), unit.households, unit.card_code)
        for unit in units
    )
    _write(path, UNIT_COLUMNS, rows)


def write_roster(path: Path, posts: Iterable[PostRow]) -> None:
    """Write a roster as CSV: UTF-8, one line feed a row, in the order given."""
    rows = ((post.unit_code, post.role.value, post.name, post.phone, post.matrix_id) for post in posts)
    _write(path, ROSTER_COLUMNS, rows)


def is_roster(path: Path) -> bool:
    """Whether a file holds a roster rather than units; its heading tells.

    Raises:
        TerritoryError: It cannot be read, or its heading is neither.
    """
    heading = set(next(_records(path))[1])
    if set(ROSTER_COLUMNS_NEEDED) <= heading:
        return True
    if set(UNIT_COLUMNS_NEEDED) <= heading:
        return False
    raise _whole(
        f"{path}: the heading must name {', '.join(UNIT_COLUMNS_NEEDED)} (units) "
        f"or {', '.join(ROSTER_COLUMNS_NEEDED)} (a roster)."
    )


def read_units(path: Path) -> list[UnitRow]:
    """Read units, parents before children, from a CSV file.

    Raises:
        TerritoryError: The file or some of its rows are wrong; it names each.
    """
    units: list[UnitRow] = []
    errors: list[RowError] = []
    seen: set[str] = set()
    for number, record in _table(path, UNIT_COLUMNS, UNIT_COLUMNS_NEEDED):
        problem = _unit_problem(record, seen)
        if problem:
            errors.append(RowError(number, problem))
        else:
            units.append(_unit(record))
        seen.add(record["code"])
    if errors:
        raise TerritoryError(errors)
    return units


def read_roster(path: Path) -> list[PostRow]:
    """Read a roster from a CSV file.

    Raises:
        TerritoryError: The file or some of its rows are wrong; it names each.
    """
    posts: list[PostRow] = []
    errors: list[RowError] = []
    roles = {role.value for role in Role}
    for number, record in _table(path, ROSTER_COLUMNS, ROSTER_COLUMNS_NEEDED):
        if record["role"] not in roles:
            said = f"'{record['role'][:20]}' is not a role: write {' or '.join(sorted(roles))}."
            errors.append(RowError(number, said))
            continue
        posts.append(
            PostRow(
                record["unit_code"],
                Role(record["role"]),
                record["name"],
                record["phone"],
                record.get("matrix_id", ""),
            )
        )
    if errors:
        raise TerritoryError(errors)
    return posts


def _unit(record: dict[str, str]) -> UnitRow:
    return UnitRow(
        record["code"],
        record["name"],
        record["tier"],
        record["parent_code"],
        _BOOLEANS[record.get("urban", "")],
        int(record.get("households") or 0),
        record.get("card_code", ""),
    )


def _unit_problem(record: dict[str, str], seen: set[str]) -> str:
    code, name = record["code"], record["name"]
    households = record.get("households", "")
    if not code or len(code) > CODE_LENGTH or _FORBIDDEN_IN_CODE & set(code):
        return f"code: write 1 to {CODE_LENGTH} characters without spaces, commas or slashes."
    if code in seen:
        return f"code {code} stands in an earlier row too: every unit needs a code of its own."
    if not name or len(name) > NAME_LENGTH:
        return f"name: write 1 to {NAME_LENGTH} characters."
    if not record["tier"]:
        return "tier: write the key of a tier of the territory profile."
    if record.get("urban", "") not in _BOOLEANS:
        return "urban: write 1 for a unit in a town, otherwise 0."
    if households and not (households.isascii() and households.isdigit() and len(households) < 9):
        return "households: write a whole number."
    return ""


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _table(path: Path, known: Sequence[str], needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a file by column, with their numbers; there is none missing in between."""
    records = _records(path)
    _, heading = next(records)
    missing = [column for column in needed if column not in heading]
    if missing:
        raise _whole(f"{path}: the heading has no column {', '.join(missing)}.")
    unknown = [column for column in heading if column not in known]
    if unknown or len(set(heading)) != len(heading):
        raise _whole(f"{path}: the heading may have each of {', '.join(known)} once, and nothing else.")
    ragged: list[RowError] = []
    blank: list[RowError] = []
    for number, cells in records:
        if not any(cells):
            blank.append(RowError(number, "is empty: delete it."))
            continue
        # Blank rows at the end are what spreadsheets leave; others would shift the numbering.
        ragged += blank
        blank = []
        if len(cells) != len(heading):
            ragged.append(RowError(number, f"has {len(cells)} cells where the heading has {len(heading)}."))
        elif not ragged:
            yield number, dict(zip(heading, cells, strict=True))
    if ragged:
        raise TerritoryError(ragged)


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        # Spreadsheets put a byte order mark in front.
        with path.open(encoding="utf-8-sig", newline="") as file:
            empty = True
            for number, cells in enumerate(csv.reader(file, strict=True), start=1):
                empty = False
                yield number, [cell.strip() for cell in cells]
    except OSError as error:
        raise _whole(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise _whole(f"{path} is not UTF-8: save it as 'CSV UTF-8'.") from error
    except csv.Error as error:
        raise _whole(f"{path} is not CSV: {error}.") from error
    if empty:
        raise _whole(f"{path} is empty: the first row must be the heading.")


def _whole(problem: str) -> TerritoryError:
    return TerritoryError([RowError(0, problem)])
