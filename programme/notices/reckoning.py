"""How many a notice will reach and what that costs at most, before anything is sent.

Counts, and fetches nobody: of a city's million residents too. Who leads a unit and lives in another is
counted in both, and who has their chat open may get no text: so it is the most that it can be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from issues import chain
from issues.reaching import PHONE
from linzhang.profile import Price, Profile
from linzhang.settings import Settings
from models import Address, Leadership, Notice, Person, Role
from programme.notices import aims, shaping
from programme.notices.aims import Aim


@dataclass(frozen=True, slots=True)
class Reach:
    """What a notice comes to at most.

    Attributes:
        tiers: Leaders by the tier of their unit: key and how many; the highest first.
        residents: How many residents it is for.
        texts: How many of all these get a text.
        segments: SMS that one text takes at most.
        price: Of all texts; None: the profile names no price of one.
    """

    tiers: Sequence[tuple[str, int]]
    residents: int
    texts: int
    segments: int
    price: Price | None

    @property
    def leaders(self) -> int:
        """How many leaders it is for."""
        return sum(count for _, count in self.tiers)

    @property
    def people(self) -> int:
        """How many it is for."""
        return self.leaders + self.residents


async def reach(settings: Settings, notice: Notice, at: datetime) -> Reach:
    """What a notice comes to.

    Args:
        settings: The service's.
        notice: With its author and unit fetched.
        at: Programme time.
    """
    aim, profile = aims.of(notice.aim), settings.territory
    posts = _posts(aim, notice, at)
    tiers = [(tier, await posts.filter(unit__tier=tier).count()) for tier in aim.tiers]
    leaders = posts.filter(
        person__addresses__bridge=PHONE,
        person__addresses__stopped_at=None,
        person__addresses__fixed_line=False,
    )
    living = Person.filter(aim.units("block__path"), aim.people(), block__tier=profile.bottom.key)
    phones = Address.filter(aim.units("person__block__path"), aim.people("person__"), bridge=PHONE)
    phones = phones.filter(person__block__tier=profile.bottom.key, stopped_at=None, fixed_line=False)
    texts, segments, total = 0, 1, 0
    for language in profile.languages:
        counts = {True: await leaders.filter(_speaks(language, profile)).count()}
        counts[False] = await phones.filter(_speaks(language, profile)).count() if aim.residents else 0
        for leads, count in counts.items():
            each = await shaping.segments_of(settings, notice, language, at, leads=leads) if count else 0
            texts, segments, total = texts + count, max(segments, each), total + count * each
    return Reach(
        tiers=[(tier, count) for tier, count in tiers if count],
        residents=await living.count() if aim.residents else 0,
        texts=texts,
        segments=segments,
        price=profile.segment_price.times(total) if profile.segment_price else None,
    )


def _speaks(language: str, profile: Profile) -> Q:
    """Of what joins a person, those who are written to in a language."""
    if language != profile.default_language:
        return Q(person__language=language)
    others = [each for each in profile.languages if each != language]
    return ~Q(person__language__in=others) if others else Q()


def _posts(aim: Aim, notice: Notice, at: datetime) -> QuerySet[Leadership]:
    """Posts of the units that it is for that somebody else than its author has."""
    held = Leadership.filter(chain.in_office(at), aim.units("unit__path"), role=Role.LEADER)
    held = held.filter(unit__tier__in=list(aim.tiers), unit__closed_at=None)
    return held.exclude(person_id=notice.author_id)
