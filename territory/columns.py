"""The columns of each kind of file: what they are called, in English and in Chinese.

Data, and how a heading is recognised by it. Capitals, spaces, dashes and full-width letters do not matter.
"""

import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from linzhang.profile import Profile
from territory import texts
from territory.rows import of_file


class FileKind(StrEnum):
    """What the rows of a file are."""

    UNITS = "units"
    ROSTER = "roster"
    RESIDENTS = "residents"
    PLACES = "places"


class Column(NamedTuple):
    """A column of a file.

    Attributes:
        key: What it is called in our own files.
        names: What else it may be called; the first is its Chinese name.
        needed: Whether a file of its kind must have it.
        of_unit: Whether it names a unit, and so may be called after the unit's tier: '邻编码'.
    """

    key: str
    names: tuple[str, ...]
    needed: bool = False
    of_unit: bool = False


_PHONE = ("电话", "电话号码", "手机", "手机号", "手机号码", "联系电话", "telephone", "mobile", "phonenumber")
_PARTY = Column("party_member", ("党员", "是否党员", "party"))
_SMARTPHONE = Column("smartphone", ("智能手机", "是否智能手机", "有智能手机", "是否有智能手机"))
_BLOCK = Column(
    "block_code", ("单元编码", "编码", "代码", "单元", "unitcode", "block"), needed=True, of_unit=True
)

COLUMNS: dict[FileKind, tuple[Column, ...]] = {
    FileKind.UNITS: (
        Column("code", ("编码", "代码", "单元编码", "单元代码"), needed=True),
        Column("name", ("名称", "单元名称"), needed=True),
        Column("tier", ("层级", "级别", "level"), needed=True),
        Column("parent_code", ("上级编码", "上级代码", "上级", "parent"), needed=True),
        Column("urban", ("城镇", "是否城镇")),
        Column("households", ("户数",)),
        Column("card_code", ("卡号", "联系卡号", "card")),
        Column("merged_into", ("并入", "并入编码", "合并到")),
    ),
    FileKind.ROSTER: (
        Column("unit_code", ("单元编码", "编码", "代码", "单元", "unit", "code"), needed=True, of_unit=True),
        Column("role", ("职务", "角色", "岗位"), needed=True),
        Column("name", ("姓名", "名字"), needed=True),
        Column("phone", _PHONE, needed=True),
        Column("matrix_id", ("聊天账号", "矩阵账号", "matrix", "account")),
        Column("chosen", ("产生方式", "推选方式", "howchosen")),
        _PARTY,
        _SMARTPHONE,
    ),
    FileKind.RESIDENTS: (
        _BLOCK,
        Column("household", ("户", "户号", "门牌", "门牌号", "house")),
        Column("name", ("姓名", "名字"), needed=True),
        Column("phone", _PHONE, needed=True),
        Column("language", ("语言",)),
        _PARTY,
        _SMARTPHONE,
    ),
    FileKind.PLACES: (
        _BLOCK,
        Column("name", ("名称", "场所", "场所名称", "place"), needed=True),
        Column("kind", ("类型", "类别", "场所类型", "type"), needed=True),
        Column("closed", ("已关闭", "关闭", "已停业")),
    ),
}


#: What a column is called in each language, by its key; names of people and of units are both names.
CALLED: dict[str, dict[str, str]] = {
    column.key: {"en": column.key, "zh-Hans": column.names[0]}
    for kind in reversed(FileKind)
    for column in COLUMNS[kind]
}


class Heading(NamedTuple):
    """The first row of a file, understood.

    Attributes:
        kind: What the file's rows are.
        keys: The key of each of its columns.
    """

    kind: FileKind
    keys: list[str]


def read_heading(file: str, cells: Sequence[str], profile: Profile) -> Heading:
    """What kind of file a heading belongs to, and which column is which.

    Args:
        file: Its name, for the error.
        cells: The heading.
        profile: Whose tiers' names may stand in it.

    Raises:
        TerritoryError: A column is not known, is missing, or is there twice.
    """
    written = [_folded(cell) for cell in cells]
    kind = max(FileKind, key=lambda each: _fit(each, written, profile))
    names = _names(kind, profile)
    called = {"kind": texts.KINDS[kind], "file": file}
    for cell, name in zip(cells, written, strict=True):
        if name not in names:
            known = ", ".join(f"{column.key} ({column.names[0]})" for column in COLUMNS[kind])
            raise of_file(texts.COLUMN_UNKNOWN, **called, column=cell[:40], columns=known)
    keys = [names[name] for name in written]
    for key in keys:
        if keys.count(key) > 1:
            raise of_file(texts.COLUMN_TWICE, file=file, column=key)
    missing = [column.key for column in COLUMNS[kind] if column.needed and column.key not in keys]
    if missing:
        raise of_file(texts.COLUMNS_MISSING, **called, columns=missing)
    return Heading(kind, keys)


def _fit(kind: FileKind, written: Sequence[str], profile: Profile) -> tuple[int, int]:
    """How well a heading fits a kind: first how few needed columns are missing, then how many are known."""
    names = _names(kind, profile)
    keys = {names[name] for name in written if name in names}
    needed = {column.key for column in COLUMNS[kind] if column.needed}
    return len(keys & needed) - len(needed), len(keys)


def _names(kind: FileKind, profile: Profile) -> dict[str, str]:
    """Every name that a column of this kind may have, folded, with the column's key."""
    names: dict[str, str] = {}
    tiers = {tier for each in profile.tiers for tier in (each.key, *each.name.values())}
    for column in COLUMNS[kind]:
        called = {column.key, *column.names}
        if column.of_unit:
            called |= {f"{tier}{ending}" for tier in tiers for ending in ("", "code", "编码", "代码")}
        for name in called:
            names.setdefault(_folded(name), column.key)
    return names


def _folded(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(each for each in folded if each.isalnum())
