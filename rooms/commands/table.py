"""The table of all that leaders can ask for: its names, signs and form, and what does it.

Each family of commands is a module beside this one; `command` puts its functions into the table, from
which help and documentation are written. Looking something up here decides nothing.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from issues.effects import Effects
from linzhang.words import Text
from rooms.commands.call import Call

#: Does what a call asks for; raises an `IssueError` with a sentence where it cannot.
Handler = Callable[[Call], Awaitable[Sequence[Effects]]]

#: Letters of an English name for each slip in it that is forgiven; and of a word that is looked at.
_LETTERS_A_SLIP = 3
_LONGEST = 20

#: Emoji come with variants of form and skin that mean the same.
_VARIANTS = dict.fromkeys([0xFE0F, *range(0x1F3FB, 0x1F400)])


@dataclass(frozen=True, slots=True)
class Command:
    """Something that leaders can ask for.

    Attributes:
        name: What it is called in the table.
        names: All its names in small letters, English ones first.
        emoji: Reactions that ask for the same.
        form: How it is written, with an example.
        help: What it does, in a few words.
        wordy: Whether words may follow, so that they may do so without a blank in Chinese.
        run: Does it.
    """

    name: str
    names: tuple[str, ...]
    emoji: tuple[str, ...]
    form: Text
    help: Text
    wordy: bool
    run: Handler


#: All commands by name, in the order in which help shows them.
TABLE: dict[str, Command] = {}

_BY_NAME: dict[str, Command] = {}
_BY_EMOJI: dict[str, Command] = {}


def command(
    names: str, emoji: str = "", *, form: Text, about: Text, wordy: bool = True
) -> Callable[[Handler], Handler]:
    """Put a function into the table.

    Args:
        names: What it can be called, with blanks between them; its own name first, English ones before
            others.
        emoji: Reactions that ask for the same, with blanks between them.
        form: How it is written, with an example.
        about: What it does, in a few words.
        wordy: Whether words may follow.
    """

    def put(run: Handler) -> Handler:
        words = tuple(names.split())
        made = Command(words[0], words, tuple(emoji.split()), form, about, wordy, run)
        TABLE[made.name] = made
        _BY_NAME.update(dict.fromkeys(words, made))
        _BY_EMOJI.update(dict.fromkeys((each.translate(_VARIANTS) for each in made.emoji), made))
        return run

    return put


def named(name: str) -> Command | None:
    """The command with exactly this name."""
    return _BY_NAME.get(name)


def beginning(text: str) -> list[tuple[str, Command]]:
    """Commands whose Chinese name a text begins with, the longest name first."""
    fits = [(name, each) for name, each in _BY_NAME.items() if not name.isascii() and text.startswith(name)]
    return sorted(fits, key=lambda fit: -len(fit[0]))


def reacting(emoji: str) -> Command | None:
    """The command that a reaction asks for."""
    return _BY_EMOJI.get(emoji.translate(_VARIANTS))


def nearest(word: str) -> Command | None:
    """The command that a slip of the pen may have meant."""
    far = {name: _slips(word, name) for name in _BY_NAME if name.isascii()}
    close = min(far, key=lambda name: far[name], default="")
    if close and far[close] <= max(1, len(close) // _LETTERS_A_SLIP):
        return _BY_NAME[close]
    shared = {name: len(set(name) & set(word)) for name in _BY_NAME if not name.isascii()}
    best = max(shared, key=lambda name: (shared[name], -len(name)), default="")
    # Half of a Chinese name is one character of two.
    return _BY_NAME[best] if best and shared[best] * 2 >= len(best) else None


def _slips(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many or swapped: the optimal string alignment distance."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one[:_LONGEST], start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
