"""What can be pressed below a question, on platforms that have buttons: one table.

A press says its issue's number with the answer, so that a button of yesterday answers what it stood below,
whatever was asked since. Everything that is told can be answered by typing, too: the question's own words say
how, and bridges without buttons show nothing of this.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from issues import texts
from linzhang.words import Text, say


@dataclass(frozen=True, slots=True)
class Menu:
    """How a text is asked with buttons.

    Attributes:
        asked: The same question, without what is to be typed.
        options: What each button says when it is pressed, and what stands on it; one that says nothing hands
            over the person's own telephone number.
    """

    asked: Text
    options: Sequence[tuple[str, Text]]


_SOLVED = (("1", texts.BUTTON_SOLVED), ("2", texts.BUTTON_NOT_SOLVED))
_PHONE = (("", texts.BUTTON_PHONE),)
_MARKS = tuple((str(mark), texts.BUTTON_MARKS[str(mark)]) for mark in range(5, 0, -1))

MENUS: Mapping[Text, Menu] = {
    texts.SOLVED: Menu(texts.ASKED_SOLVED, _SOLVED),
    texts.SOLVED_AGAIN: Menu(texts.ASKED_SOLVED_AGAIN, _SOLVED),
    texts.SOLVED_ONCE_MORE: Menu(texts.ASKED_SOLVED_ONCE_MORE, _SOLVED),
    texts.LAPSED: Menu(texts.ASKED_LAPSED, [("2", texts.BUTTON_NOT_SOLVED)]),
    texts.TAKEN_OFF: Menu(texts.ASKED_TAKEN_OFF, [("1", texts.BUTTON_RIGHT), ("2", texts.BUTTON_NOT_RIGHT)]),
    texts.CLOSED_RATE: Menu(texts.ASKED_CLOSED_RATE, _MARKS),
    # Whom the roster knows by their number need not type where they live.
    texts.RECEIPT_UNKNOWN: Menu(texts.RECEIPT_UNKNOWN, _PHONE),
    texts.PLACE_UNKNOWN: Menu(texts.PLACE_UNKNOWN, _PHONE),
    texts.RATE_AGAIN: Menu(texts.ASKED_RATE_AGAIN, _MARKS),
}


def below(text: Text, language: str, **values: object) -> dict[str, Any]:
    """What a row of the outbox holds besides a text, so that it can be asked with buttons.

    Args:
        text: From the catalogue; where nothing can be pressed below it, nothing is returned.
        language: In which it is said.
        values: For its blanks; the issue's 'number' among them.
    """
    menu = MENUS.get(text)
    if menu is None:
        return {}
    number = values["number"]
    options = [
        (f"{number} {pressed}" if pressed else "", say(label, language)) for pressed, label in menu.options
    ]
    return offered(say(menu.asked, language, **values), options)


def offered(asked: str, options: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The same for a question and options that are said already."""
    choices = [{"text": text, "label": label, "phone": not text} for text, label in options]
    return {"asked": asked, "choices": choices}
