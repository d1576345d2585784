"""What a leader tells of a door: '3 都好', '1、2、5 没人', '3 好 1 2 想装扶手', '3 好 问题：屋顶漏水'.

Pure functions of the words; they never raise.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from issues.folding import in_place
from models import DoorState
from programme.doors import questions
from programme.doors.questions import Question

#: Doors that one message may name: a block's.
_MOST = 60

#: What people put between words.
_PAUSE = r"\s,.;:!。、，；：！~～"

#: Which doors, and of which campaign where somebody says so: '3', '7：3', '1、2、5', '1-5'.
_DOORS = re.compile(
    r"(?:(?P<campaign>\d{1,9})\s*[:/]\s*(?=\d))?"
    r"(?:no\.?\s*|第)?(?P<doors>\d{1,3}(?:\s*[、,~-]\s*\d{1,3})*)\s*[户号]?(?!\d)[\s:,、;]*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_RANGE = re.compile(r"(\d+)\s*[~-]\s*(\d+)")
_NUMBER = re.compile(r"\d+")

#: How a door was found, in the words of whoever was there.
_WORDS: Mapping[DoorState, str] = {
    DoorState.VISITED: r"(?:一切|大家|家里)?(?:都|很|挺|还)?好的?|见到了?|见了|在家|走访了|看了|去过了?|去了"
    r"|all (?:is )?well|all fine|visited|done|well|fine|good|ok(?:ay)?|seen|(?:at )?home",
    DoorState.AWAY: r"家?里?没有?人在?家?|人?不在家?|没在家|无人|锁着?门"
    r"|(?:nobody|no ?one)(?: (?:at )?home)?|not (?:at )?home|away|out",
    DoorState.BACK: r"改天再?[来去]?|下次再?[来去]?|回头再[来去]|再[来去]|come back|back|later|again",
    DoorState.REFUSED: r"拒绝|不让进|不开门|不愿意?|不想说|refused?|no thanks",
    DoorState.TODO: r"没去|还没去|没有去|写错了?|not yet|not visited|undo",
}
_FOUND = re.compile(
    "(?:"
    + "|".join(f"(?P<{state}>{words})" for state, words in _WORDS.items())
    + rf")(?=$|[{_PAUSE}])[{_PAUSE}]*",
    re.IGNORECASE,
)

#: A trouble that is to become an issue; 'no trouble' and '没问题' are none.
_TROUBLE = re.compile(
    rf"(?:^|[{_PAUSE}])(?:问题|报修|trouble|issue)\s*[:\s]\s*(\S.*)", re.IGNORECASE | re.DOTALL
)
_NEXT = re.compile(rf"\s*([^{_PAUSE}]+)[{_PAUSE}]*")
_EDGES = " \t\n\u3000,，;；:：。、"


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody tells of some doors.

    Attributes:
        campaign: Number of the campaign, where it was said.
        doors: Their numbers.
        rest: What stands behind, as it was written.
    """

    campaign: int | None
    doors: Sequence[int]
    rest: str


@dataclass(frozen=True, slots=True)
class Found:
    """What was found there.

    Attributes:
        state: How; None: nobody has said so in so many words.
        answers: By question the number of what was chosen, from 1; 0: nothing.
        words: What was said there, and noted.
        trouble: What is to become an issue; empty: nothing is.
    """

    state: DoorState | None
    answers: Sequence[int] = ()
    words: str = ""
    trouble: str = ""


def doors(text: str) -> Told | None:
    """Of which doors words tell; None: they name none."""
    found = _DOORS.fullmatch(in_place(text).strip())
    if found is None:
        return None
    named = _RANGE.sub(lambda each: _spread(int(each[1]), int(each[2])), found["doors"])
    numbers = list(dict.fromkeys(int(each) for each in _NUMBER.findall(named)))
    if not numbers or len(numbers) > _MOST:
        return None
    rest = text.strip()[-len(found["rest"]) :] if found["rest"] else ""
    return Told(int(found["campaign"]) if found["campaign"] else None, numbers, rest.strip(_EDGES))


def found(text: str, asked: Sequence[Question]) -> Found:
    """What words tell of a door, behind its number.

    Args:
        text: As it was written.
        asked: The campaign's questions: a digit or a choice's word answers the next of those with choices.
    """
    trouble = _TROUBLE.search(in_place(text))
    said, wrong = text, ""
    if trouble is not None:
        said, wrong = text[: trouble.start()], text[trouble.start(1) :].strip()
    state, said = _state(said.strip(_EDGES))
    answers, said = _answers(said, asked)
    return Found(state, answers, said.strip(_EDGES), wrong)


def _state(text: str) -> tuple[DoorState | None, str]:
    hit = _FOUND.match(in_place(text))
    if hit is None or hit.lastgroup is None:
        return None, text
    return DoorState(hit.lastgroup), text[hit.end() :]


def _answers(text: str, asked: Sequence[Question]) -> tuple[list[int], str]:
    answers = [0] * len(asked)
    for place, question in enumerate(asked):
        following = _NEXT.match(text)
        if not question.choices or following is None:
            continue
        answers[place] = questions.chosen(question, following[1])
        if answers[place]:
            text = text[following.end() :]
    return (answers if any(answers) else []), text


def _spread(first: int, last: int) -> str:
    """'1-5' as each of them; what goes backwards, or too far, is two numbers."""
    if not first <= last < first + _MOST:
        return f"{first},{last}"
    return ",".join(str(each) for each in range(first, last + 1))
