"""Ends a campaign when its time is over, and tells what it has come to in the room of its unit."""

from datetime import datetime

from issues.effects import Effects
from linzhang.settings import Settings
from linzhang.words import say
from models import Campaign, CampaignBlock, CampaignState
from programme.doors import standing, texts


async def end(settings: Settings, campaign: Campaign, at: datetime) -> tuple[int, set[str]]:
    """End a campaign; nothing more is noted at its doors.

    Args:
        settings: The service's.
        campaign: Locked, with its author and unit fetched; its time is over.
        at: Programme time, by day.

    Returns:
        How much was done, and the outbox lanes that have got rows.
    """
    if await CampaignBlock.exists(campaign_id=campaign.id, stale_at__isnull=False):
        return 0, set()  # the sums do not have everything yet; it is looked for again
    language = settings.territory.default_language
    lines = await standing.told(settings, campaign, campaign.unit, language)
    words = say(texts.ENDED, language, title=campaign.title, lines="\n".join(lines))
    effects = Effects(f"de{campaign.id}", settings.clock.wall(), patient=True)
    effects.announce(campaign.unit_id, words, mention=[campaign.author_id])
    campaign.state, campaign.ended_at = CampaignState.ENDED, at
    campaign.telling, campaign.remind_due = False, None
    await campaign.save(update_fields=["state", "ended_at", "telling", "remind_due"])
    return 1, await effects.save_once()
