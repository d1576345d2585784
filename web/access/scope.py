"""What somebody may see and do, as the roster says at this moment (DESIGN, rule 8).

Reads; changes nothing. Every page and every route asks here, and what lies outside is not there: it is
refused in the words in which something is refused that does not exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from issues import chain, departments, overlook
from linzhang.settings import Settings
from models import Issue, Person, Unit

#: No issue has a higher number; databases take none that is much longer.
_HIGHEST = 10**15


class NotThere(LookupError):
    """There is no such thing for whoever asks."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The units that a person leads or deputises for, and what follows from that.

    Attributes:
        settings: The service's.
        person: Who.
        units: Theirs, the highest first; never empty.
        at: Programme time at which this was so.
    """

    settings: Settings
    person: Person
    units: Sequence[Unit]
    at: datetime

    @property
    def home(self) -> Unit:
        """The unit with which a page begins: the highest of theirs."""
        return self.units[0]

    @property
    def is_admin(self) -> bool:
        """Whether they administrate the service: who leads or deputises for the unit above all does."""
        return any(unit.parent_id is None for unit in self.units)

    def sees(self, unit: Unit) -> bool:
        """Whether a unit is one of theirs or lies below one."""
        return any(unit.path.startswith(own.path) for own in self.units)

    def dials(self, unit: Unit | None) -> bool:
        """Whether they may be shown the numbers of a unit's residents; a department never may."""
        profile = self.settings.territory
        led = [own for own in self.units if not departments.is_one(own, profile)]
        return unit is not None and any(unit.path.startswith(own.path) for own in led)

    def issues(self) -> Q:
        """Of all issues, those that they may see."""
        return overlook.visible(self.units)

    def readable(self) -> Q:
        """Of the issues that they may see, those of which they may read what was said: `reads` for many."""
        return overlook.readable(self.units)

    async def unit(self, code: str) -> Unit:
        """A unit by its code.

        Raises:
            NotThere: There is none, or it is not theirs to see.
        """
        unit = await Unit.get_or_none(code=code)
        if unit is None or not self.sees(unit):
            raise NotThere(code)
        return unit

    async def led(self, code: str) -> Unit:
        """A unit by its code, with whose leaders they have to do: those whose numbers they may be shown.

        Raises:
            NotThere: There is none, it is not theirs, or it is a department.
        """
        unit = await self.unit(code)
        if not self.dials(unit) or departments.is_one(unit, self.settings.territory):
            raise NotThere(code)
        return unit

    async def issue(self, number: int) -> Issue:
        """An issue by its number, with its reporter, block and holder.

        Raises:
            NotThere: There is none, or it is not theirs to see.
        """
        if number > _HIGHEST:
            raise NotThere(str(number))
        found = Issue.filter(self.issues(), id=Issue.id_of(number))
        issue = await found.select_related("reporter", "block", "holder", "address").first()
        if issue is None:
            raise NotThere(str(number))
        return issue

    async def reads(self, issue: Issue) -> bool:
        """Whether they may read what was said in an issue that they see (`overlook.reads`)."""
        return await overlook.reads(self.units, issue)


async def scope_of(settings: Settings, person: Person) -> Scope | None:
    """What a person may see now; None: nothing, since they lead nothing."""
    at = settings.clock.now()
    units = await chain.units_of(person, at)
    return Scope(settings, person, units, at) if units else None
