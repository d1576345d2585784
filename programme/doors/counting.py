"""The sums of a campaign, unit by unit: what a block adds is taken off and added anew when it changes.

As those of notices: what a block has added stands in its row, so that the sums are brought up to date from
the blocks that have changed alone, whoever was at it and died. A page shows one row of sums for each unit.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tortoise.transactions import in_transaction

from issues import chain
from models import Campaign, CampaignBlock, Door, DoorState, DoorTally, DoorVisit, Unit

#: Blocks whose changes one transaction brings in.
BATCH: Final = 100

#: What is counted besides answers and how households were found: blocks and those in which somebody has
#: begun, households, those to which somebody went again, and troubles of which an issue was made.
BLOCKS, BEGUN, DOORS, SECOND, TROUBLES = "blocks", "begun", "doors", "second", "troubles"
FOUND: Final = (DoorState.VISITED, DoorState.AWAY, DoorState.BACK, DoorState.REFUSED)


def answer(question: int, choice: int) -> str:
    """How the sums call a choice of a question, both from 1."""
    return f"answer{question}.{choice}"


async def count() -> int:
    """Bring the sums up to date with what has changed; returns how many blocks were looked at."""
    async with in_transaction():
        rows = CampaignBlock.filter(stale_at__isnull=False).order_by("stale_at", "id").limit(BATCH)
        blocks = await rows.select_for_update()
        if blocks:
            await _bring(blocks)
    return len(blocks)


async def _bring(blocks: Sequence[CampaignBlock]) -> None:
    doors: dict[int, list[Door]] = defaultdict(list)
    for door in await Door.filter(block_id__in=[each.id for each in blocks]):
        doors[door.block_id].append(door)
    ids = [door.id for each in doors.values() for door in each]
    found = DoorVisit.filter(door_id__in=ids, issue_id__isnull=False)
    troubles = Counter(visit.door_id for visit in await found)
    campaigns = await Campaign.filter(id__in={each.campaign_id for each in blocks})
    tops = {campaign.id: len(chain.codes(campaign.path)) - 1 for campaign in campaigns}
    codes = {code for block in blocks for code in chain.codes(block.path)}
    units = {unit.code: unit.id for unit in await Unit.filter(code__in=list(codes))}
    sums: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for block in blocks:
        worth = _worth(doors[block.id], troubles)
        change = Counter(worth)
        change.subtract(block.counted)
        for code in chain.codes(block.path)[tops[block.campaign_id] :]:
            if code in units:
                sums[block.campaign_id, units[code]].update(change)
        block.counted, block.stale_at = dict(worth), None
        await block.save(update_fields=["counted", "stale_at"])
    await _add(sums)


async def _add(sums: Mapping[tuple[int, int], Counter[str]]) -> None:
    made = [DoorTally(campaign_id=campaign, unit_id=unit) for campaign, unit in sums]
    await DoorTally.bulk_create(made, ignore_conflicts=True)
    for campaign, unit in sorted(sums):  # always in this order: nobody waits for each other
        tally = await DoorTally.select_for_update().get(campaign_id=campaign, unit_id=unit)
        whole = Counter(tally.sums)
        whole.update(sums[campaign, unit])
        tally.sums = {name: number for name, number in sorted(whole.items()) if number}
        await tally.save(update_fields=["sums"])


def _worth(doors: Iterable[Door], troubles: Mapping[int, int]) -> Mapping[str, int]:
    """What a block adds to the sums of its unit and of all above it."""
    worth: Counter[str] = Counter({BLOCKS: 1})
    for door in doors:
        worth[DOORS] += 1
        if door.state in FOUND:
            worth[str(door.state)] += 1
            worth[BEGUN] = 1
        worth[SECOND] += door.visits > 1
        worth[TROUBLES] += troubles.get(door.id, 0)
        for question, choice in enumerate(door.answers, start=1):
            worth[answer(question, choice)] += bool(choice)
    return {name: number for name, number in worth.items() if number}
