"""The question, and one reminder at most, as rows of the outbox: to each who was drawn, and never at night.

The row of the person and that of the outbox are written together, so that nobody is asked twice.
"""

from datetime import datetime
from typing import Any

from tortoise.expressions import F

from bridges.open311.bridge import NAME as CIVIC_APP
from issues import choices, names, reaching
from issues import texts as issue_texts
from issues.effects import Effects
from linzhang.settings import Settings
from linzhang.words import say
from models import Address, SurveyBlock, SurveyPerson, SurveyState
from programme.notices.answers import is_asked
from programme.thanks.surveys import texts

#: What can be answered, by its digit.
ANSWERS = {"1": texts.GOOD, "2": texts.FAIR, "3": texts.POOR}


async def go_on(settings: Settings, drawn: SurveyPerson, at: datetime) -> set[str]:
    """Ask somebody, or remind them.

    Args:
        settings: The service's.
        drawn: Locked, with its survey, person, and block with unit and leader; it is due.
        at: Programme time, by day.

    Returns:
        The outbox lanes that have got rows.
    """
    survey = drawn.survey
    if drawn.answered or survey.state is not SurveyState.ASKING:
        return await _no_more(drawn)
    usable = Address.filter(person_id=drawn.person_id, stopped_at=None).exclude(bridge=CIVIC_APP)
    address = reaching.likeliest(settings, await usable.order_by("id"), at)
    if address is None:
        return await _no_more(drawn)  # nobody takes their place
    is_first = drawn.asked_at is None
    words, below = await _words(settings, drawn, address, at)
    if is_first:
        drawn.asked_at, drawn.address_id = at, address.id
        later = at + settings.territory.surveys.remind_after
        drawn.due = later if survey.ends_at is not None and later < survey.ends_at else None
        await SurveyBlock.filter(id=drawn.block_id).update(asked=F("asked") + 1)
    else:
        drawn.reminded, drawn.due = True, None
        words = say(texts.AGAIN, names.language_of(drawn.person, settings.territory), asked=words)
    effects = Effects(f"sq{drawn.id}.{'ask' if is_first else 'again'}", settings.clock.wall(), patient=True)
    effects.tell(address, words, survey=drawn.id, **below)
    await drawn.save(update_fields=["asked_at", "address_id", "due", "reminded"])
    return await effects.save_once()


async def _words(
    settings: Settings, drawn: SurveyPerson, address: Address, at: datetime
) -> tuple[str, dict[str, Any]]:
    """The question as a text, and as something with buttons."""
    profile = settings.territory
    language = names.language_of(drawn.person, profile)
    block = drawn.block
    title = profile.tier(block.unit.tier).leader[language]
    leader = say(issue_texts.NAMED_LEADER, language, name=block.leader.name, title=title)
    presses = [
        (say(texts.CHOSEN, language, number=drawn.survey_id, digit=digit), say(label, language))
        for digit, label in ANSWERS.items()
    ]
    below = choices.offered(say(texts.ASK_SHOWN, language, leader=leader), presses)
    if not await is_asked(address, at):
        return say(texts.ASK, language, leader=leader), below
    listed = say(issue_texts.COMMA, language).join(say(label, language) for label in ANSWERS.values())
    return say(texts.ASK_WORD, language, leader=leader, words=listed), below


async def _no_more(drawn: SurveyPerson) -> set[str]:
    drawn.due = None
    await drawn.save(update_fields=["due"])
    return set()
