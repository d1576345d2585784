"""Invented people for a drawn territory: who leads each unit, and who lives in a block.

Names are drawn from common ones, each from a hash of the seed and the place, so that one block's
people do not depend on any other's. It must never give out a number that could be somebody's.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from models import Chosen, Role
from territory.cards import card_index
from territory.rows import PostRow, ResidentRow, UnitRow

#: Nobody's numbers, twice over. By China's numbering plan a mobile number begins with 13 to 19;
#: and what begins with 10 is Beijing, whose numbers have eight digits after it, not nine, and
#: never begin with 0, the trunk prefix. The length alone is that of a mobile number.
PHONE_PREFIX = "+86100"
_PHONE_DIGITS = 8
_PHONES = 10**_PHONE_DIGITS
#: Has no factor in common with `_PHONES`, so that different persons get different numbers.
_SPREAD = 61_803_399

#: Residents' numbers begin above those of leaders, whose units are fewer than this.
_FIRST_RESIDENT = 10_000_000
#: How many persons a block may have: 15 households of two.
_PER_BLOCK = 30
#: With a phone, per household.
_AT_MOST_PER_HOUSEHOLD = 2

_FAMILIES = (
    "王王王王王李李李李李张张张张张刘刘刘刘陈陈陈杨杨赵赵黄周周吴徐孙孙马马朱胡郭何高高林罗郑梁谢宋宋唐许韩"
    "冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫"
)
_MEN = (
    "建国", "建军", "建华", "建设", "志强", "志刚", "志勇", "国强", "国庆", "国梁", "卫东", "卫国",
    "永福", "永贵", "德明", "德胜", "德才", "福生", "长明", "长河", "保国", "保成", "新民", "学文",
    "学军", "文斌", "玉成", "金山", "树林", "海涛", "春生", "广田", "凤山", "振华", "明亮", "洪涛",
    "家旺", "运来", "兴旺", "东升", "勇", "军", "伟", "强", "杰", "磊", "涛", "超",
    "斌", "辉", "刚", "平",
)  # fmt: skip
_WOMEN = (
    "秀英", "桂英", "秀兰", "玉兰", "桂兰", "凤英", "玉珍", "秀珍", "凤兰", "桂芳", "素珍", "玉梅",
    "春梅", "冬梅", "红梅", "桂荣", "素芳", "淑英", "淑兰", "翠英", "翠兰", "爱华", "爱云", "美玲",
    "丽华", "丽娟", "晓燕", "海燕", "春兰", "秋菊", "月娥", "金凤", "银花", "巧云", "彩霞", "敏",
    "静", "丽", "芳", "燕", "艳", "娟", "霞", "玲", "萍",
)  # fmt: skip

#: How leaders come to their posts, the frequent ways more often.
_CHOSEN = (Chosen.RECOMMENDED, Chosen.RECOMMENDED, Chosen.RECOMMENDED, Chosen.VOLUNTEERED, Chosen.APPOINTED)


class Resident(NamedTuple):
    """Somebody who lives in a block and has a phone.

    Attributes:
        household: Number of their household in the block, from 1.
        name: Their name.
        phone: Their number in E.164.
    """

    household: int
    name: str
    phone: str


def leaders(units: Sequence[UnitRow], tiers: Sequence[str], seed: int) -> Iterator[PostRow]:
    """A leader for every unit of some tiers.

    Args:
        units: All units of the territory, always in the same order.
        tiers: Keys of the tiers that have leaders.
        seed: The same seed gives the same people.

    Raises:
        ValueError: There are more units than numbers set aside for leaders.
    """
    if len(units) > _FIRST_RESIDENT:
        raise ValueError(f"there are numbers for the leaders of {_FIRST_RESIDENT} units, not more")
    for index, unit in enumerate(units):
        if unit.tier in tiers:
            digest = _digest(seed, f"leader {unit.code}")
            yield PostRow(
                unit.code,
                Role.LEADER,
                _name(digest),
                _phone(seed, index),
                chosen=_CHOSEN[digest[5] % len(_CHOSEN)],
                party_member=digest[6] % 3 == 0,
                smartphone=digest[6] % 10 != 0,
            )


def residents(block: int, households: int, seed: int) -> list[Resident]:
    """Those of a block who have a phone: one or two of every household.

    Args:
        block: The block's number in the whole territory (`territory.cards.card_index`).
        households: How many households it has; the people of more than 15 are left out.
        seed: The same seed gives the same people.

    Raises:
        ValueError: There are no numbers set aside for a block with this number.
    """
    first = _FIRST_RESIDENT + block * _PER_BLOCK
    if not _FIRST_RESIDENT <= first <= _PHONES - _PER_BLOCK:
        raise ValueError(f"there are no numbers for the residents of block {block}")
    found = []
    for household in range(1, min(households, _PER_BLOCK // _AT_MOST_PER_HOUSEHOLD) + 1):
        digest = _digest(seed, f"household {block} {household}")
        for person in range(1 + digest[-1] % _AT_MOST_PER_HOUSEHOLD):
            name = _name(_digest(seed, f"resident {block} {household} {person}"))
            at = first + (household - 1) * _AT_MOST_PER_HOUSEHOLD + person
            found.append(Resident(household, name, _phone(seed, at)))
    return found


def all_residents(units: Sequence[UnitRow], seed: int, about: int) -> Iterator[ResidentRow]:
    """The residents of block after block, until there are as many as wanted.

    Args:
        units: All units of the territory.
        seed: The same seed gives the same people.
        about: How many; the last block is not cut.
    """
    count = 0
    for unit in units:
        if not unit.card_code:
            continue
        if count >= about:
            return
        for each in residents(card_index(unit.card_code), unit.households, seed):
            count += 1
            yield ResidentRow(unit.code, f"第{each.household}户", each.name, each.phone)


def _digest(seed: int, what: str) -> bytes:
    return hashlib.blake2b(f"{seed} {what}".encode(), digest_size=8).digest()


def _name(digest: bytes) -> str:
    given = _MEN if digest[0] % 2 else _WOMEN
    family = _FAMILIES[int.from_bytes(digest[1:3]) % len(_FAMILIES)]
    return family + given[int.from_bytes(digest[3:5]) % len(given)]


def _phone(seed: int, index: int) -> str:
    scattered = (index * _SPREAD + seed) % _PHONES
    return f"{PHONE_PREFIX}{scattered:0{_PHONE_DIGITS}}"
