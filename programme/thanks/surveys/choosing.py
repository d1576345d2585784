"""Draws from the list who is asked, block by block (`drawing`). Who has gone meanwhile is not replaced."""

from datetime import datetime

from linzhang.settings import Settings
from models import Person, Survey, SurveyBlock, SurveyPerson, SurveyState, SurveyWord
from programme.thanks.surveys import drawing
from programme.thanks.surveys.listing import BATCH, mark_of


async def begin(survey: Survey, at: datetime) -> None:
    """Close the words: from now on the draw is fixed, however long it takes.

    Args:
        survey: Locked; the time of its draw has come.
        at: Programme time.
    """
    survey.state, survey.drawn_at = SurveyState.DRAWING, at
    await survey.save(update_fields=["state", "drawn_at"])


async def go_on(settings: Settings, survey: Survey, at: datetime) -> int:
    """Draw from the next blocks; when there is none left those are asked who were drawn.

    Args:
        settings: The service's.
        survey: Locked; it is being drawn.
        at: Programme time.

    Returns:
        How many blocks were drawn from.
    """
    seed = await seed_of(settings, survey)
    further = SurveyBlock.filter(survey_id=survey.id, path__gt=survey.reached).order_by("path").limit(BATCH)
    blocks = await further
    for block in blocks:
        wanted = drawing.drawn(block.listed.split("\n"), seed, block.take)
        living = {
            mark_of(settings, survey, each): each for each in await Person.filter(block_id=block.unit_id)
        }
        found = [living[mark] for mark in wanted if mark in living]
        rows = [
            SurveyPerson(survey_id=survey.id, block_id=block.id, person_id=each.id, due=at) for each in found
        ]
        if rows:
            await SurveyPerson.bulk_create(rows, ignore_conflicts=True)
    if len(blocks) == BATCH:
        survey.reached = blocks[-1].path
    else:
        survey.state, survey.ends_at = SurveyState.ASKING, at + settings.territory.surveys.lasts
    await survey.save(update_fields=["reached", "state", "ends_at"])
    return len(blocks)


async def seed_of(settings: Settings, survey: Survey) -> str:
    """What a survey's ranks are made of."""
    return drawing.seed(settings.vault.open(survey.sealed), survey.digest, await words_of(survey))


async def words_of(survey: Survey) -> list[str]:
    """The words that were added, in their order."""
    return [each.words for each in await SurveyWord.filter(survey_id=survey.id).order_by("id")]
