"""Lives a dialogue on a stage and compares: a phone shows just the file's texts, a room at least its lines.

What a phone gets is told in full: a text too many is as wrong as one too few. Of what a room shows,
a file names what matters; that must be there, word for word and in its order.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from enum import Enum

from tests.dialogues.blanks import Blanks
from tests.dialogues.script import Dialogue, Move, Seen, written
from tests.dialogues.stage import Stage

#: Seconds that what a file says may take to happen; after a first mismatch nothing is waited for.
PATIENCE = 20.0

#: Seconds in which something that nobody expects may still turn up, when somebody wants to see all.
CURIOSITY = 1.0

#: The whole text of a room's line that says: here nothing was shown.
_NOTHING = "nothing"


class Show(Enum):
    """How a lived dialogue is written down."""

    COMPARED = "compared"  # what fits as the file has it; what does not, as it was
    WHOLE = "whole"  # everything that was seen, in every room
    REPAIRED = "repaired"  # the file's lines with the words that were seen


@dataclass(frozen=True, slots=True)
class Lived:
    """How a dialogue went.

    Attributes:
        dialogue: As the file has it.
        seen: What was seen in each move.
        fits: Whether each move went as the file says.
        blanks: What the numbers were.
    """

    dialogue: Dialogue
    seen: Sequence[Sequence[Seen]]
    fits: Sequence[bool]
    blanks: Blanks

    @property
    def difference(self) -> str:
        """A unified diff from the file to what was lived; empty where all is as it should be."""
        if all(self.fits):
            return ""
        path = str(self.dialogue.path)
        there = written((move, move.expected) for move in self.dialogue.moves)
        lived = self.text(Show.COMPARED)
        return "".join(unified_diff(there.splitlines(True), lived.splitlines(True), path, "as it was lived"))

    def text(self, show: Show) -> str:
        """The dialogue as a file."""
        moves = zip(self.dialogue.moves, self.seen, self.fits, strict=True)
        return written((move, self._lines(show, move, seen, fits)) for move, seen, fits in moves)

    def _lines(self, show: Show, move: Move, seen: Sequence[Seen], fits: bool) -> list[Seen]:
        if fits and show is not Show.WHOLE:
            return move.expected
        lines: list[Seen] = []
        for channel in _channels([*seen, *move.expected]):
            expected, lived = _of(channel, move.expected), _of(channel, seen)
            if _channel_fits(expected, lived, self.blanks) and show is not Show.WHOLE:
                lines += expected
            elif show is Show.REPAIRED and not channel.startswith("<"):
                lines += self._repaired(expected, lived)
            else:
                lines += self._aligned(expected, lived)
        return lines

    def _aligned(self, expected: Sequence[Seen], lived: Sequence[Seen]) -> list[Seen]:
        """What was seen, with the file's blanks where it fits one of the lines left there."""
        left = list(expected)
        lines = []
        for each in lived:
            fitting = next(
                (index for index, line in enumerate(left) if _line_fits(line, each, self.blanks)), None
            )
            if fitting is None:
                lines.append(replace(each, text=self.blanks.blanked(each.text)))
            else:
                lines.append(left[fitting])
                left = left[fitting + 1 :]
        return lines

    def _repaired(self, expected: Sequence[Seen], lived: Sequence[Seen]) -> list[Seen]:
        """The file's lines with the words that were seen in lines of the same kind."""
        left = list(lived)
        lines = []
        for line in expected:
            same = [each for each in left if _line_fits(line, each, self.blanks)]
            like = same or [each for each in left if _kind(each) == _kind(line)]
            if like:
                left = left[left.index(like[0]) + 1 :]
                lines.append(line if same else self._renewed(line, like[0]))
        return lines

    def _renewed(self, line: Seen, each: Seen) -> Seen:
        """What was seen, with an end that does not matter where the file's line has one."""
        text = self.blanks.blanked(each.text)
        if line.text.endswith("\n{…}"):
            text = text.rpartition("\n")[0] + "\n{…}"
        return replace(each, text=text)


async def live(stage: Stage, dialogue: Dialogue, *, curious: bool = False) -> Lived:
    """Play a dialogue from its beginning to its end.

    Args:
        stage: Where; it has forgotten everything when this returns.
        dialogue: What is to be done, and what to be seen.
        curious: Whether to look for what nobody expects a little longer than needed.
    """
    blanks = Blanks()
    all_seen: list[Sequence[Seen]] = []
    fits: list[bool] = []
    await stage.enter(dialogue)
    try:
        for move in dialogue.moves:
            if move.act:
                text, issue = blanks.fill(move.act.text), blanks.fill(move.act.issue)
                await stage.do(replace(move.act, text=text, issue=issue))
            patience = PATIENCE if all(fits) and not curious else CURIOSITY
            seen, fit, blanks = await _see(stage, move, blanks, patience, curious=curious)
            all_seen.append(seen)
            fits.append(fit)
            if not fit:  # the lines that would have told the numbers are not there
                for number in await stage.numbers():
                    blanks.name(number)
    finally:
        await stage.leave()
    return Lived(dialogue, all_seen, fits, blanks)


async def _see(
    stage: Stage, move: Move, blanks: Blanks, patience: float, *, curious: bool
) -> tuple[list[Seen], bool, Blanks]:
    """Look until what is expected was seen and nothing more is on its way."""
    deadline = time.monotonic() + patience
    found: list[tuple[str, Seen]] = []
    while True:
        await stage.settle()
        for state, seen in await stage.look():
            # Edits of one post may overtake each other: only the last one is sure to be seen.
            found = [each for each in found if not state or each[0] != state]
            found.append((state, seen))
        lived = [seen for _, seen in found]
        learnt = Blanks(dict(blanks.values))
        fit = is_as_expected(move.expected, lived, learnt)
        is_over = time.monotonic() > deadline
        if is_over or (fit and not curious):
            return lived, fit, learnt if fit else blanks
        await asyncio.sleep(0.05)


def is_as_expected(expected: Sequence[Seen], lived: Sequence[Seen], blanks: Blanks) -> bool:
    """Whether what was seen in one move is what a file says; learns what its blanks stand for."""
    channels = _channels([*expected, *lived])
    return all(_channel_fits(_of(each, expected), _of(each, lived), blanks) for each in channels)


def _channel_fits(expected: Sequence[Seen], lived: Sequence[Seen], blanks: Blanks) -> bool:
    channel = next(iter(_channels([*expected, *lived])), "")
    if channel.startswith("<"):
        pairs = zip(expected, lived, strict=False)
        return len(expected) == len(lived) and all(_line_fits(line, each, blanks) for line, each in pairs)
    if [line.text for line in expected] == [_NOTHING]:
        return not lived
    left = iter(lived)
    return all(any(_line_fits(line, each, blanks) for each in left) for line in expected)


def _line_fits(line: Seen, each: Seen, blanks: Blanks) -> bool:
    return line.where == each.where and blanks.match(line.text, each.text)


def _channels(seen: Sequence[Seen]) -> list[str]:
    """Phones first, then rooms, each in the order in which they come."""
    channels = dict.fromkeys(each.channel for each in seen)
    return sorted(channels, key=lambda channel: not channel.startswith("<"))


def _of(channel: str, seen: Sequence[Seen]) -> list[Seen]:
    return [each for each in seen if each.channel == channel]


def _kind(seen: Seen) -> str:
    """What a line is apart from whom it rings."""
    return seen.where.partition(",")[0]
