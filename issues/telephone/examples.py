"""Calls in which everything that is read aloud stands once, for the phrasebook.

Data, filled in with the same invented people as the texts; nothing here is said to anybody.
"""

from collections.abc import Sequence

from issues import spoken
from issues.examples import Heard, Line, heard, said

_MENU = (
    said(spoken.DANGER),
    said(spoken.OPTION_MESSAGE),
    said(spoken.OPTION_TALK),
    said(spoken.OPTION_STATE),
)


def _presses(keys: str) -> Heard:
    return heard(f"（按{keys}）", f"(presses {keys})")


def _speaks() -> Heard:
    return heard("（说话）", "(speaks)")


def _silence() -> Heard:
    return heard("（没有声音）", "(silence)")


CALLS: dict[str, Sequence[Line]] = {
    "A neighbour calls and leaves a message": (
        said(spoken.GREETING),
        *_MENU,
        said(spoken.OTHER_LANGUAGE),
        _presses("5"),
        said(spoken.WRONG_KEY),
        _presses("1"),
        said(spoken.SPEAK),
        _speaks(),
        said(spoken.THANKS),
    ),
    "They do not know what to say": (
        _presses("1"),
        said(spoken.SPEAK),
        _silence(),
        said(spoken.SILENCE),
        _silence(),
        said(spoken.NOTHING_LEFT),
    ),
    "They want to talk to the leader": (
        _presses("2"),
        said(spoken.CONNECTING),
        said(spoken.NOT_THERE),
        said(spoken.NOBODY_THERE),
        said(spoken.GOODBYE),
    ),
    "The leader's own phone, before the two hear each other": (said(spoken.FOR_A_TALK),),
    "They ask how their last issue stands": (
        _presses("3"),
        said(spoken.ISSUE_OPEN),
        said(spoken.ISSUE_UNPLACED),
        said(spoken.ISSUE_ANSWERED, chinese="明天上午电工来修。", english="The electrician comes tomorrow."),
        said(spoken.ISSUE_IN_HAND),
        said(spoken.ISSUE_AWAY),
        said(spoken.ISSUE_CLOSED),
        said(spoken.NO_ISSUE),
        said(spoken.ISSUE_DONE),
        said(spoken.IS_IT_SOLVED),
        _presses("1"),
        said(spoken.WRITTEN_DOWN),
    ),
    "Somebody whom nobody knows": (
        said(spoken.GREETING_STRANGER),
        said(spoken.SPEAK_STRANGER),
        _speaks(),
        said(spoken.THANKS_STRANGER),
    ),
    "The same, from a telephone that takes no texts or with the number withheld": (
        said(spoken.ASK_CODE),
        _presses("4711 #"),
        said(spoken.CODE_UNKNOWN),
        _presses("12345674 #"),
        said(spoken.CODE_PLACED),
        said(spoken.CODE_KNOWN),
    ),
    "We call somebody who has only a telephone": (
        said(spoken.FOR_YOU),
        said(spoken.AGAIN),
        said(spoken.WHICH_IS_IT),
        said(spoken.HOW_WAS_IT),
        said(spoken.TYPE_CODE),
        said(spoken.SPEAK_PLACE),
    ),
    "We call somebody who is looked after": (
        said(spoken.ARE_YOU_WELL),
        _presses("1"),
    ),
    "We call a leader, because it is urgent": (
        said(spoken.TAKE_ON),
        _presses("2"),
        said(spoken.TAKEN_ON),
    ),
    "Something of ours is broken": (said(spoken.SORRY),),
}
