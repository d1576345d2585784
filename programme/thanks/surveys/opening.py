"""Opening a survey, adding a word to its draw, and stopping it: who may, and when."""

from datetime import datetime

from issues import audit, chain, wording
from issues import texts as issue_texts
from issues.errors import IssueError, NotAllowed, NotFound, NotNow
from linzhang.profile import Profile
from linzhang.settings import Settings
from linzhang.words import clock_time, say
from models import Person, Survey, SurveyState, SurveyWord, Unit
from programme.thanks.surveys import texts
from programme.thanks.surveys.standing import concerning

#: Characters of a word that is added.
LONGEST = 60

#: States in which one is neither over nor stopped, and those before anybody was drawn.
ALIVE = (SurveyState.LISTING, SurveyState.ANNOUNCED, SurveyState.DRAWING, SurveyState.ASKING)
UNDRAWN = (SurveyState.LISTING, SurveyState.ANNOUNCED)


class Unfit(IssueError):
    """A survey cannot be opened there, or a word cannot be added as it is."""


async def begin(settings: Settings, author: Person, unit: Unit, at: datetime, *, event_id: str) -> Survey:
    """Open a survey, once.

    Args:
        settings: The service's.
        author: Who opens it.
        unit: About the leaders of whose blocks.
        at: Programme time.
        event_id: See `Survey`.

    Raises:
        NotAllowed: They answer neither for the unit nor for one above it.
        Unfit: The unit is of a tier that has none.
        NotNow: One is under way there, above or below; or the last one was opened not long ago.
    """
    profile = settings.territory
    language = profile.default_language
    if await chain.unit_led(author, unit, at) is None:
        raise NotAllowed(texts.NOT_YOUR_UNIT, unit=unit.name)
    # Two who open one in the same moment: the second waits here, and finds the first one's.
    await Unit.select_for_update().get(id=unit.id)
    known = await Survey.get_or_none(event_id=event_id)
    if known is not None:
        return known
    if unit.tier not in tiers(profile):
        named = [profile.tier(key).name[language] for key in tiers(profile)]
        raise Unfit(texts.WRONG_TIER, tiers=say(issue_texts.COMMA, language).join(named))
    alive = Survey.filter(concerning([unit]), state__in=ALIVE).select_related("unit")
    if (other := await alive.first()) is not None:
        raise NotNow(texts.UNDER_WAY, number=other.id, unit=other.unit.name)
    # A stopped one counts, too: nobody opens one after the other until the list is to their liking.
    rules = profile.surveys
    last = await Survey.filter(unit_id=unit.id, made_at__gt=at - rules.again).order_by("-id").first()
    if last is not None:
        time = clock_time(last.made_at + rules.again, at, profile.zone, language)
        raise NotNow(texts.TOO_SOON, unit=unit.name, time=time)
    survey = await Survey.create(
        unit=unit,
        path=unit.path,
        author=author,
        event_id=event_id,
        made_at=at,
        least=rules.least,
        margin=rules.margin,
    )
    await audit.record(settings, "survey opened", _subject(survey), author.name)
    return survey


async def add_word(survey: Survey, person: Person, words: str, at: datetime) -> None:
    """Let somebody's word be part of the draw.

    Args:
        survey: Locked.
        person: Who; somebody whom the survey concerns.
        words: What they add.
        at: Programme time.

    Raises:
        NotNow: It is not announced yet, has been drawn, or they have added a word.
        Unfit: There is no word, or a long one.
    """
    if survey.state is SurveyState.LISTING:
        raise NotNow(texts.NOT_YET, number=survey.id)
    if survey.state is not SurveyState.ANNOUNCED or survey.draw_at is None or at >= survey.draw_at:
        raise NotNow(texts.DRAWN_ALREADY, number=survey.id)
    # One line each: the seed is made of lines.
    words = " ".join(wording.clean(words).split())
    if not words:
        raise Unfit(texts.NO_WORD)
    if len(words) > LONGEST:
        raise Unfit(texts.WORD_LONG, most=LONGEST)
    if await SurveyWord.exists(survey_id=survey.id, person_id=person.id):
        raise NotNow(texts.WORD_ALREADY, number=survey.id)
    await SurveyWord.create(survey=survey, person=person, words=words, at=at)


async def stop(settings: Settings, survey: Survey, person: Person, at: datetime) -> None:
    """Stop a survey before anybody was drawn; afterwards nobody can, whatever they hear of answers.

    Raises:
        NotAllowed: They answer neither for its unit nor for one above it.
        NotNow: It has been drawn, or is over.
    """
    if await chain.unit_led(person, survey.unit, at) is None:
        raise NotAllowed(texts.NOT_YOUR_UNIT, unit=survey.unit.name)
    is_late = survey.draw_at is not None and at >= survey.draw_at
    if survey.state not in UNDRAWN or is_late:
        raise NotNow(texts.DRAWN_ALREADY, number=survey.id)
    survey.state, survey.ended_at = SurveyState.STOPPED, at
    await survey.save(update_fields=["state", "ended_at"])
    await audit.record(settings, "survey stopped", _subject(survey), person.name)


async def lock(survey_id: int) -> Survey:
    """A survey for what changes it, with its author and unit.

    Raises:
        NotFound: There is none.
    """
    survey = await Survey.select_for_update().get_or_none(id=survey_id)
    if survey is None:
        raise NotFound(texts.NO_SUCH, number=survey_id)
    await survey.fetch_related("author", "unit")
    return survey


def tiers(profile: Profile) -> list[str]:
    """Keys of the tiers whose units can have a survey: those that people know by name."""
    return [tier.key for tier in profile.tiers if tier.space]


def _subject(survey: Survey) -> str:
    return f"survey {survey.id} of {survey.path}"
