"""Leaders who are away, and who stands in for them: the rows, and who is told.

Who acts for a unit then is decided in `issues.chain`. Rows end early, they are never deleted.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from issues import chain, names, reaching, texts
from issues.effects import Effects
from issues.errors import NotAllowed, NotNow
from linzhang.settings import Settings
from linzhang.words import Text, day, say
from models import Absence, Address, Leadership, Person, Role, Unit

#: From the end of a day, which is the beginning of the next, back into it.
_MOMENT = timedelta(seconds=1)


async def posts_of(person: Person, at: datetime) -> list[Unit]:
    """The units that a person leads; a deputy's do not count.

    Raises:
        NotAllowed: They lead none.
    """
    posts = Leadership.filter(chain.in_office(at), person_id=person.id, role=Role.LEADER)
    units = [post.unit for post in await posts.select_related("unit").order_by("id")]
    if not units:
        raise NotAllowed(texts.NO_POST)
    return units


async def go_away(
    settings: Settings,
    effects: Effects,
    person: Person,
    *,
    deputy: Person | None,
    since: datetime,
    until: datetime,
    at: datetime,
) -> Person | None:
    """Note that a leader is away, in place of what they said before about the same days.

    Args:
        settings: The service's.
        effects: Where the words to the deputy and to those above are put.
        person: The leader.
        deputy: Whom they have named; None: the first of the unit's standing deputies, if it has one.
        since: From when, in programme time.
        until: Until when.
        at: Programme time.

    Returns:
        Who stands in for the first of their units; None: nobody, so that its issues go up.

    Raises:
        NotAllowed: They lead nothing.
    """
    standing_in: list[Person | None] = []
    for unit in await posts_of(person, at):
        await _make_room(unit, person, since, until)
        stand_in = deputy or next(iter(await chain.deputies_of(unit, at)), None)
        await Absence.create(unit=unit, person=person, deputy=stand_in, since=since, until=until)
        standing_in.append(stand_in)
        times = (since, until - _MOMENT)
        if stand_in:
            effects.invite(unit.id, stand_in.id)
            await _tell(settings, effects, stand_in, texts.STAND_IN, unit, person, at, times=times)
        above = await _above(settings, unit, at)
        if above and above.id not in (person.id, stand_in.id if stand_in else None):
            text = texts.AWAY_BELOW if stand_in else texts.AWAY_BELOW_VACANT
            await _tell(settings, effects, above, text, unit, person, at, deputy=stand_in, times=times)
    return standing_in[0]


async def come_back(settings: Settings, effects: Effects, person: Person, at: datetime) -> None:
    """Note that a leader is there again, also from what lies ahead.

    Raises:
        NotNow: They are not away, nor going to be.
    """
    ahead = await Absence.filter(person_id=person.id, until__gt=at).select_related("unit", "deputy")
    absences = [absence for absence in ahead if absence.since < absence.until]
    if not absences:
        raise NotNow(texts.NOT_AWAY)
    for absence in absences:
        absence.until = max(absence.since, at)
        await absence.save()
        above = await _above(settings, absence.unit, at)
        for told in {each.id: each for each in (absence.deputy, above) if each}.values():
            if told.id != person.id:
                await _tell(settings, effects, told, texts.BACK, absence.unit, person, at)


async def appoint(settings: Settings, effects: Effects, person: Person, deputy: Person, at: datetime) -> None:
    """Make somebody the standing deputy of a leader's units.

    Raises:
        NotAllowed: They lead nothing.
    """
    for unit in await posts_of(person, at):
        held = Leadership.filter(chain.in_office(at), unit_id=unit.id, person_id=deputy.id)
        if not await held.exists():
            await Leadership.create(unit=unit, person=deputy, role=Role.DEPUTY, since=at)
            effects.invite(unit.id, deputy.id)
            await _tell(settings, effects, deputy, texts.APPOINTED, unit, person, at)


async def dismiss(
    settings: Settings, effects: Effects, person: Person, deputies: Sequence[Person], at: datetime
) -> None:
    """End the standing deputies' posts in a leader's units.

    Raises:
        NotAllowed: They lead nothing.
    """
    ids = [deputy.id for deputy in deputies]
    for unit in await posts_of(person, at):
        posts = Leadership.filter(chain.in_office(at), unit_id=unit.id, role=Role.DEPUTY, person_id__in=ids)
        for post in await posts.select_related("person"):
            post.until = at
            await post.save()
            await _tell(settings, effects, post.person, texts.DISMISSED, unit, person, at)


async def candidates(settings: Settings, name: str, unit: Unit, at: datetime) -> list[Person]:
    """People of a name who can stand in for a unit: of its neighbourhood, or leading something above it."""
    around = await chain.neighbourhood(unit, settings.territory)
    above = [each.id for each in await chain.ancestors(unit)]
    posts = Leadership.filter(chain.in_office(at), person__name=name).select_related("person", "unit")
    leading = [
        post.person for post in await posts if post.unit.path.startswith(around.path) or post.unit_id in above
    ]
    living = await Person.filter(name=name, block__path__startswith=around.path)
    return list({person.id: person for person in [*leading, *living]}.values())


async def known_as(settings: Settings, bridge: str, account: str) -> Person | None:
    """Who has an account on a platform, if the roster knows it."""
    lookup = settings.vault.lookup(bridge, account)
    address = await Address.filter(bridge=bridge, lookup=lookup).select_related("person").first()
    return address.person if address else None


async def _make_room(unit: Unit, person: Person, since: datetime, until: datetime) -> None:
    """Cut short what was said before about the same time."""
    said = Absence.filter(unit_id=unit.id, person_id=person.id, since__lt=until, until__gt=since)
    for before in await said:
        before.until = max(before.since, since)
        await before.save()


async def _above(settings: Settings, unit: Unit, at: datetime) -> Person | None:
    """Who answers for the unit above, which gets what is not answered."""
    parent = await chain.next_holder(unit, settings.territory)
    acting = await chain.acting(parent, at) if parent else None
    return acting.person if acting else None


async def _tell(
    settings: Settings,
    effects: Effects,
    to: Person,
    text: Text,
    unit: Unit,
    about: Person,
    at: datetime,
    *,
    deputy: Person | None = None,
    times: tuple[datetime, datetime] | None = None,
) -> None:
    profile = settings.territory
    language = names.language_of(to, profile)
    words = say(
        text,
        language,
        name=about.name,
        unit=unit.name,
        deputy=deputy.name if deputy else "",
        **{
            name: day(moment, profile.zone, language)
            for name, moment in zip(("since", "until"), times or (), strict=False)
        },
    )
    await reaching.leader(settings, effects, to, words, at)
