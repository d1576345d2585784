"""Blanks in expected texts: `{number}` for what differs from run to run, `{…}` for what does not matter.

Only compares words. A blank whose name begins with 'number' stands for the same issue wherever it
occurs in a dialogue; every other one matches anything within its line, and `{…}` anything at all.
"""

import re
from dataclasses import dataclass, field

_BLANK = re.compile(r"\{(\w+|…)\}")

#: An issue's number, digit by digit where it is read aloud.
_NUMBER = r"\d(?: ?\d){3,}"

_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"

#: What every run has others of, and how a file calls it.
_VARYING = {
    "{date}": re.compile(rf"\d{{1,2}}月\d{{1,2}}日|\b(?:{_MONTHS}) \d{{1,2}}\b"),
    "{link}": re.compile(r"https?://\S+"),
    "{phone}": re.compile(r"\+\d{6,}"),
}


@dataclass
class Blanks:
    """What the numbered blanks of one dialogue stand for, so far.

    Attributes:
        values: By name.
    """

    values: dict[str, str] = field(default_factory=dict)

    def match(self, expected: str, lived: str) -> bool:
        """Whether a text is what was expected; learns what it tells about new blanks."""
        new: list[str] = []

        def pattern(blank: re.Match[str]) -> str:
            name = blank.group(1)
            if name == "…":
                return r"[\s\S]*"
            if not name.startswith("number"):
                return ".+?"
            if name in self.values:
                return _spaced(self.values[name])
            if name in new:
                return f"(?P={name})"
            new.append(name)
            return f"(?P<{name}>{_NUMBER})"

        parts = _BLANK.split(expected)
        blanks = list(_BLANK.finditer(expected))
        whole = "".join(
            re.escape(part) if index % 2 == 0 else pattern(blanks[index // 2])
            for index, part in enumerate(parts)
        )
        found = re.fullmatch(whole, lived)
        if found is None:
            return False
        learnt = {name: found.group(name).replace(" ", "") for name in new}
        if len({*self.values.values(), *learnt.values()}) < len(self.values) + len(learnt):
            return False  # two names never stand for one issue
        self.values |= learnt
        return True

    def fill(self, text: str) -> str:
        """A text to send, with the blanks that are known filled in."""
        return _BLANK.sub(lambda blank: self.values.get(blank.group(1), blank.group()), text)

    def name(self, number: str) -> None:
        """Let the next free name stand for an issue that nobody has named yet."""
        if number in self.values.values():
            return
        free = next(
            name
            for name in ("number", *(f"number{count}" for count in range(2, 1000)))
            if name not in self.values
        )
        self.values[free] = number

    def blanked(self, text: str) -> str:
        """A lived text as it would stand in a file, with blanks for all that every run has others of."""
        for blank, varying in _VARYING.items():
            text = varying.sub(blank, text)
        for name, value in self.values.items():
            text = re.sub(rf"(?<!\d){_spaced(value)}(?!\d)", f"{{{name}}}", text)
        return text


def _spaced(number: str) -> str:
    """A pattern for a number, with or without blanks between its digits."""
    return " ?".join(number)
