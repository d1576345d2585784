"""Notices on the desk: written, looked over by two, followed unit by unit."""

import re

from issues.effects import ROOMS
from linzhang.settings import Settings
from models import Notice, NoticeState, Outbox
from tests.desk.desk import Desk, desk_for
from tests.factories import plant
from tests.programme.village import Village, village_in

WORDS = "明天8点到12点停水"


async def _desk(settings: Settings) -> tuple[Village, Desk]:
    return await village_in(settings, await plant()), desk_for(settings)


async def test_one_is_written_looked_over_sent_and_followed(settings: Settings) -> None:
    village, desk = await _desk(settings)
    secretary, code = village.leaders["village"], village.unit("village").code
    async with desk.browser(secretary) as browser:
        page = (await browser.get(f"/desk/notices?unit={code}")).text
        assert f'value="{code} 魏岗村委会"' in page, "whoever comes from a unit's page types no code"
        once = re.findall(r'name="once" value="(\w+)"', page)[0]
        named = f"{code} 魏岗村委会"
        form = {"words": WORDS, "unit": named, "tiers": "block", "households": "all", "once": once}
        written = await browser.post("/desk/notices", **form)
        again = await browser.post("/desk/notices", **form)
        assert written.headers["location"] == again.headers["location"] == "/desk/notices/1"
        draft = (await browser.get("/desk/notices/1")).text
        assert f"魏岗村委会村书记赵刚：{WORDS}。看过请回1。" in draft
        assert "0.12 USD" in draft
        await browser.post("/desk/notices/1/send")
        await village.goes_on(times=2)
        await village.answers(village.phones["刘大爷"], "1")
        await village.sums()
        going = (await browser.get("/desk/notices/1")).text
        assert "第一片" in going
        assert "1（共2）" in going, "one of two residents has read it"
        sums = (await browser.get(f"/desk/notices/1?unit={village.unit('block').code}&part=sums")).text
        assert "<html" not in sums
        assert re.search(r"刘大爷.*已读", sums)
    assert (await Notice.get(id=1)).state is NoticeState.OUT
    # Whoever leads a part of it sees that part, and cannot stop it.
    async with desk.browser(village.leaders["group"]) as browser:
        page = (await browser.get("/desk/notices/1")).text
        assert "第3邻" in page
        assert (await browser.post("/desk/notices/1/stop")).status_code == 409
        above = f"/desk/notices/1?unit={village.unit('section').code}"
        assert (await browser.get(above)).status_code == 404


async def test_what_goes_to_many_waits_on_the_desk_for_somebody_else(settings: Settings) -> None:
    village, desk = await _desk(settings)
    profile = settings.territory
    few = profile.model_copy(update={"notices": profile.notices.model_copy(update={"alone": 1})})
    settings.__dict__["territory"] = few
    form = {"words": WORDS, "unit": village.unit("village").code, "tiers": "block", "households": "all"}
    async with desk.browser(village.leaders["village"]) as browser:
        await browser.post("/desk/notices", **form)
        assert "要发给1人以上" in (await browser.get("/desk/notices/1")).text
        await browser.post("/desk/notices/1/send", at="2026-11-25T08:30")
        assert "李国庆可以看" in (await browser.get("/desk/notices/1")).text
    asked = await Outbox.filter(bridge=ROOMS).order_by("-id").first()
    assert asked is not None
    assert asked.payload["unit"] == village.unit("township").id
    async with desk.browser(village.leaders["township"]) as browser:
        assert "赵刚请您看一看" in (await browser.get("/desk/notices/1")).text
        await browser.post("/desk/notices/1/send")
        assert "明天08:30" in (await browser.get("/desk/notices/1")).text
    async with desk.browser(village.leaders["peace"]) as browser:
        assert (await browser.get("/desk/notices/1")).status_code == 404
        assert (await browser.post("/desk/notices/1/send")).status_code == 404


async def test_what_goes_at_night_too_says_why_and_waits_for_somebody_else(settings: Settings) -> None:
    village, desk = await _desk(settings)
    form = {"words": "请马上到学校去", "unit": village.unit("village").code, "households": "all"}
    form["urgent_why"] = "大坝可能决口"
    async with desk.browser(village.leaders["village"]) as browser:
        asks = await browser.post("/desk/notices", **form | {"words": "去不去？", "options": "去\n不去"})
        assert asks.status_code == 422
        await browser.post("/desk/notices", **form)
        page = (await browser.get("/desk/notices/1")).text
        assert "夜里也发：大坝可能决口" in page
        assert "夜里也发，所以要另一位负责人看过才发。" in page
        await browser.post("/desk/notices/1/send")
        assert (await browser.post("/desk/notices/1/send")).status_code == 409
    async with desk.browser(village.leaders["township"]) as browser:
        assert "赵刚请您马上看一看" in (await browser.get("/desk/notices/1")).text
        await browser.post("/desk/notices/1/send")
    assert (await Notice.get(id=1)).state is NoticeState.SET


async def test_what_cannot_go_is_said_where_it_was_written(settings: Settings) -> None:
    village, desk = await _desk(settings)
    async with desk.browser(village.leaders["village"]) as browser:
        unit = village.unit("village").code
        wrong = await browser.post("/desk/notices", words="看 www.example.com", unit=unit, households="all")
        assert wrong.status_code == 422
        assert "不要写网址" in wrong.text
        assert "www.example.com" in wrong.text, "nobody types it twice"
        foreign = village.unit("peace").code
        assert (
            foreign in (await browser.post("/desk/notices", words="x", unit=foreign, households="all")).text
        )


async def test_a_poll_is_written_there_and_shows_what_each_unit_has_answered(settings: Settings) -> None:
    village, desk = await _desk(settings)
    code = village.unit("village").code
    form = {"words": "关灯好不好？", "unit": code, "tiers": "block", "households": "all", "days": "5"}
    async with desk.browser(village.leaders["village"]) as browser:
        refused = await browser.post("/desk/notices", options="好", **form)
        assert refused.status_code == 422
        assert "请写2到5个答案" in refused.text
        await browser.post("/desk/notices", options="好\n不好", **form)
        assert "关灯好不好？好请回1，不好请回2。" in (await browser.get("/desk/notices/1")).text
        await browser.post("/desk/notices/1/send")
        await village.goes_on(times=2)
        await village.answers(village.phones["刘大爷"], "2")
        await village.sums()
        page = (await browser.get("/desk/notices/1")).text
        assert "1 · 100%" in page
        assert "3人中有1人回答了" in page
        block = (await browser.get(f"/desk/notices/1?unit={village.unit('block').code}&part=sums")).text
        assert re.search(r"刘大爷.*回答了", block)
