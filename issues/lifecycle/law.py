"""The whole law of the loop: which transition leads from where to where, and who may make it.

`python -m issues.lifecycle` prints it. Data only; what a transition does stands in the modules beside
this one, by who makes it.
"""

from dataclasses import dataclass
from enum import StrEnum

from models import Action, Person, State


class Who(StrEnum):
    """Who may make a transition."""

    RESIDENT = "the resident who reported it"
    LEADER = "a leader or deputy of a unit from its block up to the root, or of the department that has it"
    ABOVE = "a leader or deputy of a unit from its block up to the root"
    CONCERNED = "the resident who reported it, or a leader as above"
    CLOCK = "the clock"
    EITHER = "a leader as above, or the clock"


@dataclass(frozen=True, slots=True)
class Rule:
    """From where a transition may be made, where it leads, and who may make it.

    Attributes:
        start: States in which it is allowed.
        end: The state after it; None: as before.
        who: Who may make it.
        says: What it does, in one sentence for the documentation.
    """

    start: frozenset[State]
    end: State | None
    who: Who
    says: str


_ALIVE = frozenset({State.OPEN, State.ANSWERED})
_OPEN = frozenset({State.OPEN})
_REFERRED = frozenset({State.REFERRED})
_IN_HAND = _ALIVE | _REFERRED
_MERGED = frozenset({State.MERGED})
_UNDONE = _IN_HAND | {State.RESOLVED}
_OFF = frozenset({State.MERGED, State.WITHDRAWN})
_ANY = frozenset(State)

RULES: dict[Action, Rule] = {
    Action.REPORT: Rule(
        frozenset(), State.OPEN, Who.RESIDENT, "A message becomes an issue; its window starts."
    ),
    Action.PLACE: Rule(
        _ALIVE, State.OPEN, Who.CONCERNED, "An unknown sender says where they live, or a leader who knows."
    ),
    Action.ADD: Rule(_UNDONE | _MERGED, None, Who.RESIDENT, "Further words join the issue."),
    Action.URGENT: Rule(
        _ALIVE, State.OPEN, Who.CONCERNED, "A life or a house is in danger: the whole chain hears at once."
    ),
    Action.PRIVATE: Rule(_UNDONE | _MERGED, None, Who.CONCERNED, "From now on only leaders see it."),
    Action.ACCEPT: Rule(_OPEN, None, Who.LEADER, "A leader is on it; the window goes on."),
    Action.ANSWER: Rule(_OPEN, State.ANSWERED, Who.LEADER, "The first words that reach the resident."),
    Action.SAY: Rule(_ANY - _OPEN, None, Who.LEADER, "Further words that reach the resident."),
    Action.CORRECT: Rule(_ANY, None, Who.LEADER, "An answer was edited; the resident gets the new words."),
    Action.RETRACT: Rule(_ANY, None, Who.LEADER, "An answer was taken back; stopped if not yet sent."),
    Action.RESOLVE: Rule(_IN_HAND, State.RESOLVED, Who.LEADER, "It is done; the resident is asked."),
    Action.CONFIRM: Rule(
        _UNDONE | _OFF, State.CLOSED, Who.RESIDENT, "Solved, whether or not a leader has said so."
    ),
    Action.REJECT: Rule(
        frozenset({State.RESOLVED, State.CLOSED, State.WITHDRAWN}),
        State.OPEN,
        Who.RESIDENT,
        "Not solved: open, one tier up.",
    ),
    Action.RATE: Rule(frozenset({State.CLOSED}), None, Who.RESIDENT, "A mark from 1 to 5."),
    Action.WITHDRAW: Rule(
        _UNDONE | _MERGED, State.WITHDRAWN, Who.CONCERNED, "It needs nothing any more, or never did."
    ),
    Action.CALM: Rule(_UNDONE, None, Who.LEADER, "It is not urgent: its usual window again."),
    Action.MERGE: Rule(
        _UNDONE | frozenset({State.CLOSED}),
        State.MERGED,
        Who.CONCERNED,
        "It becomes part of another one; its reporter hears of that.",
    ),
    Action.SPLIT: Rule(_UNDONE, None, Who.LEADER, "Some of its words become an issue of their own."),
    Action.PASS_UP: Rule(_ALIVE, State.OPEN, Who.LEADER, "To the parent unit, by a leader's own word."),
    Action.REFER: Rule(
        _IN_HAND, State.REFERRED, Who.LEADER, "To a department, which has it by its own clock."
    ),
    Action.RETURN: Rule(
        _REFERRED, State.OPEN, Who.EITHER, "Back to whoever referred it, or because its window passed twice."
    ),
    Action.UNDO: Rule(
        frozenset({State.RESOLVED}), State.OPEN, Who.LEADER, "'Done' was taken back before anybody was asked."
    ),
    Action.CALL: Rule(_ANY, None, Who.ABOVE, "The resident's number was looked up."),
    Action.ESCALATE: Rule(_ALIVE, State.OPEN, Who.CLOCK, "To the parent unit, because a window passed."),
    Action.VACANT: Rule(
        _OPEN, None, Who.CLOCK, "On to the parent unit at once, because nobody answers for this one."
    ),
    Action.REARRANGE: Rule(
        _ANY, None, Who.CLOCK, "Units were moved or merged: to the unit that stands there now."
    ),
    Action.REMIND: Rule(_UNDONE, None, Who.CLOCK, "A window passed and it stays where it is."),
    Action.LAPSE: Rule(
        frozenset({State.RESOLVED}), State.CLOSED, Who.CLOCK, "The resident has said nothing for its time."
    ),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a transition, and from where.

    Attributes:
        person: Empty: the clock.
        bridge: Through which bridge they spoke.
        room_id: In which room they spoke; empty outside rooms.
        unit_id: The unit whose room it is.
        event_id: The platform's id of what they said or did there.
    """

    person: Person | None = None
    bridge: str = ""
    room_id: str = ""
    unit_id: int | None = None
    event_id: str = ""


CLOCK = Actor()
