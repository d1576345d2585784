"""The printed report of a month: a page or two that a township secretary hangs up."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from linzhang.words import Text, say
from models import Unit
from papers.paper import Chart, Fact, Paper, Table
from projections.tallies import Figures
from web.desk.figures import measures, spelling
from web.desk.figures.cards import cards
from web.desk.figures.meaning import meaning
from web.desk.figures.measures import SHOWN, Measure
from web.desk.figures.periods import month_name, week_name
from web.desk.figures.reading import Reading
from web.desk.texts import figures as texts

#: Weeks that the chart shows, those of the month at its end.
WEEKS = 13

#: Units that are named as first and last, and answered issues that a unit must have for it.
_RANKED, _LEAST = 3, 5


class MonthlyReport:
    """Puts the figures of a month into words and tables, in one language.

    Args:
        reading: Of the month.
        course: Of the weeks that the chart shows.
        language: In which.
        at: Programme time.
    """

    def __init__(self, reading: Reading, course: Reading, language: str, at: datetime) -> None:
        self._reading = reading
        self._course = course
        self._language = language
        self._at = at.astimezone(reading.profile.zone)

    def paper(self) -> Paper:
        """The whole report."""
        reading = self._reading
        month = month_name(reading.period.month, self._language)
        title = self._say(texts.REPORT_TITLE, unit=reading.unit.name, month=month)
        return Paper(
            title=title,
            notes=self._notes(),
            tables=self._tables() if reading.whole.received else [],
            signatures=[],
            foot=f"{title} · {self._at:%Y-%m-%d %H:%M}",
            language=self._language,
            names=reading.profile.default_language,
            facts=self._facts() if reading.whole.received else [],
            charts=self._charts(),
            closing=[
                self._say(texts.MEANING),
                *meaning(reading.profile, self._language),
                self._say(texts.REPORT_RANKED, least=_LEAST),
            ],
        )

    def _notes(self) -> list[str]:
        period = self._reading.period
        notes = [
            self._say(
                texts.REPORT_DAYS,
                days=period.days(self._language),
                day=self._at.date(),
                time=f"{self._at:%H:%M}",
            )
        ]
        if not period.is_over:
            notes.append(self._say(texts.NOT_OVER))
        if not self._reading.whole.received:
            notes.append(self._say(texts.REPORT_EMPTY))
        return notes

    def _facts(self) -> list[Fact]:
        found = []
        for card in cards(self._reading, self._language):
            note = card.details[0] if len(card.details) == 1 else card.change
            found.append(Fact(card.name, card.value, note))
        return found

    def _charts(self) -> list[Chart]:
        weeks = self._course.weeks
        if not self._course.whole.received:
            return []
        shown = (measures.RECEIVED, measures.CLOSED)
        return [
            Chart(
                self._say(texts.REPORT_WEEKS),
                [week_name(week, self._language) for week, _ in weeks],
                [(self._say(each.text), [_height(each, of) for _, of in weeks]) for each in shown],
            )
        ]

    def _tables(self) -> list[Table]:
        children = self._reading.children
        if not children:
            return []
        found = [self._table(texts.BY_UNIT, children)]
        answered = [each for each in children if each[1].answered >= _LEAST]
        if len(answered) >= 2 * _RANKED:
            ranked = sorted(answered, key=lambda each: each[1].median_to_answer or timedelta())
            found.append(self._table(texts.REPORT_FASTEST, ranked[:_RANKED]))
            found.append(self._table(texts.REPORT_SLOWEST, ranked[: -_RANKED - 1 : -1]))
        return found

    def _table(self, title: Text, rows: Sequence[tuple[Unit, Figures]]) -> Table:
        heading = [self._say(texts.UNIT), *(self._say(each.text) for each in SHOWN)]
        cells = [(unit.name, *(self._cell(each, of) for each in SHOWN)) for unit, of in rows]
        return Table(self._say(title), heading, cells, _widths(heading, cells))

    def _cell(self, measure: Measure, of: Figures) -> str:
        return spelling.spelled(measure, measure.of(of), self._language)

    def _say(self, text: Text, **values: object) -> str:
        return say(text, self._language, **values)


def _height(measure: Measure, of: Figures) -> float:
    value = measure.of(of)
    return float(value) if isinstance(value, int | float) else 0.0


def _widths(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """How wide columns must be so that figures, and the words of the heading, stay in one piece."""
    columns = zip(heading, *rows, strict=True)
    return [round(10 * (1 + max(_longest_piece(name), *map(_wide, cells)))) for name, *cells in columns]


def _longest_piece(words: str) -> float:
    """Of a heading; Chinese ones go on two lines."""
    return max(_wide(word) / (1 if word.isascii() else 2) for word in words.split())


def _wide(words: str) -> float:
    """How wide words are, a Chinese character being one."""
    return sum(0.62 if each.isascii() else 1 for each in words)
