"""Who is printed: the leaders of a unit and of those below, with what stands on their cards.

Reads; changes nothing. A few questions, however many leaders there are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from issues import chain
from linzhang.settings import Settings
from models import Address, Leadership, Person, Portrait, Role, Unit
from web.access.scope import Scope

#: Units that are printed at once: a village has some hundred, and nobody cuts out a township in one go.
MOST = 600

#: The bridge whose addresses are telephone numbers.
_PHONE = "sms"


@dataclass(frozen=True, slots=True)
class Printed:
    """Somebody of whom a card or a poster is printed.

    Attributes:
        unit: For what they answer.
        place: Names of the units around it, from the top's second downwards, and its own.
        person: Who.
        phone: Their telephone in E.164; empty: we know none.
        picture: Theirs, as a JPEG.
    """

    unit: Unit
    place: Sequence[str]
    person: Person
    phone: str
    picture: bytes | None


@dataclass(frozen=True, slots=True)
class Printing:
    """What can be printed for a unit.

    Attributes:
        unit: Which.
        leaders: Of it and of all units of the chain below, in the order of the territory.
        vacant: Those of them for which nobody answers: nothing can be printed for them.
        too_many: Whether there are more units than are printed at once; nobody is read then.
    """

    unit: Unit
    leaders: Sequence[Printed]
    vacant: Sequence[Unit]
    too_many: bool = False

    def of_tier(self, tier: str) -> list[Printed]:
        """Those who answer for units of one tier."""
        return [each for each in self.leaders if each.unit.tier == tier]


async def read(scope: Scope, unit: Unit) -> Printing:
    """Who is printed for a unit."""
    tiers = [tier.key for tier in scope.settings.territory.tiers if tier.chain]
    below = Unit.filter(path__startswith=unit.path, tier__in=tiers, closed_at=None)
    units = await below.order_by("path").limit(MOST + 1)
    if len(units) > MOST:
        return Printing(unit, [], [], too_many=True)
    leaders = await _leaders(scope, units)
    led = {each.unit.id for each in leaders}
    return Printing(unit, leaders, [each for each in units if each.id not in led])


async def leader_of(scope: Scope, unit: Unit) -> Printed | None:
    """Who is printed for one unit alone; None: nobody leads it."""
    return next(iter(await _leaders(scope, [unit])), None)


async def _leaders(scope: Scope, units: Sequence[Unit]) -> list[Printed]:
    posts = Leadership.filter(
        chain.in_office(scope.at), unit_id__in=[each.id for each in units], role=Role.LEADER
    )
    leading = {post.unit_id: post.person for post in await posts.order_by("-id").select_related("person")}
    people = [person.id for person in leading.values()]
    phones = await _phones(scope.settings, people)
    pictures = {each.person_id: each.picture for each in await Portrait.filter(person_id__in=people)}
    names = await _names(units)
    return [
        Printed(each, _place(each, names), person, phones.get(person.id, ""), pictures.get(person.id))
        for each in units
        if (person := leading.get(each.id)) is not None
    ]


async def _phones(settings: Settings, people: Sequence[int]) -> dict[int, str]:
    # The first that somebody has given counts, as on the desk.
    known = await Address.filter(bridge=_PHONE, person_id__in=people).order_by("-id")
    return {each.person_id: settings.vault.open(each.sealed) for each in known}


async def _names(units: Iterable[Unit]) -> dict[str, str]:
    codes = {code for unit in units for code in _codes(unit)}
    return dict(await Unit.filter(code__in=codes).values_list("code", "name"))


def _codes(unit: Unit) -> list[str]:
    return unit.path.rstrip("/").split("/")


def _place(unit: Unit, names: dict[str, str]) -> list[str]:
    """Where a unit is: without the city and the county, which everybody knows, if anything is left then."""
    way = [names.get(code, "") for code in _codes(unit)]
    return [name for name in way[2:] or way if name]
