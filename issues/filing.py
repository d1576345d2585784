"""What a programme files for a resident: always a new issue, whatever the words look like.

Unlike a text from a phone it is no answer to anything, closes nothing and stops nothing: who files may not be
who lives there. The resident is known by the telephone number that was given, and answered there.
"""

from datetime import datetime

from bridges.contract import Inbound
from bridges.registry import phone_bridges
from issues import chain, intake, lifecycle, numbers, senders, wording
from issues.inbox import FILED
from issues.inbox import PHONE as NUMBER
from issues.reaching import PHONE
from linzhang import phones
from linzhang.settings import Settings
from models import Address, Person, Unit


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str]:
    """Report what was filed.

    Args:
        settings: The service's.
        inbound: With `FILED` in its detail, and perhaps the resident's telephone number, in E.164.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows.
    """
    filed = inbound.detail[FILED]
    address = await _reporter(settings, inbound)
    person = address.person
    known = person.block_id is not None
    if not person.name and filed.get("name"):
        person.name = filed["name"]
        await person.save(update_fields=["name"])
    there = await Unit.get_or_none(code=filed.get("unit") or "")
    unit = await chain.standing(there) if there else await chain.home_of(person, at)
    words = intake.message(inbound, person, wording.clean(inbound.text), at)
    _, effects = await lifecycle.report(settings, address=address, unit=unit, words=words, at=at, known=known)
    return await effects.save()


async def _reporter(settings: Settings, inbound: Inbound) -> Address:
    """Where the resident is answered: at their telephone if we have a way to it, else by the programme."""
    number = inbound.detail.get(NUMBER)
    if number is None or PHONE not in phone_bridges(settings):
        return await senders.of(settings, inbound)
    known = await numbers.known(settings, PHONE, number)
    if known is not None:
        return known
    return await Address.create(
        person=await Person.create(),
        bridge=PHONE,
        lookup=settings.vault.lookup(PHONE, number),
        sealed=settings.vault.seal(number),
        fixed_line=phones.is_fixed_line(number),
    )
