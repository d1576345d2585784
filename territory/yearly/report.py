"""The report of a year: the numbers, what has changed since last year, and where it is signed."""

from collections.abc import Sequence

from linzhang.profile import Profile
from linzhang.words import Text, say
from models import Unit, YearlyCount
from papers.paper import Cell, Paper, Table
from territory.yearly import numbers, texts
from territory.yearly.freezing import SHORT, find, lines_of
from territory.yearly.numbers import Line

#: What a row of the tables by unit tells, besides the units themselves.
_IN_ROWS = (numbers.HOUSEHOLDS, numbers.RESIDENTS, numbers.LEADERS)


async def report(profile: Profile, code: str, year: int, language: str) -> Paper:
    """A year's report. The database must be open.

    Args:
        profile: The programme's.
        code: Code of the unit.
        year: Which year; it must be frozen.
        language: In which language.

    Raises:
        YearlyError: There is no such unit, or its year is not frozen.
    """
    counted = await find(code, year)
    unit = await Unit.get(id=counted.unit_id)
    before = await YearlyCount.get_or_none(unit_id=unit.id, year=year - 1)
    return _Writer(profile, language, unit, counted, before).paper()


class _Writer:
    """Puts a year into words and tables, in one language."""

    def __init__(
        self, profile: Profile, language: str, unit: Unit, counted: YearlyCount, before: YearlyCount | None
    ) -> None:
        self._profile = profile
        self._language = language
        self._unit = unit
        self._counted = counted
        self._before = before
        self._lines = lines_of(counted)
        self._lines_before = {line.code: line for line in lines_of(before)} if before else {}

    def paper(self) -> Paper:
        """The whole report."""
        short = self._counted.digest[:SHORT]
        title = self._say(texts.TITLE, name=self._unit.name, year=self._counted.year)
        return Paper(
            title=title,
            notes=self._notes(short),
            tables=[self._totals(), *self._by_tier()],
            signatures=[self._say(text) for text in (texts.COUNTER, texts.SIGNER, texts.SEAL)],
            foot=f"{title} · {short}",
            language=self._language,
            names=self._profile.default_language,
        )

    def _notes(self, short: str) -> list[str]:
        counted = self._counted
        day = counted.frozen_at.astimezone(self._profile.zone).date()
        notes = [self._say(texts.COUNTED_BY, day=day, who=counted.frozen_by)]
        if counted.signed_at:
            day = counted.signed_at.astimezone(self._profile.zone).date()
            notes.append(self._say(texts.SIGNED_BY, day=day, who=counted.signed_by))
        else:
            notes.append(self._say(texts.DRAFT))
        notes.append(self._say(texts.FINGERPRINT, digest=short))
        if self._before is None:
            notes.append(self._say(texts.NO_LAST_YEAR, last=counted.year - 1))
        return notes

    def _totals(self) -> Table:
        whole, year = self._lines[0], self._counted.year
        before = self._lines_before.get(whole.code)
        then = before.counts if before else None
        rows: list[Sequence[Cell]] = []
        for tier in self._tiers_below(whole.tier):
            rows.append(self._total(self._tier(tier), whole.counts[tier], then[tier] if then else None))
        for what, text in texts.WHATS.items():
            rows.append(self._total(self._say(text), whole.counts[what], then[what] if then else None))
        rows.append(self._total(self._say(texts.VACANT), whole.vacant, before.vacant if before else None))
        heading = [self._say(texts.WHAT), str(year - 1), str(year), self._say(texts.DIFFERENCE)]
        return Table(self._say(texts.TOTALS), heading, rows, (50, 15, 15, 15))

    def _total(self, label: str, now: int, before: int | None) -> Sequence[Cell]:
        return (label, before, now, None if before is None else _signed(now - before))

    def _by_tier(self) -> list[Table]:
        """A table of townships, a table of villages: whatever has lines."""
        found = []
        for tier in self._tiers_below(self._lines[0].tier):
            lines = [line for line in self._lines if line.tier == tier]
            if lines:
                found.append(self._units(tier, lines))
        return found

    def _units(self, tier: str, lines: Sequence[Line]) -> Table:
        lower = self._tiers_below(tier)
        heading = [
            self._tier(tier),
            self._say(texts.CODE),
            *(self._tier(each) for each in lower),
            *(self._say(texts.WHATS[what]) for what in _IN_ROWS),
            self._say(texts.VACANT),
            self._say(texts.CHANGE),
        ]
        rows = [
            (
                line.name,
                line.code,
                *(line.counts[each] for each in lower),
                *(line.counts[what] for what in _IN_ROWS),
                line.vacant,
                self._change(line),
            )
            for line in lines
        ]
        widths = (26, 22, *(13 for _ in lower), *(14 for _ in _IN_ROWS), 12, 14)
        return Table(self._say(texts.BY_TIER, tier=self._tier(tier)), heading, rows, widths)

    def _change(self, line: Line) -> Cell:
        before = self._lines_before.get(line.code)
        if before is None:
            return None
        return _signed(line.counts[numbers.LEADERS] - before.counts[numbers.LEADERS])

    def _tiers_below(self, tier: str) -> list[str]:
        return [each.key for each in self._profile.tiers[self._profile.level(tier) + 1 :]]

    def _tier(self, key: str) -> str:
        names = self._profile.tier(key).name
        return names.get(self._language) or names[self._profile.default_language]

    def _say(self, text: Text, **values: object) -> str:
        return say(text, self._language, **values)


def _signed(number: int) -> str:
    return f"{number:+,}" if number else "0"
