"""The board: what one sees of one's issues, filtered by the address, page after page."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tortoise.transactions import in_transaction

from issues import lifecycle
from issues.lifecycle import Actor
from linzhang.settings import Settings
from models import Address, Issue, Message, Projected, State, Unit
from projections import words
from tests.desk.desk import Browser, Desk, desk_for
from tests.factories import MORNING, Territory, appoint, make_settings, open_database, plant, resident
from tests.issues.diary import Phone


@pytest.fixture(params=["sqlite", "postgres"])
async def either(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings with an open database, on each of the two kinds."""
    url = {"database_url": request.getfixturevalue("new_postgres")()} if request.param == "postgres" else {}
    settings = make_settings(tmp_path, **url)
    async with open_database(settings):
        yield settings


async def report(settings: Settings, text: str, *, who: Phone | None = None) -> int:
    """Somebody of the block reports something new; returns its number."""
    await (who or Phone(settings)).text(f"新问题 {text}")
    issue = await Issue.all().order_by("-id").first()
    assert issue is not None
    async with in_transaction() as connection:
        await words.put(connection, {issue.id: [text]})
    return issue.number


async def shown(browser: Browser, address: str) -> list[int]:
    """The numbers on a page of the board, in their order."""
    page = await browser.get(address)
    assert page.status_code == 200, page.text
    return [int(number) for number in re.findall(r'data-number="(\d+)"', page.text)]


async def check_that_pages_follow_each_other_without_a_gap(desk: Desk, territory: Territory) -> None:
    address, block = await Address.all().select_related("person").first(), territory.units["peace"]
    assert address is not None
    for number in range(120):
        state = (State.OPEN, State.ANSWERED)[number % 2]
        due: dict[str, Any] = {
            "answer_due" if state is State.OPEN else "resolve_due": MORNING
        }  # all at the same moment
        await Issue.create(
            block=block, holder=block, path=block.path, reporter=address.person, address=address, state=state,
            opened_at=MORNING, talked_at=MORNING, urgent=number % 3 > 0, **due,
        )  # fmt: skip
    calm = {issue.id for issue in await Issue.filter(urgent=False)}
    async with desk.browser(territory.leaders["peace"]) as browser:
        for order in ("pressing", "newest"):
            address_of_page: str | None = f"/desk/board?order={order}"
            seen: list[int] = []
            while address_of_page:
                page = (await browser.get(address_of_page)).text
                assert "共120件" in page
                seen += [int(each) for each in re.findall(r'data-number="(\d+)"', page)]
                following = re.search(r'href="([^"]+)" rel="next"', page)
                address_of_page = following[1].replace("&amp;", "&") if following else None
            assert len(seen) == 120
            if order == "newest":
                assert seen == sorted(seen, reverse=True)
            else:
                assert seen == sorted(seen, key=lambda number: (Issue.id_of(number) in calm, number))


async def test_the_board_shows_ones_own_and_what_is_asked_for(either: Settings) -> None:
    settings, desk, territory = either, desk_for(either), await plant()
    await resident(settings, territory.block)
    phone = Phone(settings)
    lamp = await report(settings, "路灯坏了", who=phone)
    water = await report(settings, "自来水发黄", who=phone)
    gas = await report(settings, "煤气漏了", who=phone)
    secret = await report(settings, "路灯下有人打孩子", who=phone)
    leader = territory.leaders["block"]
    async with in_transaction():
        issue = await lifecycle.lock(Issue.id_of(water))
        said = Message(author=leader, bridge="matrix", external_id="$1", text="明天来", said_at=MORNING)
        actor = Actor(leader, "matrix")
        await (await lifecycle.answer(settings, issue, actor, said, settings.clock.now())).save()
    await Issue.filter(id=Issue.id_of(secret)).update(private=True, urgent=False)
    await Issue.filter(id=Issue.id_of(lamp)).update(state=State.CLOSED, rating=2, answer_due=None)
    await Projected.create(
        issue_id=Issue.id_of(water), path="", points=0, open=1, overdue=1, urgent=0, reopened=0,
        week=MORNING.date(), counts={},
    )  # fmt: skip
    async with desk.browser(leader) as browser:
        assert await shown(browser, "/desk/board") == [gas, secret, water]
        for query, expected in {
            "state=all": [secret, gas, water, lamp],
            "state=closed": [lamp],
            "order=newest": [secret, gas, water],
            "urgent=1": [gas],
            "private=1": [secret],
            "overdue=1": [water],
            "state=all&rating=2": [lamp],
            "state=all&rating=5": [],
            f"state=all&q={quote('路灯')}": [secret, lamp],
            f"state=all&q={lamp}": [lamp],
            "bridge=sms": [gas, secret, water],
            "bridge=telegram": [],
            "tier=block": [gas, secret, water],
            "tier=village": [],
            "age=d1": [gas, secret, water],
            "age=over1": [],
            f"unit={territory.block.code}": [gas, secret, water],
            "state=nonsense&age=x&rating=9&tier=no&after=%00": [gas, secret, water],
        }.items():
            assert await shown(browser, f"/desk/board?{query}") == expected, query
        columns = (await browser.get("/desk/board?view=columns")).text
        assert re.findall(r'class="column state-(\w+)"', columns) == [
            "open", "answered", "referred", "resolved", "closed",
        ]  # fmt: skip
        part = await browser.get("/desk/board?part=rows")
        assert str(gas) in part.text
        assert "<html" not in part.text
    await check_that_pages_follow_each_other_without_a_gap(desk, territory)


async def test_a_leader_sees_nothing_of_the_neighbours_and_no_private_words(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    await resident(settings, territory.block)
    number = await report(settings, "邻长收了我的钱")
    await Issue.filter(id=Issue.id_of(number)).update(private=True)
    async with desk.browser(territory.leaders["peace"]) as neighbour:
        assert await shown(neighbour, "/desk/board?state=all") == []
        page = await neighbour.get(f"/desk/board?unit={territory.block.code}")
        assert "data-number" not in page.text
        assert territory.block.name not in page.text
        proposed = await neighbour.get(f"/desk/board/units?q={territory.block.code[:6]}")
        assert [each["code"] for each in proposed.json()] == [territory.units["peace"].code]
    async with desk.browser(territory.leaders["township"]) as above:
        page = await above.get("/desk/board")
        assert str(number) in page.text
        assert "收了我的钱" not in page.text
        assert "私密问题" in page.text
        assert await shown(above, f"/desk/board?q={quote('收了')}") == []
    async with desk.browser(territory.leaders["block"]) as theirs:
        assert "收了我的钱" in (await theirs.get("/desk/board")).text


async def test_the_unit_is_chosen_by_typing(settings: Settings, territory: Territory, desk: Desk) -> None:
    async with desk.browser(territory.leaders["township"]) as browser:
        proposed = await browser.get(f"/desk/board/units?q={quote('和平')}")
        assert proposed.json() == [{"code": "34010102", "name": "和平社区", "tier": "村社区", "in": "魏岗镇"}]
        chosen = await browser.get(f"/desk/board?unit={quote('34010102 和平社区')}&state=open")
        assert chosen.headers["location"] == "/desk/board?unit=34010102&state=open"
        named = await browser.get(f"/desk/board?unit={quote('和平社区')}")
        assert named.headers["location"] == "/desk/board?unit=34010102"


async def test_an_issue_is_seen_by_the_department_that_has_it(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    await resident(settings, territory.block)
    number = await report(settings, "水管爆了")
    county = territory.units["county"]
    water = await Unit.create(
        code="3401W", name="水务局", tier="department", parent=county, path=f"{county.path}3401W/"
    )
    expert = await appoint(water, "何水生")
    leader = territory.leaders["township"]
    async with desk.browser(expert) as browser:
        assert await shown(browser, "/desk/board") == []
        async with in_transaction():
            issue = await lifecycle.lock(Issue.id_of(number))
            actor = Actor(leader, "matrix")
            await (await lifecycle.refer(settings, issue, actor, water, "", settings.clock.now())).save()
        assert await shown(browser, "/desk/board") == [number]


async def test_a_telephone_number_in_the_address_is_not_looked_for_nor_shown(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    await resident(settings, territory.block)
    await report(settings, "打 138 0013 8000 找我")
    async with desk.browser(territory.leaders["block"]) as browser:
        page = (await browser.get(f"/desk/board?q={quote('138 0013 8000')}")).text
        assert 'value="138' not in page
        assert "q=138" not in page
        assert (await browser.get(f"/desk/issue/{'9' * 25}")).status_code == 404
