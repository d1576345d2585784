"""The map and a unit's page: what is in view, who is shown whose number, what leaders say they are at."""

from datetime import timedelta

import pytest

from linzhang.settings import Settings
from models import Leadership, Look, StatusNote, UnitLoad
from models.projections import Level
from tests.desk.desk import Desk
from tests.factories import Territory, clock_of, reachable, resident

WORLD = "-180,-90,180,90"


async def test_the_map_shows_the_deepest_tier_that_is_not_too_much_and_its_level(
    territory: Territory, desk: Desk
) -> None:
    await UnitLoad.create(unit=territory.block, level=Level.RED, open=7, overdue=3, points=9000)
    async with desk.browser(territory.leaders["village"]) as browser:
        code = territory.units["village"].code
        assert f'data-unit="{code}"' in (await browser.get(f"/desk/map/{code}")).text
        found = (await browser.get(f"/desk/map/{code}/cells?box={WORLD}&zoom=10")).json()
    assert found["tier"] == "block"
    told = {each["id"]: each["properties"] for each in found["features"]}
    assert set(told) == {territory.block.code, territory.units["other_block"].code}
    assert told[territory.block.code] | {"name": "", "code": "", "tier": ""} == {
        "name": "",
        "code": "",
        "tier": "",
        "level": "red",
        "open": 7,
        "overdue": 3,
        "urgent": 0,
    }
    assert told[territory.units["other_block"].code]["level"] == "green"
    assert [each["id"] for each in found["outlines"]] == [territory.units["group"].code]


@pytest.mark.parametrize("box", ["", "1,2,3", "a,b,c,d", "1,2,3,4,5", "nan,1,2,3", "1.2.3,1,2,3", ".,.,.,."])
async def test_a_box_that_is_none_is_refused(box: str, territory: Territory, desk: Desk) -> None:
    async with desk.browser(territory.leaders["village"]) as browser:
        code = territory.units["village"].code
        assert (await browser.get(f"/desk/map/{code}/cells?box={box}&zoom=10")).status_code == 422


async def test_the_map_of_a_block_shows_those_around_it_to_whoever_may_see_them(
    territory: Territory, desk: Desk
) -> None:
    block, group = territory.block.code, territory.units["group"].code
    for leader, around in (("group", group), ("block", block)):
        async with desk.browser(territory.leaders[leader]) as browser:
            page = (await browser.get(f"/desk/map/{block}")).text
            assert f'data-unit="{around}" data-chosen="{block}"' in page


async def test_nobody_sees_the_map_or_the_page_of_a_neighbour(territory: Territory, desk: Desk) -> None:
    async with desk.browser(territory.leaders["village"]) as browser:
        for name in ("peace", "township", "peace_too"):
            code = territory.units[name].code
            for address in (f"map/{code}", f"map/{code}/cells?box={WORLD}&zoom=9", f"unit/{code}"):
                assert (await browser.get(f"/desk/{address}")).status_code == 404
            assert (await browser.post(f"/desk/unit/{code}/note", text="x")).status_code == 404


async def test_a_units_page_names_who_answers_and_what_is_said(
    territory: Territory, desk: Desk, settings: Settings
) -> None:
    async with desk.browser(territory.leaders["block"]) as browser:
        await browser.post(f"/desk/unit/{territory.block.code}/note", text="正在巡查", hours="2")
        page = (await browser.get(f"/desk/unit/{territory.block.code}")).text
        assert "陈建国" in page
        assert "马丽" in page
        assert '<p class="status-note"><b>正在巡查</b>' in page
        assert territory.block.card_code is not None
        assert territory.block.card_code in page
        assert "geo:" in page
        clock_of(settings).advance(timedelta(hours=2, seconds=1))
        assert "status-note" not in (await browser.get(f"/desk/unit/{territory.block.code}")).text
        await browser.post(f"/desk/unit/{territory.block.code}/note", text="")
    async with desk.browser(territory.leaders["township"]) as above:
        assert (await above.post(f"/desk/unit/{territory.block.code}/note", text="x")).status_code == 404
    assert await StatusNote.all().count() == 1


async def test_a_number_is_shown_only_when_it_is_asked_for_and_that_is_recorded(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    leader = territory.leaders["block"]
    await reachable(settings, leader, "+8613800000001")
    await resident(settings, territory.block, number="+8613800000002")
    address = f"/desk/unit/{territory.block.code}"
    async with desk.browser(territory.leaders["village"]) as browser:
        assert "138" not in (await browser.get(address)).text
        shown = await browser.post(f"{address}/call", person=str(leader.id))
        assert 'href="tel:+8613800000001"' in shown.text
        assert "138 0000 0001" in shown.text
        assert shown.headers["cache-control"] == "no-store"
        assert "138" not in (await browser.get(address)).text
        # Nobody else's, whatever the form says.
        nobody = await browser.post(f"{address}/call", person=str(territory.leaders["section"].id))
        assert nobody.status_code == 404
    looked = await Look.get()
    assert (looked.person_id, looked.whose_id) == (territory.leaders["village"].id, leader.id)


async def test_a_vacant_post_is_said_to_be_vacant(territory: Territory, desk: Desk) -> None:
    await Leadership.filter(unit=territory.units["peace"]).delete()
    async with desk.browser(territory.leaders["township"]) as browser:
        assert "空缺" in (await browser.get(f"/desk/unit/{territory.units['peace'].code}")).text
