"""Who is on the line, and whom they can be put through to. Reads the rosters; changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from bridges.calls import Call
from issues import chain, names, numbers, reaching
from linzhang.settings import Settings
from linzhang.words import Text, say
from models import Address, Issue, Person, Unit


@dataclass(frozen=True, slots=True)
class OnTheLine:
    """Somebody at a telephone.

    Attributes:
        person: Who; None: nobody of whom we know.
        home: Where they live, or else the unit that they lead.
        language: In which they are spoken to.
        takes_texts: Whether they can be told something by text afterwards.
    """

    person: Person | None
    home: Unit | None
    language: str
    takes_texts: bool

    def hears(self, text: Text, **values: object) -> str:
        """A text in their language."""
        return say(text, self.language, **values)


@dataclass(frozen=True, slots=True)
class Contact:
    """A leader or deputy with a phone.

    Attributes:
        person: Who.
        unit: For which unit they act.
        address: Their phone.
    """

    person: Person
    unit: Unit
    address: Address


async def on_the_line(settings: Settings, call: Call, language: str, at: datetime) -> OnTheLine:
    """Who is on the line.

    Args:
        settings: The service's.
        call: A turn of the call.
        language: In which it has been held; empty at its beginning.
        at: Programme time.
    """
    profile = settings.territory
    address = await numbers.find(settings, call.bridge, call.person)
    person = address.person if address else None
    if language not in profile.languages:
        language = names.language_of(person, profile) if person else profile.default_language
    stopped = address is not None and address.bridge == call.bridge and address.stopped_at is not None
    return OnTheLine(
        person=person,
        home=await chain.home_of(person, at) if person else None,
        language=language,
        takes_texts=not (call.fixed_line or call.withheld or stopped),
    )


async def contacts(settings: Settings, caller: OnTheLine, at: datetime) -> list[Contact]:
    """Whom a caller can be put through to: who answers for their unit now, then the others who may.

    Where nobody of the unit has a phone, those of the next unit above that has somebody.
    """
    if caller.home is None or caller.person is None:
        return []
    for unit in reversed(await chain.ancestors(caller.home)):
        if not settings.territory.tier(unit.tier).chain:
            return []
        people = [each for each in await chain.actors_of(unit, at) if each.id != caller.person.id]
        phones = [(each, await reaching.phone_of(settings, each)) for each in people]
        found = [Contact(person, unit, phone) for person, phone in phones if phone]
        if found:
            return found
    return []


async def last_issue(person: Person) -> Issue | None:
    """The person's own issue that was talked about last."""
    mine = Issue.filter(reporter_id=person.id).select_related("holder", "block", "merged_into", "reporter")
    return await mine.order_by("-talked_at", "-id").first()


async def duty(settings: Settings, caller: OnTheLine, at: datetime) -> str:
    """How whoever answers for the caller is called: by name, of the first unit upwards that has somebody."""
    assert caller.home is not None
    unit = await on_duty(caller.home, at)
    return await names.holder(unit, settings.territory, caller.language, at)


async def on_duty(home: Unit, at: datetime) -> Unit:
    """The first unit upwards for which somebody answers now; where nobody does at all, the unit itself."""
    for unit in reversed(await chain.ancestors(home)):
        if await chain.acting(unit, at):
            return unit
    return home
