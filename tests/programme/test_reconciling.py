"""Two neighbours, one quarrel: from the report to what both have agreed to, each on their own phone."""

import pytest

from linzhang.settings import Settings
from models import Agreement, Dispute, History, Issue, Outbox, State
from tests.desk.desk import desk_for
from tests.issues.chat import Chat, direct_with, whispers
from tests.issues.diary import Phone, carry_out
from tests.programme.village import Village

WORDS = "院墙不动，排水沟两家一起修"
ASKED = "邻长陈建国把您和{other}商定的记下来了：院墙不动，排水沟两家一起修。您同意请回1，不同意请回2。"
BOTH = "你们两家都同意了：院墙不动，排水沟两家一起修。谢谢您，和和气气最要紧。"


@pytest.fixture
async def other(village: Village) -> Phone:
    """The phone of the neighbour."""
    return await village.lives_here("王二", "+8613800138002")


@pytest.fixture
async def quarrel(village: Village, other: Phone) -> Issue:
    """What was reported, and known as a dispute with the neighbour."""
    await village.phones["刘大爷"].text("王二家的院墙占了我家的地")
    leader = village.leaders["block"]
    await village.rooms["block"].says(leader, "！调解 1001 王二")
    assert (await whispers(leader))[-1] == (
        "编号1001现在只有负责人看得见，另一方是王二。两家谈好了，请写：！协议 1001 …"
    )
    return await Issue.get(id=Issue.id_of(1001))


async def proposes(village: Village, words: str = WORDS) -> None:
    """Let the leader ask both, and all of it go out."""
    await village.rooms["block"].says(village.leaders["block"], f"！协议 1001 {words}")
    await carry_out(village.settings)
    for phone in village.phones.values():
        await phone.told()


async def leader_hears(village: Village) -> str:
    """The last that the leader was told in their own chat."""
    leader = village.leaders["block"]
    row = await Outbox.filter(address__person_id=leader.id).order_by("-id").first()
    assert row is not None
    return str(row.payload["text"])


async def test_both_agree_and_it_is_closed(village: Village, quarrel: Issue, other: Phone) -> None:
    assert quarrel.private
    reporter = village.phones["刘大爷"]
    await reporter.receives()
    await proposes(village)
    assert ASKED.format(other="王二") in await reporter.receives()
    assert await other.receives() == [ASKED.format(other="刘大爷")]
    assert await reporter.text("1") == ["谢谢您。现在等王二的回话。"]
    assert await leader_hears(village) == "编号1001：刘大爷同意了，王二还没回话。"
    assert await reporter.text("1") == []
    assert await other.text("１") == [BOTH]
    assert BOTH in await reporter.told()
    assert "编号1001：王二和刘大爷都同意了，这件事办完了。您辛苦了。" in await leader_hears(village)
    assert (await Issue.get(id=quarrel.id)).state is State.CLOSED
    assert (await Dispute.get(issue_id=quarrel.id)).agreed_at is not None


async def test_one_no_goes_back_to_the_leader_who_tries_again(
    village: Village, quarrel: Issue, other: Phone
) -> None:
    await proposes(village)
    assert await other.text("2") == ["谢谢您说实话。邻长陈建国会再找您聊聊。"]
    assert await leader_hears(village) == "编号1001：王二不同意。请再聊聊，重新写一份。"
    reporter = village.phones["刘大爷"]
    assert await reporter.text("1") == [], "those words are off the table"
    await proposes(village, "院墙往里让半尺")
    assert "谢谢您。现在等刘大爷的回话。" in await other.text("1")
    assert (await Issue.get(id=quarrel.id)).state is not State.CLOSED
    await reporter.text("1")
    assert (await Issue.get(id=quarrel.id)).state is State.CLOSED
    assert [each.reporter_says for each in await Agreement.all().order_by("id")] == [None, True]


async def test_other_words_of_the_neighbour_are_a_report_of_their_own(
    village: Village, quarrel: Issue, other: Phone
) -> None:
    await proposes(village)
    (receipt,) = await other.text("我家门口的路灯也坏了")
    assert "编号1002" in receipt


async def test_a_number_is_written_to_the_service_alone(village: Village, other: Phone) -> None:
    await village.phones["刘大爷"].text("楼上太吵")
    leader, room = village.leaders["block"], village.rooms["block"]
    assert await room.says(leader, "！调解 1001 13800138002") == [
        "请把这条删掉：电话号码不能发在群里。请单独发给我。"
    ]
    alone: Chat = await direct_with(village.settings, leader)
    await alone.says(leader, "调解 1001 13800138002")
    assert (await Dispute.get()).other_id is not None


@pytest.mark.parametrize(
    ("who", "words", "answer"),
    [
        ("block", "！调解 1001 没有这人", "这一带的名册上没有没有这人。您可以单独把电话号码发给我。"),
        ("block", "！调解 1001 刘大爷", "这是报事的人。请写另一方的名字。"),
        ("block", "！协议 1001 各让一步", "请先写明编号1001的另一方是谁：！调解，编号，名字。"),
    ],
)
async def test_what_does_not_fit_is_said(
    village: Village, other: Phone, who: str, words: str, answer: str
) -> None:
    await village.phones["刘大爷"].text("楼上太吵")
    assert await village.rooms[who].says(village.leaders[who], words) == [answer]
    assert await Dispute.all().count() == 0


async def test_a_leader_of_elsewhere_goes_between_nobody(village: Village, other: Phone) -> None:
    await village.phones["刘大爷"].text("楼上太吵")
    stranger = village.leaders["peace"]
    await village.rooms["block"].says(stranger, "！调解 1001 王二")
    assert await Dispute.all().count() == 0
    assert await History.filter(action="private").count() == 0


async def test_the_desk_names_the_parties_to_those_who_may_read_it(
    settings: Settings, village: Village, quarrel: Issue
) -> None:
    await proposes(village)
    async with desk_for(settings).browser(village.leaders["block"]) as browser:
        page = await browser.get("/desk/disputes")
        assert "王二" in page.text
        assert WORDS in page.text
    async with desk_for(settings).browser(village.leaders["peace"]) as browser:
        page = await browser.get("/desk/disputes")
        assert "1001" not in page.text
        assert "王二" not in page.text
