"""Reminds leaders who have not begun: half-way and near the end, never at night, and once for all campaigns.

A leader in whose blocks several campaigns wait hears of all in one message, and of none again on that day.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tortoise.expressions import Q

from issues import chain, names, reaching
from issues import texts as issue_texts
from issues.effects import Effects
from issues.reaching import CHAT
from linzhang.settings import Settings
from linzhang.words import say
from models import Campaign, CampaignBlock, CampaignState, Person
from programme.doors import listing, opening, texts

#: Blocks whose leaders one transaction reminds.
BATCH = 20

#: Within this time nobody is reminded twice.
_LATELY = timedelta(hours=20)


async def remind(settings: Settings, campaign: Campaign, at: datetime) -> tuple[int, set[str]]:
    """Remind the next of them; when nobody is left, the reminder after this one is what is due next.

    Args:
        settings: The service's.
        campaign: Locked, with its unit fetched; its time has come.
        at: Programme time, by day.

    Returns:
        How many blocks were seen to, and the outbox lanes that have got rows.
    """
    waiting = CampaignBlock.filter(
        campaign_id=campaign.id, begun_at=None, doors__gt=0, reminded__lte=campaign.reminded
    )
    blocks = await waiting.order_by("id").limit(BATCH).select_related("unit")
    if not blocks:
        campaign.reminded += 1
        campaign.remind_due = opening.reminder(campaign)
        await campaign.save(update_fields=["reminded", "remind_due"])
        return 0, set()
    lanes: set[str] = set()
    for block in blocks:
        lanes |= await _leader_of(settings, block, at)
    done = CampaignBlock.filter(id__in=[each.id for each in blocks])
    await done.update(reminded=campaign.reminded + 1)
    return len(blocks), lanes


async def _leader_of(settings: Settings, block: CampaignBlock, at: datetime) -> set[str]:
    acting = await chain.acting(await chain.standing(block.unit), at)
    if acting is None:
        return set()
    waiting = await _waiting(acting.person, settings.territory.bottom.key, at)
    if block.id not in [each.id for each in waiting]:
        return set()  # they were told with another one's
    language = names.language_of(acting.person, settings.territory)
    address = await reaching.address_of(settings, acting.person, at)
    if address is None:
        return set()
    text = texts.REMIND_CHAT if address.bridge == CHAT else texts.REMIND_PHONE
    words = say(text, language, campaigns=_named(settings, waiting, language), form=texts.FORM_LIST)
    effects = Effects(f"dr{block.id}.{at:%Y%m%d}", settings.clock.wall(), patient=True)
    effects.tell(address, words, campaign=block.campaign_id)
    await CampaignBlock.filter(id__in=[each.id for each in waiting]).update(reminded_at=at)
    return await effects.save_once()


async def _waiting(person: Person, bottom: str, at: datetime) -> list[CampaignBlock]:
    """The lists of somebody's blocks on which nothing is done, and of which they have not heard lately."""
    own = [unit.id for unit in await chain.units_of(person, at) if unit.tier == bottom]
    unheard = Q(reminded_at=None) | Q(reminded_at__lt=at - _LATELY)
    found = CampaignBlock.filter(
        unheard, unit_id__in=own, begun_at=None, doors__gt=0, campaign__state=CampaignState.OPEN
    )
    return await found.order_by("campaign_id", "id").select_related("campaign", "unit")


def _named(settings: Settings, blocks: Sequence[CampaignBlock], language: str) -> str:
    named = [
        say(
            texts.REMIND_ONE,
            language,
            title=each.campaign.title,
            unit=each.unit.name,
            count=each.doors,
            day=listing.last_day(settings, each.campaign, language),
        )
        for each in blocks
    ]
    return say(issue_texts.COMMA, language).join(named)
