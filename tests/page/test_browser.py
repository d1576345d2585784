"""What the page must bear: a real Chromium, Synapse and carrier; the test plays the service.

How it is meant to be used stands in `test_demo`, with the whole service behind it.
"""

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.page.village import BLOCK, GROUP, LI, SERVICE_NUMBER, Village

pytestmark = [
    pytest.mark.browser,
    pytest.mark.stack,
    pytest.mark.asyncio(loop_scope="session"),
]

HOSTILE = '<img src=x onerror="window.stolen=1"><script>window.stolen=1</script> & </p>'


def room(page: Page, unit: str) -> Locator:
    return page.get_by_test_id(f"room-{unit}")


def issue(page: Page, unit: str, number: int) -> Locator:
    return room(page, unit).get_by_test_id(f"issue-{number}")


async def test_done_can_be_said_again(village: Village, page: Page) -> None:
    post = await village.send(BLOCK, village.card("路灯坏了", number=1030, unit=BLOCK))
    card = issue(page, BLOCK, 1030)

    def reactions() -> set[str]:
        return {
            event["event_id"]
            for event in village.heard
            if event["type"] == "m.reaction" and event["content"]["m.relates_to"]["event_id"] == post
        }

    await card.get_by_test_id("react-done").click()
    await expect(card).to_contain_text("✅ 陈建国")
    first = reactions()
    await card.get_by_test_id("react-done").click()

    await village.hear(
        lambda event: (
            event["type"] == "m.reaction"
            and event["content"].get("m.relates_to", {}).get("event_id") == post
            and event["event_id"] not in first
        ),
        "a second reaction",
    )


async def test_a_resident_with_matrix_has_a_card_in_the_thread(village: Village, page: Page) -> None:
    root = await village.send(BLOCK, {"msgtype": "m.text", "body": "三号楼电梯坏了"})
    await village.thread(BLOCK, root, village.card("", number=1025, unit=BLOCK))

    card = issue(page, BLOCK, 1025)
    await expect(card).to_contain_text("三号楼电梯坏了")
    await expect(card).to_contain_text("请在这里回复")
    await card.get_by_test_id("reply-input").fill("// 物业电话打不通")
    await card.get_by_test_id("reply-input").press("Enter")
    said = await village.hear(lambda event: event["content"].get("body") == "// 物业电话打不通", "the note")
    assert said["content"]["m.relates_to"]["event_id"] == root


async def test_words_from_outside_stay_words(village: Village, page: Page) -> None:
    await village.send(BLOCK, village.card(HOSTILE, number=1026, unit=BLOCK))
    await village.text(LI, HOSTILE)
    await page.get_by_test_id(f"phone-{LI}").click()

    await expect(issue(page, BLOCK, 1026)).to_contain_text(HOSTILE)
    await expect(page.get_by_test_id("sms-bubble").last).to_contain_text(HOSTILE)
    assert await page.evaluate("window.stolen") is None
    assert await page.locator("main img, main script").count() == 0


async def test_a_leader_talks_to_the_room_and_knows_how_to_log_in(village: Village, page: Page) -> None:
    group = room(page, GROUP)
    await group.get_by_test_id("room-input").fill("今晚有大风")
    await group.get_by_test_id("room-send").click()
    said = await village.hear(lambda event: event["content"].get("body") == "今晚有大风", "the warning")
    assert "m.relates_to" not in said["content"]
    await expect(group).to_contain_text("今晚有大风")

    accounts = page.get_by_test_id("accounts")
    await accounts.locator("summary").click()
    for words in (village.homeserver.url, f"@group-{GROUP}:localhost", "陈建国"):
        await expect(accounts).to_contain_text(words)
    await page.keyboard.press("Escape")
    await expect(accounts.locator("table")).to_be_hidden()


async def test_the_leader_speaks_unless_somebody_else_is_chosen(village: Village, page: Page) -> None:
    neighbour, leader = f"@block-{BLOCK}:localhost", f"@group-{GROUP}:localhost"
    speaker = room(page, GROUP).get_by_test_id("room-speaker")
    await village.service.room_invite(village.rooms[GROUP], neighbour)
    await expect(speaker.locator("option")).to_have_count(2)
    await village.service.room_kick(village.rooms[GROUP], leader)
    await expect(speaker).to_have_value(neighbour)

    await village.service.room_invite(village.rooms[GROUP], leader)
    await expect(speaker.locator("option")).to_have_count(2)
    await expect(speaker).to_have_value(leader)

    await speaker.select_option(neighbour)
    await village.service.room_kick(village.rooms[GROUP], leader)
    await village.service.room_invite(village.rooms[GROUP], leader)
    await expect(speaker.locator("option")).to_have_count(2)
    await expect(speaker).to_have_value(neighbour)
    await village.service.room_kick(village.rooms[GROUP], neighbour)
    await expect(speaker).to_have_value(leader)


async def test_what_the_homeserver_refuses_is_said_aloud(village: Village, page: Page) -> None:
    room_id, user_id = village.rooms[GROUP], f"@block-{BLOCK}:localhost"
    answer = await page.request.post(
        f"{village.page_url}/say",
        data={"user_id": user_id, "room": f"{room_id}nowhere", "body": "?"},
    )

    assert answer.status == 409
    assert "M_FORBIDDEN" in (await answer.json())["detail"]


async def test_the_page_finds_its_way_back(village: Village, page: Page) -> None:
    await page.get_by_test_id(f"phone-{LI}").click()
    await village.page.kill()
    await village.text(LI, "重启的时候说的话")
    await village.send(BLOCK, village.card("重启的时候来的问题", number=1027, unit=BLOCK))
    await village.page.start()

    await expect(page.get_by_test_id("sms-bubble").last).to_contain_text("重启的时候说的话")
    await expect(issue(page, BLOCK, 1027)).to_contain_text("重启的时候来的问题")


async def test_a_small_screen_shows_all(village: Village, browser: Browser) -> None:
    page = await browser.new_page(viewport={"width": 390, "height": 844})
    await page.goto(village.page_url)
    await expect(page.locator("body[data-ready]")).to_be_attached()

    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    await page.get_by_test_id(f"tab-{GROUP}").click()
    await expect(room(page, GROUP).get_by_test_id("room-input")).to_be_in_viewport()
    await expect(page.get_by_text(SERVICE_NUMBER)).to_be_attached()
    await page.close()
