"""After an outage much is overdue at once: what is nearest to home goes first, and many go as one by one."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from tortoise.transactions import in_transaction

from escalator import deadlines, outbox
from issues import lifecycle
from linzhang.settings import Settings
from models import Action, History, Issue, Outbox, OutboxState, Question, Unit
from tests.factories import clock_of, make_settings, open_database, plant, reachable, resident
from tests.issues.diary import Leader, Phone, carry_out

WINDOW = timedelta(hours=4)


async def together(settings: Settings) -> None:
    """Act on everything that is due, as a worker does."""
    while (await deadlines.run(settings, 50))[0]:
        pass


async def one_by_one(settings: Settings) -> None:
    """Act on the same, each in a transaction of its own with nothing read ahead."""
    now = clock_of(settings).now()
    due = [
        (issue.climbed, ends, issue.id)
        for issue in await Issue.all()
        if (ends := issue.answer_due or issue.resolve_due or issue.confirm_due) and ends <= now
    ]
    for _, _, issue_id in sorted(due):
        async with in_transaction():
            effects = await lifecycle.overdue(settings, await lifecycle.lock(issue_id), now)
            if effects:
                await effects.save()


async def live(settings: Settings, act: Callable[[Settings], Awaitable[None]]) -> dict[str, list[Any]]:
    """Eleven days on which nobody does anything in time; returns all that was written."""
    async with open_database(settings):
        territory, clock = await plant(), clock_of(settings)
        for number, tier in enumerate(("group", "section", "township")):
            await reachable(settings, territory.leaders[tier], f"+86139000000{number:02}")
        phones = []
        for number in range(6):
            block = territory.units["other_block" if number == 1 else "block"]
            await resident(settings, block, name=f"刘{number}", number=f"+861380013800{number}")
            phones.append(Phone(settings, number=f"+861380013800{number}"))
            await phones[-1].text("楼道里着火了！" if number == 4 else "水管坏了")
        await phones[0].text("新 路灯坏了")
        await Phone(settings, number="+8613900139000").text("家里没水")
        leader = Leader(settings, territory.leaders["block"])
        await leader.answers(1003, "明天来修")
        await leader.resolves(1004)
        for hours in (4, 8, 8, 72, 12, 168):
            clock.advance(timedelta(hours=hours))
            await act(settings)
        # What differs is what the machine's clock has shown.
        rows = await Outbox.all().order_by("lane", "id").values()
        return {
            "issues": await Issue.all().order_by("id").values(*_but(Issue, "stale_at")),
            "history": await History.all().order_by("issue_id", "seq").values(*_but(History, "id")),
            "questions": sorted(
                (each["person_id"], each["issue_id"], each["kind"], each["settled_at"] is None)
                for each in await Question.all().values()
            ),
            "outbox": [
                {
                    name: row[name]
                    for name in ("key", "lane", "bridge", "payload", "state", "topic", "hold_until")
                }
                for row in rows
            ],
        }


def _but(table: type[Issue] | type[History], name: str) -> list[str]:
    return sorted(table._meta.fields_db_projection.keys() - {name})


async def test_many_together_go_as_they_would_one_by_one(tmp_path: Path) -> None:
    written = []
    for folder, act in (("together", together), ("alone", one_by_one)):
        (tmp_path / folder).mkdir()
        written.append(await live(make_settings(tmp_path / folder), act))
    for table, rows in written[0].items():
        assert rows == written[1][table], table
    actions = {row["action"] for row in written[0]["history"]}
    assert actions >= {Action.ESCALATE, Action.VACANT, Action.REMIND, Action.LAPSE}
    assert any(row["state"] is OutboxState.CANCELLED for row in written[0]["outbox"])


async def test_those_that_have_gone_the_least_way_come_first(either: Settings) -> None:
    territory, clock = await plant(), clock_of(either)
    for number in range(3):
        await resident(either, territory.block, number=f"+861380013800{number}")
        await Phone(either, number=f"+861380013800{number}").text("水管坏了")
        clock.advance(WINDOW)
        await deadlines.run(either, 10)
    tiers = {
        issue.id: (await Unit.get(id=issue.holder_id)).tier for issue in await Issue.all().order_by("id")
    }
    assert tiers == {1: "village", 2: "section", 3: "group"}
    await Issue.filter(id=3).update(answer_due=clock.now() + WINDOW + timedelta(minutes=1))
    clock.advance(2 * WINDOW)
    for issue_id in (3, 2, 1):
        assert (await deadlines.run(either, 1))[0] == 1
        last = await History.all().order_by("-id").first()
        assert last is not None
        assert last.issue_id == issue_id


async def test_who_writes_during_the_drain_is_served_before_it(settings: Settings) -> None:
    territory, clock = await plant(), clock_of(settings)
    for number in range(4):
        await resident(settings, territory.block, number=f"+861380013800{number}")
        await Phone(settings, number=f"+861380013800{number}").text("水管坏了")
        await carry_out(settings)
    clock.advance(WINDOW)
    assert (await deadlines.run(settings, 10))[0] == 4
    await Outbox.all().update(not_before=settings.clock.wall() - WINDOW)  # and nothing of it has gone out yet
    newcomer = await resident(settings, territory.block, number="+8613800138009")
    await Phone(settings, number="+8613800138009").text("家里没水")
    issue = await Issue.all().order_by("-id").first()
    assert issue is not None
    first = await outbox.due_lanes(settings, 2)
    assert sorted(first) == [f"address:{newcomer.id}", f"issue:{issue.id}:{territory.block.id}"]
