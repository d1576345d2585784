"""What the figures mean, said on the page and at the foot of the report."""

from linzhang.profile import Profile
from linzhang.words import say
from web.desk.figures import spelling
from web.desk.texts import figures as texts


def meaning(profile: Profile, language: str) -> list[str]:
    """A sentence or two about each."""
    window = spelling.time(profile.bottom.answer_window, language)
    urgent = spelling.time(profile.urgent_window, language)
    return [
        say(texts.MEANING_COHORT, language),
        say(texts.MEANING_MONTH, language),
        say(texts.MEANING_IN_TIME, language, window=window, urgent=urgent),
        say(texts.MEANING_CLOSING, language),
        say(texts.MEANING_TIMES, language),
        say(texts.MEANING_UP, language),
    ]
