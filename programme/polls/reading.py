"""A poll out of what a leader writes: 'Shall the lamps go out at ten? yes / no / no matter'.

Pure functions of the words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from issues import wording
from issues.folding import bare
from programme import texts
from programme.notices.writing import Unfit

#: How many options there are, and how long one may be.
FEWEST, MOST, LONGEST = 2, 5, 20

#: Days for which answers count, unless it is said, and at most.
DAYS: Final = 3
MOST_DAYS: Final = 30

#: '5天：…', '5 days: …'.
_DAYS = re.compile(r"(\d{1,3})\s*(?:天|日|days?)\s*[:：,，]\s*", re.IGNORECASE)

#: A question with its options behind it.
_ASKED = re.compile(r"(.*[?？])(.+)", re.DOTALL)

_BETWEEN = re.compile(r"\s*[/／|｜\n;；]\s*")

#: What people put in front of options that they number.
_NUMBERED = re.compile(r"\s*[（(]?[1-9][.、:：)）．]\s*")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked.

    Attributes:
        words: The question.
        options: What one can answer.
        days: For how many days.
    """

    words: str
    options: Sequence[str]
    days: int = DAYS


def read(text: str, form: str) -> Asked:
    """Read a poll.

    Args:
        text: As it was written.
        form: How one is written, for who has written it otherwise.

    Raises:
        Unfit: It is none, or its options do not fit.
    """
    days, text = DAYS, text.strip()
    if said := _DAYS.match(text):
        days, text = int(said[1]), text[said.end() :]
    found = parted(text)
    if found is None:
        raise Unfit(texts.NO_QUESTION, form=form)
    return checked(*found, days)


def parted(text: str) -> tuple[str, Sequence[str]] | None:
    """A question and the options behind it; None: nothing stands behind a question mark."""
    found = _ASKED.fullmatch(text)
    return (found[1], _BETWEEN.split(found[2].strip())) if found is not None else None


def checked(words: str, options: Sequence[str], days: int = DAYS) -> Asked:
    """A poll of these words and options.

    Raises:
        Unfit: The options are too few or too many, too long, alike, or digits; or it lasts too long.
    """
    cleaned = [_NUMBERED.sub("", wording.clean(each), count=1).strip(" \t。.，,") for each in options]
    kept = [each for each in cleaned if each]
    if not FEWEST <= len(kept) <= MOST:
        raise Unfit(texts.TOO_MANY_OPTIONS)
    if any(len(each) > LONGEST for each in kept):
        raise Unfit(texts.OPTION_TOO_LONG, most=LONGEST)
    if any(bare(each).isdigit() or not bare(each) for each in kept):
        raise Unfit(texts.OPTION_IS_A_NUMBER)
    if len({bare(each) for each in kept}) < len(kept):
        raise Unfit(texts.OPTIONS_ALIKE)
    if not 1 <= days <= MOST_DAYS:
        raise Unfit(texts.DAYS_UNFIT, most=MOST_DAYS)
    return Asked(words.strip(), kept, days)
