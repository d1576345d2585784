"""An issue's page: its whole story, and what leaders do there, which goes the same way as from a room."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict

import httpx
import pytest

from attachments.made import Use
from bridges.contract import Media
from issues import remedies, texts
from linzhang.settings import Settings
from models import Action, History, Issue, Message, Outbox, OutboxState, State, Unit, Upload, Voice
from tests.desk.desk import Browser, Desk
from tests.factories import Territory, appoint
from tests.issues.chat import Block, block_in, direct_with, lines, zh
from tests.issues.diary import carry_out
from web.desk.texts import issue as page_texts


@pytest.fixture
async def block(settings: Settings, territory: Territory) -> Block:
    """A block with the issue '路灯坏了', and its room."""
    return await block_in(settings, territory)


@asynccontextmanager
async def opened(desk: Desk, block: Block, who: str = "block") -> AsyncIterator[Browser]:
    async with desk.browser(block.territory.leaders[who]) as browser:
        yield browser


async def act(browser: Browser, number: int, deed: str, **fields: str) -> httpx.Response:
    """Send the form of the page for a deed, as it stands there."""
    page = await browser.get(f"/desk/issue/{number}")
    assert page.status_code == 200, page.text
    once = re.search(r'name="once" value="([^"]+)-words"', page.text)
    assert once, "nothing is offered"
    return await browser.post(f"/desk/issue/{number}/{deed}", once=f"{once[1]}-{deed}", **fields)


def offered(page: str) -> set[str]:
    """What a page offers."""
    return set(re.findall(r'action="/desk/issue/\d+/(\w+)"', page))


async def test_an_answer_from_the_desk_reaches_the_resident_and_the_room_once(
    desk: Desk, block: Block
) -> None:
    async with opened(desk, block) as browser:
        page = await browser.get(f"/desk/issue/{block.number}")
        assert offered(page.text) >= {"answer", "note", "done", "accept", "up", "call", "withdraw", "urgent"}
        once = re.search(r'name="once" value="([^"]+)-words"', page.text)
        assert once
        address = f"/desk/issue/{block.number}/answer"
        for _ in range(2):  # pressed twice
            sent = await browser.post(address, once=once[1], words="今晚修好")
            assert (sent.status_code, sent.headers["location"]) == (303, f"/desk/issue/{block.number}")
        assert await block.phone.told() == [
            zh(texts.ANSWER, leader="邻长陈建国", number=block.number, words="今晚修好")
        ]
        said = zh(texts.LINE_ANSWERED, name="邻长陈建国", unit="第3邻", words="今晚修好")
        assert (await lines(block.territory.block)).count(said) == 1
        message = await Message.get(voice=Voice.LEADER)
        assert (message.bridge, message.text) == ("desk", "今晚修好")
        assert await History.filter(action=Action.ANSWER, bridge="desk").count() == 1
        assert (await block.issue()).state is State.ANSWERED
        await carry_out(block.settings)
        page = await browser.get(f"/desk/issue/{block.number}")
        assert "今晚修好" in page.text
        assert "已发送" in page.text
        assert "accept" not in offered(page.text)


async def test_all_that_chat_can_do_can_be_done_here(
    settings: Settings, territory: Territory, desk: Desk, block: Block
) -> None:
    county, leader = territory.units["county"], territory.leaders["township"]
    water = await Unit.create(
        code="3401W", name="水务局", tier="department", parent=county, path=f"{county.path}3401W/"
    )
    await appoint(water, "何水生")
    number = block.number
    async with desk.browser(leader) as browser:

        async def does(deed: str, **fields: str) -> Issue:
            done = await act(browser, number, deed, **fields)
            assert done.status_code == 303, re.sub(r"<[^>]+>|\s+", " ", done.text)
            return await block.issue(number)

        await does("accept")
        assert await History.filter(action=Action.ACCEPT, actor_id=leader.id).exists()
        await does("note", words="先看看再说")
        assert (await Message.get(text="先看看再说")).voice is Voice.INSIDE
        assert (await does("urgent")).urgent
        assert not (await does("calm")).urgent
        assert (await does("up", words="要配件")).holder == territory.units["group"]
        assert (await does("refer", choice=water.code, words="主管道")).state is State.REFERRED
        assert (await does("return", words="不归我们")).state is State.OPEN
        assert (await does("done", words="换了灯泡")).state is State.RESOLVED
        assert (await Message.get(text="换了灯泡")).voice is Voice.LEADER
        await Outbox.filter(state=OutboxState.WAITING).update(hold_until=None)
        assert (await does("undo")).state is State.OPEN
        await block.phone.text(f"{number} 还有下水道堵了")
        more = (
            await Message.filter(issue_id=Issue.id_of(number), voice=Voice.RESIDENT).order_by("-id").first()
        )
        assert more
        await does("split", choice=str(more.id))
        other = (await Message.get(id=more.id)).issue_id
        assert other != Issue.id_of(number)
        assert (await does("withdraw", words="重复了")).state is State.WITHDRAWN
        third = await block.report("新问题 路灯又坏了")
        number = third
        merged = await does("merge", choice=str(Issue(id=other).number))
        assert (merged.state, merged.merged_into_id) == (State.MERGED, other)
        page = await browser.get(f"/desk/issue/{third}")
        assert offered(page.text) <= {"withdraw", "call"}
        assert f"/desk/issue/{Issue(id=other).number}" in page.text
    assert await History.exclude(bridge__in=("desk", "sms", "")).count() == 0


async def test_what_is_refused_says_why_and_keeps_the_words(desk: Desk, block: Block) -> None:
    async with opened(desk, block) as browser:
        empty = await act(browser, block.number, "answer", words="  ")
        assert empty.status_code == 409
        assert "请先写下要说的话" in empty.text
        await act(browser, block.number, "done")
        await carry_out(block.settings)
        late = await act(browser, block.number, "undo")
        assert late.status_code == 409
        assert zh(texts.ASKED_ALREADY, number=block.number) in late.text
        up = await act(browser, block.number, "up", words="求上级<b>")
        assert up.status_code == 409
        assert (await browser.get(f"/desk/issue/{block.number}")).text.count("求上级") == 0
        forged = await browser.http.post(f"/desk/issue/{block.number}/done", data={"once": "x"})
        assert forged.status_code == 403


async def test_the_number_is_shown_once_and_recorded(desk: Desk, block: Block) -> None:
    async with opened(desk, block) as browser:
        page = await browser.get(f"/desk/issue/{block.number}")
        once = re.search(r'name="once" value="([^"]+)-call"', page.text)
        assert once
        assert "13800138000" not in page.text
        shown = await browser.post(f"/desk/issue/{block.number}/call", once=once[1])
        assert 'href="tel:+8613800138000"' in shown.text
        assert shown.headers["cache-control"] == "no-store"
        again = await browser.post(f"/desk/issue/{block.number}/call", once=once[1])
        assert again.status_code == 303
        assert "13800138000" not in again.text
        assert await History.filter(action=Action.CALL).count() == 1
        assert "13800138000" not in (await browser.get(f"/desk/issue/{block.number}")).text


async def test_a_neighbour_finds_nothing_and_whoever_is_above_no_private_words(
    settings: Settings, desk: Desk, block: Block
) -> None:
    await Issue.all().update(private=True)
    message = await Message.get(voice=Voice.RESIDENT)
    message.media = [asdict(Media("http://carrier/1.jpg", "image/jpeg"))]
    await message.save()
    picture = f"/desk/issue/{block.number}/media/{message.id}/0"
    async with opened(desk, block, "peace") as neighbour:
        for address in (f"/desk/issue/{block.number}", picture, "/desk/issue/99999999"):
            assert (await neighbour.get(address)).status_code == 404
        for deed in ("answer", "call"):
            sent = await neighbour.post(f"/desk/issue/{block.number}/{deed}", once="x" * 20, words="好")
            assert sent.status_code == 404
    async with opened(desk, block, "township") as above:
        page = (await above.get(f"/desk/issue/{block.number}")).text
        assert "路灯坏了" not in page
        assert "刘大爷" not in page
        assert offered(page) == set()
        assert (await above.get(picture)).status_code == 404
        sent = await above.post(f"/desk/issue/{block.number}/call", once="x" * 20)
        assert sent.status_code == 403
        assert "13800138000" not in sent.text
    assert not await History.filter(action=Action.CALL).exists()


async def test_the_story_has_all_ways_and_says_what_has_not_arrived(desk: Desk, block: Block) -> None:
    await block.room.says(block.leader, "明天来修", thread=block.post)
    await block.room.says(block.leader, "// 他脾气急", thread=block.post)
    await carry_out(block.settings)
    row = next(each for each in await Outbox.filter(bridge="sms") if "明天来修" in each.payload["text"])
    row.receipt, row.receipt_code = "undelivered", 30003
    await row.save()
    async with opened(desk, block) as browser:
        part = (await browser.get(f"/desk/issue/{block.number}?part=story")).text
        assert "<html" not in part
        order = [part.index(words) for words in ("路灯坏了", "明天来修", "他脾气急")]
        assert order == sorted(order)
        assert "未送达：对方关机或不在服务区" in part
        assert "matrix.to" in part
    assert set(page_texts.WHY) == set(remedies.REMEDIES)
    assert set(page_texts.STEPS) == set(Action)


async def test_a_picture_is_given_out_as_the_homeserver_keeps_it(desk: Desk, block: Block) -> None:
    message = await Message.get(voice=Voice.RESIDENT)
    message.media = [asdict(Media("http://carrier/1.jpg", "image/jpeg"))]
    await message.save()
    await Upload.create(
        bridge="sms", source="http://carrier/1.jpg", made_for=Use.ROOM, homeserver="test",
        uri="mxc://test/kept", content_type="image/jpeg", extension="jpg", family="picture", size=6,
    )  # fmt: skip
    async with opened(desk, block) as browser:
        page = await browser.get(f"/desk/issue/{block.number}")
        address = f"/desk/issue/{block.number}/media/{message.id}/0"
        assert f'<img src="{address}"' in page.text
        picture = await browser.get(address)
        assert picture.status_code == 503  # nobody is there
        assert (await browser.get(f"/desk/issue/{block.number}/media/{message.id}/7")).status_code == 404


async def test_chat_links_to_the_desk_and_one_lands_there_after_coming_in(
    settings: Settings, desk: Desk, block: Block
) -> None:
    direct = await direct_with(settings, block.leader)
    await direct.says(block.leader, f"show {block.number}")
    told = [row.payload for row in await Outbox.filter(bridge="rooms").order_by("id")]
    link = str(told[-1]["text"]).splitlines()[-1]
    assert link == f"http://127.0.0.1:1/desk/issue/{block.number}"
    async with desk.browser() as browser:
        turned_away = await browser.get(link.removeprefix("http://127.0.0.1:1"))
        assert turned_away.headers["location"] == "/desk/login"
        await direct.says(block.leader, "desk")
        row = next(each for each in await Outbox.all().order_by("-id") if "secret" in each.payload)
        way_in = settings.vault.open(row.payload["secret"]).removeprefix(settings.public_url)
        entered = await browser.post(way_in)
        assert entered.headers["location"] == f"/desk/issue/{block.number}"
        assert (await browser.get(entered.headers["location"])).status_code == 200
