"""After whatever happens to issues, the projections are what they would be if they were made from scratch."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tortoise.transactions import in_transaction

from issues import lifecycle
from issues.errors import IssueError
from issues.lifecycle import Actor
from linzhang.settings import Settings
from models import Address, Issue, Message, Unit, Voice
from territory.rearranging import Rearranged, apply
from tests.factories import Territory, clock_of, make_settings, open_database, plant, resident
from tests.issues.diary import spoken
from tests.projections.desk import rebuilt, show, shown

#: What can happen, to the first issue or the second; some of it is refused, and changes nothing.
DEEDS = [
    "answer",
    "note",
    "resolve",
    "confirm",
    "reject",
    "rate",
    "withdraw",
    "pass_up",
    "correct",
    "retract",
    "add",
    "urgent",
    "calm",
    "private",
    "split",
    "merge",
    "overdue",
    "wait",
    "show",
    "move",
]

steps = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 1)), min_size=4, max_size=14)


class Life:
    """Two neighbours and a stranger, who report, and everybody who has to do with it."""

    def __init__(self, settings: Settings, territory: Territory, addresses: list[Address]) -> None:
        self.settings = settings
        self.territory = territory
        self.addresses = addresses
        self.ids: list[int] = []
        self.said: list[int] = []

    async def reports(self, words: str, address: Address, unit: Unit | None) -> None:
        async with in_transaction():
            issue, effects = await lifecycle.report(
                self.settings,
                address=address,
                unit=unit,
                words=spoken(address.person, words),
                at=self.settings.clock.now(),
            )
            await effects.save()
        self.ids.append(issue.id)

    async def happens(self, deed: str, which: int) -> None:
        """Let something happen to an issue, if the law allows it."""
        if deed == "wait":
            clock_of(self.settings).advance(timedelta(hours=5))
        elif deed == "show":
            await show(self.settings)
        elif deed == "move":
            await self._move()
        else:
            try:
                async with in_transaction():
                    issue = await lifecycle.lock(self.ids[which])
                    await self._do(deed, issue)
            except IssueError:
                return

    async def _do(self, deed: str, issue: Issue) -> None:
        settings, at = self.settings, self.settings.clock.now()
        leader = self.territory.leaders["township"]
        chief = Actor(leader, "matrix", "!room:test", self.territory.units["township"].id)
        resident_ = Actor(issue.reporter, "sms")
        first = await Message.filter(issue_id=issue.id, voice=Voice.LEADER).first()
        words = spoken(leader, "明天来修")
        deeds: dict[str, Callable[[], Awaitable[Any]]] = {
            "answer": lambda: lifecycle.answer(settings, issue, chief, words, at),
            "note": lambda: lifecycle.note(settings, issue, chief, spoken(leader, "内部说明"), at),
            "resolve": lambda: lifecycle.resolve(settings, issue, chief, at),
            "confirm": lambda: lifecycle.confirm(settings, issue, resident_, at),
            "reject": lambda: lifecycle.reject(settings, issue, resident_, at),
            "rate": lambda: lifecycle.rate(settings, issue, resident_, 4, at),
            "withdraw": lambda: lifecycle.withdraw(settings, issue, resident_, at),
            "pass_up": lambda: lifecycle.pass_up(settings, issue, chief, "归镇里管", at),
            "add": lambda: lifecycle.add(settings, issue, spoken(issue.reporter, "还在漏"), at),
            "urgent": lambda: lifecycle.urgent(settings, issue, resident_, at),
            "calm": lambda: lifecycle.calm(settings, issue, chief, at),
            "private": lambda: lifecycle.make_private(settings, issue, resident_, at),
            "split": lambda: lifecycle.split(settings, issue, chief, spoken(issue.reporter, "灯也坏了"), at),
            "overdue": lambda: lifecycle.overdue(settings, issue, at),
            "merge": lambda: self._merge(issue, chief),
            "correct": lambda: self._on(first, lambda said: self._correct(issue, chief, said)),
            "retract": lambda: self._on(first, lambda said: self._retract(issue, chief, said)),
        }
        await deeds[deed]()

    async def _merge(self, issue: Issue, chief: Actor) -> None:
        other = next(each for each in self.ids if each != issue.id)
        await lifecycle.merge(
            self.settings, issue, await lifecycle.lock(other), chief, self.settings.clock.now()
        )

    async def _on(self, said: Message | None, do: Callable[[Message], Awaitable[Any]]) -> None:
        if said is not None:
            await do(said)

    async def _correct(self, issue: Issue, chief: Actor, said: Message) -> None:
        at = self.settings.clock.now()
        await lifecycle.correct(self.settings, issue, chief, said, "后天来换", at, unsent=False)

    async def _retract(self, issue: Issue, chief: Actor, said: Message) -> None:
        at = self.settings.clock.now()
        await lifecycle.retract(self.settings, issue, chief, said, at, unsent=False)

    async def _move(self) -> None:
        """Let the group of the block go over to the other village's, or back."""
        units = self.territory.units
        group = await Unit.get(id=units["section"].id)
        there = units["peace"] if group.parent_id == units["village"].id else units["village"]
        async with in_transaction() as connection:
            await apply(connection, self.settings, Rearranged(moves=[(group.id, there.id)]), _quiet)


def _quiet(stage: str, done: int, total: int) -> None:
    """Nobody watches."""


def test_they_are_always_what_a_rebuild_makes_of_them(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    with asyncio.Runner() as runner:
        opened = open_database(settings)
        runner.run(opened.__aenter__())
        territory = runner.run(plant())
        numbers = iter(range(1, 10_000))

        async def lived(history: list[tuple[str, int]]) -> None:
            addresses = [
                await resident(settings, territory.block, number=f"+8613{next(numbers):09}"),
                await resident(settings, None, number=f"+8613{next(numbers):09}"),
            ]
            life = Life(settings, territory, addresses)
            await life.reports("水管坏了", addresses[0], territory.block)
            await life.reports("路灯不亮", addresses[1], None)
            for deed, which in history:
                await life.happens(deed, which)
            await show(settings)
            assert not await Issue.exclude(stale_at=None).exists()
            found = await shown()
            assert found["left"] == 0
            assert found == await rebuilt(settings)

        @hypothesis_settings(
            max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(steps)
        def histories(history: list[tuple[str, int]]) -> None:
            runner.run(lived(history))

        try:
            histories()
            assert runner.run(shown())["units"]
        finally:
            runner.run(opened.__aexit__(None, None, None))
