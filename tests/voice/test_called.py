"""People whom we call: what is read to them, and what they answer with keys."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from demo.carrier.process import CarrierProcess
from issues import lifecycle, reaching
from issues.effects import Effects
from issues.lifecycle import Actor
from models import Action, Address, History, Issue, Outbox, OutboxState, State
from tests.factories import CARD_CODE, resident
from tests.voice.house import House, Talk, house, phone_of

LEADER = "+8613900000001"
#: 0558 is Bozhou's area code.
TELEPHONE = "+865588123456"


@pytest.fixture
async def home(tmp_path: Path, carrier: CarrierProcess) -> AsyncIterator[House]:
    """A house where one resident has only a telephone, and the block's leader has a phone."""
    async with house(tmp_path, carrier) as made:
        await resident(made.settings, made.territory.block, name="王秀英", number=TELEPHONE)
        await phone_of(made, made.territory.leaders["block"], LEADER)
        yield made


async def reports(home: House) -> Issue:
    """The resident leaves a message; the call that tells the receipt is answered and hung up."""
    talk = await home.calls(TELEPHONE)
    await talk.presses("1")
    await talk.speaks()
    await home.hangs_up_and_waits()
    told = await home.picks_up(TELEPHONE)
    await told.does("hangup")
    await home.works()
    return await Issue.all().order_by("-id").select_related("block", "holder", "address", "reporter").first()  # type: ignore[return-value]


async def resolves(home: House, issue: Issue) -> None:
    """The leader says that it is done."""
    locked = await lifecycle.lock(issue.id)
    actor = Actor(home.territory.leaders["block"], "matrix")
    await (await lifecycle.resolve(home.settings, locked, actor, home.settings.clock.now())).save()
    await home.works()


async def rings_leader(home: House, issue: Issue) -> Talk:
    """The leader's phone rings about an issue, and is picked up."""
    effects = Effects(f"urgent{issue.id}", home.settings.clock.wall())
    leader = home.territory.leaders["block"]
    words = f"紧急：编号{issue.number}，有人摔倒。"
    assert await reaching.ring(home.settings, effects, leader, words, "zh-Hans", issue=issue)
    await effects.save()
    await home.works()
    return await home.picks_up(LEADER)


async def test_a_telephone_hears_its_receipt(home: House) -> None:
    talk = await home.calls(TELEPHONE)
    await talk.presses("1")
    await talk.speaks()
    await home.hangs_up_and_waits()
    told = await home.picks_up(TELEPHONE)
    heard = told.hears()
    issue = await Issue.get()
    assert heard.startswith("您好，这里是邻里值班电话，有话转告您。")
    assert " ".join(str(issue.number)) in heard
    assert heard.endswith("再听一遍，请按1。")
    again = await told.presses("1")
    assert " ".join(str(issue.number)) in again
    assert await told.waits() == "再见。"
    await home.works()
    row = await Outbox.get(bridge="voice")
    assert (row.state, row.receipt, row.external_id) == (OutboxState.SENT, "completed", told.sid)
    assert await home.texts(TELEPHONE) == []


async def test_a_machine_that_picks_up_keeps_the_words(home: House) -> None:
    talk = await home.calls(TELEPHONE)
    await talk.presses("1")
    await talk.speaks()
    await home.line.behave("machine", TELEPHONE)
    await home.hangs_up_and_waits()
    row = await Outbox.get(bridge="voice")
    call = await home.line.call_ends(str(row.external_id), "completed")
    issue = await Issue.get()
    assert " ".join(str(issue.number)) in str([each.get("text") for each in call["heard"]])


async def test_nobody_presses_a_key_and_the_words_are_read_twice(home: House) -> None:
    talk = await home.calls(TELEPHONE)
    await talk.presses("1")
    await talk.speaks()
    await home.hangs_up_and_waits()
    told = await home.picks_up(TELEPHONE)
    first = told.hears()
    assert await told.waits() in first
    assert await told.waits() == "再见。"
    assert told.call["status"] == "completed"


@pytest.mark.parametrize(("key", "state"), [("1", State.CLOSED), ("2", State.OPEN)])
async def test_a_telephone_says_whether_it_is_solved(home: House, key: str, state: State) -> None:
    issue = await reports(home)
    await resolves(home, issue)
    told = await home.picks_up(TELEPHONE)
    assert "解决了，请按1。没解决，请按2。" in told.hears()
    assert "这个键没有用。" in await told.presses("7")
    assert await told.presses(key) == "好的，记下了，谢谢您。再见。"
    await home.works()
    assert (await Issue.get(id=issue.id)).state is state


async def test_hanging_up_on_a_question_leaves_it_open(home: House) -> None:
    issue = await reports(home)
    await resolves(home, issue)
    told = await home.picks_up(TELEPHONE)
    await told.does("hangup")
    await home.works()
    assert (await Issue.get(id=issue.id)).state is State.RESOLVED
    talk = await home.calls(TELEPHONE)
    assert "说是办好了。" in await talk.presses("3")
    assert await talk.presses("1") == "好的，记下了，谢谢您。再见。"
    await home.works()
    assert (await Issue.get(id=issue.id)).state is State.CLOSED


async def test_a_strangers_telephone_is_asked_again_where_it_is(home: House) -> None:
    stranger = "+865588654321"
    talk = await home.calls(stranger)
    await talk.presses("1")
    await talk.speaks()
    await talk.does("hangup")
    await home.hangs_up_and_waits()
    told = await home.picks_up(stranger)
    assert "请按邻长卡片上的号码" in told.hears()
    assert "没有查到这个号码。" in await told.presses("4711#")
    heard = await told.presses(f"{CARD_CODE}#")
    assert heard.startswith("谢谢您，您在魏岗村委会第3邻。您的编号是")
    assert "邻长陈建国会在今天14:" in heard
    await home.works()
    issue = await Issue.get()
    assert issue.block_id == home.territory.block.id


async def test_a_stranger_without_a_card_says_where_they_live(home: House) -> None:
    stranger = "+865588654321"
    talk = await home.calls(stranger)
    await talk.presses("1")
    await talk.speaks()
    await talk.does("hangup")
    await home.hangs_up_and_waits()
    told = await home.picks_up(stranger)
    await told.waits()
    assert (await told.waits()).endswith("说完了，按任意一个键。 <beep>")
    assert await told.speaks() == "好的，记下了，谢谢您。再见。"
    await home.works()
    issue = await Issue.get().prefetch_related("messages")
    assert [len(message.media) for message in issue.messages] == [1, 1]


async def test_a_leader_takes_an_urgent_issue_on(home: House) -> None:
    issue = await reports(home)
    ring = await rings_leader(home, issue)
    heard = ring.hears()
    assert f"紧急：编号{' '.join(str(issue.number))}，有人摔倒。" in heard
    assert heard.endswith("再听一遍，请按1。 由您来处理，请按2。不按，就接着打给下一个人。")
    assert "由您来处理，谢谢。" in await ring.presses("2")
    await home.works()
    accepted = await History.get(issue_id=issue.id, action=Action.ACCEPT)
    assert (accepted.actor_id, accepted.bridge) == (home.territory.leaders["block"].id, "sms")


async def test_taking_on_is_asked_twice_and_done_once(home: House) -> None:
    issue = await reports(home)
    await home.line.fault("voice_twice", count=5)
    ring = await rings_leader(home, issue)
    assert "由您来处理，谢谢。" in await ring.presses("2")
    await home.works()
    assert await History.filter(issue_id=issue.id, action=Action.ACCEPT).count() == 1


async def test_what_another_has_taken_on_is_only_told(home: House) -> None:
    issue = await reports(home)
    locked = await lifecycle.lock(issue.id)
    actor = Actor(home.territory.leaders["group"], "matrix")
    await (await lifecycle.accept(home.settings, locked, actor, home.settings.clock.now())).save()
    ring = await rings_leader(home, issue)
    assert "请按2" not in ring.hears()


async def test_a_leader_who_is_too_late_hears_so_by_text(home: House) -> None:
    issue = await reports(home)
    ring = await rings_leader(home, issue)
    locked = await lifecycle.lock(issue.id)
    actor = Actor(home.territory.leaders["group"], "matrix")
    await (await lifecycle.accept(home.settings, locked, actor, home.settings.clock.now())).save()
    await ring.presses("2")
    await home.works()
    assert "周强" in (await home.texts(LEADER))[-1]


async def test_a_call_that_nobody_answers_is_known(home: House) -> None:
    talk = await home.calls(TELEPHONE)
    await talk.presses("1")
    await talk.speaks()
    await home.line.behave("off", TELEPHONE)
    await home.hangs_up_and_waits()
    row = await Outbox.filter(bridge="voice").order_by("id").first()
    assert row is not None
    await home.line.call_ends(str(row.external_id), "no-answer")
    await home.works()
    await row.refresh_from_db()
    assert row.receipt == "no-answer"


async def test_a_lost_answer_calls_nobody_twice(home: House) -> None:
    await home.line.fault("timeout_after_accept", seconds=30, resource="Calls", method="POST")
    talk = await home.calls(TELEPHONE)
    await talk.presses("1")
    await talk.speaks()
    await home.hangs_up_and_waits()
    placed = [each for each in await home.line.calls(TELEPHONE) if each["kind"] == "outbound-api"]
    assert len(placed) == 1
    row = await Outbox.get(bridge="voice")
    assert (row.state, row.external_id) == (OutboxState.SENT, placed[0]["sid"])


async def test_words_that_were_erased_are_not_read(home: House) -> None:
    talk = await home.calls(TELEPHONE)
    await talk.presses("1")
    await talk.speaks()
    await home.hangs_up_and_waits()
    await Outbox.filter(bridge="voice").delete()
    told = await home.picks_up(TELEPHONE)
    assert (told.hears(), told.call["status"]) == ("", "completed")


async def test_nobody_is_called_back_while_they_still_hold_the_receiver(home: House) -> None:
    talk = await home.calls(TELEPHONE)
    await talk.presses("1")
    await talk.speaks()
    await home.works()
    assert [each["kind"] for each in await home.line.calls(TELEPHONE)] == ["inbound"]


async def test_what_was_answered_with_a_key_is_not_told_in_another_call(home: House) -> None:
    issue = await reports(home)
    await resolves(home, issue)
    told = await home.picks_up(TELEPHONE)
    await told.presses("1")
    before = len(await home.line.calls(TELEPHONE))
    await home.hangs_up_and_waits()
    assert (await Issue.get(id=issue.id)).state is State.CLOSED
    assert len(await home.line.calls(TELEPHONE)) == before


async def test_a_telephone_that_texts_is_one_no_more(home: House) -> None:
    await reports(home)
    assert (await Address.get(lookup=home.settings.vault.lookup("sms", TELEPHONE))).fixed_line
    await home.line.text("我换了手机", phone=TELEPHONE)
    await home.works()
    assert not (await Address.get(lookup=home.settings.vault.lookup("sms", TELEPHONE))).fixed_line
    assert len(await home.texts(TELEPHONE)) == 1


async def test_a_telephone_that_is_not_picked_up_is_called_again(home: House) -> None:
    talk = await home.calls(TELEPHONE)
    await talk.presses("1")
    await talk.speaks()
    await home.line.behave("no-answer", TELEPHONE)
    await home.hangs_up_and_waits()
    for minutes in (5, 30):
        await home.told_fates()
        assert not [line for line in await home.shown() if "联系不上" in line]
        home.clock.advance(timedelta(minutes=minutes, seconds=1))
        await home.works()
    await home.told_fates()
    calls = [each["status"] for each in await home.line.calls(TELEPHONE)]
    assert calls == ["completed", "no-answer", "no-answer", "no-answer"]
    assert len([line for line in await home.shown() if "联系不上" in line]) == 1


async def test_a_leader_who_does_not_pick_up_is_rung_again_and_then_the_next_one(home: House) -> None:
    group = "+8613900000003"
    await phone_of(home, home.territory.leaders["group"], group)
    await home.line.behave("no-answer", LEADER)
    mobile = "+8613800138000"
    await resident(home.settings, home.territory.block, name="刘大爷", number=mobile)
    await home.line.text("救命，老人摔倒了", phone=mobile)
    await home.works()
    await home.told_fates()
    assert len(await home.line.calls(LEADER)) == 1
    home.clock.advance(timedelta(minutes=1, seconds=1))
    await home.works()
    assert len(await home.line.calls(LEADER)) == 2
    await home.told_fates()
    ring = await home.picks_up(group)
    assert "摔倒" in ring.hears()
    await ring.presses("2")
    await home.works()
    issue = await Issue.get()
    accepted = await History.get(issue_id=issue.id, action=Action.ACCEPT)
    assert accepted.actor_id == home.territory.leaders["group"].id
    home.clock.advance(timedelta(minutes=5))
    await home.works()
    assert len(await home.line.calls(LEADER)) == 2, "nobody else is rung"


@pytest.mark.parametrize("hears", ["a machine", "a leader who presses nothing"])
async def test_who_picks_up_and_presses_nothing_is_not_taken_for_the_leader(home: House, hears: str) -> None:
    group = "+8613900000003"
    await phone_of(home, home.territory.leaders["group"], group)
    mobile = "+8613800138000"
    await resident(home.settings, home.territory.block, name="刘大爷", number=mobile)
    if hears == "a machine":
        await home.line.behave("machine", LEADER)
    await home.line.text("救命，老人摔倒了", phone=mobile)
    await home.works()
    if hears != "a machine":
        ring = await home.picks_up(LEADER)
        await ring.does("hangup")
    await home.told_fates()
    ring = await home.picks_up(group)
    assert "摔倒" in ring.hears()
    await ring.presses("2")
    await home.told_fates()
    assert len(await home.line.calls(LEADER)) == 1
    accepted = await History.get(action=Action.ACCEPT)
    assert accepted.actor_id == home.territory.leaders["group"].id


async def test_a_leader_who_is_known_by_whatsapp_alone_is_rung(home: House) -> None:
    vault, number = home.settings.vault, "+8613900000007"
    await Address.filter(person=home.territory.leaders["block"]).delete()
    await Address.create(
        person=home.territory.leaders["block"],
        bridge="whatsapp",
        lookup=vault.lookup("whatsapp", number),
        sealed=vault.seal(number),
    )
    mobile = "+8613800138000"
    await resident(home.settings, home.territory.block, name="刘大爷", number=mobile)
    await home.line.text("救命，老人摔倒了", phone=mobile)
    await home.works()
    ring = await home.picks_up(number)
    await ring.presses("2")
    await home.works()
    accepted = await History.get(action=Action.ACCEPT)
    assert accepted.actor_id == home.territory.leaders["block"].id
