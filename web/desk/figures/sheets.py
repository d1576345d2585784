"""The figures as tables to reckon with, by unit and by week: numbers as numbers, all of them."""

from datetime import timedelta

from linzhang.words import Text, say
from models import Unit
from papers.paper import Cell, Paper, Share, Table
from projections.tallies import Figures
from web.desk.figures.measures import MEASURES, Kind, Measure
from web.desk.figures.reading import Reading
from web.desk.texts import figures as texts

_WIDE, _NARROW = 24, 12


def paper(reading: Reading, language: str) -> Paper:
    """Both tables, with what the figures are of; its first line is the unit's own."""
    return Paper(
        title=say(texts.HEAD, language, unit=reading.unit.name),
        notes=[reading.period.days(language), say(texts.MEANING_COHORT, language)],
        tables=[by_unit(reading, language), by_week(reading, language)],
        signatures=[],
        foot="",
        language=language,
    )


def by_unit(reading: Reading, language: str) -> Table:
    """The unit itself, and a row for each unit right below it."""
    of: list[tuple[Unit, Figures]] = [(reading.unit, reading.whole), *reading.children]
    return _table(
        texts.BY_UNIT,
        (texts.UNIT, texts.CODE),
        [((unit.name, unit.code), figures) for unit, figures in of],
        language,
    )


def by_week(reading: Reading, language: str) -> Table:
    """A row for each week, by its Monday as ISO 8601 writes it."""
    return _table(
        texts.BY_WEEK,
        (texts.WEEK_FROM,),
        [((week.isoformat(),), figures) for week, figures in reading.weeks],
        language,
    )


def file_name(reading: Reading, what: Text, ending: str, language: str) -> str:
    """A name that says whose figures, which, and of when."""
    return f"{reading.unit.name}_{say(what, language)}_{reading.period.in_a_file_name()}.{ending}"


def _table(
    title: Text, names: tuple[Text, ...], rows: list[tuple[tuple[str, ...], Figures]], language: str
) -> Table:
    heading = [say(each, language) for each in (*names, *(measure.text for measure in MEASURES))]
    return Table(
        say(title, language),
        heading,
        [(*named, *(_cell(measure, of) for measure in MEASURES)) for named, of in rows],
        [_WIDE] * len(names) + [_NARROW] * len(MEASURES),
    )


def _cell(measure: Measure, of: Figures) -> Cell:
    value = measure.of(of)
    if measure.kind is Kind.SHARE and value is not None and not isinstance(value, timedelta):
        return Share(value)
    return value
