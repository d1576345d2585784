"""Coming in: a link from chat, once and for a few minutes; what is asked of every request."""

from datetime import timedelta

import pytest

from issues import tickets
from linzhang.settings import Settings
from models import Leadership, Outbox, Session, Ticket
from tests.desk.desk import Desk
from tests.factories import MORNING, Territory
from tests.issues.chat import block_in, direct_with, whispers


async def test_a_leader_asks_in_chat_and_gets_a_link_that_opens_once(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    block = await block_in(settings, territory)
    direct = await direct_with(settings, block.leader)
    await direct.says(block.leader, "！工作台")
    told = (await whispers(block.leader))[-1]
    assert "🔑" in told
    row = await _last_whisper()
    assert "/desk/in/" not in str(row.payload)
    link = settings.vault.open(row.payload["secret"]).removeprefix(settings.public_url)
    async with desk.browser() as phone, desk.browser() as other:
        for _ in range(3):  # whoever looks at the link first, as chat servers do, uses nothing up
            assert block.leader.name in (await phone.get(link)).text
        assert (await phone.post(link)).status_code == 303
        assert (await phone.get("/desk/login")).status_code == 200
        assert (await other.get(link)).status_code == 410
        again = await other.post(link)
        assert again.status_code == 410
        assert "linzhang" not in again.cookies
    assert await Session.filter(person=block.leader).count() == 1


async def _last_whisper() -> Outbox:
    rows = await Outbox.all().order_by("-id")
    return next(row for row in rows if row.payload.get("do") == "whisper")


async def test_a_link_ends_after_a_quarter_of_an_hour_and_when_a_later_one_is_made(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    leader = territory.leaders["block"]
    first = await tickets.make(settings, leader)
    second = await tickets.make(settings, leader)
    async with desk.browser() as browser:
        assert (await browser.get(f"/desk/in/{first}")).status_code == 410
        await Ticket.filter(used_at=None).update(expires_at=settings.clock.wall() - timedelta(seconds=1))
        assert (await browser.get(f"/desk/in/{second}")).status_code == 410
        assert (await browser.get("/desk/in/" + "x" * 2000)).status_code == 410


async def test_a_page_asks_strangers_in_and_remembers_where_they_wanted_to_go(desk: Desk) -> None:
    async with desk.browser() as stranger:
        turned_away = await stranger.get("/desk/?a=1")
        assert turned_away.status_code == 303
        assert turned_away.headers["location"] == "/desk/login"
        assert (await stranger.http.post("/desk/out")).status_code == 401


async def test_a_form_of_another_site_is_refused(territory: Territory, desk: Desk) -> None:
    async with desk.browser(territory.leaders["block"]) as browser:
        assert (await browser.http.post("/desk/out")).status_code == 403
        assert (await browser.http.post("/desk/out", data={"form_word": "0" * 64})).status_code == 403
        assert await Session.filter(ended_at=None).count() == 1
        assert (await browser.post("/desk/out")).status_code == 303
        assert await Session.filter(ended_at=None).count() == 0
        assert (await browser.get("/desk/")).status_code == 303


async def test_a_session_ends_with_the_post_that_it_was_for(territory: Territory, desk: Desk) -> None:
    async with desk.browser(territory.leaders["block"]) as browser:
        await Leadership.filter(person=territory.leaders["block"]).update(until=MORNING)
        assert (await browser.get("/desk/")).status_code == 403


ELSEWHERE = ["//evil.example", "https://evil.example", "/desk/../../x//y", "/desk/\\evil", "/m/x", "/deskx"]


@pytest.mark.parametrize("after", ELSEWHERE)
async def test_nobody_is_led_away_from_the_desk(desk: Desk, after: str) -> None:
    async with desk.browser() as stranger:
        kept = await stranger.http.post("/desk/tastes", data={"after": after, "look": "dark"})
        assert kept.headers["location"] == "/desk/"


async def test_every_answer_tells_browsers_to_run_nothing_but_our_own(desk: Desk) -> None:
    async with desk.browser() as stranger:
        for address in ("/desk/login", "/desk/nowhere", "/desk/static/desk.css"):
            headers = (await stranger.get(address)).headers
            assert "script-src 'self'" in headers["content-security-policy"]
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"


async def test_tastes_are_kept_in_the_browser(desk: Desk) -> None:
    async with desk.browser() as stranger:
        assert 'lang="zh-Hans"' in (await stranger.get("/desk/login")).text
        await stranger.http.post("/desk/tastes", data={"language": "en", "look": "dark", "size": "large"})
        page = (await stranger.get("/desk/login")).text
        assert '<html lang="en" data-look="dark" data-size="large">' in page
        assert "Sign in" in page
