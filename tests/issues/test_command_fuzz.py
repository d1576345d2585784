"""Whatever leaders write after '!', they are answered or something has happened; nothing is ever lost."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from models import Absence, History, Inbox, InboxState, Issue, Leadership, Message, Outbox
from rooms.commands import TABLE
from tests.factories import make_settings, open_database, plant
from tests.issues.chat import Block, Chat, block_in, direct_with

NAMES = [name for command in TABLE.values() for name in command.names]
NUMBERS = ["1001", "#1002", "９９９９", "2024年", "12-01", "3天"]
PIECES = [*NUMBERS, "off", "取消", "水务", "马丽", "@x:y", "明天", "//"]
WORDS = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=4).map(" ".join)


class World:
    """One database for all examples, with an issue whose every state is tried."""

    def __init__(self, runner: asyncio.Runner, block: Block, direct: Chat) -> None:
        self.runner = runner
        self.block = block
        self.direct = direct


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("fuzz")
    with asyncio.Runner() as runner:
        made = make_settings(folder)
        database = open_database(made)
        runner.run(database.__aenter__())

        async def begin() -> World:
            block = await block_in(made, await plant())
            return World(runner, block, await direct_with(made, block.leader))

        yield runner.run(begin())
        runner.run(database.__aexit__(None, None, None))


async def traces() -> tuple[int, ...]:
    """How much there is of all that a command can leave behind."""
    return (
        await History.all().count(),
        await Message.all().count(),
        await Outbox.all().count(),
        await Absence.all().count(),
        await Leadership.all().count(),
        await Issue.all().count(),
    )


@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.sampled_from(NAMES),
    words=WORDS,
    where=st.sampled_from(["thread", "room", "direct", "reply"]),
    who=st.sampled_from(["block", "deputy", "group", "peace"]),
)
@example(name="merge", words="1001 1001", where="thread", who="block")
@example(name="split", words="", where="reply", who="block")
@example(name="away", words="0 days", where="direct", who="block")
@example(name="up", words="９９９９", where="room", who="group")
def test_every_command_is_answered_or_does_something(
    world: World, name: str, words: str, where: str, who: str
) -> None:
    block = world.block

    async def run() -> None:
        before = await traces()
        room = world.direct if where == "direct" else block.room
        person = block.leader if where == "direct" else block.territory.leaders[who]
        await room.says(
            person,
            f"!{name} {words}",
            thread=block.post if where == "thread" else "",
            reply=block.post if where == "reply" else "",
        )
        assert await traces() != before
        assert not await Inbox.exists(state=InboxState.FAILED)

    world.runner.run(run())


def test_words_that_are_no_commands_are_chat(world: World) -> None:
    async def run() -> None:
        before = await traces()
        await world.block.room.says(world.block.leader, "大家早上好")
        assert await traces() == before

    world.runner.run(run())
