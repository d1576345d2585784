"""Care on the desk: recorded with consent, seen by few, counted by all above, visited."""

import re
from datetime import timedelta

from escalator import caring
from linzhang.settings import Settings
from models import CareRecord, CareRound, CareVisit, Issue, Person, State
from tests.desk.desk import Desk, desk_for
from tests.factories import plant
from tests.programme.village import Village, village_in

CONSENT = "上门当面说的"


async def _desk(settings: Settings) -> tuple[Village, Desk]:
    return await village_in(settings, await plant()), desk_for(settings)


async def test_somebody_is_recorded_asked_visited_and_ended(settings: Settings) -> None:
    village, desk = await _desk(settings)
    person = await Person.get(name="刘大爷")
    form = {"person": str(person.id), "kind": "alone", "rhythm": "daily", "clock": "11:00", "why": "腿脚不好"}
    page = f"/desk/care/{village.unit('block').code}"
    async with desk.browser(village.leaders["block"]) as browser:
        assert "添一个人" in (await browser.get(page)).text
        refused = await browser.post(page, **form)
        assert (refused.status_code, "要先得到刘大爷同意" in refused.text) == (422, True)
        assert "白天" in (await browser.post(page, **form | {"clock": "22:00", "consent": CONSENT})).text
        assert (await browser.post(page, **form, consent=CONSENT)).status_code == 303
        record = await CareRecord.get()
        for hours in (1, 2.1, 2.1):
            village.pass_time(timedelta(hours=hours))
            await caring.run(settings, 50)
        shown = (await browser.get(page)).text
        assert "没有回音，请上门" in shown
        assert "/desk/issue/1001" in shown
        assert CONSENT in shown
        for _ in range(2):
            await browser.post(f"{page}/{record.id}/visit", words="在家看电视", once="w")
        assert await CareVisit.all().count() == 1, "a form that is sent twice counts once"
        assert (await Issue.get()).state is State.RESOLVED
        assert "在家看电视" in (await browser.get(page)).text
        await browser.post(f"{page}/{record.id}/end", why="搬走了")
    assert (await CareRecord.get()).ended_at is not None


async def test_names_are_for_few_and_numbers_for_all_above(settings: Settings) -> None:
    village, desk = await _desk(settings)
    person, block = await Person.get(name="刘大爷"), village.unit("block")
    form = {"person": str(person.id), "kind": "old", "rhythm": "weekly", "weekday": "2", "clock": "09:00"}
    async with desk.browser(village.leaders["village"]) as browser:
        await browser.post(f"/desk/care/{block.code}", **form, consent=CONSENT)
        assert "刘大爷" in (await browser.get(f"/desk/care/{block.code}")).text
        assert "第一片" in (await browser.get(f"/desk/care/{village.unit('village').code}")).text
        began = await browser.post(
            f"/desk/care/{village.unit('village').code}/round", occasion="festival", once="w"
        )
        assert began.status_code == 303
    for name in ("group", "township"):
        async with desk.browser(village.leaders[name]) as browser:
            seen = (await browser.get(f"/desk/care/{block.code}")).text
            assert "名字只有邻长、代理和村里的负责人看得到" in seen
            assert "刘大爷" not in seen
            record = await CareRecord.get()
            end = await browser.post(f"/desk/care/{block.code}/{record.id}/end")
            assert end.status_code == 404
    await caring.run(settings, 50)
    assert (await CareRound.get()).done_at is not None


async def test_what_comes_of_a_round_is_seen_at_every_unit_that_it_reached(settings: Settings) -> None:
    village, desk = await _desk(settings)
    block = village.unit("block").code
    async with desk.browser(village.leaders["village"]) as browser:
        for name in ("刘大爷", "Grace"):
            person = await Person.get(name=name)
            form = {"person": str(person.id), "kind": "alone", "rhythm": "off", "clock": "08:00"}
            await browser.post(f"/desk/care/{block}", **form, consent=CONSENT)
        await browser.post(f"/desk/care/{village.unit('village').code}/round", occasion="heat", once="w")
        await caring.run(settings, 50)
        await village.leaves()
        await village.answers(village.phones["Grace"], "1")
        waits = await browser.get(f"/desk/care/{village.unit('village').code}")
        assert _round(waits.text) == {"问了": 2, "有回音": 1, "还在等": 1, "没有回音，要上门": 0}
        for _ in range(2):
            village.pass_time(timedelta(hours=2.1))
            await caring.run(settings, 50)
    silent = {"问了": 2, "有回音": 1, "还在等": 0, "没有回音，要上门": 1}
    for leader, code in (("village", block), ("township", village.unit("section").code)):
        async with desk.browser(village.leaders[leader]) as browser:
            page = (await browser.get(f"/desk/care/{code}")).text
            assert "最近一次问候：高温" in page
            assert _round(page) == silent
            assert f"/desk/board?unit={code}&amp;urgent=1" in page, "one press to whom somebody has to go"


def _round(page: str) -> dict[str, int]:
    """The counts of the last round that a page shows."""
    _, _, shown = page.partition('id="last-round"')
    found = re.findall(r"<dt>(.*?)</dt><dd.*?>(?:<a .*?>)?(\d+)<", shown.partition("</section>")[0])
    return {name: int(count) for name, count in found}
