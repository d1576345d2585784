"""Territory files: units, rosters, residents and places, written the same byte for byte and read with checks.

Every row is looked at before anything is said, so that a file is repaired in one go. It must never
write a phone number into an error, and never ask the database.
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, TypeVar

from linzhang.phones import NotANumber, example, normalise
from linzhang.profile import Profile
from models import Chosen, Role
from territory import texts
from territory.columns import CALLED, COLUMNS, FileKind, read_heading
from territory.progress import Progress, silent, told
from territory.rows import PlaceRow, PostRow, ResidentRow, RowError, Said, TerritoryError, UnitRow, said
from territory.sheets import number_of_rows, read_sheet

#: How long a code, a name and a word may be: the width of their columns in the tables.
CODE_LENGTH = 64
NAME_LENGTH = 128
KIND_LENGTH = 32

_FORBIDDEN_IN_CODE = set("/ \t,;，；")
#: A Matrix id after the specification's appendix "User Identifiers", 255 bytes at most.
_MATRIX_ID = re.compile(r"@[a-z0-9._=/+-]+:[A-Za-z0-9.:\[\]-]+")
_MATRIX_ID_LENGTH = 255
_MATRIX_EXAMPLE = "@chen:example.org"

_YES_NO = dict.fromkeys(("1", "yes", "y", "true", "是", "有", "✓", "√"), True) | dict.fromkeys(
    ("0", "no", "n", "false", "否", "无", "不是", "没有"), False
)
_ROLES = {
    "leader": Role.LEADER,
    "负责人": Role.LEADER,
    "长": Role.LEADER,
    "正职": Role.LEADER,
    "deputy": Role.DEPUTY,
    "副": Role.DEPUTY,
    "副职": Role.DEPUTY,
    "副手": Role.DEPUTY,
}
_CHOSEN = {
    "": Chosen.UNKNOWN,
    "recommended": Chosen.RECOMMENDED,
    "推荐": Chosen.RECOMMENDED,
    "群众推荐": Chosen.RECOMMENDED,
    "volunteered": Chosen.VOLUNTEERED,
    "自荐": Chosen.VOLUNTEERED,
    "个人自荐": Chosen.VOLUNTEERED,
    "appointed": Chosen.APPOINTED,
    "指派": Chosen.APPOINTED,
    "组织指派": Chosen.APPOINTED,
}
#: Kinds of places that are called the same in every file; all others as the file calls them.
_PLACES = {
    "商店": "shop",
    "店铺": "shop",
    "超市": "shop",
    "宾馆": "hotel",
    "旅馆": "hotel",
    "酒店": "hotel",
    "学校": "school",
    "医院": "hospital",
    "卫生室": "clinic",
    "工厂": "factory",
    "企业": "company",
}

Record = Mapping[str, str]
R = TypeVar("R")
C = TypeVar("C", bound=StrEnum)


class Wrong(Exception):
    """A row cannot be taken.

    Attributes:
        problem: What is wrong with it.
    """

    def __init__(self, problem: Said) -> None:
        self.problem = problem
        super().__init__(str(problem.text))


class Table(NamedTuple):
    """A file that has been read: its kind, and the rows of that kind; the others are empty."""

    kind: FileKind
    units: list[UnitRow]
    posts: list[PostRow]
    residents: list[ResidentRow]
    places: list[PlaceRow]


def read(path: Path, profile: Profile, progress: Progress = silent) -> Table:
    """Read a file of whatever kind; its heading tells.

    Args:
        path: Where it is.
        profile: The programme's.
        progress: Told of the stage 'reading', where it can be known how much there is.

    Raises:
        TerritoryError: The file or some of its rows are wrong; it names each.
    """
    rows = read_sheet(path)
    _, cells = next(rows)
    kind, keys = read_heading(path.name, cells, profile)
    table = Table(kind, [], [], [], [])
    readers: dict[FileKind, Callable[[Record], None]] = {
        FileKind.UNITS: lambda record: table.units.append(_unit(record, profile)),
        FileKind.ROSTER: lambda record: table.posts.append(_post(record, profile)),
        FileKind.RESIDENTS: lambda record: table.residents.append(_resident(record, profile)),
        FileKind.PLACES: lambda record: table.places.append(_place(record)),
    }
    take = readers[kind]
    errors: list[RowError] = []
    for number, each in told(rows, "reading", number_of_rows(path), progress):
        try:
            if len(each) != len(keys):
                raise Wrong(said(texts.RAGGED_ROW, cells=len(each), columns=len(keys)))
            take(dict(zip(keys, each, strict=True)))
        except Wrong as wrong:
            errors.append(RowError(number, wrong.problem))
    if errors:
        raise TerritoryError(errors)
    return table


def read_units(path: Path, profile: Profile) -> list[UnitRow]:
    """Read units, parents before children.

    Raises:
        TerritoryError: The file or some of its rows are wrong, or it holds something else.
    """
    return read(path, profile).units


def write_units(path: Path, units: Iterable[UnitRow]) -> None:
    """Write units as CSV: UTF-8, one line feed a row, in the order given."""
    rows = (
        (
            unit.code,
            unit.name,
            unit.tier,
            unit.parent_code,
            _as_digit(unit.urban),
            unit.households,
            unit.card_code,
        )
        for unit in units
    )
    _write(path, ("code", "name", "tier", "parent_code", "urban", "households", "card_code"), rows)


def write_roster(path: Path, posts: Iterable[PostRow]) -> None:
    """Write a roster as CSV: UTF-8, one line feed a row, in the order given."""
    rows = (
        (
            post.unit_code,
            post.role.value,
            post.name,
            post.phone,
            post.matrix_id,
            post.chosen.value,
            _as_digit(post.party_member),
            _as_digit(post.smartphone),
        )
        for post in posts
    )
    _write(path, [column.key for column in COLUMNS[FileKind.ROSTER]], rows)


def write_residents(path: Path, residents: Iterable[ResidentRow]) -> None:
    """Write residents as CSV: UTF-8, one line feed a row, in the order given."""
    rows = ((each.block_code, each.household, each.name, each.phone) for each in residents)
    _write(path, ("block_code", "household", "name", "phone"), rows)


def _as_digit(yes: bool | None) -> int | str:
    return "" if yes is None else int(yes)


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _unit(record: Record, profile: Profile) -> UnitRow:
    households = record.get("households", "")
    if households and not (households.isascii() and households.isdigit() and len(households) < 9):
        raise Wrong(said(texts.BAD_NUMBER, column=CALLED["households"]))
    if not record["tier"]:
        raise Wrong(said(texts.TIER_MISSING, tiers=[tier.name for tier in profile.tiers]))
    return UnitRow(
        _code(record, "code"),
        _name(record, "name"),
        _tier(record["tier"], profile),
        record["parent_code"],
        _yes_no(record, "urban"),
        int(households or 0),
        record.get("card_code", ""),
        record.get("merged_into", ""),
    )


def _post(record: Record, profile: Profile) -> PostRow:
    role = _choice(record, "role", _ROLES)
    name, phone = record["name"], record["phone"]
    if not name and not phone and role is Role.DEPUTY:
        raise Wrong(said(texts.VACANT_DEPUTY))
    if name or phone:
        name, phone = _name(record, "name"), _phone(phone, profile)
    matrix_id = record.get("matrix_id", "")
    if matrix_id and (
        len(matrix_id.encode()) > _MATRIX_ID_LENGTH or not _MATRIX_ID.fullmatch(matrix_id) or not name
    ):
        raise Wrong(said(texts.BAD_MATRIX_ID, column=CALLED["matrix_id"], example=_MATRIX_EXAMPLE))
    return PostRow(
        _code(record, "unit_code"),
        role,
        name,
        phone,
        matrix_id,
        _choice(record, "chosen", _CHOSEN),
        _yes_no(record, "party_member"),
        _yes_no(record, "smartphone"),
    )


def _resident(record: Record, profile: Profile) -> ResidentRow:
    language = record.get("language", "")
    if language and language not in profile.languages:
        choices = profile.languages
        raise Wrong(said(texts.BAD_CHOICE, column=CALLED["language"], written=language[:20], choices=choices))
    household = record.get("household", "")
    if len(household) > NAME_LENGTH:
        raise Wrong(said(texts.TOO_LONG, column=CALLED["household"], length=NAME_LENGTH))
    return ResidentRow(
        _code(record, "block_code"),
        household,
        _name(record, "name"),
        _phone(record["phone"], profile) if record["phone"] else "",
        language,
        _yes_no(record, "party_member"),
        _yes_no(record, "smartphone"),
    )


def _place(record: Record) -> PlaceRow:
    kind = _PLACES.get(record["kind"], record["kind"].lower())
    if not kind or len(kind) > KIND_LENGTH:
        raise Wrong(said(texts.BAD_NAME, column=CALLED["kind"], length=KIND_LENGTH))
    return PlaceRow(
        _code(record, "block_code"), _name(record, "name"), kind, _yes_no(record, "closed") or False
    )


def _code(record: Record, column: str) -> str:
    code = record[column]
    if not code or len(code) > CODE_LENGTH or not _FORBIDDEN_IN_CODE.isdisjoint(code):
        raise Wrong(said(texts.BAD_CODE, column=CALLED[column], length=CODE_LENGTH))
    return code


def _name(record: Record, column: str) -> str:
    name = record[column]
    if not name or len(name) > NAME_LENGTH or any(unicodedata.category(each) == "Cc" for each in name):
        raise Wrong(said(texts.BAD_NAME, column=CALLED[column], length=NAME_LENGTH))
    return name


def _phone(written: str, profile: Profile) -> str:
    try:
        return normalise(written, profile.region)
    except NotANumber:
        raise Wrong(said(texts.BAD_PHONE, column=CALLED["phone"], example=example(profile.region))) from None


def _tier(written: str, profile: Profile) -> str:
    """The key of a tier that is written by its key or by its name; unknown words stay as they are."""
    every = [*profile.tiers, *([profile.department] if profile.department else [])]
    for tier in every:
        if written.casefold() in (tier.key, *(name.casefold() for name in tier.name.values())):
            return tier.key
    return written


def _yes_no(record: Record, column: str) -> bool | None:
    written = record.get(column, "")
    if not written:
        return None
    if written.casefold() not in _YES_NO:
        raise Wrong(said(texts.BAD_YES_NO, column=CALLED[column]))
    return _YES_NO[written.casefold()]


def _choice(record: Record, column: str, words: Mapping[str, C]) -> C:
    written = record.get(column, "")
    found = words.get(written.casefold())
    if found is None:
        choices = [word for word in words if word]
        raise Wrong(said(texts.BAD_CHOICE, column=CALLED[column], written=written[:20], choices=choices))
    return found
