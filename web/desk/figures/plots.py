"""The plots: what they show as numbers, for the page's module, and as words, for the table below each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from linzhang.words import Text, say
from projections.tallies import Figures
from web.desk.figures import measures, spelling
from web.desk.figures.measures import Kind, Measure, Value
from web.desk.figures.periods import week_name
from web.desk.figures.reading import Order, Reading
from web.desk.texts import figures as texts


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or bars of one colour.

    Attributes:
        measure: What it shows.
        name: What it is called in the legend.
    """

    measure: Measure
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One place on the axis.

    Attributes:
        name: What stands there.
        said: Its figures in words, one for each series.
        numbers: The same as numbers; None: there is none.
        link: Where a click leads; empty: nowhere.
    """

    name: str
    said: Sequence[str]
    numbers: Sequence[float | None]
    link: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot.

    Attributes:
        key: Its name in the page.
        title: Stands above it.
        form: 'bars', 'lines', or 'lying' for bars that lie below each other.
        unit: What stands behind a number: '%', or nothing.
        most: Where the axis ends; None: where the numbers do.
        series: What it shows.
        rows: The places on the axis.
    """

    key: str
    title: str
    form: str
    unit: str
    most: float | None
    series: Sequence[Series]
    rows: Sequence[Row]

    def as_data(self) -> dict[str, Any]:
        """For the module of the page."""
        return {
            "key": self.key,
            "title": self.title,
            "form": self.form,
            "unit": self.unit,
            "most": self.most,
            "series": [each.name for each in self.series],
            "rows": [
                {"name": row.name, "numbers": row.numbers, "said": row.said, "link": row.link}
                for row in self.rows
            ],
        }


_BY_WEEK: tuple[tuple[str, Text, str, tuple[tuple[Measure, Text], ...]], ...] = (
    (
        "load",
        texts.PLOT_LOAD,
        "bars",
        ((measures.RECEIVED, texts.RECEIVED), (measures.CLOSED, texts.CLOSED)),
    ),
    (
        "shares",
        texts.PLOT_SHARES,
        "lines",
        (
            (measures.ANSWERED_IN_TIME, texts.ANSWERED_IN_TIME),
            (measures.CLOSING_RATE, texts.CLOSING_RATE),
        ),
    ),
    (
        "answers",
        texts.PLOT_ANSWER_TIMES,
        "lines",
        ((measures.MEDIAN_TO_ANSWER, texts.HALF), (measures.P90_TO_ANSWER, texts.NINE)),
    ),
    (
        "closings",
        texts.PLOT_CLOSE_TIMES,
        "lines",
        ((measures.MEDIAN_TO_CLOSE, texts.HALF), (measures.P90_TO_CLOSE, texts.NINE)),
    ),
)


def by_week(reading: Reading, language: str) -> list[Plot]:
    """The plots by week; none for a single week."""
    if len(reading.weeks) < 2 or not reading.whole.received:
        return []
    found = []
    for key, title, form, shown in _BY_WEEK:
        series = [Series(measure, say(text, language)) for measure, text in shown]
        rows = [_row(week_name(week, language), series, of, language) for week, of in reading.weeks]
        kind = series[0].measure.kind
        found.append(Plot(key, say(title, language), form, *_axis(kind), series, rows))
    return found


def by_unit(reading: Reading, order: Order, language: str, asking: str) -> Plot | None:
    """The plot by unit of the figure by which they are sorted; None: there are no units below.

    Args:
        reading: What was read.
        order: How they are sorted.
        language: Of whoever looks.
        asking: What the address of a unit's page ends with.
    """
    if not reading.children or not reading.whole.received:
        return None
    name = say(order.measure.text, language)
    series = [Series(order.measure, name)]
    rows = [
        _row(unit.name, series, of, language, f"/desk/figures/{unit.code}{asking}")
        for unit, of in order.sorted(reading.children)
    ]
    title = say(texts.PLOT_UNITS, language, measure=name)
    return Plot("units", title, "lying", *_axis(order.measure.kind), series, rows)


def _row(name: str, series: Sequence[Series], of: Figures, language: str, link: str = "") -> Row:
    values = [each.measure.of(of) for each in series]
    said = [
        spelling.spelled(each.measure, value, language) for each, value in zip(series, values, strict=True)
    ]
    numbers = [_number(each.measure, value) for each, value in zip(series, values, strict=True)]
    return Row(name, said, numbers, link)


def _number(measure: Measure, value: Value) -> float | None:
    """A figure on an axis: shares in percent, times in hours."""
    if isinstance(value, timedelta):
        return round(value.total_seconds() / 3600, 2)
    if value is None:
        return None
    return round(value * 100, 1) if measure.kind is Kind.SHARE else round(value, 2)


def _axis(kind: Kind) -> tuple[str, float | None]:
    return {Kind.SHARE: ("%", 100.0), Kind.MARK: ("", 5.0)}.get(kind, ("", None))
