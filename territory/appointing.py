"""Filling a vacant post with somebody whom the roster knows, by the rules of a roster's row (`rosters`)."""

from datetime import datetime

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from issues import audit, chain
from linzhang.settings import Settings
from models import Address, Chosen, Leadership, Person, Role, Unit
from territory import texts
from territory.newcomers import SMS
from territory.progress import silent
from territory.rosters import RosterPlan
from territory.rows import PostRow, of_file

#: How many people of a name are shown.
_SHOWN = 20


async def candidates(unit: Unit, name: str, at: datetime) -> list[Person]:
    """People of a unit whose names hold some characters: who live there, or lead something below it."""
    if not name:
        return []
    living = Q(block__path__startswith=unit.path, name__contains=name)
    found = await Person.filter(living).select_related("block").order_by("id").limit(_SHOWN)
    posts = Leadership.filter(
        chain.in_office(at), unit__path__startswith=unit.path, person__name__contains=name
    )
    leading = [post.person for post in await posts.select_related("person__block").limit(_SHOWN)]
    return list({person.id: person for person in [*leading, *found]}.values())


async def appoint(settings: Settings, unit: Unit, person: Person, who: str) -> None:
    """Let somebody lead a unit.

    Args:
        settings: The service's.
        unit: Which.
        person: Whom the roster knows.
        who: Who appoints them, for the record.

    Raises:
        TerritoryError: A rule of the roster stands against it, or they have no telephone.
    """
    phone = await Address.filter(person_id=person.id, bridge=SMS).order_by("id").first()
    if phone is None:
        raise of_file(texts.NO_PHONE, name=person.name)
    number = settings.vault.open(phone.sealed)
    row = PostRow(unit.code, Role.LEADER, person.name, number, chosen=Chosen.APPOINTED)
    async with in_transaction() as connection:
        plan = await RosterPlan.make(connection, settings, [row])
        await plan.apply(connection, silent)
        await audit.record(settings, "appointed", unit.code, who, person.name)
