"""What is done about words that have not arrived, by the code with which the carrier says why: data.

The codes and their causes stand in Twilio's 'Error and Warning Dictionary'; what helps is decided here.
`python -m issues.remedies` prints the table for the documentation.
"""

from dataclasses import dataclass
from datetime import timedelta

_SOON, _LATER, _MUCH_LATER = timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2)
_AT_ONCE = timedelta(minutes=1)

#: How a call ends that may succeed later: the phone is there.
NOT_PICKED_UP = frozenset({"busy", "no-answer"})

#: After what times a phone is called again that nobody has picked up: for what can wait, and for what is
#: urgent, where after that the next one in the chain is called.
CALLED_AGAIN = (_SOON, _LATER)
RUNG_AGAIN = (_AT_ONCE,)


@dataclass(frozen=True, slots=True)
class Remedy:
    """What is done, one after the other, until the words have arrived.

    Attributes:
        why: What the code means.
        again: After what times the same is sent again.
        elsewhere: Whether they are sent to another address of the same person, if there is one.
        call: Whether the phone is called and the words are read out.
        fixed_line: Whether the phone takes no texts at all, now and later.
        stopped: Whether the person wants none.
        linked: Whether what was to go along is linked instead: the way takes words, but not this.
        prescribed: Whether the same is sent in the form that the platform has approved for it, if it has one.
    """

    why: str
    again: tuple[timedelta, ...] = ()
    elsewhere: bool = True
    call: bool = True
    fixed_line: bool = False
    stopped: bool = False
    linked: bool = False
    prescribed: bool = False


REMEDIES: dict[int, Remedy] = {
    11200: Remedy("the carrier could not fetch what goes along", linked=True),
    11751: Remedy("what goes along is too large for the carrier", linked=True),
    12300: Remedy("what goes along is of a kind that the carrier does not take", linked=True),
    21211: Remedy("it is no phone number", call=False),
    21217: Remedy("it is no phone number", call=False),
    21610: Remedy("the person has opted out", elsewhere=False, call=False, stopped=True),
    21614: Remedy("it is no mobile phone", fixed_line=True),
    21635: Remedy("it is a landline", fixed_line=True),
    30001: Remedy("the carrier's queue was full", again=(_SOON, _LATER)),
    30002: Remedy("the account is suspended"),
    30003: Remedy("the phone is off or out of reach", again=(_SOON, _LATER, _MUCH_LATER)),
    30004: Remedy("the phone or its network blocks our texts"),
    30005: Remedy("nobody knows the number any more"),
    30006: Remedy("it is a landline, or its network takes no texts", fixed_line=True),
    30007: Remedy("the text was filtered out; the same text would be again"),
    30008: Remedy("nobody knows why", again=(_SOON,)),
    30011: Remedy("the phone's network takes no pictures", linked=True),
    30017: Remedy("the network was congested", again=(_SOON, _LATER)),
    30019: Remedy("what goes along is too large for the phone's network", linked=True),
    30034: Remedy("our number is not registered with the network"),
    30036: Remedy("it waited too long in the carrier's queue", again=(_SOON, _LATER)),
    63003: Remedy("the number has no account there"),
    63005: Remedy("what goes along is not taken there", linked=True),
    63013: Remedy("the channel's rules do not allow it"),
    63014: Remedy("the person has blocked us there"),
    63016: Remedy("they wrote too long ago for free words there", prescribed=True),
    63018: Remedy("too much was sent there at once", again=(_SOON, _LATER)),
    63019: Remedy("what goes along could not be fetched", linked=True),
    63021: Remedy("what goes along is of a kind that is not taken there", linked=True),
}

#: What is done where the carrier does not say why, and where its word is not in the table.
NOT_SAID = REMEDIES[30008]
UNKNOWN = Remedy("a code that this table does not have")


def of(code: int | None) -> Remedy:
    """What is done about a code."""
    return NOT_SAID if code is None else REMEDIES.get(code, UNKNOWN)


def _table() -> str:
    lines = ["| code | it means | sent again after | then |", "|---|---|---|---|"]
    for code, remedy in REMEDIES.items():
        again = ", ".join(_minutes(each) for each in remedy.again) or "–"
        lines.append(f"| {code} | {remedy.why} | {again} | {_then(remedy)} |")
    return "\n".join(lines)


def _minutes(wait: timedelta) -> str:
    minutes = int(wait.total_seconds()) // 60
    return f"{minutes // 60} h" if minutes >= 60 else f"{minutes} min"


def _then(remedy: Remedy) -> str:
    steps = []
    if remedy.fixed_line:
        steps.append("called from now on")
    elif remedy.stopped:
        steps.append("no more texts")
    if remedy.linked:
        steps.append("a link instead")
    if remedy.prescribed:
        steps.append("a template")
    if remedy.elsewhere:
        steps.append("another address")
    if remedy.call:
        steps.append("a call")
    return ", ".join([*steps, "the leader knocks"])


if __name__ == "__main__":
    print(_table())
