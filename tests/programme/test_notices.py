"""A notice from the room in which it is written to the phones of residents, and what comes back."""

from datetime import timedelta

from escalator import noticing
from issues.effects import ROOMS
from models import AdminAction, Issue, Notice, NoticePerson, NoticeState, Outbox, OutboxState, Reached
from programme.notices import filling
from tests.factories import appoint, reachable, resident
from tests.issues.chat import whispers, with_account
from tests.issues.diary import Leader, Phone
from tests.programme.village import Village, said

WORDS = "明天8点到12点停水，请提前接好水"
AS_TEXT = f"魏岗村委会村书记赵刚：{WORDS}。看过请回1。"
IN_ENGLISH = f"赵刚 (village secretary), 魏岗村委会: {WORDS}. Have you read it? Text 1."


async def written(village: Village, words: str = WORDS, *, leader: str = "village") -> int:
    """Let a leader write a notice in their room; returns its number."""
    await village.rooms[leader].says(village.leaders[leader], f"！通知 {words}")
    last = await Notice.all().order_by("-id").first()
    assert last is not None
    return int(last.id)


async def sent(village: Village, words: str = WORDS, *, leader: str = "village") -> int:
    """Let a leader write a notice and send it, and let it go out."""
    number = await written(village, words, leader=leader)
    await village.rooms[leader].says(village.leaders[leader], f"！通知 发 {number}")
    await village.goes_on(times=2)
    return number


async def test_a_notice_goes_down_the_tree_and_who_has_read_it_comes_up(either: Village) -> None:
    village, room, secretary = either, either.rooms["village"], either.leaders["village"]
    [draft] = await room.says(secretary, f"！通知 {WORDS}")
    assert "片长1位、组长1位、邻长1位、居民2位" in draft
    assert "最多2条短信，每条最多按2条计费，约0.12 USD" in draft, "the one in English takes two"
    assert AS_TEXT in draft
    assert not await village.phones["刘大爷"].receives(), "nothing goes before somebody says so"

    answer = await room.delivered()
    [told] = await room.reacts(secretary, "✅", answer)
    assert told == "通知1现在发给5人。要停下来，请写：！通知 取消 1"
    await village.goes_on(times=2)

    assert await village.phones["刘大爷"].receives() == [AS_TEXT]
    assert await village.phones["Grace"].receives() == [IN_ENGLISH]
    posts = await village.posts()
    assert [(name, mention) for name, _, mention in posts] == [
        ("village", [village.leaders["section"].id]),
        ("section", [village.leaders["group"].id]),
        ("group", [village.leaders["block"].id]),
    ]
    assert all(WORDS in words and "大家都知道了，请点 ✅" in words for _, words, _ in posts)
    sums = await village.sums()
    assert (sums.leaders, sums.leaders_told, sums.leaders_read) == (3, 3, 0)
    assert (sums.residents, sums.told, sums.delivered, sums.read, sums.lost) == (2, 2, 0, 0, 0)

    await village.arrives(village.phones["刘大爷"])
    assert await village.answers(village.phones["刘大爷"], "1") == []
    assert await village.answers(village.phones["刘大爷"], "1") == [], "said twice"
    await village.reads(village.leaders["group"], "section")
    await village.presses(village.leaders["block"], "group")
    sums = await village.sums()
    assert (sums.leaders_read, sums.passed, sums.delivered, sums.read) == (2, 1, 1, 1)
    sums = await village.sums("block")
    assert (sums.leaders, sums.passed, sums.residents, sums.read) == (1, 1, 2, 1)
    assert await Issue.all().count() == 0, "nobody has reported anything"
    assert (await Notice.get(id=1)).state is NoticeState.OUT
    assert [deed.action for deed in await AdminAction.all()] == ["notice sent"]


async def test_how_it_stands_is_told_to_the_leader_alone(village: Village) -> None:

    number = await sent(village)
    await village.presses(village.leaders["block"], "group")
    await village.sums()
    secretary = village.leaders["village"]
    assert await village.rooms["village"].says(secretary, f"！通知 {number}") == []
    [told] = await whispers(secretary)
    assert f"通知{number}，发完了：{WORDS}" in told
    assert "负责人：3位里发到3位，看过1位，说都传到了1位。" in told
    assert "· 第一片：居民2位里看过0位，负责人3位里传到1位" in told
    assert told.endswith("还没传到：第一片 孙梅、张庄组 周强")
    # Who leads a part of it sees that part.
    await village.rooms["group"].says(village.leaders["group"], f"！通知 {number}")
    [of_group] = await whispers(village.leaders["group"])
    assert "负责人：2位里发到2位" in of_group
    assert "· 第3邻：" in of_group


async def test_an_open_question_goes_first_and_a_word_says_read_meanwhile(village: Village) -> None:
    phone = village.phones["刘大爷"]
    await village.answers(phone, "路灯坏了")
    issue = await Issue.all().first()
    assert issue is not None
    await Leader(village.settings, village.leaders["block"]).resolves(issue.number)
    await phone.receives()
    await sent(village)
    assert await phone.receives() == [AS_TEXT.replace("看过请回1", "看过请回“已读”")]
    await village.answers(phone, "已读")
    assert (await village.sums()).read == 1
    await sent(village, "后天停电")
    [told] = await village.answers(phone, "1")
    assert "办完了" in told, "a '1' answers the question"
    assert (await village.sums()).read == 0
    await village.answers(phone, "5")
    assert await village.answers(phone, "1") == []
    assert (await village.sums()).read == 1, "nothing else is asked any more"


async def test_other_words_are_a_report_as_ever(village: Village) -> None:
    await sent(village)
    [told] = await village.answers(village.phones["刘大爷"], "我家已经没水了，怎么办")
    assert "编号1001" in told
    assert (await village.sums()).read == 0


async def test_a_nod_right_after_it_means_it(village: Village) -> None:
    await sent(village)
    assert await village.answers(village.phones["刘大爷"], "好的，知道了") == []
    assert (await village.sums()).read == 1


async def test_nobody_is_there_twice_whoever_dies_meanwhile(village: Village) -> None:
    # The block's leader lives in the block, with a phone besides the account.
    leader = village.leaders["block"]
    leader.block = village.unit("block")
    await leader.save()
    number = await written(village)
    await village.rooms["village"].says(village.leaders["village"], f"！通知 发 {number}")
    await village.goes_on()
    # A worker that died before it noted how far it was.
    notice = await Notice.get(id=number).select_related("unit")
    await Notice.filter(id=number).update(state="going", phase="leaders", reached="")
    notice = await Notice.get(id=number).select_related("unit")
    await filling.fill(village.settings, notice, village.settings.clock.now())
    await village.goes_on(times=3)
    assert await NoticePerson.filter(notice_id=number).count() == 5
    assert await village.phones["刘大爷"].receives() == [AS_TEXT]
    assert len(await village.posts()) == 3
    sums = await village.sums()
    assert (sums.leaders, sums.residents, sums.told) == (3, 2, 2)


async def test_who_wants_no_texts_and_who_has_only_a_telephone_get_none(village: Village) -> None:
    await village.answers(village.phones["Grace"], "stop")
    wall = await resident(village.settings, village.unit("block"), name="张婶", number="+865581234567")
    wall.fixed_line = True
    await wall.save()
    number = await sent(village)
    assert IN_ENGLISH not in await village.phones["Grace"].receives()
    assert not await Outbox.filter(address_id=wall.id).exists()
    assert (await village.sums()).lost == 2
    assert await NoticePerson.filter(notice_id=number, state=Reached.NOBODY).count() == 2


async def test_nobody_is_told_at_night(village: Village) -> None:
    village.pass_time(timedelta(hours=11, minutes=30))
    number = await written(village)
    [told] = await village.rooms["village"].says(village.leaders["village"], f"！通知 发 {number}")
    assert "明天07:00" in told
    await village.goes_on(times=2)
    assert not await village.phones["刘大爷"].receives()
    assert not await village.posts()
    village.pass_time(timedelta(hours=9, minutes=31))
    await village.goes_on(times=2)
    assert await village.phones["刘大爷"].receives() == [AS_TEXT]


async def test_the_outbox_never_holds_more_of_it_than_the_pace_allows(village: Village) -> None:
    pace = village.settings.territory.notices
    for index in range(30):
        await village.lives_here(f"邻居{index}", f"+86139000000{index:02}")
    number = await written(village)
    await village.rooms["village"].says(village.leaders["village"], f"！通知 发 {number}")

    for _ in range(4):
        await Notice.filter(id=number, sliced_at__isnull=False).update(
            sliced_at=village.settings.clock.wall() - timedelta(seconds=5)
        )
        await noticing.run(village.settings, 50)
    assert await Outbox.filter(state=OutboxState.WAITING, bridge="sms").count() == pace.in_flight
    # A slice right after another one is none.
    await village.leaves()
    await noticing.run(village.settings, 50)
    assert await Outbox.filter(state=OutboxState.WAITING, bridge="sms").count() < pace.in_flight
    await village.goes_on(times=4)
    assert (await village.sums()).told == 32


async def test_what_goes_to_many_needs_a_second_pair_of_eyes(village: Village) -> None:
    profile = village.settings.territory
    few = profile.model_copy(update={"notices": profile.notices.model_copy(update={"alone": 3})})
    village.settings.__dict__["territory"] = few
    secretary, room = village.leaders["village"], village.rooms["village"]
    [draft] = await room.says(secretary, f"！通知 {WORDS}")
    assert draft.endswith("要发给3人以上，所以要请另一位看过才发。")
    [told] = await room.says(secretary, "！通知 发 1")
    assert told == "通知1要发给5人，请李国庆看一看，同意了就发。"
    await village.goes_on()
    [(where, asked, rings)] = await village.posts()
    assert (where, rings) == ("township", [village.leaders["township"].id])
    assert WORDS in asked
    assert said(await room.says(secretary, "！通知 发 1"), "请另一位看过再发")
    assert said(
        await village.rooms["township"].says(village.leaders["township"], "！通知 发 1"), "现在发给5人"
    )
    await village.goes_on(times=2)
    assert await village.phones["刘大爷"].receives() == [AS_TEXT]
    notice = await Notice.get(id=1).select_related("approver")
    assert notice.approver is not None
    assert notice.approver.name == "李国庆"
    assert [deed.action for deed in await AdminAction.all().order_by("id")] == ["notice asked", "notice sent"]


async def test_a_danger_goes_at_night_too_after_somebody_else_has_looked_at_it(village: Village) -> None:
    village.pass_time(timedelta(hours=15))
    secretary, room = village.leaders["village"], village.rooms["village"]
    wrong = await room.says(secretary, "！通知 紧急 河水上涨")
    assert said(wrong, "请先写明是什么危险")
    [draft] = await room.says(secretary, "！通知 紧急 大坝可能决口：请马上到学校去")
    assert draft.endswith("夜里也发，所以要另一位负责人看过才发。原因：大坝可能决口")
    [told] = await room.says(secretary, "！通知 发 1")
    assert told == "通知1要发给5人，请李国庆看一看，同意了就发。"
    assert said(await room.says(secretary, "！通知 发 1"), "通知1夜里也发，要另一位负责人看过才能发")
    await village.goes_on()
    assert await village.phones["刘大爷"].receives() == []
    [(where, asked, rings)] = await village.posts()
    above = village.leaders["township"]
    assert (where, rings) == ("township", [above.id])
    assert "原因：大坝可能决口。您看对不对？" in asked
    woken = await Outbox.filter(address__person_id=above.id, bridge="matrix", state=OutboxState.SENT)
    assert [each.payload["text"].startswith("紧急：魏岗村委会村书记赵刚的通知1") for each in woken] == [True]
    rows = await Outbox.filter(bridge=ROOMS).order_by("id")
    [shown] = [row for row in rows if row.payload["do"] == "announce"]
    assert shown.external_id
    answers = await village.rooms["township"].reacts(above, "✅", shown.external_id)
    assert said(answers, "通知1现在发给5人")
    await village.goes_on(times=2)
    urgent = "魏岗村委会村书记赵刚：紧急！请马上到学校去。看过请回1。"
    assert await village.phones["刘大爷"].receives() == [urgent]
    assert any("紧急！请马上到学校去" in words for _, words, _ in await village.posts())
    asked_for, sent_by = await AdminAction.all().order_by("id")
    assert (asked_for.action, sent_by.action, sent_by.who) == ("notice asked", "notice sent", "李国庆")
    assert "at night, too: 大坝可能决口" in sent_by.detail
    await sent(village, "明天停水")
    assert not [each for each in await village.posts() if "停水" in each[1]], "what is no danger waits"


async def test_it_can_wait_for_its_time_and_be_taken_back_until_then(village: Village) -> None:
    secretary, room = village.leaders["village"], village.rooms["village"]
    await room.says(secretary, f"！通知 {WORDS}")
    [told] = await room.says(secretary, "！通知 发 1 明天8点半")
    assert "明天08:30" in told
    await room.says(secretary, "！通知 后天停电")
    wrote = room.last
    await room.says(secretary, "！通知 发 2 16:00")
    assert said(await room.redacts(secretary, wrote), "通知2不发了")
    await village.goes_on(times=2)
    assert not await village.phones["刘大爷"].receives()
    village.pass_time(timedelta(hours=22, minutes=31))
    await village.goes_on(times=2)
    assert await village.phones["刘大爷"].receives() == [AS_TEXT]


async def test_one_that_is_stopped_reaches_nobody_more(village: Village) -> None:
    number = await written(village)
    room, secretary = village.rooms["village"], village.leaders["village"]
    await room.says(secretary, f"！通知 发 {number}")
    assert said(await room.says(secretary, f"！通知 取消 {number}"), f"通知{number}不发了")
    await village.goes_on(times=2)
    assert not await village.phones["刘大爷"].receives()
    assert said(await room.says(secretary, f"！通知 发 {number}"), "已经撤了")


async def test_an_edited_draft_is_another_one(village: Village) -> None:
    room, secretary = village.rooms["village"], village.leaders["village"]
    await room.says(secretary, "！通知 明天停点")
    await room.edits(secretary, room.last, "！通知 明天停电")
    assert [each.state for each in await Notice.all().order_by("id")] == [
        NoticeState.STOPPED,
        NoticeState.DRAFT,
    ]


async def test_leaders_who_have_not_passed_it_on_are_reminded_once(village: Village) -> None:
    await sent(village)
    await village.reads(village.leaders["section"], "village")
    await village.presses(village.leaders["block"], "group")
    before = len(await village.posts())
    village.pass_time(timedelta(hours=25))
    await village.goes_on(times=2)
    reminded = (await village.posts())[before:]
    assert [(name, rings) for name, _, rings in reminded] == [
        ("village", [village.leaders["section"].id]),
        ("section", [village.leaders["group"].id]),
    ]
    assert all(words.startswith("🔔 这件事大家都知道了吗？") for _, words, _ in reminded)
    village.pass_time(timedelta(hours=25))
    await village.goes_on(times=2)
    assert len(await village.posts()) == before + 2


async def test_a_leader_with_only_a_phone_is_texted_and_answers_with_a_digit(village: Village) -> None:
    xu = await appoint(village.unit("other_block"), "许静")

    await reachable(village.settings, xu, "+8613700000001")
    phone = Phone(village.settings, "+8613700000001")
    await sent(village)
    assert await phone.receives() == [AS_TEXT.replace("看过请回1", "大家都知道了，请回1")]
    assert await village.answers(phone, "1") == []
    sums = await village.sums("other_block")
    assert (sums.leaders, sums.leaders_read, sums.passed) == (1, 1, 1)


async def test_nobody_speaks_for_what_is_not_theirs(village: Village) -> None:
    # In the room above, a leader speaks for their own unit.
    [draft] = await village.rooms["group"].says(village.leaders["block"], "！通知 楼道里不要放车")
    assert "第3邻邻长陈建国：楼道里不要放车" in draft
    assert (await Notice.get(id=1)).unit_id == village.unit("block").id
    stranger = village.leaders["peace"]

    await with_account(village.settings, stranger)
    assert said(await village.rooms["village"].says(stranger, "！通知 大家好"), "只有魏岗村委会的负责人")
    assert said(await village.rooms["village"].says(stranger, "！通知 发 1"), "只有第3邻的负责人")
    assert await Notice.all().count() == 1


async def test_whom_it_is_for_can_be_said(village: Village) -> None:
    room, secretary = village.rooms["village"], village.leaders["village"]
    [draft] = await room.says(secretary, "！通知 给邻长、组长：下午三点开会")
    assert "发给组长1位、邻长1位。" in draft
    await room.says(secretary, "！通知 发 1")
    await village.goes_on(times=2)
    assert not await village.phones["刘大爷"].receives()
    assert [name for name, *_ in await village.posts()] == ["section", "group"]
    [draft] = await room.says(secretary, "!notice to residents, 第4邻: the water is off")
    assert said([draft], "发给片长") or "居民" not in draft
    assert said(await room.says(secretary, "！通知 给火星人：你好"), "没有叫“火星人”的", "邻长", "居民")
    assert said(await room.says(secretary, "！通知 请点 https://example.com/x"), "不要写网址")


async def test_what_has_not_arrived_is_known(village: Village) -> None:
    phone = village.phones["刘大爷"]
    await sent(village)
    await phone.receives()
    await village.arrives(phone, "undelivered", code=30005)
    await village.leaves()
    sums = await village.sums()
    assert sums.lost == 1
    assert await village.answers(phone, "1") == [], "it has reached them all the same"
    sums = await village.sums()
    assert (sums.lost, sums.read) == (0, 1)
