"""Bridges on the desk: how each is doing, off and on with a reason, tied groups, and the record of it all."""

from datetime import timedelta
from typing import Any

from linzhang.settings import Settings
from models import AdminAction, BridgeOff, Outbox, OutboxState, TiedChat
from tests.desk.desk import Desk, desk_for
from tests.factories import MORNING, Territory, appoint

HERE = "/desk/admin/bridges"


async def effect(settings: Settings, bridge: str, state: OutboxState, days: int = 0) -> None:
    """An effect in the outbox, of so many days ago."""
    wall = settings.clock.wall() - timedelta(days=days)
    number = await Outbox.all().count()
    facts: dict[str, Any] = {
        "payload": {},
        "created_at": wall,
        "not_before": wall,
        "lane": f"l{number}",
        "key": f"k{number}",
    }
    await Outbox.create(bridge=bridge, state=state, sent_at=wall, **facts)


async def test_a_bridge_is_turned_off_and_on_with_a_reason(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    for state, days in ((OutboxState.WAITING, 0), (OutboxState.FAILED, 1), (OutboxState.FAILED, 60)):
        await effect(settings, "matrix", state, days)
    with_wecom = desk_with_wecom(settings)
    async with with_wecom.browser(await appoint(territory.units["city"], "市办")) as admin:
        page = (await admin.get(HERE)).text
        assert '30天内失败</dt><dd class="number"><a href="/desk/triage">1</a>' in page
        assert 'action="/desk/admin/bridges/matrix"' not in page, "the service stands on it"
        assert (await admin.post(f"{HERE}/matrix", to="off")).status_code == 404
        assert (await admin.post(f"{HERE}/nonsense", to="off")).status_code == 404
        assert (await admin.post(f"{HERE}/wecom", to="off", why="平台故障")).status_code == 303
        assert await BridgeOff.exists(name="wecom")
        page = (await admin.get(HERE)).text
        assert "今天10:00起关闭" in page
        assert "平台故障" in page
        assert (await admin.post(f"{HERE}/wecom", to="on")).status_code == 303
    assert [(deed.action, deed.who, deed.detail) for deed in await AdminAction.all()] == [
        ("bridge off", "市办", "平台故障"),
        ("bridge on", "市办", ""),
    ]


def desk_with_wecom(settings: Settings) -> Desk:
    """The desk of a service that is on WeCom."""
    wecom = {"corp_id": "c", "agent_id": 1, "secret": "s", "token": "t", "encoding_aes_key": "k" * 43}
    return desk_for(Settings.model_validate(settings.model_dump() | {"wecom": wecom}))


async def test_a_group_is_untied(settings: Settings, territory: Territory, desk: Desk) -> None:
    village = territory.units["village"]
    tie = await TiedChat.create(bridge="telegram", chat="-100123", unit=village, tied_at=MORNING)
    async with desk.browser(await appoint(territory.units["city"], "市办")) as admin:
        assert "-100123" in (await admin.get(HERE)).text
        assert (await admin.post(f"{HERE}/ties/{tie.id}")).status_code == 303
        assert (await admin.post(f"{HERE}/ties/{tie.id}")).status_code == 404
        page = (await admin.get(HERE)).text
    assert "没有外部群" in page
    assert (await AdminAction.get()).detail == "-100123 34010101"


async def test_it_is_there_for_administrators_only(territory: Territory, desk: Desk) -> None:
    async with desk.browser(territory.leaders["township"]) as leader:
        assert (await leader.get(HERE)).status_code == 404
        assert (await leader.post(f"{HERE}/wecom", to="off", why="x")).status_code == 404
        assert HERE not in (await leader.get("/desk/nowhere")).text
    assert not await BridgeOff.exists()
