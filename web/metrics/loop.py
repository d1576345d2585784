"""The loop of the whole territory: what was received and became of it, what is in hand, warning levels."""

from collections import Counter

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from tortoise.functions import Count

from issues.standing import IN_HAND
from linzhang.settings import Settings
from models import Issue, Level, Tally, UnitLoad
from projections import counting
from web.metrics.statements import rows

#: By the tier of whoever has to act. A window has passed where the projections say so.
_IN_HAND = f"""
SELECT u.tier AS tier, count(*) AS number,
       sum(CASE WHEN i.urgent THEN 1 ELSE 0 END) AS urgent,
       sum(CASE WHEN p.overdue > 0 THEN 1 ELSE 0 END) AS overdue
FROM issue i LEFT JOIN unit u ON u.id = i.holder_id LEFT JOIN projected p ON p.issue_id = i.id
WHERE i.state IN ({", ".join(f"'{state.value}'" for state in IN_HAND)})
GROUP BY u.tier
"""  # noqa: S608 - our own words

#: The figures that can only grow, and those that a reopened issue takes back.
_TOTALS = (
    (counting.RECEIVED, "linzhang_issues_received", "Issues received, ever."),
    (counting.REOPENED, "linzhang_issues_reopened", "Times that a resident said 'not solved', ever."),
)
_NOW = (
    (counting.ANSWERED, "linzhang_issues_answered", "Of all issues received, those with a leader's answer."),
    (counting.IN_TIME, "linzhang_issues_answered_in_time", "Those answered before a window had passed."),
    (counting.LATE, "linzhang_issues_late", "Those without an answer when the first window passed."),
    (counting.CLOSED, "linzhang_issues_closed", "Those that are closed now."),
)


async def read(settings: Settings) -> list[Metric]:
    """Read them."""
    return [*await _figures(), *await _in_hand(settings), await _levels(), *await _behind(settings)]


async def _figures() -> list[Metric]:
    whole: Counter[str] = Counter()
    for row in await Tally.filter(unit__parent_id=None).values("counts"):
        whole.update(row["counts"])
    found: list[Metric] = []
    found += [CounterMetricFamily(name, words, value=whole[key]) for key, name, words in _TOTALS]
    found += [GaugeMetricFamily(name, words, value=whole[key]) for key, name, words in _NOW]
    return found


async def _in_hand(settings: Settings) -> list[Metric]:
    profile = settings.territory
    number = GaugeMetricFamily(
        "linzhang_issues_in_hand", "Issues that a tier has to act on.", labels=["tier"]
    )
    overdue = GaugeMetricFamily(
        "linzhang_issues_overdue", "Of these, those of which a window has passed.", labels=["tier"]
    )
    urgent = GaugeMetricFamily("linzhang_issues_urgent", "Of these, the urgent ones.", labels=["tier"])
    department = [profile.department.key] if profile.department else []
    # Nobody holds what nobody can place.
    found = {row["tier"] or "none": row for row in await rows(Issue, _IN_HAND)}
    for tier in [*(each.key for each in profile.tiers), *department, "none"]:
        row = found.get(tier, {})
        number.add_metric([tier], row.get("number") or 0)
        overdue.add_metric([tier], row.get("overdue") or 0)
        urgent.add_metric([tier], row.get("urgent") or 0)
    return [number, overdue, urgent]


async def _levels() -> Metric:
    units = GaugeMetricFamily(
        "linzhang_units", "Units by their warning level; new ones have none yet.", labels=["tier", "level"]
    )
    loads = UnitLoad.filter(unit__closed_at=None).annotate(number=Count("unit_id"))
    for row in await loads.group_by("unit__tier", "level").values("unit__tier", "level", "number"):
        units.add_metric([row["unit__tier"], Level(row["level"]).name.lower()], row["number"])
    return units


async def _behind(settings: Settings) -> list[Metric]:
    stale = Issue.exclude(stale_at=None)
    first = await stale.order_by("stale_at").first().values("stale_at")
    late = settings.clock.wall() - first["stale_at"] if first else None
    return [
        GaugeMetricFamily(
            "linzhang_projections_stale",
            "Issues of which the desk does not show the latest yet.",
            value=await stale.count(),
        ),
        GaugeMetricFamily(
            "linzhang_projections_stale_seconds",
            "How long the oldest of these has waited.",
            value=max(0.0, late.total_seconds()) if late else 0,
        ),
    ]
