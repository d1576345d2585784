"""How much an issue weighs, which level that makes, and how long things took: tables and exact figures."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from linzhang.profile import WarningLevels, load_profile
from models import Action, Level, State, UnitLoad
from projections import rises, times
from projections.facts import Facts, Step
from projections.levels import level
from projections.weights import weigh
from tests.factories import PROFILE

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WARNING = WarningLevels()

UP = Step(Action.ESCALATE, True, "open", "open", 1, 2)
AGAIN = Step(Action.REMIND, True, "open", "open", 2, 2)
ASKED = Step(Action.REMIND, True, "resolved", "resolved", 2, 2)
ANSWERED = Step(Action.ANSWER, False, "open", "answered", 2, 2)
NOT_SOLVED = Step(Action.REJECT, False, "resolved", "open", 2, 3)


def issue(
    *steps: Step,
    state: State = State.OPEN,
    age: timedelta = timedelta(0),
    due: timedelta = 4 * HOUR,
    urgent: bool = False,
) -> Facts:
    opened = NOW - age
    due_at = NOW + due
    is_open = state is State.OPEN
    answer_due, resolve_due = (due_at, None) if is_open else (None, due_at)
    return Facts(1, "34/", state, opened, None, None, answer_due, resolve_due, urgent, None, None, steps)


@pytest.mark.parametrize(
    ("facts", "points", "overdue", "next_in"),
    [
        (issue(), 1, False, 4 * HOUR),
        (issue(due=30 * HOUR), 1, False, DAY),
        (issue(age=DAY), 1.1, False, 4 * HOUR),
        (issue(age=30 * DAY, due=100 * HOUR), 2, False, 100 * HOUR),
        (issue(age=30 * DAY, due=-HOUR), 3, True, None),
        (issue(due=-HOUR), 2, True, DAY),
        (issue(urgent=True), 4, False, 4 * HOUR),
        (issue(UP), 2, True, 4 * HOUR),
        (issue(UP, AGAIN, *[AGAIN] * 20), 7, True, 4 * HOUR),
        (issue(UP, ANSWERED, state=State.ANSWERED), 2, False, 4 * HOUR),
        (issue(ANSWERED, ASKED, NOT_SOLVED), 2.5, False, 4 * HOUR),
        (issue(UP, state=State.RESOLVED), 0, False, None),
        (issue(UP, state=State.CLOSED), 0, False, None),
        (issue(UP, state=State.MERGED), 0, False, None),
    ],
)
def test_the_weight_of_an_issue(
    facts: Facts, points: float, overdue: bool, next_in: timedelta | None
) -> None:
    weight = weigh(facts, WARNING, NOW)
    assert (round(weight.points, 6), weight.overdue) == (points, overdue)
    assert weight.next_at == (NOW + next_in if next_in else None)


@pytest.mark.parametrize(
    ("points", "households", "expected"),
    [
        (0, 10, Level.GREEN),
        (1, 10, Level.BLUE),  # something new in a block
        (2, 10, Level.YELLOW),  # it is overdue
        (4, 10, Level.ORANGE),  # it is urgent, too
        (6, 10, Level.RED),
        (2, 790, Level.GREEN),  # one overdue in a village
        (10, 790, Level.BLUE),  # a handful
        (30, 790, Level.ORANGE),
        (600, 1_500_000, Level.YELLOW),  # hundreds in a city
        (150, 1_500_000, Level.GREEN),
        (3, 0, Level.RED),  # nobody lives there
    ],
)
def test_the_level_of_a_unit(points: float, households: int, expected: Level) -> None:
    assert level(points, households, WARNING) is expected


def test_the_profile_of_bozhou_spells_out_the_defaults() -> None:
    assert load_profile(PROFILE).warning == WARNING
    assert "[warning]" in PROFILE.read_text(encoding="utf-8")


def test_levels_that_do_not_rise_are_refused() -> None:
    with pytest.raises(ValueError, match="more than the one before"):
        WarningLevels(orange=7)


def turned(*levels: tuple[Level, float]) -> list[float]:
    """Let a unit have levels at hours, its leader told at once; returns the hours at which they are told."""
    row, told = UnitLoad(unit_id=1), []
    for now, hours in levels:
        at = NOW + hours * HOUR
        rises.turn(row, now, at, WARNING)
        if row.tell_at is not None:
            told.append(hours)
            row.tell_at = row.report_at = None
    return told


def test_a_rise_is_told_of_once() -> None:
    orange, red, green = Level.ORANGE, Level.RED, Level.GREEN
    assert turned((Level.YELLOW, 0)) == []
    assert turned((orange, 0), (red, 1), (orange, 2), (red, 3)) == [0, 1]
    assert turned((red, 0), (green, 1), (orange, 2), (red, 3)) == [0]
    assert turned((red, 0), (green, 1), (red, 8)) == [0, 8]
    assert turned((red, 0), (orange, 1), (red, 8)) == [0, 8]
    assert turned((red, 0), (green, 1), (orange, 2), (green, 9), (orange, 10)) == [0]


def test_what_is_urgent_is_no_news_and_what_piles_up_beside_it_is() -> None:
    row = UnitLoad(unit_id=1)
    for hours, (now, news) in enumerate(((Level.ORANGE, Level.BLUE), (Level.RED, Level.YELLOW))):
        assert rises.turn(row, now, NOW + hours * HOUR, WARNING, news=news)
        assert (row.level, row.tell_at) == (now, None)
    assert not rises.turn(row, Level.RED, NOW + 2 * HOUR, WARNING, news=Level.GREEN)
    assert rises.turn(row, Level.RED, NOW + 3 * HOUR, WARNING, news=Level.ORANGE)
    assert row.tell_at == row.report_at == NOW + 3 * HOUR


def test_what_falls_before_anybody_is_told_is_told_at_its_next_rise() -> None:
    row = UnitLoad(unit_id=1)
    for hours, now in enumerate((Level.ORANGE, Level.GREEN, Level.ORANGE)):
        rises.turn(row, now, NOW + hours * HOUR, WARNING)
        assert (row.tell_at is not None) == (now is Level.ORANGE)


def test_medians_are_right_within_some_percent() -> None:
    chance = random.Random(7)
    for mean in (60, 3600, 40_000, 900_000):
        took = sorted(chance.expovariate(1 / mean) for _ in range(5000))
        histogram: dict[int, int] = {}
        for seconds in took:
            edge = times.bucket(timedelta(seconds=seconds))
            histogram[edge] = histogram.get(edge, 0) + 1
        for share in (0.5, 0.9):
            found = times.quantile(histogram, share)
            assert found is not None
            assert found.total_seconds() == pytest.approx(took[int(share * 5000) - 1], rel=0.02)


def test_what_was_done_within_a_window_is_exact() -> None:
    four = 4 * HOUR
    moments = [four - timedelta(seconds=1), four, four + timedelta(microseconds=1), 90 * DAY, 5000 * DAY]
    edges = [times.bucket(each) for each in moments]
    assert times.within(dict.fromkeys(edges, 1), four) == 1
    assert edges[0] == edges[1] == four.total_seconds() < edges[2]
    assert times.quantile({}, 0.5) is None
