"""The loop under random histories: whatever people do in whatever order, the law holds.

A model of a few fields predicts what each step does to an issue; after each step the database must
agree, the history must only have grown, and what was refused must have changed nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count, pairwise, product
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tortoise.transactions import in_transaction

from issues import lifecycle
from issues.effects import Effects
from issues.errors import IssueError, NotAllowed, NotNow
from issues.lifecycle import Actor
from linzhang.clock import FileClock
from linzhang.settings import Settings
from models import Action, Address, History, Issue, Message, Outbox, Person, Question, State, Unit
from tests.factories import Territory, appoint, clock_of, make_settings, open_database, plant, resident
from tests.issues.diary import spoken

ALIVE = (State.OPEN, State.ANSWERED)
UNDONE = (*ALIVE, State.RESOLVED)
CLIMB = ["block", "group", "section", "village", "township"]
#: Who may act on an issue of the block, and who may not.
ENTITLED = [*CLIMB, "deputy", "city"]
OTHERS = ["former", "peace", "next_township"]

#: Most try what they may, so that histories get somewhere.
anybody = st.sampled_from([*ENTITLED, *ENTITLED, *OTHERS])


@dataclass
class World:
    """What all histories share: one database, one territory, one clock."""

    runner: asyncio.Runner
    settings: Settings
    territory: Territory

    @property
    def clock(self) -> FileClock:
        return clock_of(self.settings)


@dataclass(frozen=True)
class Model:
    """What the issue should look like.

    Attributes:
        state: See `Issue.state`.
        holder: Name of the unit that holds it; None: nobody yet.
        placed: Whether it is known where the resident lives.
        answer_due: See `Issue.answer_due`.
        resolve_due: See `Issue.resolve_due`.
        confirm_due: See `Issue.confirm_due`.
        nudge_due: See `Issue.nudge_due`.
        reminded: See `Issue.reminded`.
        urgent: See `Issue.urgent`.
        private: See `Issue.private`.
    """

    state: State
    holder: str | None
    placed: bool
    answer_due: datetime | None = None
    resolve_due: datetime | None = None
    confirm_due: datetime | None = None
    nudge_due: datetime | None = None
    reminded: bool = False
    urgent: bool = False
    private: bool = False

    @property
    def above(self) -> str | None:
        """The unit to which it goes up; None at the top."""
        if self.holder not in CLIMB:
            return None
        return dict(pairwise(CLIMB)).get(self.holder)

    def lets(self, who: str) -> bool:
        """Whether somebody may act on it."""
        if self.placed:
            return who in ENTITLED
        return self.holder == "city" and who == "city"


class Histories(RuleBasedStateMachine):
    """Everything that can happen to one issue."""

    world: ClassVar[World]
    _numbers = count(1)

    def __init__(self) -> None:
        super().__init__()
        self.issue_id = 0
        self.model: Model
        self.history: list[dict[str, Any]] = []
        self.address: Address
        self.said: list[int] = []

    # --- what happens ----------------------------------------------------------------------------

    @initialize(placed=st.booleans())
    def a_resident_reports(self, placed: bool) -> None:
        world = self.world
        block = world.territory.block if placed else None
        number = f"+8613{next(self._numbers):09}"

        async def report() -> None:
            self.address = await resident(world.settings, block, number=number)
            at = world.settings.clock.now()
            words = spoken(self.address.person, "水管坏了")
            async with in_transaction():
                issue, effects = await lifecycle.report(
                    world.settings, address=self.address, unit=block, words=words, at=at
                )
                await effects.save()
            self.issue_id = issue.id
            holder = "block" if placed else None
            self.model = self._given(Model(State.OPEN, holder, placed), holder, at)
            await self._agrees(Action.REPORT, 0)

        world.runner.run(report())

    @rule(hours=st.sampled_from([1, 4, 72, 168]))
    def time_passes(self, hours: int) -> None:
        self.world.clock.advance(timedelta(hours=hours))

    @rule()
    def the_deadline_comes(self) -> None:
        now = self.world.clock.now()
        due = self.model.answer_due or self.model.resolve_due or self.model.confirm_due or now
        self.world.clock.set(max(due, now))
        self.the_clock_looks()

    @rule()
    def the_clock_looks(self) -> None:
        model, at = self.model, self.world.clock.now()
        action, then = None, model
        if model.answer_due and model.answer_due <= at:
            parent = model.above if model.holder else "city"
            if parent:
                action, then = Action.ESCALATE, self._given(model, parent, at)
            else:
                action, then = Action.REMIND, replace(self._given(model, model.holder, at), reminded=True)
        elif model.resolve_due and model.resolve_due <= at:
            if model.above and model.reminded:
                action, then = Action.ESCALATE, self._given(model, model.above, at)
            else:
                due = at + self._tier_of(model.holder).resolve_window
                action, then = Action.REMIND, replace(model, resolve_due=due, reminded=True)
        elif model.confirm_due and model.confirm_due <= at:
            if model.reminded:
                action, then = Action.LAPSE, replace(model, state=State.CLOSED, confirm_due=None)
            else:
                action, then = Action.REMIND, replace(model, confirm_due=at + self._half, reminded=True)
        self._happens(action, then, lifecycle.overdue, at)

    @rule()
    def the_resident_adds(self) -> None:
        words = spoken(self.address.person, "还在漏")
        at = self.world.clock.now()
        then = self._added(at)
        self._tried(Action.ADD, then.state in UNDONE, then, lifecycle.add, words, at)

    @rule()
    def the_resident_cries_out(self) -> None:
        at = self.world.clock.now()
        words = spoken(self.address.person, "着火了")
        called = self.world.runner.run(self._was_called(at))
        if self.model.state not in ALIVE or called:
            then = self._added(at)
            self._tried(Action.ADD, then.state in UNDONE, then, lifecycle.add, words, at)
            return
        then = self._given(replace(self.model, urgent=True), self.model.holder or "city", at)
        self._tried(Action.URGENT, True, then, lifecycle.add, words, at)

    @rule()
    def the_resident_says_yes(self) -> None:
        # What a leader has withdrawn may be solved all the same.
        allowed = self.model.state in (*UNDONE, State.WITHDRAWN)
        then = self._ended(State.CLOSED)
        self._tried(Action.CONFIRM, allowed, then, lifecycle.confirm, self._resident, self.world.clock.now())

    @rule()
    def the_resident_needs_it_no_more(self) -> None:
        allowed = self.model.state in UNDONE
        then, at = self._ended(State.WITHDRAWN), self.world.clock.now()
        self._tried(Action.WITHDRAW, allowed, then, lifecycle.withdraw, self._resident, at)

    @rule()
    def the_resident_keeps_it_private(self) -> None:
        allowed = self.model.state in UNDONE
        then, at = replace(self.model, private=True), self.world.clock.now()
        self._tried(Action.PRIVATE, allowed, then, lifecycle.make_private, self._resident, at)

    @rule(mark=st.integers(1, 5))
    def the_resident_rates_it(self, mark: int) -> None:
        allowed = self.model.state is State.CLOSED
        at = self.world.clock.now()
        self._tried(Action.RATE, allowed, self.model, lifecycle.rate, self._resident, mark, at)

    @rule()
    def the_resident_says_no(self) -> None:
        at = self.world.clock.now()
        allowed = self.model.state in (State.RESOLVED, State.CLOSED, State.WITHDRAWN)
        then = self._given(self.model, self.model.above or self.model.holder, at)
        self._tried(Action.REJECT, allowed, then, lifecycle.reject, self._resident, at)

    @precondition(lambda self: not self.model.placed)
    @rule()
    def the_resident_says_where(self) -> None:
        at = self.world.clock.now()
        then = self._given(replace(self.model, placed=True), "block", at)
        unit = self.world.territory.block
        self._tried(Action.PLACE, self.model.state in ALIVE, then, lifecycle.place, unit, at)

    @rule(who=anybody)
    def somebody_answers(self, who: str) -> None:
        at = self.world.clock.now()
        action, then = Action.SAY, self.model
        if self.model.state is State.OPEN:
            action = Action.ANSWER
            due = at + self._tier_of(self.model.holder).resolve_window
            then = replace(self._without_clocks(self.model), state=State.ANSWERED, resolve_due=due)
        words = spoken(self._person(who), "明天来")
        if self._led_by(who, action, True, then, lifecycle.answer, words, at):
            self.said.append(words.id)

    @rule(who=anybody)
    def somebody_resolves(self, who: str) -> None:
        at = self.world.clock.now()
        then = replace(self._without_clocks(self.model), state=State.RESOLVED, confirm_due=at + self._half)
        allowed = self.model.state in ALIVE
        self._led_by(who, Action.RESOLVE, allowed, then, lifecycle.resolve, at)

    @rule(who=anybody)
    def somebody_passes_it_up(self, who: str) -> None:
        at = self.world.clock.now()
        allowed = self.model.state in ALIVE and self.model.above is not None
        then = self._given(self.model, self.model.above, at)
        self._led_by(who, Action.PASS_UP, allowed, then, lifecycle.pass_up, "桥归镇里管", at)

    @precondition(lambda self: self.said)
    @rule(who=anybody, data=st.data(), unsent=st.booleans())
    def somebody_corrects(self, who: str, data: st.DataObject, unsent: bool) -> None:
        words = self.world.runner.run(self._drawn(data))
        at = self.world.clock.now()
        self._led_by(
            who, Action.CORRECT, True, self.model, lifecycle.correct, words, "后天来", at, unsent=unsent
        )

    @precondition(lambda self: self.said)
    @rule(who=anybody, data=st.data(), unsent=st.booleans())
    def somebody_takes_words_back(self, who: str, data: st.DataObject, unsent: bool) -> None:
        words = self.world.runner.run(self._drawn(data))
        at = self.world.clock.now()
        self._led_by(who, Action.RETRACT, True, self.model, lifecycle.retract, words, at, unsent=unsent)

    # --- how it is done --------------------------------------------------------------------------

    def _led_by(
        self,
        who: str,
        action: Action,
        allowed: bool,
        then: Model,
        do: Callable[..., Any],
        *rest: Any,
        **more: Any,
    ) -> bool:
        """A leader, or somebody who is none here, tries something; returns whether it was done."""
        actor = Actor(self._person(who), "matrix", "!room:test", self.world.territory.block.id)
        refusal: type[IssueError] | None = None if allowed else NotNow
        if not self.model.lets(who):
            refusal = NotAllowed
        return self._happens(action, then, do, actor, *rest, refusal=refusal, **more)

    def _tried(self, action: Action, allowed: bool, then: Model, do: Callable[..., Any], *rest: Any) -> None:
        """The resident tries something, and is told something if it was done."""
        before = self.world.runner.run(self._told())
        if self._happens(action, then, do, *rest, refusal=None if allowed else NotNow):
            assert self.world.runner.run(self._told()) > before

    def _happens(
        self,
        action: Action | None,
        then: Model,
        do: Callable[..., Awaitable[Effects | None]],
        *rest: Any,
        refusal: type[IssueError] | None = None,
        **more: Any,
    ) -> bool:
        """Make a transition; the database must become what `then` says, or stay as it was."""
        return self.world.runner.run(self._made(action, then, do, rest, more, refusal))

    async def _made(
        self,
        action: Action | None,
        then: Model,
        do: Callable[..., Awaitable[Effects | None]],
        rest: tuple[Any, ...],
        more: dict[str, Any],
        refusal: type[IssueError] | None,
    ) -> bool:
        before = await self._everything()
        rows = await Outbox.all().count()
        try:
            async with in_transaction():
                issue = await lifecycle.lock(self.issue_id)
                effects = await do(self.world.settings, issue, *rest, **more)
                if effects:
                    await effects.save()
            refused = None
        except IssueError as error:
            refused = error
        assert (type(refused) if refused else None) is refusal
        if refused:
            assert str(Issue(id=self.issue_id).number) in refused.sentence("zh-Hans")
            assert await self._everything() == before
            return False
        if action is None:
            assert effects is None
            assert await self._everything() == before
            return False
        self.model = then
        await self._agrees(action, rows)
        return True

    async def _agrees(self, action: Action, rows_before: int) -> None:
        """The database says what the model says, and keeps its own laws."""
        issue, model = await Issue.get(id=self.issue_id), self.model
        names = {unit.id: name for name, unit in self.world.territory.units.items()}
        found = Model(
            issue.state,
            names[issue.holder_id] if issue.holder_id else None,
            issue.block_id is not None,
            issue.answer_due,
            issue.resolve_due,
            issue.confirm_due,
            issue.nudge_due,
            issue.reminded,
            issue.urgent,
            issue.private,
        )
        assert found == model
        assert (issue.state is State.OPEN) == (issue.answer_due is not None)
        assert (issue.state is State.ANSWERED) == (issue.resolve_due is not None)
        assert (issue.state is State.RESOLVED) == (issue.confirm_due is not None)
        assert (issue.state in (State.CLOSED, State.WITHDRAWN)) == (issue.closed_at is not None)

        history = list(await History.filter(issue_id=self.issue_id).order_by("seq").values())
        assert history[: len(self.history)] == self.history, "the past has changed"
        assert len(history) - len(self.history) == (2 if action is Action.URGENT else 1)
        assert [row["seq"] for row in history] == list(range(1, len(history) + 1))
        last = history[-1]
        assert last["action"] == action
        assert (last["to_state"], last["to_holder_id"]) == (issue.state, issue.holder_id)
        if self.history:
            past = history[-2]
            assert (last["from_state"], last["from_holder_id"]) == (past["to_state"], past["to_holder_id"])
            await self._moved_one_tier(action, last)
        self.history = history
        keys = [row.key for row in await Outbox.filter(key__startswith=f"i{self.issue_id}.{len(history)}.")]
        assert await Outbox.all().count() == rows_before + len(keys) or action is Action.REPORT

    async def _moved_one_tier(self, action: Action, row: dict[str, Any]) -> None:
        if row["from_holder_id"] == row["to_holder_id"] or action is Action.PLACE:
            return
        if row["from_holder_id"] is None:
            assert row["to_holder_id"] == self.world.territory.units["city"].id
            return
        left = await Unit.get(id=row["from_holder_id"])
        assert row["to_holder_id"] == left.parent_id

    async def _everything(self) -> list[list[dict[str, Any]]]:
        """Every row that has to do with the issue."""
        return [
            list(await Issue.filter(id=self.issue_id).values()),
            list(await History.filter(issue_id=self.issue_id).order_by("id").values()),
            list(await Message.filter(issue_id=self.issue_id).order_by("id").values()),
            list(await Question.filter(issue_id=self.issue_id).order_by("id").values()),
            list(await Outbox.filter(issue_id=self.issue_id).order_by("id").values()),
        ]

    async def _told(self) -> int:
        return await Outbox.filter(issue_id=self.issue_id).count()

    async def _drawn(self, data: st.DataObject) -> Message:
        return await Message.get(id=data.draw(st.sampled_from(self.said)))

    def _given(self, model: Model, holder: str | None, at: datetime) -> Model:
        urgently = self.world.settings.territory.urgent_window
        window = urgently if model.urgent else self._tier_of(holder).answer_window
        return replace(
            self._without_clocks(model),
            state=State.OPEN,
            holder=holder,
            answer_due=at + window,
            nudge_due=at + window / 2,
        )

    def _without_clocks(self, model: Model) -> Model:
        return replace(
            model, answer_due=None, resolve_due=None, confirm_due=None, nudge_due=None, reminded=False
        )

    def _added(self, at: datetime) -> Model:
        if self.model.state is not State.RESOLVED:
            return self.model
        return replace(self.model, confirm_due=at + self._half, reminded=False)

    def _ended(self, state: State) -> Model:
        return replace(self._without_clocks(self.model), state=state, reminded=self.model.reminded)

    async def _was_called(self, at: datetime) -> bool:
        calling = (Action.URGENT, Action.ESCALATE, Action.REMIND, Action.PASS_UP, Action.REJECT)
        since = at - self.world.settings.territory.urgent_window
        return self.model.urgent and await History.exists(
            issue_id=self.issue_id, action__in=calling, to_state=State.OPEN, at__gt=since
        )

    @property
    def _half(self) -> timedelta:
        """After what time a silent resident is asked once more, and again until it closes."""
        return self.world.settings.territory.confirm_window / 2

    def _tier_of(self, holder: str | None) -> Any:
        return self.world.settings.territory.tier(holder or "block")

    def _person(self, who: str) -> Person:
        return self.world.territory.leaders[who]

    @property
    def _resident(self) -> Actor:
        return Actor(self.address.person, "sms")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One database with a loop of its own: Hypothesis runs its steps outside of any."""
    settings = make_settings(tmp_path_factory.mktemp("lifecycle"))
    with asyncio.Runner() as runner:
        opened = open_database(settings)
        runner.run(opened.__aenter__())

        async def planted() -> Territory:
            territory = await plant()
            territory.leaders["city"] = await appoint(territory.units["city"], "钱坤")
            return territory

        Histories.world = World(runner, settings, runner.run(planted()))
        yield Histories.world
        runner.run(opened.__aexit__(None, None, None))


Step = Callable[[Histories], None]
_SAID: dict[str, Step] = {
    "the resident adds": lambda life: life.the_resident_adds(),
    "the resident says no": lambda life: life.the_resident_says_no(),
    "the deadline comes": lambda life: life.the_deadline_comes(),
    "the resident cries out": lambda life: life.the_resident_cries_out(),
}
OF_A_NEIGHBOUR: dict[str, Step] = {
    "the block answers": lambda life: life.somebody_answers("block"),
    "the deputy resolves": lambda life: life.somebody_resolves("deputy"),
    "the block passes it up": lambda life: life.somebody_passes_it_up("block"),
    "the resident says yes": lambda life: life.the_resident_says_yes(),
} | _SAID
OF_A_STRANGER: dict[str, Step] = {
    "the city answers": lambda life: life.somebody_answers("city"),
    "the city resolves": lambda life: life.somebody_resolves("city"),
} | _SAID


def follow(steps: dict[str, Step], *, placed: bool, first: Sequence[str], more: int) -> None:
    """Go through all histories that begin so and have so many more steps, each on a new issue."""
    for rest in product(steps, repeat=more):
        life = Histories()
        life.a_resident_reports(placed=placed)
        for step in (*first, *rest):
            steps[step](life)


def test_the_law_holds_for_any_two_steps(world: World) -> None:
    follow(OF_A_NEIGHBOUR, placed=True, first=(), more=2)
    follow(OF_A_STRANGER, placed=False, first=(), more=2)


@pytest.mark.long
@pytest.mark.parametrize("first", OF_A_NEIGHBOUR)
def test_the_law_holds_for_any_three_steps_with_a_neighbour(world: World, first: str) -> None:
    follow(OF_A_NEIGHBOUR, placed=True, first=(first,), more=2)


@pytest.mark.long
@pytest.mark.parametrize("first", OF_A_STRANGER)
def test_the_law_holds_for_any_three_steps_with_a_stranger(world: World, first: str) -> None:
    follow(OF_A_STRANGER, placed=False, first=(first,), more=2)


def test_the_law_holds_under_any_history(world: World) -> None:
    run_state_machine_as_test(
        Histories,
        settings=hypothesis_settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
