"""The departments that take what is beyond the chain: which there are for an issue, and which one is meant.

Reads the territory; changes nothing. Where it is not clear which one is meant, it says so.
"""

import unicodedata
from collections.abc import Sequence

from issues import chain
from linzhang.profile import Profile
from models import Issue, Unit

#: Characters of a name that must be written, at the least, where words stand behind it without a blank.
_SHORTEST = 2


async def of(issue: Issue, profile: Profile) -> list[Unit]:
    """The departments of the units above an issue, those of the nearest unit first."""
    about = issue.block or issue.holder
    if profile.department is None or about is None:
        return []
    above = {unit.id: depth for depth, unit in enumerate(await chain.ancestors(about))}
    there = Unit.filter(tier=profile.department.key, parent_id__in=list(above), closed_at=None)
    found = await there.order_by("id")
    return sorted(found, key=lambda each: -above[each.parent_id or 0])


def is_one(unit: Unit | None, profile: Profile) -> bool:
    """Whether a unit is a department."""
    return unit is not None and profile.department is not None and unit.tier == profile.department.key


def meant(words: str, departments: Sequence[Unit]) -> tuple[list[Unit], str]:
    """The departments that words begin with a part of the name of, and the words behind it.

    In Chinese no blank needs to stand behind the name: '水务主管道爆了'.
    """
    name, _, behind = words.partition(" ") if " " in words else (words, "", "")
    for length in range(len(name), min(_SHORTEST, len(name)) - 1, -1):
        part = _folded(name[:length])
        if not part:
            break
        exact = [each for each in departments if _folded(each.name) == part]
        found = exact or [each for each in departments if part in _folded(each.name)]
        if found:
            return found, f"{name[length:]} {behind}".strip(" \u3000,，:：")
        if name.isascii():
            break  # a word is not cut
    return [], ""


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
