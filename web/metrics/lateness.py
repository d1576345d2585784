"""How late deadlines of the last day were acted on: a histogram of the history's own rows.

A deadline of now that nobody has acted on is no row yet: that is `queues`' to tell.
"""

from bisect import bisect_left
from datetime import timedelta

from prometheus_client.core import GaugeHistogramMetricFamily, Metric

from linzhang.settings import Settings
from models import History

_DAY = timedelta(days=1)

#: Of the newest steps so many are looked at.
_NEWEST = 100_000

#: Upper ends in seconds. Workers look every second; four hours is the usual window.
BUCKETS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0, 14400.0, float("inf"))


async def read(settings: Settings) -> Metric:
    """Read it."""
    last = await History.all().order_by("-id").first().values("id")
    acted = History.filter(
        id__gt=(last["id"] if last else 0) - _NEWEST,
        at__gte=settings.clock.now() - _DAY,
        due__not_isnull=True,
    )
    numbers, whole = [0] * len(BUCKETS), 0.0
    for at, due in await acted.values_list("at", "due"):
        late = max(0.0, (at - due).total_seconds())
        numbers[bisect_left(BUCKETS, late)] += 1
        whole += late
    up_to, buckets = 0, []
    for end, number in zip(BUCKETS, numbers, strict=True):
        up_to += number
        buckets.append(("+Inf" if end == BUCKETS[-1] else str(end), float(up_to)))
    family = GaugeHistogramMetricFamily(
        "linzhang_deadline_lateness_last_day_seconds",
        "How late after a deadline of the last day the clock has acted on it.",
    )
    family.add_metric([], buckets, gsum_value=whole)
    return family
