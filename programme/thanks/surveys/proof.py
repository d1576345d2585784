"""All that is needed to draw once more: shown when a survey is over. It names nobody."""

from collections.abc import Mapping

from linzhang.settings import Settings
from models import Survey, SurveyBlock
from programme.thanks.surveys import choosing, drawing


async def of(settings: Settings, survey: Survey) -> Mapping[str, object]:
    """The proof of a survey that is over, as `drawing.faults` looks it over.

    Args:
        settings: The service's.
        survey: With its unit.
    """
    blocks = await SurveyBlock.filter(survey_id=survey.id).order_by("unit__code").select_related("unit")
    seed = await choosing.seed_of(settings, survey)
    return {
        "survey": survey.id,
        "unit": survey.unit.code,
        "announced": survey.announced_at.isoformat() if survey.announced_at else "",
        "digest": survey.digest,
        "commitment": survey.commitment,
        "nonce": survey.nonce,
        "words": await choosing.words_of(survey),
        "margin": survey.margin,
        "least": survey.least,
        "blocks": [_block(each, seed) for each in blocks],
    }


def _block(block: SurveyBlock, seed: str) -> Mapping[str, object]:
    listed = block.listed.split("\n")
    drawn = drawing.drawn(listed, seed, block.take)
    return {"code": block.unit.code, "listed": listed, "drawn": drawn}
