"""Notes of public opinion: filed in chat and on the desk, read above, and no issue."""

from linzhang.settings import Settings
from models import Issue, Opinion
from tests.desk.desk import desk_for
from tests.issues.chat import whispers
from tests.programme.village import Village

WORDS = "很多人赞成广场不让停车"


async def test_a_note_goes_up_and_is_no_issue(settings: Settings, village: Village) -> None:
    leader = village.leaders["block"]
    told = await village.rooms["block"].says(leader, f"！民意 {WORDS}")
    assert told == ["第3邻的民意记下了。上面看得到，不用谁答复。"]
    await village.leaves()
    assert await village.posts() == [("group", f"📝 民意，第3邻（邻长陈建国）：{WORDS}", [])]
    assert await Issue.all().count() == 0
    await village.rooms["village"].says(village.leaders["village"], "！民意")
    assert (await whispers(village.leaders["village"]))[-1] == f"· 今天10:00 第3邻：{WORDS}"

    async with desk_for(settings).browser(village.leaders["village"]) as browser:
        assert WORDS in (await browser.get("/desk/opinions")).text
    async with desk_for(settings).browser(village.leaders["peace"]) as browser:
        assert WORDS not in (await browser.get("/desk/opinions")).text


async def test_one_is_filed_on_the_desk_once_and_for_ones_own_only(
    settings: Settings, village: Village
) -> None:
    async with desk_for(settings).browser(village.leaders["group"]) as browser:
        form = {"words": WORDS, "unit": village.unit("block").code, "once": "a"}
        await browser.post("/desk/opinions", **form)
        await browser.post("/desk/opinions", **form)
        assert WORDS in (await browser.get("/desk/opinions")).text
        others = {"words": WORDS, "unit": village.unit("village").code}
        assert (await browser.post("/desk/opinions", **others)).status_code == 422
        assert (await browser.post("/desk/opinions", words=" ", unit=form["unit"])).status_code == 422
    (note,) = await Opinion.all()
    assert note.unit_id == village.unit("block").id
    await village.leaves()
    assert [name for name, *_ in await village.posts()] == ["group"]
