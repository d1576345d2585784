"""Pictures and voices on the page: shown, played, sent by phones and by leaders, in a real Chromium."""

import io
from typing import Any

import httpx
import pytest
from nio import UploadResponse
from playwright.async_api import Page, expect

from tests.attachments.samples import SVG, picture, sound
from tests.page.village import BLOCK, WANG, Village, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.stack,
    pytest.mark.asyncio(loop_scope="session"),
]


async def show(village: Village, root: str, content: bytes, content_type: str, msgtype: str) -> str:
    """The service shows something in a thread of the block's room."""
    answer, _ = await village.service.upload(
        lambda *_: io.BytesIO(content), content_type, filesize=len(content)
    )
    assert isinstance(answer, UploadResponse), answer
    event = {"msgtype": msgtype, "body": "语音.ogg", "filename": "语音.ogg", "url": answer.content_uri}
    return await village.thread(BLOCK, root, event | {"info": {"mimetype": content_type}})


async def comes_true(page: Page, said: str) -> None:
    """Wait until something is so in the page, whose own rules forbid it to look by itself."""

    async def find() -> bool:
        return bool(await page.evaluate(said))

    await until(find, said)


async def messages_of(village: Village, number: str) -> list[dict[str, Any]]:
    answer = await village.carrier.get(f"/_carrier/phones/{number}/messages")
    return list(answer.json()["messages"])


async def test_a_phone_sends_a_photo_and_shows_it(village: Village, page: Page) -> None:
    await page.get_by_test_id(f"phone-{WANG}").click()
    await page.get_by_test_id("sms-sample").click()
    await expect(page.get_by_test_id("sms-enclosed")).to_be_visible()
    await page.get_by_test_id("sms-send").click()
    image = page.get_by_test_id("sms-bubble").last.locator("img")
    await expect(image).to_be_visible()
    await comes_true(page, "document.querySelector('.bubble img')?.naturalWidth === 640")
    await expect(page.get_by_test_id("sms-enclosed")).to_be_hidden()
    (message,) = await messages_of(village, WANG)
    assert [each["content_type"] for each in message["media"]] == ["image/jpeg"]


async def test_a_file_of_ones_own_goes_with_words_by_whatsapp(village: Village, page: Page) -> None:
    await page.get_by_test_id(f"phone-{WANG}").click()
    file = {"name": "井盖.png", "mimeType": "image/png", "buffer": picture("PNG")}
    await page.get_by_test_id("sms-attach").set_input_files(file)  # type: ignore[arg-type]
    await expect(page.get_by_test_id("sms-enclosed")).to_contain_text("井盖.png")
    await page.get_by_test_id("channel").select_option("whatsapp")
    await page.get_by_test_id("sms-input").fill("井盖没了")
    await page.get_by_test_id("sms-send").click()
    bubble = page.get_by_test_id("sms-bubble").last
    await expect(bubble).to_contain_text("井盖没了")
    await expect(bubble).to_have_attribute("data-channel", "whatsapp")
    message = (await messages_of(village, WANG))[-1]
    assert (message["channel"], message["body"], len(message["media"])) == ("whatsapp", "井盖没了", 1)


async def test_what_was_picked_can_be_put_away(village: Village, page: Page) -> None:
    await page.get_by_test_id("sms-sample").click()
    await page.get_by_test_id("sms-enclosed").click()
    await expect(page.get_by_test_id("sms-enclosed")).to_be_hidden()
    before = len(await messages_of(village, WANG))
    await page.get_by_test_id("sms-send").click()
    assert len(await messages_of(village, WANG)) == before


async def test_pictures_and_voices_in_a_thread_are_shown_and_played(village: Village, page: Page) -> None:
    root = await village.send(BLOCK, village.card("灯坏了", number=1041, unit=BLOCK))
    await show(village, root, picture(), "image/jpeg", "m.image")
    await show(village, root, sound("ogg", "libopus", 48_000), "audio/ogg", "m.audio")
    card = page.get_by_test_id("issue-1041")
    await expect(card.get_by_test_id("medium")).to_have_count(2)
    await card.get_by_test_id("issue-thread").click()
    await expect(card.locator("img")).to_be_visible()
    await comes_true(page, "document.querySelector('.thread img')?.naturalWidth === 64")
    played = "document.querySelector('.thread audio')"
    await comes_true(page, f"{played}.readyState >= 1 && Math.round({played}.duration) === 2")
    await page.evaluate(f"{played}.muted = true, {played}.play()")
    await comes_true(page, f"{played}.currentTime > 0.2")
    # A voice that plays goes on when something is said.
    await village.thread(BLOCK, root, {"msgtype": "m.text", "body": "听到了"})
    await expect(card).to_contain_text("听到了")
    assert await page.evaluate(f"{played}.currentTime") > 0.2


async def test_a_leader_shows_a_picture_in_a_thread(village: Village, page: Page) -> None:
    root = await village.send(BLOCK, village.card("哪里", number=1042, unit=BLOCK))
    card = page.get_by_test_id("issue-1042")
    file = {"name": "here.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    await card.get_by_test_id("reply-attach").set_input_files(file)  # type: ignore[arg-type]

    def is_it(event: dict[str, Any]) -> bool:
        content = event["content"]
        relation = content.get("m.relates_to", {})
        return bool(content.get("msgtype") == "m.image" and relation.get("event_id") == root)

    heard = await village.hear(is_it, "the picture")
    assert heard["content"]["info"] == {"mimetype": "image/jpeg", "size": len(picture())}
    answer = await village.service.download(heard["content"]["url"])
    assert answer.body == picture()


async def test_what_could_do_something_is_only_to_be_saved(village: Village, page: Page) -> None:
    root = await village.send(BLOCK, village.card("小心", number=1043, unit=BLOCK))
    event_id = await show(village, root, SVG, "image/svg+xml", "m.image")
    card = page.get_by_test_id("issue-1043")
    await expect(card.locator("a[download]")).to_have_count(1)
    await expect(card.locator("img")).to_have_count(0)
    async with httpx.AsyncClient(base_url=village.page_url, trust_env=False) as client:
        answer = await client.get("/shown", params={"event": event_id})
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"] == "attachment"
        assert answer.headers["x-content-type-options"] == "nosniff"
        for nothing in ("/shown?event=$none", f"/shown?event={root}", "/texts/SM1/media/0"):
            assert (await client.get(nothing)).status_code == 404


async def test_a_link_in_a_text_can_be_pressed(village: Village, page: Page) -> None:
    await page.get_by_test_id(f"phone-{WANG}").click()
    await village.text(WANG, "图片：http://127.0.0.1:1/m/abc 今天看")
    link = page.get_by_test_id("sms-bubble").last.locator("p a")
    await expect(link).to_have_attribute("href", "http://127.0.0.1:1/m/abc")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
