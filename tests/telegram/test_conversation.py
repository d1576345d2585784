"""Residents on Telegram live the same conversation as on a phone, with buttons where others type."""

from datetime import timedelta

from demo.telegram.world import Fault
from escalator import noticing
from issues.effects import ROOMS
from models import Address, Issue, Message, NoticePerson, Outbox, OutboxState, State
from programme.notices import writing
from programme.notices.aims import Asked
from tests.factories import clock_of, reachable, resident
from tests.issues.diary import THOUGHT, Leader
from tests.telegram.conftest import LIU, Town


async def on_telegram(town: Town, account: int = LIU) -> Address:
    """A resident of the block whose account the roster knows."""
    town.world.person(account, "老刘")
    return await resident(town.settings, town.territory.block, number=str(account), bridge="telegram")


def leader(town: Town) -> Leader:
    return Leader(town.settings, town.territory.leaders["block"])


async def test_a_report_is_answered_solved_and_rated_by_pressing(town: Town) -> None:
    await on_telegram(town)
    await town.bring(town.world.says(LIU, "村口的路灯坏了三天"))
    issue = await Issue.get()
    assert str(issue.number) in town.texts()[0]
    assert "陈建国" in town.texts()[0]

    await leader(town).answers(issue.number, "明天上午电工来修")
    await leader(town).resolves(issue.number)
    await town.carry_out()
    assert "明天上午电工来修" in town.texts()[1]
    assert town.texts()[2].endswith("您看解决了吗？"), "nothing is to be typed where it can be pressed"
    assert town.world.buttons(LIU) == ["解决了", "没解决"]

    await town.bring(town.world.presses(LIU, "解决了"))
    await issue.refresh_from_db()
    assert issue.state is State.CLOSED
    assert len(town.world.answered) == 1, "the button does not wait any more"
    assert town.world.buttons(LIU)[0] == "5 非常满意"
    await town.bring(town.world.presses(LIU, "4 满意"))
    await issue.refresh_from_db()
    assert issue.rating == 4
    assert len(town.texts()) == 5


async def test_a_button_of_yesterday_answers_what_it_stood_below(town: Town) -> None:
    await on_telegram(town)
    await town.bring(town.world.says(LIU, "村口的路灯坏了"))
    first = await Issue.get()
    await leader(town).resolves(first.number)
    await town.carry_out()
    clock_of(town.settings).advance(timedelta(hours=2))
    await town.bring(town.world.says(LIU, "新 家里停水了"))
    second = await Issue.all().order_by("-id").first()
    assert second is not None
    await leader(town).resolves(second.number)
    await town.carry_out()
    await town.bring(town.world.presses(LIU, "解决了", below=str(second.number)))
    await second.refresh_from_db()
    await first.refresh_from_db()
    assert (second.state, first.state) == (State.CLOSED, State.RESOLVED)
    clock_of(town.settings).advance(THOUGHT)
    await town.bring(town.world.presses(LIU, "没解决", below=str(first.number)))
    await first.refresh_from_db()
    assert first.state is State.OPEN, "not solved, although the last question was about the other one"


async def test_which_of_two_is_chosen_by_its_button(town: Town) -> None:
    await on_telegram(town)
    await town.bring(town.world.says(LIU, "村口的路灯坏了"))
    clock_of(town.settings).advance(timedelta(hours=2))
    await town.bring(town.world.says(LIU, "新 家里停水了"))
    clock_of(town.settings).advance(timedelta(hours=1, minutes=59))
    await town.bring(town.world.says(LIU, "怎么还没人来"))
    assert "哪件事" in town.texts()[-1]
    assert town.world.buttons(LIU) == ["家里停水了", "村口的路灯坏了", "另一件新的事"]
    await town.bring(town.world.presses(LIU, "路灯"))
    lamp = await Issue.all().order_by("id").first()
    assert lamp is not None
    said = [each.text for each in await Message.filter(issue_id=lamp.id).order_by("id")]
    assert said == ["村口的路灯坏了", "怎么还没人来"]


async def test_a_poll_is_answered_with_a_button_until_it_is_over(town: Town) -> None:
    await on_telegram(town)
    settings, secretary = town.settings, town.territory.leaders["village"]
    at = settings.clock.now()
    asks, options = "广场十点关灯好不好？", ["好", "不好"]
    poll, _ = await writing.write(
        settings, secretary, town.territory.units["village"], asks, Asked(), at,
        event_id="$poll", options=options, days=3,
    )  # fmt: skip
    await writing.send(settings, poll, secretary, at)
    for _ in range(2):
        await noticing.run(settings, 50)
    await town.carry_out()
    assert town.texts() == [f"魏岗村委会村书记赵刚：{asks}"], "nothing is to be typed where it can be pressed"
    assert town.world.buttons(LIU) == options
    for label, place in (("不好", 2), ("好", 1)):
        await town.bring(town.world.presses(LIU, label))
        assert (await NoticePerson.get(notice_id=poll.id, leads=False)).answer == place
    clock_of(settings).advance(timedelta(days=4))
    for _ in range(2):
        await noticing.run(settings, 50)
    await town.bring(town.world.presses(LIU, "不好"))
    assert (await NoticePerson.get(notice_id=poll.id, leads=False)).answer == 1
    assert town.texts()[-1] == "谢谢您，不过这次已经统计完了。"
    assert await Issue.all().count() == 0


async def test_a_stranger_is_known_by_the_number_that_telegram_vouches_for(town: Town) -> None:
    liu = await resident(town.settings, town.territory.block, number="+8613800138000")
    town.world.person(LIU, "L")
    await town.bring(town.world.says(LIU, "家里停水两天了"))
    issue = await Issue.get()
    assert issue.block_id is None
    assert town.world.buttons(LIU) == ["发送我的手机号"]

    await town.bring(town.world.shares(LIU, "8613800138000", of=7777))
    assert "不是您本人的" in town.texts()[-1], "anybody can send anybody's contact"
    assert (await Address.get(bridge="telegram")).person_id != liu.person_id

    await town.bring(town.world.shares(LIU, "8613800138000"))
    await issue.refresh_from_db()
    assert (issue.reporter_id, issue.block_id) == (liu.person_id, town.territory.block.id)
    assert "第3邻" in town.texts()[-1]
    rows = await Outbox.all().values_list("payload", flat=True)
    assert "13800138000" not in str(rows)


async def test_a_number_that_nobody_knows_leads_to_the_card(town: Town) -> None:
    town.world.person(LIU, "L")
    await town.bring(town.world.says(LIU, "家里停水两天了"))
    await town.bring(town.world.shares(LIU, "+8613900139000"))
    assert "邻长卡片" in town.texts()[-1]
    clock_of(town.settings).advance(THOUGHT)
    await town.bring(town.world.says(LIU, "12345674"))
    assert (await Issue.get()).block_id == town.territory.block.id


async def test_the_account_of_one_person_is_not_given_to_another(town: Town) -> None:
    liu = await on_telegram(town)
    await resident(town.settings, town.territory.units["other_block"], name="王秀英", number="+8613800000009")
    await town.bring(town.world.shares(LIU, "+8613800000009"))
    assert (await Address.get(bridge="telegram")).person_id == liu.person_id


async def test_edited_words_are_added_once(town: Town) -> None:
    await on_telegram(town)
    update = town.world.says(LIU, "村口的路灯坏了")
    await town.bring(update)
    edit = town.world.edits(LIU, update["message"]["message_id"], "村口东边的路灯坏了")
    for _ in range(3):
        await town.bring(edit)
    assert [each.text for each in await Message.all().order_by("id")] == [
        "村口的路灯坏了",
        "村口东边的路灯坏了",
    ]
    assert await Issue.all().count() == 1


async def test_a_greeting_is_no_report_and_a_picture_with_words_is_one(town: Town) -> None:
    await on_telegram(town)
    await town.bring(town.world.says(LIU, "/start"))
    assert await Issue.all().count() == 0
    assert len(town.texts()) == 1
    clock_of(town.settings).advance(THOUGHT)
    await town.bring(town.world.shows(LIU, "photo", b"\xff\xd8 a picture", caption="这里漏水"))
    message = await Message.get()
    assert message.text == "这里漏水"
    (medium,) = message.media
    assert medium["url"].startswith("telegram:file-")
    assert not medium["url"].endswith("-small")


async def test_who_blocks_the_bot_gets_nothing_and_the_leader_is_told_to_knock(town: Town) -> None:
    liu = await on_telegram(town)
    await town.bring(town.world.says(LIU, "村口的路灯坏了"))
    issue = await Issue.get()
    await town.bring(town.world.blocks(LIU))
    await liu.refresh_from_db()
    assert liu.stopped_at is not None
    await leader(town).answers(issue.number, "明天来修")
    await town.carry_out()
    said = [row.payload.get("text", "") for row in await Outbox.filter(bridge=ROOMS)]
    assert any("明天来修" in each and "上门" in each for each in said), said
    await town.bring(town.world.blocks(LIU, blocked=False))
    await liu.refresh_from_db()
    assert liu.stopped_at is None


async def test_a_block_that_nobody_told_us_of_leads_to_the_phone(town: Town) -> None:
    liu = await on_telegram(town)
    await reachable(town.settings, liu.person, "+8613800138000")
    await town.bring(town.world.says(LIU, "村口的路灯坏了"))
    town.world.blocked.add(LIU)
    await leader(town).answers((await Issue.get()).number, "明天来修")
    await town.carry_out()
    texts = [row.payload["text"] for row in await Outbox.filter(bridge="sms")]
    assert sum("明天来修" in each for each in texts) == 1


async def test_an_answer_whose_fate_nobody_knows_is_said_once_and_the_leader_hears_so(town: Town) -> None:
    await on_telegram(town)
    await town.bring(town.world.says(LIU, "村口的路灯坏了"))
    town.world.faults.append(Fault("sendMessage", 0))
    await leader(town).answers((await Issue.get()).number, "明天来修")
    for _ in range(3):
        await town.carry_out()
    assert sum("明天来修" in each for each in town.texts()) == 1
    said = [row.payload.get("text", "") for row in await Outbox.filter(bridge=ROOMS)]
    assert sum("不能确定居民收到了这些话" in each for each in said) == 1


async def test_telegram_says_when_to_try_again(town: Town) -> None:
    await on_telegram(town)
    town.world.faults.append(Fault("sendMessage", 429, "Too Many Requests: retry after 7", retry_after=7))
    before = town.settings.clock.wall()
    await town.bring(town.world.says(LIU, "村口的路灯坏了"))
    row = await Outbox.get(bridge="telegram")
    assert row.state is OutboxState.WAITING
    assert row.not_before - before >= timedelta(seconds=7)


async def test_a_webhook_replayed_changes_nothing_and_a_stranger_s_call_is_turned_away(town: Town) -> None:
    await on_telegram(town)
    update = town.world.says(LIU, "村口的路灯坏了")
    for _ in range(5):
        assert await town.bring(update) == 200
    assert await Issue.all().count() == 1
    assert len(town.texts()) == 1
    town.world.webhook["secret_token"] = "another-secret-altogether"
    assert await town.bring(town.world.says(LIU, "着火了")) == 403
    assert await Issue.all().count() == 1
