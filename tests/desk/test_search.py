"""Search: by name, number, code, words and telephone number, within one's units; no number in an address."""

import logging

import pytest

from linzhang.settings import Settings
from models import Issue
from projections import duty
from tests.desk.desk import Browser, Desk
from tests.desk.test_triage import report
from tests.factories import CARD_CODE, Territory, appoint, reachable, resident

HERE = "/desk/search"


async def search(browser: Browser, wanted: str) -> str:
    """Search from the field on every page; what is found."""
    answer = await browser.post(HERE, q=wanted)
    if answer.status_code == 303:
        answer = await browser.get(answer.headers["location"])
    assert answer.status_code == 200
    return answer.text.partition('<main id="content"')[2]


async def test_units_leaders_and_residents_are_found_by_parts_of_their_names(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    await resident(settings, territory.block, name="刘国庆")
    async with desk.browser(territory.leaders["township"]) as leader:
        found = await search(leader, "国庆")
        assert found.index("李国庆") < found.index("刘国庆"), "leaders, then residents"
        assert "魏岗村委会" in await search(leader, "魏岗村")
        assert "34010101010102" in await search(leader, "魏岗村 第4邻")
        assert "34010101010101" in await search(leader, "34010101010101")
        assert "第3邻" in await search(leader, CARD_CODE)
        assert "没有找到" in await search(leader, "观堂镇")
    async with desk.browser(territory.leaders["next_township"]) as neighbour:
        for wanted in ("国庆", "魏岗村", "34010101010101", CARD_CODE, "刘大爷"):
            assert "没有找到" in await search(neighbour, wanted), wanted


async def test_issues_are_found_by_number_and_by_what_was_said_in_them(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    address = await resident(settings, territory.block)
    issue = await report(settings, address, territory.block, "村口的路灯又坏了")
    private = await report(settings, address, territory.block, "邻居打人路灯也坏了")
    await Issue.filter(id=private.id).update(private=True)
    await words_are_kept(settings)
    async with desk.browser(territory.leaders["village"]) as leader:
        found = await search(leader, "路灯")
        assert f"/desk/issue/{issue.number}" in found
        assert f"/desk/issue/{private.number}" not in found, "words of a private one are not told"
        assert f"/desk/issue/{issue.number}" in await search(leader, f"#{issue.number}")
        found = await search(leader, str(private.number))
        assert "不公开" in found
        assert "打人" not in found
        assert "刘大爷" not in found, "nor is it told who said them"
        assert "刘大爷" in await search(leader, str(issue.number))
    async with desk.browser(territory.leaders["peace"]) as neighbour:
        for wanted in ("路灯", str(issue.number)):
            assert "没有找到" in await search(neighbour, wanted)


async def words_are_kept(settings: Settings) -> None:
    """Let the projections take in what was said."""
    found = 1
    while found:
        found, _ = await duty.run(settings, 500)


async def test_a_telephone_number_is_found_and_stands_in_no_address_and_no_log(
    settings: Settings, territory: Territory, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await resident(settings, territory.block, name="刘大爷")
    await reachable(settings, territory.leaders["block"], "+8613900000005")
    async with desk.browser(territory.leaders["village"]) as leader:
        for wanted in ("13800138000", "138 0013 8000", "+86 138-0013-8000", "１３８００１３８０００"):
            answer = await leader.post(HERE, q=wanted)
            assert answer.status_code == 200, "nobody is sent on to an address that would hold it"
            assert "刘大爷" in answer.text
            assert wanted not in answer.text
        assert "陈建国" in await search(leader, "13900000005")
        sent_on = await leader.get(f"{HERE}?q=13800138000")
        assert sent_on.headers["location"] == HERE
        page = (await leader.get(HERE)).text
        assert 'role="search" method="post"' in page
    async with desk.browser(territory.leaders["peace"]) as neighbour:
        assert "没有找到" in await search(neighbour, "13800138000")
    said = [record.getMessage() for record in caplog.records if not record.name.startswith("httpx")]
    assert not [line for line in said if "8000138" in line or "13800138000" in line]


async def test_a_department_finds_nobody_by_name_or_number(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    city = territory.units["city"]
    await resident(settings, territory.block, name="刘大爷")
    water = await type(city).create(
        code="34-water", name="水务局", tier="department", parent=city, path=f"{city.path}34-water/"
    )
    async with desk.browser(await appoint(water, "水务")) as head:
        assert "水务局" in await search(head, "水务")
        for wanted in ("刘大爷", "13800138000"):
            assert "没有找到" in await search(head, wanted)
