"""One issue of two, two of one, or none: leaders sort what residents tell, who have the last word."""

from datetime import timedelta

import pytest

from escalator import deadlines
from issues import duplicates, texts
from linzhang.clock import FileClock
from models import Action, History, Issue, Message, Outbox, OutboxState, Person, State
from tests.factories import resident
from tests.issues.chat import Block, Chat, direct_with, lines, zh
from tests.issues.diary import Phone

NEIGHBOUR = "+8613900139000"


class Two:
    """Two neighbours of one block who have told the same."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.phone = Phone(block.settings, number=NEIGHBOUR)

    async def begin(self) -> "Two":
        await resident(self.block.settings, self.block.territory.block, name="孙婆婆", number=NEIGHBOUR)
        await self.phone.text("巷子里路灯不亮")
        issue = await Issue.all().order_by("-id").first()
        assert issue is not None
        self.number = issue.number
        self.post = await self.block.room.post(self.number)
        await self.phone.told()
        return self

    async def merge(self) -> None:
        """Let the neighbour's issue become part of the first one."""
        said = f"!merge {self.number} {self.block.number}"
        assert await self.block.room.says(self.block.leader, said) == []
        await self.phone.told()

    async def issue(self) -> Issue:
        return await self.block.issue(self.number)


@pytest.fixture
async def two(block: Block) -> Two:
    return await Two(block).begin()


# --- what is the same ---------------------------------------------------------------------------------


async def test_a_new_issue_that_looks_like_an_open_one_gets_a_hint(two: Two) -> None:
    said = await lines(two.block.territory.block)
    assert said == [zh(texts.LINE_ALIKE, number=two.number, other=two.block.number, words="路灯坏了")]


@pytest.mark.parametrize("words", ["新 井盖没了", "新 有狗咬人", "新 电梯停了"])
async def test_what_is_another_trouble_gets_none(block: Block, words: str) -> None:
    await block.report(words)
    assert await lines(block.territory.block) == []


async def test_no_hint_names_what_is_private_or_over_or_long_ago(block: Block, clock: FileClock) -> None:
    await Issue.filter(id=Issue.id_of(block.number)).update(private=True)
    await block.report("新 路灯又坏了")
    await Issue.filter(id=Issue.id_of(block.number)).update(private=False, state=State.CLOSED)
    await Issue.exclude(id=Issue.id_of(block.number)).update(state=State.WITHDRAWN)
    await block.report("新 路灯又坏了")
    clock.advance(timedelta(days=8))
    await block.report("新 路灯又坏了")
    # That its window has passed is said; that the later one may be the same, it is not.
    assert [line for line in await lines(block.territory.block) if "没有按时答复" not in line] == []


async def test_what_may_be_the_same_is_suggested(two: Two) -> None:
    block = two.block
    far = await resident(
        block.settings, block.territory.units["other_block"], name="远亲", number="+8613700137000"
    )
    await Phone(block.settings, number="+8613700137000").text("我们这边路灯也不亮了，路灯坏了三盏")
    other = await Issue.get(reporter_id=far.person_id)
    (answer,) = await block.room.says(block.leader, f"!merge {two.number}")
    first, second = answer.split("\n")
    assert first == zh(texts.ALIKE, number=two.number, other=block.number, words="路灯坏了")
    assert str(other.number) in second
    (answer,) = await block.room.says(block.leader, "!merge", thread=two.post)
    assert answer.split("\n")[0] == first
    well = await block.report("新 井盖没了")
    (answer,) = await block.room.says(block.leader, f"!merge {well}")
    assert answer == zh(texts.NOTHING_ALIKE, number=well, form=texts.FORM_MERGE)


async def test_others_are_suggested_nothing(two: Two) -> None:
    peace = two.block.territory.leaders["peace"]
    (refusal,) = await two.block.room.says(peace, f"!merge {two.number}")
    assert refusal.startswith(f"编号{two.number}不归您办")


async def test_likeness_is_of_the_words_that_matter(block: Block) -> None:
    issue = await block.issue()
    await issue.fetch_related("block")
    for words in ("我家门口的灯不亮", "路灯一闪一闪的", "The street lamp is broken"):
        number = await block.report(f"新 {words}")
        alike = await duplicates.of(block.settings, issue, issue.opened_at)
        assert number in [each.number for each in alike], words


# --- one of two ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["!merge {part} {main}", "！合并 {part} 到 {main}", "！合并{part}，{main}"])
async def test_one_becomes_part_of_the_other(two: Two, said: str) -> None:
    block = two.block
    words = said.format(part=two.number, main=block.number)
    assert await block.room.says(block.leader, words) == []
    part = await two.issue()
    assert (part.state, part.merged_into_id) == (State.MERGED, Issue.id_of(block.number))
    assert (part.answer_due, part.nudge_due) == (None, None)
    assert await two.phone.told() == [zh(texts.MERGED, main=block.number)]
    said_there = await lines(block.territory.block)
    assert said_there[-2:] == [
        zh(texts.LINE_MERGED, name="邻长陈建国", number=two.number, main=block.number),
        zh(texts.LINE_MERGED_HERE, number=two.number, name="孙婆婆", words="巷子里路灯不亮"),
    ]


async def test_in_its_thread_one_number_is_enough(two: Two) -> None:
    assert await two.block.room.says(two.block.leader, f"!merge {two.block.number}", thread=two.post) == []
    assert (await two.issue()).state is State.MERGED


async def test_both_hear_the_answer_and_are_asked(two: Two) -> None:
    block = two.block
    await two.merge()
    neighbour = await Person.get(name="孙婆婆")
    neighbour.language = "en"
    await neighbour.save()
    await block.room.says(block.leader, "今晚修", thread=block.post)
    assert [text[-3:] for text in await block.phone.told()] == ["今晚修"]
    assert await two.phone.told() == ["陈建国 (block leader) on no. 1001: 今晚修"]
    await block.room.reacts(block.leader, "✅", block.post)
    assert "1" in (await block.phone.told())[0]
    assert "Is it solved?" in (await two.phone.told())[0]
    await two.phone.text("1")
    assert (await two.issue()).state is State.CLOSED
    assert (await block.issue()).state is State.RESOLVED
    assert (await lines(block.territory.block))[-1] == zh(
        texts.LINE_PART_CLOSED, name="孙婆婆", number=two.number
    )
    await block.phone.text("1")
    assert (await block.issue()).state is State.CLOSED


async def test_the_neighbours_no_opens_it_again_for_both(two: Two) -> None:
    block = two.block
    await two.merge()
    await block.room.reacts(block.leader, "✅", block.post)
    await block.phone.told()
    told = await two.phone.text("2")
    issue = await block.issue()
    assert (issue.state, issue.holder) == (State.OPEN, block.territory.units["group"])
    assert (await two.issue()).state is State.MERGED
    assert "周强" in (await block.phone.told())[0]
    assert "周强" in told[-1]
    last = await History.filter(issue_id=issue.id).order_by("-seq").first()
    assert last is not None
    assert (last.action, last.actor_id) == (Action.REJECT, (await Person.get(name="孙婆婆")).id)


async def test_the_neighbour_takes_a_yes_back(two: Two) -> None:
    block = two.block
    await two.merge()
    await block.room.reacts(block.leader, "✅", block.post)
    await two.phone.text("1")
    await block.phone.text("1")
    await two.phone.text("没好，还是不亮")
    assert (await block.issue()).state is State.OPEN
    assert (await two.issue()).state is State.MERGED


async def test_what_closes_closes_for_both(two: Two) -> None:
    block = two.block
    await two.merge()
    await block.room.reacts(block.leader, "✅", block.post)
    await two.phone.told()
    await block.phone.text("1")
    (told,) = await two.phone.told()
    assert told == zh(texts.CLOSED, number=block.number)
    await two.phone.text("没好")
    assert (await block.issue()).state is State.OPEN


async def test_silence_closes_for_both(two: Two, clock: FileClock) -> None:
    block = two.block
    await two.merge()
    await block.room.reacts(block.leader, "✅", block.post)
    await two.phone.told()
    for _ in range(2):
        clock.advance(block.settings.territory.confirm_window / 2)
        await deadlines.run(block.settings, 10)
    assert (await block.issue()).state is State.CLOSED
    assert await two.phone.told() == [zh(texts.LAPSED, number=block.number)]


async def test_further_words_of_the_neighbour_are_said_where_it_goes_on(two: Two) -> None:
    block = two.block
    await two.merge()
    await two.phone.text("今天还是不亮")
    assert await Issue.all().count() == 2, "no issue of its own"
    message = await Message.get(text="今天还是不亮")
    assert message.issue_id == Issue.id_of(two.number)
    relayed = await Outbox.filter(issue_id=Issue.id_of(block.number), bridge="rooms").order_by("-id").first()
    assert relayed is not None
    assert relayed.payload["message"] == message.id
    for quoted in (two.number, block.number):
        await two.phone.text(f"{quoted} 明天还不亮怎么办")
        last = await Message.all().order_by("-id").first()
        assert last is not None
        assert last.issue_id == Issue.id_of(two.number)
    (told,) = await two.phone.text("查询")
    assert str(block.number) in told
    assert "陈建国" in told


async def test_an_answer_in_the_merged_thread_is_said_in_the_other(two: Two) -> None:
    block = two.block
    await two.merge()
    await block.room.says(block.leader, "今晚修", thread=two.post)
    assert (await block.phone.told())[-1].endswith("今晚修")
    assert (await two.phone.told())[-1].endswith("今晚修")
    assert "今晚修" in (await lines(block.territory.block))[-1]
    await block.room.reacts(block.leader, "✅", two.post)
    assert (await block.issue()).state is State.RESOLVED


async def test_an_answer_taken_back_in_time_reaches_neither(two: Two) -> None:
    block = two.block
    await two.merge()
    await block.room.says(block.leader, "写错了", thread=block.post)
    await block.room.redacts(block.leader, block.room.last)
    stopped = await Outbox.filter(bridge="sms", state=OutboxState.CANCELLED)
    assert len(stopped) == 2


async def test_one_and_the_same_person_hears_once(block: Block) -> None:
    second = await block.report("新 巷子里路灯不亮")
    await block.phone.told()
    await block.room.says(block.leader, f"!merge {second} {block.number}")
    assert await block.phone.told() == [zh(texts.MERGED_OWN, number=second, main=block.number)]
    await block.room.says(block.leader, "今晚修", thread=block.post)
    assert len(await block.phone.told()) == 1


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("!merge {main} {main}", texts.SAME_ISSUE),
        ("!merge {main} 9999", texts.NO_SUCH_ISSUE),
        ("!merge {main} soon", texts.WRITE_IT_SO),
        ("!merge", texts.WHICH_ISSUE),
    ],
)
async def test_what_cannot_be_merged_is_said(two: Two, said: str, text: object) -> None:
    block = two.block
    (answer,) = await block.room.says(block.leader, said.format(main=block.number))
    number = 9999 if "9999" in said else block.number
    assert answer == zh(text, number=number, form=texts.FORM_MERGE)  # type: ignore[arg-type]


async def test_no_circle_is_merged(two: Two) -> None:
    await two.merge()
    block = two.block
    (answer,) = await block.room.says(block.leader, f"!merge {block.number} {two.number}")
    assert answer == zh(texts.SAME_ISSUE, number=block.number)
    (answer,) = await block.room.says(block.leader, f"!merge {two.number} {block.number}")
    assert "已并入别的编号" in answer or "不能这样操作" in answer


async def test_what_is_private_stays_alone(two: Two) -> None:
    await Issue.filter(id=Issue.id_of(two.number)).update(private=True)
    (answer,) = await two.block.room.says(two.block.leader, f"!merge {two.number} {two.block.number}")
    assert answer == zh(texts.PRIVATE_STAYS_ALONE)


async def test_the_neighbour_may_need_nothing_any_more(two: Two) -> None:
    await two.merge()
    await two.phone.text(f"{two.number} 不用了")
    assert (await two.issue()).state is State.WITHDRAWN
    await two.block.room.says(two.block.leader, "今晚修", thread=two.block.post)
    assert not [text for text in await two.phone.told() if "今晚修" in text]


# --- two of one ---------------------------------------------------------------------------------------


async def test_words_become_an_issue_of_their_own(block: Block) -> None:
    assert await block.room.says(block.leader, "!split 门口的井盖也没了", thread=block.post) == []
    new = await Issue.all().order_by("-id").first()
    assert new is not None
    assert (new.state, new.holder_id, new.reporter_id) == (
        State.OPEN,
        block.territory.block.id,
        (await block.issue()).reporter_id,
    )
    assert [each.text for each in await Message.filter(issue_id=new.id)] == ["门口的井盖也没了"]
    (told,) = await block.phone.told()
    assert str(new.number) in told
    assert "陈建国" in told
    assert await lines(block.territory.block) == [
        zh(texts.LINE_SPLIT, name="邻长陈建国", number=new.number, words="门口的井盖也没了")
    ]
    assert [row.action for row in await History.filter(issue_id=new.id)] == [Action.REPORT]


async def test_the_words_replied_to_are_split_off(block: Block) -> None:
    await block.phone.text("对了，院墙也裂了")
    relayed = await Outbox.filter(issue_id=Issue.id_of(block.number), bridge="rooms").order_by("-id").first()
    assert relayed is not None
    relayed.external_id = "$relayed"
    await relayed.save()
    assert await block.room.says(block.leader, "！拆分", thread=block.post, reply="$relayed") == []
    new = await Issue.all().order_by("-id").first()
    assert new is not None
    assert [each.text for each in await Message.filter(issue_id=new.id)] == ["对了，院墙也裂了"]
    assert await Message.filter(issue_id=Issue.id_of(block.number)).count() == 1


async def test_what_cannot_be_split_is_said(block: Block) -> None:
    (answer,) = await block.room.says(block.leader, "!split", thread=block.post)
    assert answer == zh(texts.WRITE_IT_SO, form=texts.FORM_SPLIT)
    shown = await Outbox.filter(bridge="rooms").order_by("id").first()
    assert shown is not None
    first = await Message.get(issue_id=Issue.id_of(block.number))
    await Message.filter(id=first.id).update(bridge="matrix", external_id="$own")
    (answer,) = await block.room.says(block.leader, "!split", thread=block.post, reply="$own")
    assert answer == zh(texts.SPLIT_ALL, number=block.number)


async def test_what_a_department_has_is_split_back_to_the_chain(block: Block) -> None:
    issue = await block.issue()
    await Issue.filter(id=issue.id).update(returns_to_id=issue.holder_id, state=State.REFERRED)
    await block.room.says(block.leader, "!split 井盖也没了", thread=block.post)
    new = await Issue.all().order_by("-id").first()
    assert new is not None
    assert new.holder_id == block.territory.block.id


# --- none ---------------------------------------------------------------------------------------------


async def test_what_needs_nothing_is_taken_off_with_a_reason(block: Block) -> None:
    (wrong,) = await block.room.says(block.leader, "!withdraw", thread=block.post)
    assert wrong == zh(texts.WRITE_IT_SO, form=texts.FORM_WITHDRAW)
    assert await block.room.says(block.leader, "！撤销 只是试一下", thread=block.post) == []
    issue = await block.issue()
    assert (issue.state, issue.answer_due) == (State.WITHDRAWN, None)
    assert await block.phone.told() == [
        zh(texts.TAKEN_OFF, leader="邻长陈建国", number=block.number, words="只是试一下")
    ]
    await block.phone.text("1")
    assert (await block.issue()).state is State.CLOSED


async def test_the_resident_may_say_that_it_does_need_something(block: Block) -> None:
    await block.room.says(block.leader, "！撤销 只是试一下", thread=block.post)
    await block.phone.told()
    (told,) = await block.phone.text("2")
    issue = await block.issue()
    assert (issue.state, issue.holder) == (State.OPEN, block.territory.units["group"])
    assert "周强" in told


# --- urgent -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["🆘", "！紧急"])
async def test_a_leader_says_that_it_is_urgent_and_that_it_is_not(block: Block, said: str) -> None:
    if said == "🆘":
        assert await block.room.reacts(block.leader, said, block.post) == []
    else:
        assert await block.room.says(block.leader, said, thread=block.post) == []
    issue = await block.issue()
    assert issue.urgent
    assert issue.answer_due == issue.opened_at + timedelta(minutes=30)
    (answer,) = await block.room.says(block.leader, "!urgent", thread=block.post)
    assert answer == zh(texts.ALREADY_URGENT, number=block.number)
    assert await block.room.says(block.leader, "！紧急 取消", thread=block.post) == []
    issue = await block.issue()
    assert not issue.urgent
    assert issue.answer_due == issue.opened_at + timedelta(hours=4)
    (answer,) = await block.room.says(block.leader, f"!urgent {block.number} off")
    assert answer == zh(texts.NOT_URGENT, number=block.number)


async def test_a_siren_taken_back_is_no_alarm(block: Block) -> None:
    await block.room.reacts(block.leader, "🚨", block.post)
    assert await block.room.redacts(block.leader, block.room.last) == []
    assert not (await block.issue()).urgent


@pytest.fixture
async def chat(block: Block) -> Chat:
    """The direct room of the block's leader."""
    return await direct_with(block.settings, block.leader)


async def test_all_of_it_is_done_alone_too(two: Two, chat: Chat) -> None:
    block = two.block
    for said in (
        f"合并 {two.number} {block.number}",
        f"拆分 {block.number} 井盖也没了",
        f"紧急 {block.number}",
        f"撤销 {block.number} 只是试一下",
    ):
        assert await chat.says(block.leader, said) == []
    assert (await block.issue()).state is State.WITHDRAWN


async def test_a_mark_for_what_has_become_part_of_another_is_no_error(two: Two) -> None:
    await two.block.room.says(two.block.leader, "马上去", thread=two.post)
    await two.phone.text("好了")
    assert (await two.issue()).state is State.CLOSED
    await two.merge()
    await two.phone.text("5")
    assert (await two.issue()).state is State.MERGED
