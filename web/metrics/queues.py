"""The queues: what waits in inbox and outbox and for how long, what failed, how late deadlines are."""

from datetime import datetime

from prometheus_client.core import GaugeMetricFamily, Metric
from tortoise.expressions import Q
from tortoise.functions import Count, Min
from tortoise.queryset import QuerySet

from issues import switches
from linzhang.settings import Settings
from models import Inbox, InboxState, Issue, Outbox, OutboxState, State, Worker
from web.health import ALIVE

_UNDONE = (OutboxState.WAITING, OutboxState.CALLING)

#: The deadlines that issues have, by the column, and in which states they count.
_DEADLINES = {
    "answer": ("answer_due", (State.OPEN,)),
    "resolve": ("resolve_due", (State.ANSWERED, State.REFERRED)),
    "confirm": ("confirm_due", (State.RESOLVED,)),
    "nudge": ("nudge_due", (State.OPEN,)),
}


async def read(settings: Settings) -> list[Metric]:
    """Read them."""
    return [
        *await _inbox(settings),
        *await _outbox(settings),
        await _deadlines(settings),
        await _workers(settings),
    ]


async def _inbox(settings: Settings) -> list[Metric]:
    waiting = Inbox.filter(state=InboxState.WAITING)
    oldest = await _oldest(waiting, "received_at")
    return [
        _family(
            "linzhang_inbox_waiting", "Events that wait to be worked on.", "bridge", await _numbers(waiting)
        ),
        _family(
            "linzhang_inbox_oldest_seconds",
            "How long the oldest of these has waited.",
            "bridge",
            _ages(oldest, settings.clock.wall()),
        ),
        _family(
            "linzhang_inbox_failed",
            "Events that could not be worked on, by an error of ours; kept for an operator.",
            "bridge",
            await _numbers(Inbox.filter(state=InboxState.FAILED)),
        ),
    ]


async def _outbox(settings: Settings) -> list[Metric]:
    wall, now = settings.clock.wall(), settings.clock.now()
    undone = Outbox.filter(state__in=_UNDONE)
    held = undone.filter(hold_until__gt=now)
    let_go = undone.filter(Q(hold_until=None) | Q(hold_until__lte=now))
    # What has not been tried waits since it was to go out; the rest since it was there.
    untried = await _oldest(let_go.filter(attempts=0, not_before__lte=wall), "not_before")
    tried = await _oldest(let_go.filter(attempts__gt=0), "created_at")
    oldest = {name: min(untried.get(name, wall), tried.get(name, wall)) for name in untried | tried}
    return [
        _family(
            "linzhang_outbox_waiting", "Effects that wait to go out.", "deliverer", await _numbers(let_go)
        ),
        _family(
            "linzhang_outbox_held", "Effects that wait for the morning.", "deliverer", await _numbers(held)
        ),
        _family(
            "linzhang_outbox_oldest_seconds",
            "How long the oldest one that could go out has waited.",
            "deliverer",
            _ages(oldest, wall),
        ),
        _family(
            "linzhang_outbox_failed",
            "Effects that the far side has refused for good, ever.",
            "deliverer",
            await _numbers(Outbox.filter(state=OutboxState.FAILED)),
        ),
        _family(
            "linzhang_deliverer_off",
            "1: an administrator has turned it off.",
            "deliverer",
            dict.fromkeys(await switches.off(), 1),
        ),
    ]


async def _deadlines(settings: Settings) -> Metric:
    now = settings.clock.now()
    late: dict[str, float] = {}
    for name, (column, states) in _DEADLINES.items():
        late[name] = 0.0
        for state in states:
            passed = Issue.filter(state=state, **{f"{column}__lte": now}).order_by(column)
            first = await passed.first().values(column)
            if first:
                late[name] = max(late[name], (now - first[column]).total_seconds())
    return _family(
        "linzhang_deadline_late_seconds",
        "How long ago the deadline was that has waited longest to be acted on; 0: none waits.",
        "deadline",
        late,
    )


async def _workers(settings: Settings) -> Metric:
    alive = Worker.filter(seen_at__gt=settings.clock.wall() - ALIVE)
    return GaugeMetricFamily(
        "linzhang_workers", "Workers that have given a sign of life lately.", value=await alive.count()
    )


async def _numbers(found: "QuerySet[Inbox] | QuerySet[Outbox]") -> dict[str, float]:
    rows = found.annotate(number=Count("id")).group_by("bridge").values("bridge", "number")
    return {row["bridge"]: row["number"] for row in await rows}


async def _oldest(found: "QuerySet[Inbox] | QuerySet[Outbox]", column: str) -> dict[str, datetime]:
    rows = found.annotate(oldest=Min(column)).group_by("bridge").values("bridge", "oldest")
    return {row["bridge"]: _moment(row["oldest"]) for row in await rows}


def _moment(value: datetime | str) -> datetime:
    """SQLite hands out what it has added up as it is written."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _ages(oldest: dict[str, datetime], wall: datetime) -> dict[str, float]:
    return {name: max(0.0, (wall - moment).total_seconds()) for name, moment in oldest.items()}


def _family(name: str, words: str, label: str, values: "dict[str, float] | dict[str, int]") -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for each, value in sorted(values.items()):
        family.add_metric([each], value)
    return family
