"""What a campaign asks at each door: a few short questions, with choices or in free words.

Pure functions of the words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from issues import wording
from issues.folding import bare
from models import Campaign
from programme.doors import texts
from programme.notices.writing import Unfit
from programme.polls import reading

#: Questions of one campaign, and characters of one.
MOST: Final = 3
LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        words: As it is asked.
        choices: What one can answer; empty: whatever one says.
    """

    words: str
    choices: Sequence[str] = ()

    def kept(self) -> Mapping[str, Any]:
        """As a campaign's row has it."""
        return {"words": self.words, "choices": list(self.choices)}


def of(campaign: Campaign) -> list[Question]:
    """What a campaign asks."""
    return [Question(each["words"], tuple(each["choices"])) for each in campaign.questions]


def read(text: str) -> list[Question]:
    """The questions that somebody writes, one a line: 'Is there a smoke alarm? yes / no'.

    Raises:
        Unfit: They are too many or too long, or the choices of one do not fit.
    """
    lines = [line for each in text.splitlines() if not wording.is_blank(line := wording.clean(each))]
    if len(lines) > MOST:
        raise Unfit(texts.TOO_MANY_QUESTIONS, most=MOST)
    return [_question(line) for line in lines]


def chosen(question: Question, said: str) -> int:
    """Which choice somebody's word or digit is, from 1; 0: none of them."""
    plain = bare(said)
    if plain.isdecimal() and 1 <= int(plain) <= len(question.choices):
        return int(plain)
    fits = (place for place, each in enumerate(question.choices, start=1) if bare(each) == plain)
    return next(fits, 0) if plain else 0


def _question(line: str) -> Question:
    found = reading.parted(line)
    words, choices = (line, ()) if found is None else found
    if len(words.strip()) > LONGEST:
        raise Unfit(texts.QUESTION_TOO_LONG, most=LONGEST)
    if not choices:
        return Question(words.strip())
    asked = reading.checked(words, choices)
    return Question(asked.words, tuple(asked.options))
