"""A resident and a leader who have nothing but WeCom: the whole loop through the core."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from bridges.contract import Inbound
from bridges.registry import bridges, matrix_bridge
from bridges.wecom.bridge import WeComBridge
from demo.wecom import Corporation
from escalator import inbox as inbox_worker
from escalator import outbox
from escalator.delivery import ToPerson
from issues import inbox
from linzhang.settings import Settings
from models import Address, Issue, Outbox, State
from territory.addresses import give
from tests.factories import CARD_CODE, make_settings, open_database, plant

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Service:
    """The service without its processes: what comes in is worked on at once, and what may go out goes."""

    def __init__(self, settings: Settings, corporation: Corporation, bridge: WeComBridge) -> None:
        self.settings, self.corporation = settings, corporation
        encloser: object = None  # nothing goes along here
        self._deliverer = ToPerson(settings, bridge, encloser)  # type: ignore[arg-type]
        app = FastAPI()
        app.include_router(bridge.routes(self._accept))
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")

    async def _accept(self, inbound: Inbound) -> bool:
        lane = await inbox.store(self.settings, inbound)
        if lane is not None:
            await inbox_worker.drain(self.settings, lane)
        return lane is not None

    async def says(self, member: str, words: str) -> None:
        """Let a member write."""
        answer = await self.corporation.says(self._http, "/wecom/callback", member, words)
        assert answer.status_code == 200
        for row in await Outbox.filter(bridge="wecom", state="waiting"):
            await outbox.drain(self.settings, {"wecom": self._deliverer}, row.lane)

    def last_to(self, member: str) -> str:
        """What a member has read last."""
        return self.corporation.texts_to(member)[-1]

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.aclose()


@pytest_asyncio.fixture(loop_scope="session")
async def service(tmp_path: Path, corporation: Corporation) -> AsyncIterator[Service]:
    settings = make_settings(tmp_path, wecom=corporation.wecom.model_dump())
    matrix = matrix_bridge(settings)
    bridge = bridges(settings, matrix)["wecom"]
    assert isinstance(bridge, WeComBridge)
    corporation.members.add("wangnainai")
    async with open_database(settings):
        await give(settings, (await plant()).block.code, "wecom", "ZhangSan")
        service = Service(settings, corporation, bridge)
        yield service
        await service.close()
    await bridge.close()
    await matrix.close()


async def test_a_resident_reports_and_a_leader_answers_and_nobody_has_a_phone(service: Service) -> None:
    await service.says("WangNaiNai", "路灯坏了")
    assert "请问您住哪里" in service.last_to("wangnainai")
    await service.says("WangNaiNai", CARD_CODE)
    assert "陈建国" in service.last_to("wangnainai")
    assert "路灯坏了" in service.last_to("zhangsan")
    await service.says("ZhangSan", "1001 " + "下午来修。" * 200)
    parts = [each for each in service.corporation.texts_to("wangnainai") if "下午来修" in each]
    assert len(parts) == 2, "long words come whole, in parts"
    assert "".join(parts).count("下午来修。") == 200
    await service.says("ZhangSan", "1001 好了")
    assert "解决" in service.last_to("wangnainai")
    await service.says("WangNaiNai", "1")
    issue = await Issue.get().select_related("address")
    assert (issue.state, issue.address.bridge) == (State.CLOSED, "wecom")
    assert await Address.filter(bridge="wecom").count() == 2
