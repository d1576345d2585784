"""What has become of the effects of the last day: the carriers' words, SMS segments, and what they cost.

Effects are rows that are never deleted, millions of them: only the newest are looked at, and no text is
measured twice.
"""

from collections import Counter, OrderedDict
from datetime import timedelta

from prometheus_client.core import GaugeMetricFamily, Metric
from tortoise.functions import Count
from tortoise.queryset import QuerySet

from issues import segments
from issues.undelivered import FAILURES, PROGRESS
from linzhang.settings import Settings
from models import Outbox, OutboxState

_DAY = timedelta(days=1)

#: Of the newest effects so many are looked at; a city of a million makes a quarter of them in a day.
_NEWEST = 100_000

#: Texts that are counted in one piece.
_AT_ONCE = 1000

#: The bridge whose texts are SMS, which cost by the segment.
_SMS = "sms"


class Carriers:
    """Reads them; remembers how many segments each text took."""

    def __init__(self) -> None:
        self._segments: OrderedDict[int, int] = OrderedDict()

    async def read(self, settings: Settings) -> list[Metric]:
        """Read them."""
        last = await Outbox.all().order_by("-id").first().values("id")
        newest = Outbox.filter(
            id__gt=(last["id"] if last else 0) - _NEWEST, created_at__gte=settings.clock.wall() - _DAY
        )
        return [await _states(newest), *await self._cost(settings, newest)]

    async def _cost(self, settings: Settings, newest: QuerySet[Outbox]) -> list[Metric]:
        number = await self._count(newest.filter(bridge=_SMS, state=OutboxState.SENT))
        found: list[Metric] = [
            GaugeMetricFamily(
                "linzhang_sms_segments_last_day", "SMS that carriers have taken, in segments.", value=number
            )
        ]
        price = settings.territory.segment_price
        if price is not None:
            cost = GaugeMetricFamily(
                "linzhang_sms_cost_last_day", "What these cost by the profile's price.", labels=["currency"]
            )
            cost.add_metric([price.currency], float(price.times(number).amount))
            found.append(cost)
        return found

    async def _count(self, sent: QuerySet[Outbox]) -> int:
        ids = [row["id"] for row in await sent.values("id")]
        new = [each for each in ids if each not in self._segments]
        for start in range(0, len(new), _AT_ONCE):
            rows = Outbox.filter(id__in=new[start : start + _AT_ONCE])
            for row in await rows.values("id", "payload"):
                self._segments[row["id"]] = segments.length(str(row["payload"].get("text", ""))).segments
        while len(self._segments) > _NEWEST:
            self._segments.popitem(last=False)
        return sum(self._segments[each] for each in ids)


async def _states(newest: QuerySet[Outbox]) -> Metric:
    family = GaugeMetricFamily(
        "linzhang_deliveries_last_day",
        "Effects of the last day, by how far they are and what the far side has said of them.",
        labels=["deliverer", "state"],
    )
    rows = newest.annotate(number=Count("id")).group_by("bridge", "state", "receipt")
    numbers: Counter[tuple[str, str]] = Counter()
    for row in await rows.values("bridge", "state", "receipt", "number"):
        numbers[row["bridge"], _state(OutboxState(row["state"]), row["receipt"])] += row["number"]
    for (bridge, state), number in sorted(numbers.items()):
        family.add_metric([bridge, state], number)
    return family


def _state(state: OutboxState, receipt: str) -> str:
    """The far side's last word where there is one; words that we do not know are all the same."""
    if state is not OutboxState.SENT or not receipt:
        return "taken" if state is OutboxState.SENT else str(state.value)
    return receipt if receipt in PROGRESS or receipt in FAILURES else "other"
