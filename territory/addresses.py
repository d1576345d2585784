"""Gives whoever leads a unit one more address: a mail box, an account on another platform.

It must never write an address into an error.
"""

from tortoise.transactions import in_transaction

from bridges.addresses import NotAnAddress, in_one_form
from issues import chain
from linzhang.settings import Settings
from models import Address, Issue, Person, Unit
from territory import texts
from territory.rows import of_file


async def give(settings: Settings, unit_code: str, bridge: str, written: str) -> Person:
    """Let a unit's leader be reached at an address; the second time changes nothing. The database is open.

    Somebody whom nobody knows and who has only written from there becomes the leader.

    Args:
        settings: The service's.
        unit_code: Whose leader.
        bridge: On which bridge, such as 'email' or 'wecom'.
        written: The address as somebody wrote it.

    Returns:
        The leader.

    Raises:
        TerritoryError: There is no such unit or leader, or the address is none, or somebody else's.
    """
    try:
        raw = in_one_form(bridge, written, settings.territory.region)
    except NotAnAddress as error:
        raise of_file(texts.AS_IT_IS, problem=str(error)) from None
    async with in_transaction():
        leader = await _leader(settings, unit_code)
        lookup = settings.vault.lookup(bridge, raw)
        known = await Address.get_or_none(bridge=bridge, lookup=lookup).select_related("person")
        if known is None:
            await Address.create(person=leader, bridge=bridge, lookup=lookup, sealed=settings.vault.seal(raw))
        else:
            if known.person_id != leader.id and await _is_somebodys(known):
                raise of_file(texts.ADDRESS_TAKEN)
            known.person, known.stopped_at = leader, None
            await known.save(update_fields=["person_id", "stopped_at"])
    return leader


async def take(settings: Settings, unit_code: str, bridge: str, written: str) -> Person:
    """Let nothing be sent to a leader at an address any more; it stays theirs, for what was sent there.

    The arguments and errors are those of `give`; the address must be the leader's.
    """
    try:
        raw = in_one_form(bridge, written, settings.territory.region)
    except NotAnAddress as error:
        raise of_file(texts.AS_IT_IS, problem=str(error)) from None
    async with in_transaction():
        leader = await _leader(settings, unit_code)
        lookup = settings.vault.lookup(bridge, raw)
        known = await Address.get_or_none(bridge=bridge, lookup=lookup, person_id=leader.id)
        if known is None:
            raise of_file(texts.NO_SUCH_ADDRESS, name=leader.name)
        known.stopped_at = known.stopped_at or settings.clock.wall()
        await known.save(update_fields=["stopped_at"])
    return leader


async def _is_somebodys(address: Address) -> bool:
    """Whether an address is more than where a stranger has written from."""
    return bool(address.person.name) or await Issue.exists(reporter_id=address.person_id)


async def _leader(settings: Settings, unit_code: str) -> Person:
    unit = await Unit.get_or_none(code=unit_code)
    if unit is None:
        raise of_file(texts.NO_UNIT, code=unit_code)
    leader = await chain.leader_of(unit, settings.clock.now())
    if leader is None:
        raise of_file(texts.NOBODY_LEADS, name=unit.name)
    return leader
