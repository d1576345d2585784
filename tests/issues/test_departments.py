"""What is beyond the chain goes to a department and comes back, and nobody loses sight of it."""

from datetime import timedelta

import pytest

from escalator import deadlines
from issues import texts
from issues.departments import meant
from linzhang.clock import FileClock
from models import Action, Address, History, Issue, Outbox, Person, State, Unit
from tests.factories import appoint
from tests.issues.chat import Block, Chat, lines, room_of, with_account, zh
from tests.issues.diary import Phone


class Departments:
    """A water company and a power company of the county, and another county's."""

    def __init__(self, block: Block) -> None:
        self.block = block

    async def begin(self) -> "Departments":
        units = self.block.territory.units
        self.water = await department(units["county"], "谯城区水务局")
        self.power = await department(units["county"], "谯城区供电公司")
        self.waterworks = await department(units["township"], "魏岗镇水厂")
        self.elsewhere = await department(units["next_township"], "观堂镇环卫所")
        self.engineer = await with_account(self.block.settings, await appoint(self.water, "王工"))
        self.room: Chat = await room_of(self.block.settings, self.water)
        return self

    async def refer(self) -> str:
        """Let the issue be referred to the water company; returns its post there."""
        block = self.block
        assert await block.room.says(block.leader, "！转部门 水务局 主管道爆了", thread=block.post) == []
        return await self.room.post(block.number)


async def department(parent: Unit, name: str) -> Unit:
    code = f"{parent.code}-{name}"
    return await Unit.create(
        code=code, name=name, tier="department", parent=parent, path=f"{parent.path}{code}/"
    )


@pytest.fixture
async def departments(block: Block) -> Departments:
    return await Departments(block).begin()


async def shown(unit: Unit) -> int:
    """How often the issue was put into a unit's room."""
    rows = await Outbox.filter(bridge="rooms", lane__endswith=f":{unit.id}")
    return sum(row.payload["do"] == "show" for row in rows)


async def test_a_department_gets_the_post_and_the_resident_hears_who_has_it(
    block: Block, departments: Departments
) -> None:
    await departments.refer()
    issue = await block.issue()
    assert (issue.state, issue.holder) == (State.REFERRED, departments.water)
    assert issue.returns_to_id == block.territory.block.id
    assert issue.answer_due is None
    assert await shown(departments.water) == 1
    (told,) = await block.phone.told()
    assert told == "编号1001转给谯城区水务局办了，最晚12月1日10:00。我们会一直盯着。"
    assert "谯城区水务局" in (await lines(block.territory.block))[-1]
    assert (await History.get(action=Action.REFER)).detail == "主管道爆了"


async def test_the_department_answers_and_finishes_in_its_own_room(
    block: Block, departments: Departments
) -> None:
    post = await departments.refer()
    await block.phone.told()
    assert await departments.room.says(departments.engineer, "今晚抢修", thread=post) == []
    (told,) = await block.phone.told()
    assert told == "谯城区水务局王工回您（编号1001）：今晚抢修"
    assert (await block.issue()).state is State.REFERRED
    assert "今晚抢修" in (await lines(block.territory.block))[-1]
    assert await departments.room.reacts(departments.engineer, "✅", post) == []
    assert (await block.issue()).state is State.RESOLVED
    await block.phone.text("1")
    assert (await block.issue()).state is State.CLOSED


async def test_the_department_sends_it_back_to_who_referred_it(
    block: Block, departments: Departments
) -> None:
    post = await departments.refer()
    (wrong,) = await departments.room.says(departments.engineer, "!return", thread=post)
    assert wrong == zh(texts.WRITE_IT_SO, form=texts.FORM_RETURN)
    await block.phone.told()
    assert await departments.room.says(departments.engineer, "！退回 是小区自己的管子", thread=post) == []
    issue = await block.issue()
    assert (issue.state, issue.holder, issue.returns_to_id) == (State.OPEN, block.territory.block, None)
    assert issue.answer_due is not None
    (told,) = await block.phone.told()
    assert "陈建国" in told
    assert "14:00" in told
    row = await Outbox.filter(bridge="rooms", lane__endswith=f":{block.territory.block.id}").order_by("-id")
    called = next(each.payload for each in row if each.payload["do"] == "say")
    assert "是小区自己的管子" in called["text"]
    assert block.leader.id in called["mention"]
    (refusal,) = await departments.room.says(departments.engineer, "再说一句", thread=post)
    assert refusal.startswith("编号1001不归您办")


async def test_a_department_passes_it_on_and_it_still_comes_back_to_the_chain(
    block: Block, departments: Departments
) -> None:
    post = await departments.refer()
    assert await departments.room.says(departments.engineer, "!refer 供电 水泵没电", thread=post) == []
    issue = await block.issue()
    assert (issue.holder, issue.returns_to_id) == (departments.power, block.territory.block.id)
    (refusal,) = await block.room.says(block.leader, "!refer 供电", thread=block.post)
    assert refusal == zh(texts.ALREADY_REFERRED, number=block.number, department="谯城区供电公司")
    await block.room.says(block.leader, "!return 我们自己办", thread=block.post)
    assert (await block.issue()).holder == block.territory.block


async def test_a_silent_department_is_reminded_once_and_then_it_goes_back(
    block: Block, departments: Departments, clock: FileClock
) -> None:
    await departments.refer()
    week = timedelta(hours=168)
    assert await deadlines.next_due(block.settings) == clock.now() + week
    clock.advance(week)
    assert (await deadlines.run(block.settings, 10))[0] == 1
    assert (await block.issue()).state is State.REFERRED
    reminded = await Outbox.filter(bridge="rooms", lane__endswith=f":{departments.water.id}").order_by("-id")
    said = next(each.payload for each in reminded if each.payload["do"] == "say")
    assert said["mention"] == [departments.engineer.id]
    clock.advance(week)
    assert (await deadlines.run(block.settings, 10))[0] == 1
    issue = await block.issue()
    assert (issue.state, issue.holder) == (State.OPEN, block.territory.block)
    assert zh(texts.NO_WORD_FROM, department="谯城区水务局") in (await lines(block.territory.block))[-1]
    row = await History.filter(issue_id=issue.id).order_by("-seq").first()
    assert row is not None
    assert (row.action, row.actor_id) == (Action.RETURN, None)


@pytest.mark.parametrize("words", ["", " 环卫", " 水", " 自来水"])
async def test_an_unclear_department_is_asked_for(block: Block, departments: Departments, words: str) -> None:
    (answer,) = await block.room.says(block.leader, f"!refer{words}", thread=block.post)
    listed = "魏岗镇水厂、谯城区水务局" if words == " 水" else "魏岗镇水厂、谯城区水务局、谯城区供电公司"
    assert answer == zh(texts.WHICH_DEPARTMENT, form=texts.FORM_REFER, departments=listed)
    assert (await block.issue()).state is State.OPEN


async def test_where_there_are_none_it_is_said(block: Block) -> None:
    (answer,) = await block.room.says(block.leader, "!refer 水务", thread=block.post)
    assert answer == zh(texts.NO_DEPARTMENTS)


async def test_a_department_has_no_say_in_what_is_not_referred_to_it(
    block: Block, departments: Departments
) -> None:
    for said in (f"!answer {block.number} 我们来", f"!refer {block.number} 供电", f"!done {block.number}"):
        (refusal,) = await departments.room.says(departments.engineer, said)
        assert refusal.startswith("编号1001不归您办")
    (refusal,) = await block.room.says(block.leader, "!return 不是我的", thread=block.post)
    assert "不能这样操作" in refusal


async def test_not_solved_takes_it_to_the_chain_above_who_referred_it(
    block: Block, departments: Departments
) -> None:
    post = await departments.refer()
    await departments.room.reacts(departments.engineer, "✅", post)
    await block.phone.text("2")
    issue = await block.issue()
    assert (issue.state, issue.holder) == (State.OPEN, block.territory.units["group"])
    assert issue.returns_to_id is None


def test_a_departments_name_is_found_in_what_is_written() -> None:
    water, power = Unit(name="谯城区水务局"), Unit(name="Power Company")
    there = [water, power]
    assert meant("水务局 主管道爆了", there) == ([water], "主管道爆了")
    assert meant("水务局主管道爆了", there) == ([water], "主管道爆了")
    assert meant("水务，主管道爆了", there) == ([water], "主管道爆了")
    assert meant("power no light", there) == ([power], "no light")
    assert meant("pow", there) == ([power], "")
    assert meant("powder no light", there) == ([], "")
    assert meant("", there) == ([], "")


async def test_people_of_a_department_may_be_away_too(block: Block, departments: Departments) -> None:
    nobody = await Person.create(name="无关")
    await with_account(block.settings, nobody)
    await departments.refer()
    post = f"$post{block.number}{departments.room.room_id}"
    (refusal,) = await departments.room.says(nobody, "我来", thread=post)
    assert refusal.startswith("编号1001不归您办")
    assert await Issue.filter(state=State.REFERRED).count() == 1


async def test_a_department_with_only_a_phone_gets_a_text(block: Block, departments: Departments) -> None:
    number = "+8613500135000"
    vault = block.settings.vault
    head = await appoint(departments.power, "电工老赵")
    await Address.create(
        person=head, bridge="sms", lookup=vault.lookup("sms", number), sealed=vault.seal(number)
    )
    await block.room.says(block.leader, "!refer 供电 没电", thread=block.post)
    phone = Phone(block.settings, number=number)
    (told,) = await phone.told()
    assert "1001" in told
    assert "路灯坏了" in told
    # It answers by text as leaders do, but the resident's number is for those who lead where they live.
    (refusal,) = await phone.text("1001 电话")
    assert refusal.startswith("编号1001不归您办")
    await block.phone.told()
    await phone.text("1001 明天来接线")
    assert "明天来接线" in (await block.phone.told())[-1]
