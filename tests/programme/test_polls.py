"""A poll from the room in which it is asked to phones and rooms, and what is answered."""

from datetime import timedelta

import pytest

from escalator import noticing
from models import (
    CareCheck,
    CareState,
    Issue,
    Notice,
    NoticePerson,
    NoticePost,
    NoticeState,
    Outbox,
    OutboxState,
    State,
)
from tests.factories import appoint, reachable
from tests.issues.chat import whispers
from tests.issues.diary import Phone
from tests.programme.test_care import goes_on, looked_after
from tests.programme.village import Village, said

ASKS = "广场十点关灯好不好？好 / 不好 / 都行"
AS_TEXT = "魏岗村委会村书记赵刚：广场十点关灯好不好？好请回1，不好请回2，都行请回3。"
IN_ENGLISH = (
    "赵刚 (village secretary), 魏岗村委会: 广场十点关灯好不好？Text 1 for 好, 2 for 不好, 3 for 都行."
)


async def asked(village: Village, words: str = ASKS) -> int:
    """Let the village's secretary ask something, send it, and let it go out; returns its number."""
    room, secretary = village.rooms["village"], village.leaders["village"]
    [draft] = await room.says(secretary, f"！投票 {words}")
    assert "发出去以后，" in draft
    last = await Notice.all().order_by("-id").first()
    assert last is not None
    await room.says(secretary, f"！投票 发 {last.id}")
    await village.goes_on(times=2)
    return int(last.id)


async def results(village: Village, name: str = "village") -> tuple[int, ...]:
    """How many have chosen each of the first three options, at a unit and below."""
    sums = await village.sums(name)
    return (sums.answer1, sums.answer2, sums.answer3)


async def test_a_poll_is_answered_by_digits_and_signs_and_its_results_come_back(either: Village) -> None:
    village, room, secretary = either, either.rooms["village"], either.leaders["village"]
    number = await asked(village)
    liu, grace = village.phones["刘大爷"], village.phones["Grace"]
    assert await liu.receives() == [AS_TEXT]
    assert await grace.receives() == [IN_ENGLISH]
    (post, *_) = [words for name, words, _ in await village.posts() if name == "village"]
    assert "\n1️⃣ 好\n2️⃣ 不好\n3️⃣ 都行\n请点您选的数字；" in post
    assert await village.answers(liu, "1") == []
    assert await village.answers(grace, "２，谢谢") == []
    await village.presses(village.leaders["section"], "village", "3️⃣")
    await village.presses(village.leaders["block"], "group", "1⃣")
    assert await results(village) == (2, 1, 1)
    assert await results(village, "block") == (2, 1, 0)
    assert await village.answers(liu, "不好") == [], "the last answer counts"
    assert await results(village) == (1, 2, 1)

    await room.says(secretary, f"！投票 {number}")
    (*_, told) = await whispers(secretary)
    for line in (
        "· 好：1人（25%）",
        "· 不好：2人（50%）",
        "5人中有4人回答了。",
        "· 第一片：好1、不好2、都行1",
    ):
        assert line in told
    assert "还没回答的负责人：张庄组 周强" in told
    village.pass_time(timedelta(hours=25))
    await village.goes_on(times=2)
    [(where, words, rings)] = [each for each in await village.posts() if "还等您说一声" in each[1]]
    assert (where, rings) == ("section", [village.leaders["group"].id])
    assert words.endswith("\n1️⃣ 好\n2️⃣ 不好\n3️⃣ 都行")

    village.pass_time(timedelta(hours=48))
    await village.goes_on(times=2)
    (*_, (where, words, rings)) = await village.posts()
    assert (where, rings) == ("village", [secretary.id])
    assert words.startswith(f"🗳 投票{number}结束了：广场十点关灯好不好？\n· 好：1人（25%）")
    assert await village.answers(liu, "1") == ["谢谢您，不过这次已经统计完了。"]
    assert await results(village) == (1, 2, 1)
    assert await noticing.next_due(village.settings) is None
    assert await Issue.all().count() == 0


async def test_buttons_say_which_poll_they_belong_to(village: Village) -> None:
    number = await asked(village)
    texts = [each.payload for each in await Outbox.all() if each.payload.get("choices")]
    assert {"text": f"投票{number}选2", "label": "不好", "phone": False} in texts[0]["choices"]
    liu = village.phones["刘大爷"]
    await liu.text("村口的路灯坏了")
    assert await village.answers(liu, f"投票{number}选2") == []
    assert await results(village) == (0, 1, 0)
    assert await Issue.all().count() == 1


async def test_a_digit_answers_an_open_question_first_and_a_word_the_poll(village: Village) -> None:
    liu, leader = village.phones["刘大爷"], village.leaders["block"]
    await liu.text("村口的路灯坏了")
    await village.rooms["block"].says(leader, "！办结 1001")
    await village.leaves()
    await liu.told()
    await asked(village)
    text = (await liu.receives())[-1]
    assert text.endswith("请直接回这几个词中的一个：好、不好、都行。")
    assert await village.answers(liu, "都行") == []
    assert await results(village) == (0, 0, 1)
    await liu.text("1")
    assert (await Issue.get()).state is State.CLOSED
    assert await results(village) == (0, 0, 1)


async def test_a_digit_behind_other_words_still_answers_the_poll_that_has_no_answer(village: Village) -> None:
    await asked(village)
    liu = village.phones["刘大爷"]
    await liu.text("村口的路灯坏了")
    assert await village.answers(liu, "2") == []
    assert await results(village) == (0, 1, 0)


async def test_what_is_no_answer_is_a_report(village: Village) -> None:
    await asked(village)
    await village.answers(village.phones["刘大爷"], "好像有人把广场的灯砸坏了")
    assert await results(village) == (0, 0, 0)
    assert await Issue.all().count() == 1


async def test_a_leader_with_only_a_phone_is_asked_and_reminded_by_text(village: Village) -> None:
    await reachable(village.settings, await appoint(village.unit("other_block"), "许静"), "+8613700000001")
    phone = Phone(village.settings, "+8613700000001")
    await asked(village)
    assert await phone.receives() == [AS_TEXT]
    village.pass_time(timedelta(hours=25))
    await village.goes_on(times=2)
    again = (await phone.told())[-1]
    assert again.startswith("🔔 还等您说一声呢。")
    assert again.endswith("好请回1，不好请回2，都行请回3。")
    assert await village.answers(phone, "3") == []
    assert await results(village, "other_block") == (0, 0, 1)


async def test_who_is_not_asked_has_no_answer(village: Village) -> None:
    await asked(village, "给组长：下午三点开会行不行？行 / 不行")
    await village.presses(village.leaders["group"], "section", "1️⃣")
    await village.presses(village.leaders["block"], "section", "2️⃣")
    await village.presses(village.leaders["group"], "section", "5️⃣")
    assert await results(village) == (1, 0, 0)
    assert await NoticePerson.filter(answer__isnull=False).count() == 1


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("广场十点关灯", "请写一个问题，后面写2到5个答案"),
        ("关灯好不好？好", "请写2到5个答案"),
        ("来几个人？2 / 3", "不要只写数字"),
        ("关灯好不好？好 / 好。", "有两个答案是一样的"),
        ("90天：关灯好不好？好 / 不好", "投票可以持续1到30天"),
    ],
)
async def test_what_does_not_fit_is_said(village: Village, words: str, answer: str) -> None:
    told = await village.rooms["village"].says(village.leaders["village"], f"！投票 {words}")
    assert said(told, answer)
    assert await Notice.all().count() == 0


async def test_a_vote_in_a_client_counts_as_a_digit_does_and_the_last_one_of_each_counts(
    village: Village,
) -> None:
    await asked(village)
    post = await NoticePost.get(unit_id=village.unit("village").id)
    row = await Outbox.get(external_id=post.event_id)
    assert row.payload["poll"] == {
        "question": "📢 魏岗村委会村书记赵刚：广场十点关灯好不好？没有手机的人家，请上门问一声。",
        "options": ["好", "不好", "都行"],
    }
    assert "press" not in [each["do"] for each in await village.rooms["village"].deeds()], "clients show them"
    leader, section = village.leaders["block"], village.leaders["section"]
    phone = Phone(village.settings, "+8613700000009")
    await reachable(village.settings, leader, phone.number)
    await village.votes(section, "village", "1")
    await village.votes(leader, "group", "3")
    assert await results(village) == (1, 0, 1)
    await village.votes(leader, "group", "2")
    await village.votes(leader, "group", "9")
    assert await results(village) == (1, 1, 0), "what names nothing changes nothing"
    await village.presses(leader, "group", "1️⃣")
    assert await results(village) == (2, 0, 0), "one answer each, whatever the way"
    await village.votes(leader, "group", "")
    assert await results(village) == (1, 0, 0), "taken back"
    await village.votes(leader, "group", "2")
    await village.votes(village.leaders["township"], "village", "1")
    await village.votes("@stranger:test", "village", "1")
    assert await results(village) == (1, 1, 0), "nobody else is asked"

    village.pass_time(timedelta(hours=73))
    await village.goes_on(times=2)
    posts = await NoticePost.all().order_by("id")
    over = f"🗳 投票{post.notice_id}结束了，谢谢大家！"
    assert await village.concluded() == [(each.event_id, over) for each in posts]
    await village.votes(section, "village", "3")
    assert await results(village) == (1, 1, 0)


async def test_a_poll_that_is_taken_back_is_closed_where_it_stands_and_where_it_comes_late(
    village: Village,
) -> None:
    room, secretary = village.rooms["village"], village.leaders["village"]
    number = await asked(village)
    # As it is while somebody has not been told yet, and a homeserver has not taken one of the posts.
    await Notice.filter(id=number).update(state=NoticeState.GOING)
    late = await NoticePost.get(unit_id=village.unit("group").id)
    await NoticePost.filter(id=late.id).update(is_poll=False)
    await room.says(secretary, f"！投票 停 {number}")
    await village.leaves()
    over = f"🗳 投票{number}撤回了。"
    there = await NoticePost.filter(is_poll=True).order_by("id")
    assert await village.concluded() == [(each.event_id, over) for each in there]
    await Outbox.filter(external_id=late.event_id).update(state=OutboxState.WAITING, external_id=None)
    await village.leaves()
    assert (await village.concluded())[-1] == (late.event_id, over)
    await village.votes(village.leaders["section"], "village", "1")
    assert await results(village) == (0, 0, 0)


async def test_a_sign_below_the_reminder_answers_too(village: Village) -> None:
    await asked(village)
    village.pass_time(timedelta(hours=25))
    await village.goes_on(times=2)
    group = village.unit("group")
    [reminder] = [
        each for each in await Outbox.all() if "reminds" in each.payload and each.payload["unit"] == group.id
    ]
    assert reminder.external_id
    await village.rooms["group"].reacts(village.leaders["block"], "2️⃣", reminder.external_id)
    assert await results(village) == (0, 1, 0)


async def test_how_long_answers_count_can_be_said(village: Village) -> None:
    await asked(village, "7天：关灯好不好？\n1. 好\n2. 不好")
    poll = await Notice.get()
    assert poll.options == ["好", "不好"]
    assert poll.begun_at is not None
    assert poll.ends_at == poll.begun_at + timedelta(days=7)


async def test_an_answer_right_behind_a_poll_says_nothing_of_how_somebody_is(village: Village) -> None:
    """Who was asked in the morning whether they are well, and then what they think, has said the latter."""
    liu = village.phones["刘大爷"]
    await looked_after(village)
    await goes_on(village, 1)
    assert [each for each in await liu.receives() if "身体好吗" in each]
    await asked(village)
    await liu.receives()
    assert await village.answers(liu, "不好") == []
    assert await results(village) == (0, 1, 0)
    assert not await Issue.exists()
    check = await CareCheck.get()
    assert check.state is CareState.WELL, "it is a sign of life all the same"
