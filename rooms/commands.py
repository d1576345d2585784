"""The short commands that leaders may write instead of reacting, in both languages.

Pure functions: what a line or an emoji asks for. Who may do it is the lifecycle's to say.
"""

import unicodedata
from dataclasses import dataclass
from enum import Enum


class Verb(Enum):
    """What a leader can ask for."""

    DONE = "done"
    UP = "up"
    HELP = "help"


#: Every word for a verb, the one that help texts name first.
WORDS = {
    Verb.DONE: ("done", "完成", "办结", "好了", "解决"),
    Verb.UP: ("up", "上报", "转上级"),
    Verb.HELP: ("help", "帮助"),
}
_VERB_OF_WORD = {word: verb for verb, words in WORDS.items() for word in words}

#: Emoji without their variation selectors.
_VERB_OF_EMOJI = {"✅": Verb.DONE, "☑": Verb.DONE, "✔": Verb.DONE, "⬆": Verb.UP, "🔼": Verb.UP, "⏫": Verb.UP}

#: What makes words stay among leaders.
_INSIDE = ("//", "／／")


@dataclass(frozen=True, slots=True)
class Command:
    """A line that began with '!'.

    Attributes:
        verb: What it asks for; None: nobody knows this word.
        word: The word that was written.
        number: Of the issue, where one was written.
        rest: What stood behind: a reason.
    """

    verb: Verb | None
    word: str
    number: int | None
    rest: str


def command(text: str) -> Command | None:
    """The command in a line: '!done', '！上报 1024 水管在马路下面'; None: it is no command."""
    line = text.strip()
    if line[:1] not in ("!", "！"):
        return None
    words = unicodedata.normalize("NFKC", line[1:]).split()
    if not words:
        return None
    word, rest = words[0].lower(), words[1:]
    number = None
    if rest and (digits := rest[0].lstrip("#")).isdecimal() and len(digits) <= 12:
        number, rest = int(digits), rest[1:]
    return Command(_VERB_OF_WORD.get(word), word, number, " ".join(rest))


def reaction(emoji: str) -> Verb | None:
    """What an emoji on an issue asks for."""
    return _VERB_OF_EMOJI.get(emoji.replace("\ufe0f", ""))


def inside(text: str) -> str | None:
    """The words of a note that stays among leaders; None: it is none."""
    for mark in _INSIDE:
        if text.startswith(mark):
            return text.removeprefix(mark).strip()
    return None
