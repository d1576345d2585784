"""The key figures as cards: what it is, how much, what it means in one line, and how it was before."""

from dataclasses import dataclass
from datetime import timedelta

from linzhang.words import Text, say
from projections.tallies import Figures
from web.desk.figures import measures, spelling
from web.desk.figures.measures import Kind, Measure, Value
from web.desk.figures.reading import Reading
from web.desk.texts import figures as texts


@dataclass(frozen=True, slots=True)
class Card:
    """One key figure, in words.

    Attributes:
        name: What it is called.
        value: How much.
        meaning: What that means, in one line.
        details: Further lines.
        change: How it was before; empty: there is nothing to compare.
        mood: 'better', 'worse', or empty where neither can be said.
    """

    name: str
    value: str
    meaning: str
    details: tuple[str, ...] = ()
    change: str = ""
    mood: str = ""


#: The figures that have a card, in their order, and what each means.
_CARDS: tuple[tuple[Measure, Text], ...] = (
    (measures.RECEIVED, texts.RECEIVED_MEANS),
    (measures.ANSWERED_IN_TIME, texts.ANSWERED_IN_TIME_MEANS),
    (measures.CLOSING_RATE, texts.CLOSING_RATE_MEANS),
    (measures.UNFINISHED, texts.UNFINISHED_MEANS),
    (measures.MEDIAN_TO_ANSWER, texts.MEDIAN_TO_ANSWER_MEANS),
    (measures.MEDIAN_TO_CLOSE, texts.MEDIAN_TO_CLOSE_MEANS),
    (measures.ESCALATIONS, texts.ESCALATIONS_MEANS),
    (measures.REOPENED, texts.REOPENED_MEANS),
    (measures.SATISFACTION, texts.SATISFACTION_MEANS),
)


def cards(reading: Reading, language: str) -> list[Card]:
    """The key figures of a unit."""
    found = []
    for measure, meaning in _CARDS:
        now, before = measure.of(reading.whole), measure.of(reading.before)
        change, mood = _change(measure, now, before if reading.before.received else None, language)
        found.append(
            Card(
                say(measure.text, language),
                spelling.spelled(measure, now, language),
                say(meaning, language),
                tuple(_details(measure, reading, language)),
                change,
                mood,
            )
        )
    return found


def _details(measure: Measure, reading: Reading, language: str) -> list[str]:
    """What there is to say about a figure besides."""
    whole = reading.whole
    if measure is measures.ANSWERED_IN_TIME:
        return _of(whole.in_time, whole.in_time + whole.late, language)
    if measure is measures.CLOSING_RATE:
        return _of(whole.closed, whole.closed + whole.unfinished, language)
    if measure is measures.MEDIAN_TO_ANSWER:
        return _nine(whole.p90_to_answer, language)
    if measure is measures.MEDIAN_TO_CLOSE:
        return _nine(whole.p90_to_close, language)
    if measure is measures.ESCALATIONS:
        return _tiers(reading, language)
    if measure is measures.SATISFACTION and whole.ratings:
        number = spelling.count(sum(whole.ratings.values()), language)
        return [say(texts.RATED_BY, language, count=number, closed=spelling.count(whole.closed, language))]
    return []


def _of(part: int, whole: int, language: str) -> list[str]:
    said = (spelling.count(each, language) for each in (part, whole))
    return [say(texts.OF, language, **dict(zip(("part", "whole"), said, strict=True)))] if whole else []


def _nine(length: timedelta | None, language: str) -> list[str]:
    if length is None:
        return []
    return [say(texts.NINE_OF_TEN, language, time=spelling.time(length, language))]


def _tiers(reading: Reading, language: str) -> list[str]:
    """How often to which tier, from below upwards."""
    profile, escalations = reading.profile, reading.whole.escalations
    return [
        say(
            texts.TO_TIER,
            language,
            tier=tier.name.get(language) or tier.name[profile.default_language],
            count=spelling.count(escalations[tier.key], language),
        )
        for tier in reversed(profile.tiers)
        if escalations.get(tier.key)
    ]


def _change(measure: Measure, now: Value, before: Value, language: str) -> tuple[str, str]:
    """How a figure has changed, in words, and whether for the better."""
    if now is None or before is None:
        return "", ""
    more, less = _WORDS[measure.kind]
    if isinstance(now, timedelta) and isinstance(before, timedelta):
        difference = round((now - before).total_seconds() / 60)
        change = spelling.time(abs(now - before), language)
    else:
        exact = float(now) - float(before)  # type: ignore[arg-type]  # both are numbers
        if measure.kind is Kind.COUNT:
            difference, change = round(exact), spelling.count(abs(round(exact)), language)
        elif measure.kind is Kind.SHARE:
            difference, change = round(exact * 1000), f"{abs(exact) * 100:.1f}"
        else:
            difference, change = round(exact * 10), f"{abs(exact):.1f}"
    if not difference:
        return say(texts.NO_CHANGE, language), ""
    mood = {1: "better", -1: "worse"}.get(measure.good * (1 if difference > 0 else -1), "")
    return say(more if difference > 0 else less, language, change=change), mood


_WORDS = {
    Kind.COUNT: (texts.UP, texts.DOWN),
    Kind.MARK: (texts.UP, texts.DOWN),
    Kind.SHARE: (texts.UP_POINTS, texts.DOWN_POINTS),
    Kind.TIME: (texts.LONGER, texts.SHORTER),
}


def is_empty(of: Figures) -> bool:
    """Whether there is nothing to show."""
    return not of.received
