"""`/metrics`: who may read it, what it says, and that alerts, dashboard and documentation name it."""

import json
import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import promql_parser
import pytest
import yaml  # type: ignore[import-untyped]  # it has no types of its own
from prometheus_client.parser import text_string_to_metric_families

from linzhang.settings import Settings
from models import Action, Address, History, Inbox, Issue, Outbox, OutboxState, State, Worker
from tests.desk.received import receive, stories
from tests.factories import make_settings, open_database, plant, resident
from tests.projections.desk import show
from web.app import create_app

ROOT = Path(__file__).parents[2]
NUMBER = "+8613800138000"


@pytest.fixture(params=["sqlite", "postgres"])
async def either(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings whose database is open: once SQLite, once PostgreSQL."""
    made = make_settings(tmp_path)
    if request.param == "postgres":
        make: Callable[[], str] = request.getfixturevalue("new_postgres")
        made = make_settings(tmp_path, database_url=make())
    async with open_database(made):
        yield made


async def scraped(settings: Settings, *, client: str = "127.0.0.1", **headers: str) -> httpx.Response:
    """What a scraper is answered."""
    transport = httpx.ASGITransport(create_app(settings), client=(client, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:1") as http:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await http.get("/metrics", headers=named)


def samples(text: str) -> dict[str, float]:
    """All samples by their names and the values of their labels."""
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_it_tells_the_loop_the_queues_and_the_carriers(either: Settings) -> None:
    territory = await plant()
    address = await resident(either, territory.block, number=NUMBER)
    told = stories([territory.block, territory.units["peace"]], 30, 40)
    await receive(either, address, told)
    await show(either)
    wall, now = either.clock.wall(), either.clock.now()
    await Issue.filter(state=State.OPEN).update(answer_due=now + timedelta(hours=1))
    last = await Issue.filter(state=State.ANSWERED).order_by("-id").first()
    assert last is not None
    await Issue.filter(id=last.id).update(resolve_due=now - timedelta(seconds=90), urgent=True)
    for seq, late in enumerate((0.4, 45, 45, 7200), start=100):
        await History.create(
            issue_id=last.id,
            seq=seq,
            at=now,
            due=now - timedelta(seconds=late),
            action=Action.ESCALATE,
            to_state=State.OPEN,
        )
    await Worker.create(name="a", started_at=wall, seen_at=wall)
    await Worker.create(name="b", started_at=wall, seen_at=wall - timedelta(minutes=1))
    two_minutes_ago = wall - timedelta(minutes=2)
    event: dict[str, Any] = {"bridge": "sms", "external_id": "1", "lane": "a", "sender": "x", "body": {}}
    await Inbox.create(**event, received_at=two_minutes_ago, not_before=two_minutes_ago)
    for key, state, receipt, hours in (
        ("a", OutboxState.SENT, "delivered", 1),
        ("b", OutboxState.SENT, NUMBER, 1),
        ("c", OutboxState.FAILED, "", 1),
        ("d", OutboxState.SENT, "delivered", 30),
        ("e", OutboxState.WAITING, "", 1),
    ):
        await _effect(either, address, key, state, receipt, hours)
    await _effect(either, address, "f", OutboxState.WAITING, "", 1, held=True)

    answer = await scraped(either)
    found = samples(answer.text)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert found["linzhang_issues_received_total"] == 30
    assert found["linzhang_issues_reopened_total"] == sum(each.rejected for each in told)
    in_time = sum(each.answered is not None and not each.escalated for each in told)
    assert found["linzhang_issues_answered_in_time"] == in_time
    assert found["linzhang_issues_closed"] == sum(each.state is State.CLOSED for each in told)
    in_hand = [each for each in told if each.state in (State.OPEN, State.ANSWERED)]
    by_tier = {key: value for key, value in found.items() if key.startswith("linzhang_issues_in_hand ")}
    assert sum(by_tier.values()) == len(in_hand)
    up = [each for each in in_hand if each.escalated and each.block.tier == "block"]
    assert by_tier["linzhang_issues_in_hand group"] == len(up)
    assert sum(v for k, v in found.items() if k.startswith("linzhang_issues_urgent ")) == 1
    assert sum(v for k, v in found.items() if re.fullmatch(r"linzhang_units \w+ block", k)) == 2
    assert found["linzhang_deadline_late_seconds resolve"] == pytest.approx(90, abs=1)
    assert found["linzhang_deadline_late_seconds answer"] == 0
    assert found["linzhang_inbox_waiting sms"] == 1
    assert found["linzhang_inbox_oldest_seconds sms"] == pytest.approx(120, abs=60)
    assert found["linzhang_outbox_waiting sms"] == found["linzhang_outbox_held sms"] == 1
    assert found["linzhang_outbox_oldest_seconds sms"] == pytest.approx(3600, abs=60)
    assert found["linzhang_outbox_failed sms"] == 1
    assert {key: value for key, value in found.items() if "deliveries" in key} == {
        "linzhang_deliveries_last_day sms delivered": 1,
        "linzhang_deliveries_last_day sms other": 1,
        "linzhang_deliveries_last_day sms failed": 1,
        "linzhang_deliveries_last_day sms waiting": 2,
    }
    assert found["linzhang_sms_segments_last_day"] == 4
    assert found["linzhang_sms_cost_last_day USD"] == pytest.approx(0.16)
    assert found["linzhang_workers"] == 1
    buckets = "linzhang_deadline_lateness_last_day_seconds_bucket"
    assert [found[f"{buckets} {le}"] for le in ("1.0", "30.0", "60.0", "3600.0", "+Inf")] == [1, 1, 3, 3, 4]
    assert "138001" not in answer.text
    assert address.person.name not in answer.text


async def _effect(
    settings: Settings,
    address: Address,
    key: str,
    state: OutboxState,
    receipt: str,
    hours: int,
    *,
    held: bool = False,
) -> None:
    """A text of two segments."""
    at = settings.clock.wall() - timedelta(hours=hours)
    await Outbox.create(
        key=key,
        lane=key,
        bridge="sms",
        address=address,
        payload={"text": "话" * 71},
        state=state,
        receipt=receipt,
        created_at=at,
        not_before=at,
        hold_until=settings.clock.now() + timedelta(hours=1) if held else None,
    )


async def test_only_who_shows_the_token_reads_it_or_without_one_the_machine_itself(
    settings: Settings, tmp_path: Path
) -> None:
    assert (await scraped(settings)).status_code == 200
    assert (await scraped(settings, client="::1")).status_code == 200
    assert (await scraped(settings, client="10.0.0.7")).status_code == 404
    assert (await scraped(settings, x_forwarded_for="127.0.0.1")).status_code == 404
    guarded = make_settings(tmp_path, metrics_token="a token of ours, long")
    assert (await scraped(guarded)).status_code == 401
    assert (await scraped(guarded, authorization="Bearer a token of theirs")).status_code == 401
    assert (await scraped(guarded, authorization="Basic a token of ours, long")).status_code == 401
    right = await scraped(guarded, client="10.0.0.7", authorization="Bearer a token of ours, long")
    assert right.status_code == 200
    assert "a token" not in right.text


async def test_alerts_dashboard_and_documentation_name_exactly_what_there_is(settings: Settings) -> None:
    answer = await scraped(settings)
    there = set(re.findall(r"^# TYPE (linzhang_\w+)", answer.text, re.MULTILINE))
    alerts = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))
    rules = [rule["expr"] for group in alerts["groups"] for rule in group["rules"]]
    board = json.loads((ROOT / "deploy/grafana/linzhang.json").read_text(encoding="utf-8"))
    shown = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    for expressions in (rules, shown):
        named = {name for each in expressions for name in metrics_of(each)}
        assert named
        assert {name.removesuffix("_bucket") for name in named} <= there
    operators = (ROOT / "docs/operators.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(linzhang_\w+)`", operators)) == {_base(name) for name in there}


def test_alert_rules_are_whole() -> None:
    """What `promtool check rules` looks for: fields, durations, and labels that annotations can have."""
    alerts = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))
    rules = [rule for group in alerts["groups"] for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in ("page", "ticket")
        if "for" in rule:
            assert promql_parser.parse_duration(rule["for"]) > timedelta(0)
        for label in re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]):
            assert label in grouped_by(promql_parser.parse(rule["expr"])), rule["alert"]


def metrics_of(expression: str) -> set[str]:
    """Names of the metrics of a PromQL expression; raises where Prometheus would not take it."""
    return set(re.findall(r"linzhang_\w+", str(promql_parser.parse(expression))))


def grouped_by(expression: Any) -> set[str]:
    """The labels that an expression leaves."""
    while isinstance(expression, promql_parser.BinaryExpr):
        expression = expression.lhs
    assert isinstance(expression, promql_parser.AggregateExpr)
    assert expression.modifier is not None
    return set(expression.modifier.labels)


def _base(name: str) -> str:
    """A histogram's name: the exposition has its count and its sum as metrics of their own."""
    return re.sub(r"_(gcount|gsum)$", "", name)
