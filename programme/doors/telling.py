"""Gives each block its list: makes it, and tells its leader alone, in chat or by one text.

A batch is one transaction that ends with how far it has got, so that a worker that dies goes on where it was.
"""

from datetime import datetime

from issues import chain, names, reaching
from issues.effects import Effects
from linzhang.settings import Settings
from models import Address, Campaign, CampaignBlock, CampaignState, Door, Person, Unit
from programme.doors import listing

#: Blocks of one batch.
BLOCKS_AT_ONCE = 20


async def go_on(settings: Settings, campaign: Campaign, at: datetime) -> tuple[int, set[str]]:
    """Give the next blocks their lists.

    Args:
        settings: The service's.
        campaign: Locked; see `opening.lock`.
        at: Programme time, by day.

    Returns:
        How many blocks were seen to, and the outbox lanes that have got rows.
    """
    if campaign.state is not CampaignState.OPEN or not campaign.telling:
        return 0, set()
    further = Unit.filter(
        chain.below(campaign.path),
        tier=settings.territory.bottom.key,
        closed_at=None,
        path__gt=campaign.reached,
    )
    units = await further.order_by("path").limit(BLOCKS_AT_ONCE)
    blocks = [
        await CampaignBlock.create(
            campaign=campaign, unit=unit, path=unit.path, stale_at=settings.clock.wall()
        )
        for unit in units
    ]
    doors = await listing.make(blocks, units)
    await Door.bulk_create([door for each in doors.values() for door in each])
    lanes: set[str] = set()
    for block, unit in zip(blocks, units, strict=True):
        block.doors = len(doors[unit.id])
        await block.save(update_fields=["doors"])
        if block.doors:
            lanes |= await _tell_leader(settings, campaign, block, unit, at)
    if units:
        campaign.reached = units[-1].path
    campaign.telling = len(units) == BLOCKS_AT_ONCE
    await campaign.save(update_fields=["telling", "reached"])
    return len(units), lanes


async def told(
    settings: Settings, campaign: Campaign, block: CampaignBlock, address: Address, person: Person
) -> str:
    """A block's list in the words and the language of whoever gets it."""
    language = names.language_of(person, settings.territory)
    return await listing.of(settings, campaign, block, address, language)


async def _tell_leader(
    settings: Settings, campaign: Campaign, block: CampaignBlock, unit: Unit, at: datetime
) -> set[str]:
    acting = await chain.acting(unit, at)
    address = await reaching.address_of(settings, acting.person, at) if acting is not None else None
    if acting is None or address is None:
        return set()
    effects = Effects(f"dl{campaign.id}.{unit.id}", settings.clock.wall(), patient=True)
    words = await told(settings, campaign, block, address, acting.person)
    effects.tell(address, words, campaign=campaign.id)
    return await effects.save_once()
