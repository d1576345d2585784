"""Ends a survey: the secret is shown, it is settled of whom something may be told, and the room hears it."""

from datetime import datetime

from issues import chain
from issues.effects import Effects
from linzhang.settings import Settings
from linzhang.words import say
from models import Survey, SurveyBlock, SurveyPerson, SurveyState, Unit
from programme.thanks.surveys import opening, results, texts


async def end(settings: Settings, survey: Survey, at: datetime) -> set[str]:
    """End a survey; nobody more is asked, and no answer counts.

    Args:
        settings: The service's.
        survey: Locked, with its author and unit; its time is over.
        at: Programme time, by day.

    Returns:
        The outbox lanes that have got rows.
    """
    profile = settings.territory
    language = profile.default_language
    survey.state, survey.ended_at = SurveyState.OVER, at
    survey.nonce = settings.vault.open(survey.sealed)
    await survey.save(update_fields=["state", "ended_at", "nonce"])
    await SurveyPerson.filter(survey_id=survey.id, due__isnull=False).update(due=None)
    await _settle(settings, survey)
    whole = (await results.of(profile, survey, survey.unit)).whole
    facts = {"number": survey.id, "unit": survey.unit.name, "nonce": survey.nonce}
    line = say(texts.IS_OVER, language, result=results.told(whole, language), **facts)
    effects = Effects(f"sv{survey.id}.over", settings.clock.wall())
    effects.announce(survey.unit_id, line, mention=[survey.author_id])
    return await effects.save_once()


async def _settle(settings: Settings, survey: Survey) -> None:
    """Settle of which single leaders something may be told."""
    least = settings.territory.surveys.shown_from
    blocks = await SurveyBlock.filter(survey_id=survey.id).order_by("path")
    named = Unit.filter(chain.below(survey.path), tier__in=opening.tiers(settings.territory))
    paths = sorted([unit.path for unit in await named], key=len, reverse=True)
    lowest: dict[str, list[SurveyBlock]] = {}
    for block in blocks:
        home = next((path for path in paths if block.path.startswith(path)), survey.path)
        lowest.setdefault(home, []).append(block)
    for together in lowest.values():
        may = results.visible([results.answered(each) for each in together], least)
        ids = [each.id for each, shown in zip(together, may, strict=True) if shown]
        await SurveyBlock.filter(id__in=ids).update(shown=True)
