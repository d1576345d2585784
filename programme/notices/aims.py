"""Whom a notice is for: which units, the leaders of which tiers, and which of the residents.

Says what to look for and reads nothing itself, except what the roster calls the parts of an aim.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any

from tortoise.expressions import Q

from issues import chain
from linzhang.profile import Profile
from models import Unit


class Households(StrEnum):
    """Which residents; what the roster knows of them decides, and who is not known to be so is left out."""

    NONE = ""
    ALL = "all"
    PARTY = "party"  # members of the Party
    SMARTPHONE = "smartphone"
    NO_SMARTPHONE = "no smartphone"


_WHO: Mapping[Households, Mapping[str, Any]] = {
    Households.NONE: {},
    Households.ALL: {},
    Households.PARTY: {"party_member": True},
    Households.SMARTPHONE: {"smartphone": True},
    Households.NO_SMARTPHONE: {"smartphone": False},
}


@dataclass(frozen=True, slots=True)
class Aim:
    """Whom a notice is for.

    Attributes:
        paths: Of the units, with all below them; they are the notice's own or lie below it.
        tiers: Keys of the tiers whose leaders get it.
        households: Which residents get it.
    """

    paths: Sequence[str]
    tiers: Sequence[str]
    households: Households = Households.ALL

    def kept(self) -> dict[str, Any]:
        """As a notice's row keeps it."""
        return {"paths": [*self.paths], "tiers": [*self.tiers], "households": str(self.households)}

    @property
    def residents(self) -> bool:
        """Whether residents get it at all."""
        return self.households is not Households.NONE

    def units(self, field: str = "path") -> Q:
        """Of all units, those that it is for; of what joins one, `field` says how one gets to its path."""
        first, *others = (chain.below(path, field) for path in self.paths)
        return reduce(or_, others, first)

    def people(self, to: str = "") -> Q:
        """Of the people of its blocks, those who get it; `to` says how one gets to them: 'person__'."""
        return Q(**{f"{to}{name}": value for name, value in _WHO[self.households].items()})


@dataclass(slots=True)
class Asked:
    """What somebody asked for, before it is an aim.

    Attributes:
        units: Units by name or code; none: all.
        tiers: Keys; None: all.
        households: Which residents; None: nothing was said.
    """

    units: list[Unit] = field(default_factory=list)
    tiers: list[str] | None = None
    households: Households | None = None


def of(kept: Mapping[str, Any]) -> Aim:
    """The aim that a row keeps."""
    return Aim(kept["paths"], kept["tiers"], Households(kept["households"]))


def for_unit(unit: Unit, asked: Asked, profile: Profile) -> Aim:
    """The aim of what is asked for, for a unit; what nobody has spoken of is meant.

    Who names leaders and no residents means no residents, and the other way round.
    """
    below = tiers_below(unit, profile)
    tiers = [key for key in below if asked.tiers is None or key in asked.tiers]
    households = asked.households
    if households is None:
        households = Households.ALL if asked.tiers is None else Households.NONE
    elif asked.tiers is None:
        # Whoever leads them is to know what they are told, and to see to those whom no text reaches.
        tiers = below
    return Aim([each.path for each in asked.units] or [unit.path], tiers, households)


def tiers_below(unit: Unit, profile: Profile) -> list[str]:
    """Keys of the tiers from a unit's own down."""
    keys = [tier.key for tier in profile.tiers]
    return keys[keys.index(unit.tier) :] if unit.tier in keys else []
