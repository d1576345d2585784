"""A township secretary's Monday: one morning on the desk, while phones and rooms answer.

docs/monday.md tells it; its pictures stand there, and `make screenshot` takes them anew.
"""

import io
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
from PIL import Image
from playwright.async_api import Browser, Locator, Page, expect

from tests.page.desk import PICTURES, nobody_is_kept_out, nothing_sticks_out, signed_in
from tests.page.newcomer import Newcomer
from tests.page.village import until

pytestmark = [
    pytest.mark.long,
    pytest.mark.browser,
    pytest.mark.stack,
    pytest.mark.asyncio(loop_scope="session"),
]

TABLE, HAND = {"width": 1180, "height": 760}, {"width": 390, "height": 844}

HEAT = "今天最高38度，11点到16点请不要下地，身边有老人的多去看看"
WORK = "给三户老人送水，11点前"


async def test_a_township_secretarys_monday(newcomer: Newcomer, browser: Browser) -> None:
    leaders, (wang, li) = newcomer.leaders, newcomer.phones[:2]
    await _it_is_day(newcomer)
    await _the_block_leader_looks_after(newcomer, wang["name"], li["name"])
    async with signed_in(browser, newcomer, "township", TABLE) as desk:
        # She looks at the map, and goes to where old people live far from each other.
        side = desk.locator("#side")
        await expect(side.locator("h2")).to_contain_text(leaders["township"]["unit"])
        await expect(desk.locator(".tier-shown")).to_contain_text(re.compile("村|片|组"))
        await _picture(desk, "map")
        for tier in ("village", "section"):
            await side.get_by_role("link", name=leaders[tier]["unit"], exact=True).click()
            await expect(side.locator("h2")).to_contain_text(leaders[tier]["unit"])

        # It will be hot: she lets everybody there know.
        await side.get_by_role("link", name="发通知").click()
        await desk.get_by_label("要让大家知道的话").fill(HEAT)
        await desk.get_by_role("button", name="先看一遍").click()
        await expect(desk.get_by_text("居民手机上 · 中文")).to_be_visible()
        await _picture(desk, "draft")
        await desk.get_by_role("button", name="发出去").click()
        await expect(desk.get_by_role("heading", name="谁收到了，谁看过了")).to_be_visible()
        notice = desk.url

        # One old woman says that she has read it, the other does not; their block leader has told all of his.
        await newcomer.pick(1)
        await newcomer.reads(HEAT[:20])
        await newcomer.text(1, "1")
        await _press(newcomer, HEAT[:20])
        for tier in ("group", "block"):
            below = _row(desk, leaders[tier]["unit"])
            await expect(below).to_contain_text("1/" if tier == "group" else "传到")
            await below.get_by_role("link").click()
        await expect(_row(desk, li["name"])).to_contain_text("已读")
        await expect(_row(desk, wang["name"])).not_to_contain_text("已读")
        await _picture(desk, "unread")

        # All who are looked after are asked how they are. One answers.
        await desk.goto(f"{newcomer.desk_url}care/{leaders['township']['unit_code']}")
        await desk.get_by_label("为什么").select_option(label="高温")
        await desk.get_by_role("button", name="开始问候").click()
        await expect(desk.get_by_role("status")).to_contain_text("正在问候")
        await newcomer.reads("天太热了")
        await newcomer.text(1, "我很好")

        await _a_task_is_done_and_paid(newcomer, desk)

        # By now everybody has been told.
        await desk.goto(notice)
        await expect(desk.locator("h1 .badge")).to_have_text("发完了")
        await nobody_is_kept_out(desk)
        await _picture(desk, "notice")

        # Who has not answered is asked once more, and then somebody is sent.
        await newcomer.pick(0)
        await _pass_two_hours(newcomer)
        await newcomer.reads("还没收到您的回音")
        await _pass_two_hours(newcomer)
        await desk.goto(f"{newcomer.desk_url}care/{leaders['township']['unit_code']}")
        await _shows(desk, desk.locator("#content .is-loud").nth(1))
        counts = desk.locator("section", has=desk.locator("#last-round")).locator("dd")
        await expect(counts).to_have_text(["2", "1", "0", "1"])
        await nobody_is_kept_out(desk)
        await _picture(desk, "care", in_hand=True)
        for tier in ("village", "section", "group", "block"):
            await _row(desk, leaders[tier]["unit"]).get_by_role("link").click()
            await expect(desk.locator("h1")).to_contain_text(leaders[tier]["unit"])
        await expect(desk.get_by_text(wang["name"])).to_have_count(0)  # whose name is for few

        await _cards_are_printed(newcomer, desk)


async def _it_is_day(newcomer: Newcomer) -> None:
    """Let time pass until nobody minds being asked: what was tested before ended at any hour."""
    state = await (await newcomer.page.request.get(f"{newcomer.page.url}state")).json()
    now = datetime.fromtimestamp(state["clock"]["programme"] / 1000, ZoneInfo(state["timezone"]))
    for _ in range(now.hour, 8):
        await newcomer.page.get_by_test_id("clock-advance-1h").click()


async def _the_block_leader_looks_after(newcomer: Newcomer, *names: str) -> None:
    """A block leader writes to the service alone that people of his have agreed to be looked after."""
    block, page = newcomer.leaders["block"], newcomer.page
    room = newcomer.room("block")
    await room.get_by_test_id("room-speaker").select_option(block["user_id"])
    await _say(room, "！关照")
    alone = page.locator(".room", has=page.get_by_role("heading", name=block["name"]))
    for name in names:
        await expect(alone.get_by_test_id("room-input")).to_be_enabled()
        await _say(alone, f"关照 添加 {name} 独居 每天8点 同意：上门当面说的")
        await expect(alone).to_contain_text(f"从现在起关照{name}")


async def _a_task_is_done_and_paid(newcomer: Newcomer, desk: Page) -> None:
    """The secretary asks a group's leaders for help; one says yes, shows what he did, and is due his pay."""
    block, group = newcomer.leaders["block"], newcomer.leaders["group"]
    await desk.goto(f"{newcomer.desk_url}unit/{group['unit_code']}")
    await desk.get_by_role("link", name="派任务").click()
    await desk.get_by_label("做什么，在哪里，什么时候").fill(WORK)
    await desk.get_by_label("每人多少").fill("50")
    await desk.get_by_role("button", name="先看一遍").click()
    await expect(desk.get_by_text("一共¥50")).to_be_visible()
    number = desk.url.rpartition("/")[2]
    await desk.get_by_role("button", name="发出去").click()
    await expect(desk.get_by_text("还没有人接")).to_be_visible()
    await _press(newcomer, WORK)
    await _shows(desk, desk.locator("li.card", has_text=block["name"]))

    phone = newcomer.phone_of(block["name"])
    await newcomer.pick(phone)
    await newcomer.page.get_by_test_id("sms-sample").click()
    await newcomer.text(phone, f"任务{number}做完了，三户都送到了")
    await newcomer.reads(f"任务{number}", "辛苦了")
    await _shows(desk, desk.get_by_text("三户都送到了"))
    await nobody_is_kept_out(desk)
    await _picture(desk, "task")
    await desk.get_by_role("button", name="属实，记¥50").click()
    await expect(desk.get_by_role("status")).to_contain_text("¥50")
    await desk.goto(f"{newcomer.desk_url}allowances")
    await expect(_row(desk, WORK)).to_contain_text("¥50")
    await nobody_is_kept_out(desk)
    await _picture(desk, "allowances")


async def _cards_are_printed(newcomer: Newcomer, desk: Page) -> None:
    """Of a block leader who begins today: ten cards, of which one goes to each door."""
    await desk.goto(f"{newcomer.desk_url}unit/{newcomer.phones[2]['unit']}")
    await desk.get_by_role("link", name="打印名片和海报").click()
    await expect(desk.get_by_role("heading", level=1)).to_contain_text(newcomer.phones[2]["block"])
    await _picture(desk, "print")
    async with desk.expect_download() as taken:
        await desk.locator("form", has=desk.locator("#contact")).get_by_role("button").click()
    with pypdfium2.PdfDocument(await (await taken.value).path()) as cards:
        cards[0].render(scale=1.2).to_pil().convert("L").save(PICTURES / "monday-cards.png", optimize=True)


async def _press(newcomer: Newcomer, words: str) -> None:
    """The block leader presses what a post in his group's room asks for."""
    room = newcomer.room("group")
    post = room.locator(".post", has_text=words).last
    await expect(post.get_by_test_id("react-yes")).to_be_visible()
    await room.get_by_test_id("room-speaker").select_option(newcomer.leaders["block"]["user_id"])
    await post.get_by_test_id("react-yes").click()


async def _say(room: Locator, words: str) -> None:
    await room.get_by_test_id("room-input").fill(words)
    await room.get_by_test_id("room-send").click()


async def _pass_two_hours(newcomer: Newcomer) -> None:
    for _ in range(2):
        await newcomer.page.get_by_test_id("clock-advance-1h").click()


def _row(desk: Page, name: str) -> Locator:
    """The first row of a table on a page of the desk that has a name."""
    return desk.locator("tbody tr", has_text=name).first


async def _shows(desk: Page, what: Locator) -> None:
    """Load a page again until it shows something: it is told of no change."""

    async def shown() -> bool:
        await desk.reload()
        return await what.count() > 0

    await until(shown, str(what))


async def _picture(desk: Page, name: str, *, in_hand: bool = False) -> None:
    """Take a picture of a page, which fits into a hand, too."""
    _keep(await desk.screenshot(), f"monday-{name}")
    await desk.set_viewport_size(HAND)  # type: ignore[arg-type]
    await nothing_sticks_out(desk)
    if in_hand:
        _keep(await desk.screenshot(), f"monday-{name}-{HAND['width']}")
    await desk.set_viewport_size(TABLE)  # type: ignore[arg-type]


def _keep(picture: bytes, name: str) -> None:
    """Keep a picture in few colours, of which none is lost that is rare: those in docs/ are small."""
    few = Image.open(io.BytesIO(picture)).convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE)
    few.save(PICTURES / f"{name}.png", optimize=True)
