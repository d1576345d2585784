"""The leader of the month: announced, nominated, chosen in secret, counted fairly, told with the figures."""

import asyncio
from datetime import date, timedelta

import pytest

from escalator import honouring
from issues import erasing
from issues.effects import ROOMS
from linzhang.settings import Settings
from models import (
    AdminAction,
    HonourCandidate,
    HonourNomination,
    HonourRound,
    HonourState,
    Household,
    Issue,
    Leadership,
    Notice,
    NoticePerson,
    NoticePost,
    NoticeState,
    Outbox,
    Person,
    Role,
    SecretAnswer,
    Unit,
)
from programme.honours import fairness, periods
from programme.honours.fairness import Vote
from tests.desk.desk import desk_for
from tests.factories import MORNING, appoint, reachable, resident
from tests.issues.chat import direct_with, whispers
from tests.issues.diary import Phone
from tests.programme.village import Village, said
from tests.projections.desk import show

ANNOUNCED = (
    "魏岗村委会村书记赵刚：2026年11月的好邻长，请大家推荐，7天内都可以。"
    "推荐自己这里的，请回：推荐，后面写上为什么。看过请回1。"
)
BALLOT = (
    "魏岗村委会村书记赵刚：请选2026年11月的好邻长，一人一票，选谁保密。"
    "陈建国（第3邻）请回1，许静（第4邻）请回2。"
)


async def _goes_on(village: Village) -> None:
    """Let all that is due of notices and rounds be done, and leave."""
    await honouring.run(village.settings, 50)
    await village.goes_on(times=2)


async def _open(village: Village) -> int:
    """Let the next block have a leader and somebody who lives there, and a round be announced; its number."""
    xu = await appoint(village.unit("other_block"), "许静")
    await reachable(village.settings, xu, "+8613700000001")
    village.leaders["other_block"] = xu
    await village.lives_here("孔姐", "+8613800138002", block="other_block")
    room, secretary = village.rooms["village"], village.leaders["village"]
    [draft] = await room.says(secretary, "！评选 本月")
    assert draft.startswith("评选1：2026年11月的好邻长。先发公告：\n通知1，")
    await room.says(secretary, "！评选 发 1")
    await village.goes_on(times=2)
    return int((await HonourRound.get()).notice_id)


async def _nominated(village: Village) -> int:
    """The same, and two leaders nominated, and the ballots written."""
    number = await _open(village)
    await village.phones["刘大爷"].text("推荐 他每天来看我")
    await village.phones["孔姐"].text("推荐许静，她送我去医院")
    village.pass_time(timedelta(days=7, minutes=1))
    await _goes_on(village)
    return number


async def _voting(village: Village) -> int:
    """The same, and the ballots sent."""
    number = await _nominated(village)
    await village.rooms["village"].says(village.leaders["village"], f"！评选 发 {number}")
    await _goes_on(village)
    return number


async def _post(village: Village, sign: str) -> tuple[str, str, list[int]]:
    """What was last said in a room behind a sign: where, the words, and whom it rings for."""
    return [each for each in await village.posts() if each[1].startswith(sign)][-1]


async def _last_word(person: Person) -> str:
    row = await Outbox.filter(address__person_id=person.id).exclude(bridge=ROOMS).order_by("-id").first()
    assert row is not None
    return str(row.payload["text"])


async def test_a_round_from_its_announcement_to_its_results(either: Village) -> None:
    village, secretary = either, either.leaders["village"]
    liu, grace, chen = village.phones["刘大爷"], village.phones["Grace"], village.leaders["block"]
    number = await _open(village)
    kong = village.phones["孔姐"]
    assert await liu.receives() == [ANNOUNCED]
    assert await village.answers(liu, "推荐") == ["请在后面写上为什么，例如：推荐 她每天去看望老人"]
    for phone, words, whom in (
        (liu, "推荐 他每天来看我", "陈建国（第3邻）"),
        (liu, "我推荐我们邻长，他每天都来看我", "陈建国（第3邻）"),
        (kong, "推荐许静：她送我去医院", "许静（第4邻）"),
    ):
        assert await village.answers(phone, words) == [
            f"谢谢您，记下了：您推荐{whom}。是谁推荐的，不告诉任何人。"
        ]
    assert {each.reason for each in await HonourNomination.all()} == {"他每天都来看我", "她送我去医院"}
    assert said(await village.rooms["block"].says(chen, "！推荐 我很能干"), "自己不能推荐自己")

    village.pass_time(timedelta(days=7, minutes=1))
    await _goes_on(village)
    where, words, rings = await _post(village, "🗳")
    assert (where, rings) == ("village", [secretary.id])
    assert "\n· 魏岗村委会：陈建国（第3邻），1人推荐、许静（第4邻），1人推荐\n" in words
    assert await HonourRound.filter(state=HonourState.VOTING).exists()
    room, posts = village.rooms["village"], await NoticePost.all().count()
    assert said(await room.says(secretary, f"！评选 发 {number}"), f"评选{number}的选票现在发给")
    await _goes_on(village)
    assert (await liu.receives())[-1] == BALLOT
    assert await NoticePost.all().count() == posts, "a secret ballot stands in no room"

    assert await village.answers(liu, "2") == []
    assert await village.answers(liu, "陈建国") == [], "the last vote counts"
    assert await village.answers(grace, "1") == []
    assert await village.answers(kong, "2，谢谢") == []
    direct = await direct_with(village.settings, chen)
    await direct.says(chen, "1")
    assert (await _last_word(chen)).startswith("谢谢您来投票。自己带的、替班的那一邻不能选")
    await direct.says(chen, "2")
    assert await SecretAnswer.all().count() == 4
    assert not await NoticePerson.filter(answer__isnull=False).exists()
    assert await NoticePerson.filter(answered_at__isnull=False).count() == 4
    await room.says(secretary, f"！评选 {number}")
    assert "5人中有4人投票" in (await whispers(secretary))[-1]

    village.pass_time(timedelta(days=5, minutes=1))
    await _goes_on(village)
    where, words, rings = await _post(village, "🏅")
    assert (where, rings) == ("village", [secretary.id, village.leaders["other_block"].id])
    assert words.startswith("🏅 魏岗村委会2026年11月的好邻长：许静（第4邻）\n")
    assert "· 陈建国（第3邻）：2票，20.8分。没有收到问题" in words
    assert "· 许静（第4邻）：2票，26.8分。没有收到问题" in words
    assert await _last_word(village.leaders["other_block"]) == (
        "恭喜您，邻居们选您做魏岗村委会2026年11月的好邻长。谢谢您为大家做的一切。魏岗村委会村书记赵刚"
    )
    assert not await SecretAnswer.exists(), "for whom somebody voted is forgotten"
    assert (await HonourRound.get()).state is HonourState.OVER
    assert await AdminAction.filter(action__startswith="honours").count() == 2
    assert await village.answers(liu, "1") == ["谢谢您，不过这次已经统计完了。"]
    assert await honouring.next_due(village.settings) is None
    assert await Issue.all().count() == 0


@pytest.mark.long
async def test_one_person_has_one_vote_on_all_platforms(either: Village) -> None:
    village = either
    liu = await Person.get(name="刘大爷")
    await reachable(village.settings, liu, "liu", bridge="telegram")
    await _voting(village)
    chat = Phone(village.settings, "liu", "telegram")
    ballot = await Notice.get(secret=True)
    both = (village.phones["刘大爷"].text(f"投票{ballot.id}选1"), chat.text(f"投票{ballot.id}选2"))
    await asyncio.gather(*both)
    assert await SecretAnswer.all().count() == 1, "at the same time, too"
    assert await village.answers(village.phones["刘大爷"], f"投票{ballot.id}选1") == []
    assert await village.answers(chat, f"投票{ballot.id}选2") == []
    assert [each.choice for each in await SecretAnswer.all()] == [2]


async def test_the_figures_stand_beside_the_results(settings: Settings, village: Village) -> None:
    liu = village.phones["刘大爷"]
    await liu.text("村口的路灯坏了")
    await village.rooms["block"].says(village.leaders["block"], "！办结 1001")
    await village.leaves()
    await village.answers(liu, "1")
    await village.answers(liu, "5")
    await show(settings)
    number = await _nominated(village)
    desk = desk_for(settings)
    async with desk.browser(village.leaders["village"]) as browser:
        assert "选票等着发" in (await browser.get(f"/desk/honours/{number}")).text
        await browser.post(f"/desk/honours/{number}/send")
        await _goes_on(village)
        await village.answers(liu, "1")
        page = (await browser.get(f"/desk/honours/{number}")).text
        assert "1（共5）" in page
        assert "第一</span>" not in page
    village.pass_time(timedelta(days=5, minutes=1))
    await _goes_on(village)
    line = "· 陈建国（第3邻）：1票，20.7分。按时答复100%、办结1件、满意度5.0"
    assert line in (await _post(village, "🏅"))[1]
    async with desk.browser(village.leaders["village"]) as browser:
        page = (await browser.get(f"/desk/honours/{number}")).text
        assert "第一</span>" in page
        assert "100%" in page
        assert "刘大爷" not in page
        saved = (await browser.get(f"/desk/honours/{number}/results.csv")).text
        assert "魏岗村委会,陈建国,第3邻,1,1,20.7,100.0%,1,5.00" in saved


@pytest.mark.long
async def test_a_tie_is_told_as_a_tie_and_nobody_wins_where_nobody_votes(village: Village) -> None:
    await _voting(village)
    await village.answers(village.phones["刘大爷"], "1")
    await village.answers(village.phones["孔姐"], "2")
    village.pass_time(timedelta(days=5, minutes=1))
    await _goes_on(village)
    _, words, _ = await _post(village, "🏅")
    assert words.startswith("🏅 魏岗村委会2026年11月的好邻长，并列第一：陈建国（第3邻）、许静（第4邻）\n")
    assert "邻居们选您和陈建国一起做" in await _last_word(village.leaders["other_block"])


@pytest.mark.long
async def test_who_has_moved_away_or_stands_in_does_not_count(village: Village) -> None:
    await _voting(village)
    liu, grace = village.phones["刘大爷"], village.phones["Grace"]
    for phone in (liu, grace, village.phones["孔姐"]):
        await village.answers(phone, "1")
    await Person.filter(name="刘大爷").update(block_id=village.unit("peace").id)
    stands_in = await Person.get(name="Grace")
    await Leadership.create(unit=village.unit("block"), person=stands_in, role=Role.DEPUTY, since=MORNING)
    village.pass_time(timedelta(days=5, minutes=1))
    await _goes_on(village)
    chosen = await HonourCandidate.get(place=1)
    assert chosen.votes == 1
    assert chosen.won


@pytest.mark.long
async def test_too_few_nominated_is_no_vote(village: Village) -> None:
    number = await _open(village)
    await village.phones["刘大爷"].text("推荐 他每天来看我")
    village.pass_time(timedelta(days=7, minutes=1))
    await _goes_on(village)
    _, words, _ = await _post(village, "🗳")
    assert words.endswith("推荐的人太少，就不投票了。\n· 魏岗村委会：只有陈建国（第3邻），1人推荐，不用投票")
    assert (await HonourRound.get(notice_id=number)).state is HonourState.OVER
    assert not await Notice.filter(secret=True).exists()


@pytest.mark.long
async def test_what_is_no_nomination_is_a_report(village: Village) -> None:
    liu = village.phones["刘大爷"]
    await liu.text("推荐 他每天来看我")
    assert await Issue.all().count() == 1, "no round is open"
    await _open(village)
    await liu.text("推荐个修水管的师傅吧")
    assert await HonourNomination.all().count() == 0


async def test_ballots_to_many_need_a_second_pair_of_eyes(village: Village) -> None:
    number = await _nominated(village)
    profile = village.settings.territory
    few = profile.model_copy(update={"notices": profile.notices.model_copy(update={"alone": 1})})
    village.settings.__dict__["territory"] = few
    room, secretary = village.rooms["village"], village.leaders["village"]
    assert said(await room.says(secretary, f"！评选 发 {number}"), "李国庆", "可以看，同意了就发")
    assert said(await room.says(secretary, f"！评选 发 {number}"), "请另一位看过再发")
    assert not await Notice.filter(secret=True, state=NoticeState.SET).exists()
    await village.leaves()
    where, words, rings = await _post(village, "👀")
    assert (where, rings) == ("township", [village.leaders["township"].id])
    assert words.startswith(f"👀 评选{number}，2026年11月的好邻长：选票要发给")
    above = village.leaders["township"]
    await village.rooms["township"].says(above, f"！评选 发 {number}")
    ballot = await Notice.get(secret=True)
    assert (ballot.state, ballot.approver_id) == (NoticeState.SET, above.id)


@pytest.mark.long
async def test_a_round_can_be_stopped_and_its_votes_are_forgotten(village: Village) -> None:
    number = await _voting(village)
    await village.answers(village.phones["刘大爷"], "1")
    told = await village.rooms["village"].says(village.leaders["village"], f"！评选 停 {number}")
    assert told == [f"评选{number}停了。"]
    assert not await SecretAnswer.exists()
    village.pass_time(timedelta(days=5, minutes=1))
    await _goes_on(village)
    assert not said([words for _, words, _ in await village.posts()], "🏅")


async def test_one_is_opened_nominated_in_and_sent_on_the_desk(settings: Settings, village: Village) -> None:
    await appoint(village.unit("other_block"), "许静")
    code = village.unit("village").code
    form = {"unit": code, "period": "2026-11", "nominate_days": "3", "vote_days": "2", "once": "a"}
    async with desk_for(settings).browser(village.leaders["village"]) as browser:
        opened = await browser.post("/desk/honours", **form, by_text="on")
        assert opened.headers["location"] == "/desk/honours/1"
        assert (await browser.post("/desk/honours", **form | {"once": "b"})).status_code == 422
        past = form | {"period": "2020-01", "once": "c"}
        assert (await browser.post("/desk/honours", **past)).status_code == 422
        await browser.post("/desk/notices/1/send")
        await village.goes_on(times=2)
        for name, status in (("block", 303), ("other_block", 303), ("peace", 409)):
            about = {"block": village.unit(name).code, "reason": "热心"}
            assert (await browser.post("/desk/honours/1/nominate", **about)).status_code == status
        assert "热心" in (await browser.get("/desk/honours/1")).text
    async with desk_for(settings).browser(village.leaders["block"]) as browser:
        assert "热心" not in (await browser.get("/desk/honours/1")).text, "no reasons to whom they are about"
        assert (await browser.post("/desk/honours/1/stop")).status_code == 409
    async with desk_for(settings).browser(village.leaders["peace"]) as browser:
        assert (await browser.get("/desk/honours/1")).status_code == 404
    (only,) = await HonourNomination.all()
    assert only.block_id == village.unit("other_block").id, "the last one counts"


async def test_who_is_forgotten_has_nominated_nobody(settings: Settings, village: Village) -> None:
    await _open(village)
    told = await village.answers(village.phones["刘大爷"], "Nominate: he comes when something is broken")
    assert said(told, "we have noted that you nominate 陈建国")
    liu = await Person.get(name="刘大爷")
    await erasing.person(settings, await erasing.plan(settings, liu), "admin")
    assert not await HonourNomination.exists()


@pytest.mark.long
async def test_many_of_few_households_stand_before_a_few_of_many(village: Village) -> None:
    await _open(village)
    for label in range(15):
        await Household.create(block=village.unit("block"), label=str(label))
    for number in range(3):
        await resident(village.settings, village.unit("block"), name="邻居", number=f"+861390000000{number}")
        await Phone(village.settings, f"+861390000000{number}").text("推荐 他很热心")
    await village.phones["孔姐"].text("推荐 她很热心")
    village.pass_time(timedelta(days=7, minutes=1))
    await _goes_on(village)
    found = await HonourCandidate.all().order_by("place").select_related("person")
    assert [(each.person.name, each.nominations) for each in found] == [("许静", 1), ("陈建国", 3)]


def _votes(block: int, chosen: int, asked: int, candidate: int) -> list[Vote]:
    """Households of a block that chose a candidate, and others that chose the last one, 9."""
    return [Vote(block, str(home), candidate if home < chosen else 9) for home in range(asked)]


def test_a_small_block_can_win_and_a_tiny_one_does_not_blindly() -> None:
    small, large = fairness.scores([*_votes(1, 5, 5, 1), *_votes(2, 9, 15, 2)], 2)
    assert (small.points, large.points) == (566, 357)
    tiny, large = fairness.scores([*_votes(1, 3, 3, 1), *_votes(2, 14, 15, 2)], 2)
    assert (tiny.points, large.points) == (439, 702)


def test_a_household_has_one_voice_however_many_telephones() -> None:
    family = [Vote(1, "a", 1)] * 4 + [Vote(1, "b", 2)]
    first, second = fairness.scores(family, 2)
    assert (first.votes, second.votes) == (4, 1)
    assert first.points == second.points
    assert fairness.scores([], 2)[0].points == 0


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("本月", "2026-01"),
        ("上个月", "2025-12"),
        ("last  Month", "2025-12"),
        ("12月", "2025-12"),
        ("2025年3月", "2025-03"),
        ("2025 -11", "2025-11"),
        ("November", "2025-11"),
        ("今年", "2026"),
        ("2025年", "2025"),
        ("发 12", None),
        ("12", None),
        ("", None),
    ],
)
def test_a_period_is_named_as_people_do(words: str, period: str | None) -> None:
    assert periods.read(words, date(2026, 1, 31)) == period


@pytest.mark.long
async def test_each_village_of_a_township_chooses_its_own(settings: Settings, village: Village) -> None:
    peace = village.unit("peace")
    for number, name in enumerate(("丁一", "丁二")):
        block = await Unit.create(
            code=f"{peace.code}0{number}",
            name=f"第{number + 1}邻",
            tier="block",
            parent=peace,
            path=f"{peace.path}{peace.code}0{number}/",
        )
        await appoint(block, name)
        await resident(settings, block, name=f"居民{number}", number=f"+861390000001{number}")
    secretary, room = village.leaders["township"], village.rooms["township"]
    await room.says(secretary, "！评选 今年")
    await room.says(secretary, "！评选 发 1")
    await village.goes_on(times=3)
    phones = [Phone(settings, f"+861390000001{number}") for number in range(2)]
    for phone in phones:
        assert said(await village.answers(phone, "推荐 热心"), "记下了")
    village.pass_time(timedelta(days=7, minutes=1))
    await _goes_on(village)
    _, words, _ = await _post(village, "🗳")
    assert "\n· 魏岗村委会：没有人推荐\n· 和平社区：丁一（第1邻），1人推荐、丁二（第2邻），1人推荐\n" in words
    await room.says(secretary, "！评选 发 1")
    await _goes_on(village)
    for phone in phones:
        await village.answers(phone, "2")
    village.pass_time(timedelta(days=5, minutes=1))
    await _goes_on(village)
    where, words, _ = await _post(village, "🏅")
    assert where == "township"
    assert words == "🏅 魏岗镇2026年的好邻长，全部结果：\n🏅 和平社区2026年的好邻长：丁二（第2邻）"
    await room.says(secretary, "！评选 1")
    assert "· 丁二（第2邻）：2票，41.3分。没有收到问题" in (await whispers(secretary))[-1]
