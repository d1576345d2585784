"""A dialogue's file: prose, then who does what and who sees what, line by line; see README.md.

Only reads and writes the form. It knows neither phones nor rooms, and what an action does is the
stage's to say.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent

#: How the lines of a text after its first are set in.
_INDENT = "  "

#: An empty line inside a text, so that editors do not take its blanks away.
_EMPTY = "¶"

_PHONE = re.compile(r"(?P<mark>[<>])(?P<who>\w*)(?: (?P<text>.*))?")
_ROOM = re.compile(r"#(?P<where>[^:]+?):(?: (?P<text>.*))?")
_LEADER = re.compile(
    r"@(?P<who>\S+) (?P<verb>\w+)(?: in (?P<room>\S+?))?(?: on (?P<issue>\S+?))?"
    r"(?: (?P<sign>[^\s:]+))?(?::(?: (?P<text>.*))?)?"
)
_TIME = re.compile(r"(?P<mark>~|at) (?P<text>.+)")
_CAST = re.compile(r"(?P<mark>phone|chat|vacant|away|carrier)(?: (?P<who>\w+))?: (?P<text>.+)")
_ESCAPE = re.compile(r"\\(s|u[0-9a-fA-F]{4})")


class BadScript(ValueError):
    """A file is not written as it should be; the message has its line."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done.

    Attributes:
        mark: How its line begins: '>', '@', '~', 'at', 'phone', 'chat', 'vacant', 'away', 'carrier'.
        who: Name of the phone or the person.
        text: What is said, or for how long, or who it is.
        verb: What somebody in a room does: 'says', 'reacts' …
        room: The room, if it is not their own.
        issue: The issue's number, if it is not the latest.
        sign: The emoji of a reaction.
    """

    mark: str
    who: str = ""
    text: str = ""
    verb: str = ""
    room: str = ""
    issue: str = ""
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that a phone gets or a room shows.

    Attributes:
        where: '<', '<Li', '#block post', '#group thread, rings 周强' …
        text: Perhaps of several lines.
    """

    where: str
    text: str

    @property
    def channel(self) -> str:
        """What it is in order with: one phone, or one room."""
        return re.split(r"[\s,]", self.where, maxsplit=1)[0]

    def lines(self) -> list[str]:
        """As it stands in a file."""
        colon = ":" if self.where.startswith("#") else ""
        first, *more = [visible(line) or _EMPTY for line in self.text.split("\n")]
        return [f"{self.where}{colon} {first}", *(f"{_INDENT}{line}" for line in more)]


@dataclass(slots=True)
class Move:
    """One act, and what is seen of it before the next.

    Attributes:
        raw: The lines of the file down to the act's own: blank ones and comments too.
        act: What is done; None before anything is.
        expected: What is then seen.
    """

    raw: list[str]
    act: Act | None
    expected: list[Seen] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A file.

    Attributes:
        path: Where it stands.
        moves: The first has no act: it is the prose.
    """

    path: Path
    moves: Sequence[Move]

    @property
    def name(self) -> str:
        """What people call it: 'zh/lamp'."""
        return str(self.path.resolve().relative_to(FOLDER).with_suffix(""))

    @property
    def language(self) -> str:
        """The folder: 'zh' or 'en'."""
        return self.path.resolve().parent.name


def load(path: Path) -> Dialogue:
    """Read a file.

    Raises:
        BadScript: A line is none that we know, or something is seen before anything was done.
    """
    return Dialogue(path, parse(path.read_text(encoding="utf-8"), str(path)))


def parse(text: str, name: str = "") -> list[Move]:
    """Understand a file's text.

    Raises:
        BadScript: See `load`.
    """
    lines = text.splitlines()
    body = next((index for index, line in enumerate(lines) if not line.strip()), len(lines))
    if not body:
        raise BadScript(f"{name}: the first line must say in prose what the dialogue shows")
    moves = [Move(raw=lines[:body], act=None)]
    leading: list[str] = []
    for number, group in _grouped(lines[body:], body + 1):
        first = group[0]
        if not first.strip() or first.startswith("--"):
            leading += group
            continue
        rest = [line.removeprefix(_INDENT) for line in group[1:]]
        seen = _seen(first, rest)
        if seen is not None:
            if leading or moves[-1].act is None:
                raise BadScript(f"{name}:{number}: something is seen, but nothing was done: {first}")
            moves[-1].expected.append(seen)
            continue
        act = _act(first, rest)
        if act is None:
            raise BadScript(f"{name}:{number}: nobody understands this line: {first}")
        moves.append(Move([*leading, *group], act))
        leading = []
    if leading and any(line.strip() for line in leading):
        raise BadScript(f"{name}: there is a comment at the end, but nothing below it")
    return moves


def written(moves: Iterable[tuple[Move, Sequence[Seen]]]) -> str:
    """A file's text, with what was seen in each move."""
    lines: list[str] = []
    for move, seen in moves:
        lines += move.raw
        for each in seen:
            lines += each.lines()
    return "\n".join(lines) + "\n"


def visible(text: str) -> str:
    r"""A line as it can be read: what cannot be seen stands as `\u200b`, a blank edge as `\s`."""
    shown = "".join(
        f"\\u{ord(each):04x}" if unicodedata.category(each) in ("Cc", "Cf") else each for each in text
    )
    return re.sub(r"^ +| +$", lambda blanks: "\\s" * len(blanks.group()), shown)


def meant(text: str) -> str:
    """The opposite of `visible`."""
    return _ESCAPE.sub(lambda escape: " " if escape[1] == "s" else chr(int(escape[1][1:], 16)), text)


def _grouped(lines: Sequence[str], first: int) -> Iterator[tuple[int, list[str]]]:
    """Each line with those below it that are set in, and its number."""
    group: list[str] = []
    start = first
    for number, line in enumerate(lines, start=first):
        if group and group[0].strip() and line.startswith(_INDENT) and line.strip():
            group.append(line)
            continue
        if group:
            yield start, group
        group, start = [line], number
    if group:
        yield start, group


def _text(first: str | None, rest: Sequence[str]) -> str:
    return "\n".join("" if line == _EMPTY else meant(line) for line in [first or "", *rest])


def _seen(first: str, rest: Sequence[str]) -> Seen | None:
    if found := _ROOM.fullmatch(first):
        return Seen(f"#{found['where']}", _text(found["text"], rest))
    found = _PHONE.fullmatch(first)
    if found and found["mark"] == "<":
        return Seen(f"<{found['who']}", _text(found["text"], rest))
    return None


def _act(first: str, rest: Sequence[str]) -> Act | None:
    if found := _PHONE.fullmatch(first):
        return Act(">", found["who"], _text(found["text"], rest))
    if found := _LEADER.fullmatch(first):
        text = _text(found["text"], rest)
        parts = {name: found[name] or "" for name in ("verb", "room", "issue", "sign")}
        return Act("@", found["who"], text, **parts)
    if found := _TIME.fullmatch(first):
        return Act(found["mark"], text=found["text"])
    if found := _CAST.fullmatch(first):
        return Act(found["mark"], found["who"] or "", found["text"])
    return None
