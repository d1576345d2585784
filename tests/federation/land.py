"""A township on one homeserver, a village of its on another, and a leader on a third that knows neither.

first    the township, its own leader, and a block that stands right below it
second   the village: its room, its group's and its block's, and the leaders of village and block
guest    the account of the group's leader, and of anybody else; the service is not registered there
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from nio import AsyncClient

from demo.homeserver import EmbeddedHomeserver
from demo.stack import Stack
from linzhang.database import database
from models import Leadership, Outbox, OutboxState, Person, Role, Unit
from tests.factories import make_tables
from tests.stack.town import CARD_CODE, PASSWORD, LeaderClient, Town, until

#: The units, each below the one that it names, and which homeserver it names itself.
UNITS = {
    "city": ("34", "亳州市", "", ""),
    "county": ("3416", "谯城区", "city", ""),
    "township": ("341602", "魏岗镇", "county", ""),
    "near": ("34160201", "第1邻", "township", ""),
    "village": ("34160202", "魏岗村委会", "township", "second"),
    "group": ("3416020201", "张庄组", "village", ""),
    "block": ("341602020101", "第3邻", "group", ""),
}
LEADERS = {
    "township": ("李书记", "homeserver"),
    "near": ("王大妈", "homeserver"),
    "village": ("赵刚", "second"),
    "group": ("周强", "guest"),
    "block": ("陈建国", "second"),
}


@dataclass
class Land(Town):
    """A town that lives on more than one homeserver.

    Attributes:
        moved: Units of the first homeserver that have moved to the second.
    """

    moved: set[str] = field(default_factory=set)

    @property
    def first(self) -> EmbeddedHomeserver:
        """Where the township is."""
        return self.stack.homeserver

    @property
    def second(self) -> EmbeddedHomeserver:
        """Where the village is."""
        assert self.stack.second
        return self.stack.second

    @property
    def guest(self) -> EmbeddedHomeserver:
        """Which knows nothing of us."""
        assert self.stack.guest
        return self.stack.guest

    async def plant(self) -> None:
        """Write the territory, and give its leaders accounts on their homeservers."""
        for key, (code, name, above, homeserver) in UNITS.items():
            parent = self.units.get(above)
            self.units[key] = await Unit.create(
                code=code,
                name=name,
                tier="block" if key == "near" else key,
                parent=parent,
                path=f"{parent.path if parent else ''}{code}/",
                card_code=CARD_CODE if key == "block" else None,
                homeserver=self._named(homeserver).server_name if homeserver else None,
            )
        for key, (name, homeserver) in LEADERS.items():
            person = await Person.create(name=name, block=self.units["block"], language="zh-Hans")
            since = self.stack.clock.now()
            await Leadership.create(unit=self.units[key], person=person, role=Role.LEADER, since=since)
            self.leaders[key] = await self.account(self._named(homeserver), f"leader-{key}", name, person)

    async def account(
        self, homeserver: EmbeddedHomeserver, localpart: str, name: str, person: Person | None
    ) -> LeaderClient:
        """Somebody with an account on a homeserver; the roster knows it if a person is given."""
        user_id = await homeserver.register_user(localpart, PASSWORD, name)
        if person:
            await self._address(person, "matrix", user_id)
        client = LeaderClient(AsyncClient(homeserver.url, user_id), user_id, name)
        await client.log_in()
        return client

    async def room(self, tier: str) -> str:
        """Id of the room that a unit has now, by its alias on its own homeserver."""
        at_first = tier in ("township", "near") and tier not in self.moved
        home = self.first if at_first else self.second
        alias = f"%23lz-{self.units[tier].code}:{home.server_name}"

        async def find() -> str | None:
            async with httpx.AsyncClient(trust_env=False) as client:
                answer = await client.get(f"{home.url}/_matrix/client/v3/directory/room/{alias}")
            return answer.json()["room_id"] if answer.status_code == 200 else None

        return await until(find, f"the {tier}'s room")

    async def waits(self, number: int) -> None:
        """Wait until so many effects for rooms have been tried and put off."""

        async def find() -> bool:
            waiting = Outbox.filter(bridge="rooms", attempts__gt=0, state__not=OutboxState.SENT)
            return await waiting.count() >= number

        await until(find, f"{number} effects to wait")

    def _named(self, name: str) -> EmbeddedHomeserver:
        found: EmbeddedHomeserver = getattr(self.stack, name)
        return found


@asynccontextmanager
async def land_on(stack: Stack) -> AsyncIterator[Land]:
    """Start a stack with a land on it, and stop it at the end."""
    await make_tables(stack.settings.database_url)
    try:
        await stack.start_outside()
        async with database(stack.settings.database_url):
            land = Land(stack, httpx.AsyncClient(base_url=stack.carrier.url, trust_env=False))
            await land.plant()
            await stack.start_service()
            try:
                yield land
            finally:
                await land.close()
    finally:
        await stack.stop()
