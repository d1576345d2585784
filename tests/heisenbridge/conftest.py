"""A town on a whole stack with heisenbridge and an IRC server beside it, started once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest
import pytest_asyncio

from bridges.registry import matrix_bridge
from demo.children import Child, port_near
from demo.stack import make_stack
from linzhang.database import database
from rooms.provision import Provision
from tests.factories import make_tables
from tests.heisenbridge.irc import Villager, heisenbridge, irc_server, network, registration
from tests.stack.town import Town

CHANNEL = "#zhangzhuang"


@dataclass
class Village:
    """A block's leader at Matrix, and an IRC server where its people are.

    Attributes:
        town: The town with its leaders.
        irc_port: Where the IRC server listens.
        room_id: The block's room.
    """

    town: Town
    irc_port: int
    room_id: str
    _people: dict[str, Villager] = field(default_factory=dict)

    async def comes(self, nick: str) -> Villager:
        """Somebody comes into the channel, unless they are there."""
        if nick not in self._people:
            self._people[nick] = await Villager.come(nick, CHANNEL, self.irc_port)
        return self._people[nick]

    async def leave(self) -> None:
        """Everybody hangs up."""
        for each in self._people.values():
            await each.go()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def village(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Village]:
    """The village."""
    folder = tmp_path_factory.mktemp("heisenbridge")
    irc_port, bridge_port = port_near(0), port_near(0)
    registered = registration(bridge_port)
    stack = make_stack(folder / "stack", networks=[network(irc_port)], registrations=[registered])
    homeserver = stack.homeserver.url
    besides: list[Child] = [
        irc_server(folder, irc_port),
        heisenbridge(folder, registered, bridge_port, homeserver),
    ]
    await make_tables(stack.settings.database_url)
    try:
        await stack.start_outside()
        for each in besides:
            await each.start()
        async with database(stack.settings.database_url):
            town = Town(stack, httpx.AsyncClient(base_url=stack.carrier.url, trust_env=False))
            await town.plant()
            town.wait_for(8)
            await stack.start_service()
            made = Village(town, irc_port, await _room(town))
            try:
                yield made
            finally:
                await made.leave()
                await town.close()
    finally:
        for each in besides:
            await each.stop()
        await stack.stop()


async def _room(town: Town) -> str:
    """The block's room, made as an admin makes it beforehand."""
    matrix = matrix_bridge(town.stack.settings)
    try:
        room = await Provision(town.stack.settings, matrix).room(town.units["block"])
    finally:
        await matrix.close()
    return room.room_id
