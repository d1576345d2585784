"""Which unit a stranger means: by the code on the leader's card, or by a place's name.

Reads the territory; changes nothing. It never guesses: where several units fit, none is returned.
"""

import re
import unicodedata
from dataclasses import dataclass

from issues import chain
from linzhang.profile import Profile
from models import Unit

_DIGITS = re.compile(r"\d[\d\s-]*\d|\d")
#: What somebody types who copies a card and nothing else.
_CODE = re.compile(r"\d(?:[\s-]*\d){3,15}\W*")
_SEPARATORS = re.compile(r"[\s,.;:，。；：、]+")
_SELF = re.compile(r"^(?:我叫|我是|叫|my name is|i am|i'm|name is)\s*", re.IGNORECASE)
#: Longer words are no codes, and the tables could not even be asked for them.
_CARD_LENGTH, _CODE_LENGTH = 16, 64

_NAME = re.compile(r"^[\u4e00-\u9fff·]{2,6}$|^[^\W\d_]{2,20}$")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What a text says about where its writer lives.

    Attributes:
        unit: The block whose code was given, or the place that was named.
        name: The writer's own name, where the text holds one beside the place.
    """

    unit: Unit
    name: str = ""


async def find(text: str, profile: Profile, *, strict: bool = False) -> Whereabouts | None:
    """The unit that a text names.

    Args:
        text: As the writer sent it.
        profile: Says which tiers people know by name, and how such names end.
        strict: Whether a name counts only with its ending ('魏岗村', not '魏岗'), for a text that
            was not asked for a place and may hold such words by chance.
    """
    folded = unicodedata.normalize("NFKC", text)
    unit = await _by_code(folded, profile, strict=strict) or await _by_name(folded, profile, strict=strict)
    if unit is None:
        return None
    # A card or a name of old days leads to what stands there now.
    return Whereabouts(await chain.standing(unit), _name_beside(folded, unit, profile))


def speaks_of_a_place(text: str, profile: Profile) -> bool:
    """Whether a text holds something that is called as places are, known or not: '和平社区', '1234 5670'."""
    endings = "|".join(re.escape(ending) for ending in profile.place_endings)
    folded = unicodedata.normalize("NFKC", text)
    if _CODE.fullmatch(folded.strip()):
        return True
    return bool(endings) and re.search(rf"\w{{2,}}(?:{endings})", folded) is not None


async def _by_code(text: str, profile: Profile, *, strict: bool) -> Unit | None:
    # As printed in groups, '1234 5674', or beside another number: '12345674 5号'.
    grouped = [re.sub(r"\D", "", digits) for digits in _DIGITS.findall(text)]
    numbers = {*grouped, *re.findall(r"\d+", text)}
    carded = await Unit.filter(card_code__in=[each for each in numbers if len(each) <= _CARD_LENGTH])
    # In a text that was not asked for a place, a number may be anything: a price, a door.
    if len(carded) == 1 and (not strict or _begins_with(text, carded[0])):
        return carded[0]
    codes = [word for word in _SEPARATORS.split(text) if 0 < len(word) <= _CODE_LENGTH]
    named = await Unit.filter(code__in=codes, tier__in=[tier.key for tier in profile.tiers if tier.chain])
    return named[0] if len(named) == 1 and not strict else None


async def carded(text: str) -> Unit | None:
    """The block whose card a text is the code of, and nothing else: somebody has scanned it and sent that."""
    folded = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"\D", "", folded)
    if not _CODE.fullmatch(folded) or len(digits) > _CARD_LENGTH:
        return None
    unit = await Unit.get_or_none(card_code=digits)
    return await chain.standing(unit) if unit else None


def _begins_with(text: str, unit: Unit) -> bool:
    """Whether a text begins with the code of a block's card, as one does that a scanned card has begun."""
    first, _, _ = re.sub(r"(?<=\d)[ -](?=\d)", "", text.strip()).partition(" ")
    return _SEPARATORS.split(first)[0] == unit.card_code


async def _by_name(text: str, profile: Profile, *, strict: bool) -> Unit | None:
    tiers = [tier.key for tier in profile.tiers if tier.space]
    if not tiers:
        return None
    # People say the village; what stands above it only tells namesakes apart.
    lowest = await Unit.filter(tier=tiers[-1])
    named = [unit for unit in lowest if _is_named(unit.name, text, profile, strict=strict)]
    named = [unit for unit in named if unit.closed_at is None] or named
    longest = max((len(_stem(unit.name, profile)) for unit in named), default=0)
    named = [unit for unit in named if len(_stem(unit.name, profile)) == longest]
    if len(named) > 1:
        named = await _narrowed(named, text, profile)
    return named[0] if len(named) == 1 else None


async def _narrowed(units: list[Unit], text: str, profile: Profile) -> list[Unit]:
    """Of several namesakes, those most of whose upper units the text names too."""
    codes = {code for unit in units for code in unit.path.rstrip("/").split("/")[:-1]}
    above = await Unit.filter(code__in=codes)
    said = {unit.code for unit in above if _is_named(unit.name, text, profile, strict=False)}
    score = {unit.id: len(said & set(unit.path.rstrip("/").split("/"))) for unit in units}
    best = max(score.values())
    return [unit for unit in units if best and score[unit.id] == best]


def _stem(name: str, profile: Profile) -> str:
    """A place's name without the ending that people leave out: '魏岗村委会' → '魏岗'."""
    for ending in sorted(profile.place_endings, key=len, reverse=True):
        if name.endswith(ending) and len(name) > len(ending):
            return name.removesuffix(ending)
    return name


def _is_named(name: str, text: str, profile: Profile, *, strict: bool) -> bool:
    stem = _stem(name, profile)
    if name in text:
        return True
    if strict or len(stem) < 2:
        return any(f"{stem}{ending}" in text for ending in profile.place_endings)
    return stem in text


def _name_beside(text: str, unit: Unit, profile: Profile) -> str:
    stem = _stem(unit.name, profile)
    endings = tuple(profile.place_endings)
    words = [_SELF.sub("", word) for word in _SEPARATORS.split(text)]
    names = [word for word in words if _NAME.match(word) and stem not in word and not word.endswith(endings)]
    return names[-1] if names else ""
