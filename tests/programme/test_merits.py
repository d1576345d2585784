"""A leader's own page of good work: what is counted, whose words are quoted, and who sees it."""

from datetime import timedelta

import pytest

from escalator import deadlines
from models import CareVisit, Course, Dispute, Issue, Person
from programme.thanks.merits import quoting
from tests.desk.desk import desk_for
from tests.issues.chat import whispers
from tests.issues.diary import Leader
from tests.programme.village import Village


async def worked(village: Village) -> Person:
    """Let the leader of the block have done something of each kind; returns them."""
    leader, settings, liu = village.leaders["block"], village.settings, village.phones["刘大爷"]
    now = settings.clock.now()
    await liu.text("村口的路灯坏了")
    answers = Leader(settings, leader)
    await answers.answers(1001, "明天来看看")
    await liu.text("太谢谢您了，您总是跑前跑后")
    await liu.text("新 水管漏水了")
    village.pass_time(timedelta(hours=5))
    await deadlines.run(settings, 50)
    await answers.answers(1002, "这就来")
    await village.rooms["block"].says(leader, "！办结 1001")
    await liu.text("1")
    await liu.text("5")
    person = await Person.get(name="刘大爷")
    await CareVisit.create(
        person=person, unit=village.unit("block"), visitor=leader, at=now, bridge="x", external_id="x"
    )
    await Course.create(person=leader, unit=village.unit("block"), begun_at=now, lesson=5, finished_at=now)
    await Dispute.create(
        issue_id=Issue.id_of(1002), other=village.leaders["group"], mediator=leader, since=now, agreed_at=now
    )
    return leader


async def test_a_leader_sees_what_they_have_done_and_what_residents_say(either: Village) -> None:
    village = either
    leader = await worked(village)
    await village.rooms["block"].says(leader, "！成绩")
    told = (await whispers(leader))[-1].split("\n")
    assert told[0] == "陈建国，1月1日以来您做的事："
    assert told[1:-1] == [
        "· 先答复2件，按时1件",
        "· 办好1件",
        "· 办结1件",
        "· 居民说了1次谢谢",
        "· 上门看望1次",
        "· 调解好1件",
        "· 1位居民打分，平均5.0分（满分5分）",
        "· 负责人小课学完了",
        "“太谢谢您了，您总是跑前跑后”",
    ]
    assert told[-1] == "谢谢您。"


async def test_only_they_and_those_above_see_the_page(village: Village) -> None:
    leader = await worked(village)
    address = f"/desk/merits/{village.unit('block').code}"
    for who in (leader, village.leaders["village"], village.leaders["township"]):
        async with desk_for(village.settings).browser(who) as browser:
            page = await browser.get(address)
            assert "先答复2件，按时1件" in page.text
            assert "您总是跑前跑后" in page.text
            assert "刘大爷" not in page.text
    for name in ("deputy", "peace"):
        async with desk_for(village.settings).browser(village.leaders[name]) as browser:
            assert (await browser.get(address)).status_code == 404


async def test_what_is_private_is_not_quoted(village: Village) -> None:
    leader = await worked(village)
    await Issue.filter(id=Issue.id_of(1001)).update(private=True)
    await village.rooms["block"].says(leader, "！成绩")
    assert "跑前跑后" not in (await whispers(leader))[-1]


@pytest.mark.parametrize(
    ("words", "is_thanks", "is_quoted"),
    [
        ("谢谢", True, False),
        ("谢谢陈邻长，灯亮了，晚上走路放心了", True, True),
        ("真是辛苦您了，大雨天还来", True, True),
        ("Thank you, the lamp works again", True, True),
        ("谢谢，我家住3号楼201", True, False),
        ("我是刘大爷，谢谢您", True, False),
        ("不用谢，先把水管修好", False, False),
        ("谢谢您什么时候能来？", False, False),
        ("灯还是不亮", False, False),
    ],
)
def test_thanks_are_quoted_that_do_not_tell_whose_they_are(
    words: str, is_thanks: bool, is_quoted: bool
) -> None:
    assert quoting.is_thanks(words) == is_thanks
    assert (quoting.is_thanks(words) and quoting.may_be_quoted(words, "刘大爷")) == is_quoted
