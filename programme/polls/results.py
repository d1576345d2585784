"""What a poll has come to, at a unit and below it, in words. Reads; changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from issues import texts as issue_texts
from linzhang.settings import Settings
from linzhang.words import clock_time, say
from models import Notice, NoticeTally, Unit
from programme import texts
from programme.notices import standing


@dataclass(frozen=True, slots=True)
class Share:
    """How many have chosen an option.

    Attributes:
        option: Which.
        count: How many.
        percent: Of all who have answered.
    """

    option: str
    count: int
    percent: int


def shares(notice: Notice, sums: NoticeTally) -> list[Share]:
    """How the answers of a unit divide; nothing of a secret poll."""
    options = [] if notice.secret else notice.options or []
    counts = [int(getattr(sums, f"answer{place}")) for place in range(1, len(options) + 1)]
    whole = max(1, sum(counts))
    return [
        Share(option, count, round(100 * count / whole))
        for option, count in zip(options, counts, strict=True)
    ]


def answered(notice: Notice, sums: NoticeTally) -> int:
    """How many of a unit have answered."""
    return sum(each.count for each in shares(notice, sums))


async def lines(
    settings: Settings, notice: Notice, unit: Unit, language: str, at: datetime, most: int
) -> Sequence[str]:
    """What it has come to, line by line, and at the units right below.

    Args:
        settings: The service's.
        notice: A poll.
        unit: At which unit.
        language: The reader's.
        at: Programme time.
        most: Units below that are told at most.
    """
    if notice.secret:
        return [_time(settings, notice, language, at)] if notice.ends_at is not None else []
    sums = (await standing.line(notice, unit)).sums
    said = [
        say(texts.RESULT_OPTION, language, option=each.option, count=each.count, share=each.percent)
        for each in shares(notice, sums)
    ]
    people = sums.leaders + sums.residents
    said.append(say(texts.RESULT_TURNOUT, language, answered=answered(notice, sums), people=people))
    comma = say(issue_texts.COMMA, language)
    for below in (await standing.below(notice, unit))[:most]:
        counts = comma.join(
            say(texts.RESULT_COUNT, language, option=each.option, count=each.count)
            for each in shares(notice, below.sums)
        )
        said.append(say(texts.RESULT_UNIT, language, unit=below.unit.name, counts=counts))
    if notice.ends_at is not None:
        said.append(_time(settings, notice, language, at))
    return said


def _time(settings: Settings, notice: Notice, language: str, at: datetime) -> str:
    """Until when answers count, or that it is over."""
    if notice.ends_at is None or notice.ends_at <= at:
        return say(texts.RESULT_IS_OVER, language)
    return say(
        texts.RESULT_UNTIL,
        language,
        time=clock_time(notice.ends_at, at, settings.territory.zone, language),
    )
