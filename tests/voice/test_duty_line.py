"""Old neighbours call: what they hear, what they can do with a keypad alone, and that nothing is lost."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from twilio.request_validator import RequestValidator

from bridges.calls import Call, Say
from demo.carrier.process import CarrierProcess
from issues import lifecycle, telling
from issues.lifecycle import Actor
from issues.telephone import DutyLine
from linzhang.database import database
from models import Issue, Message, Outbox, OutboxState, Question, QuestionKind, Voice
from tests.carrier.line import ACCOUNT, OURS, TOKEN
from tests.factories import CARD_CODE, make_settings, resident
from tests.voice.house import House, house, phone_of

WANG, LEADER, DEPUTY = "+8613800138000", "+8613900000001", "+8613900000002"
#: 0558 is Bozhou's area code.
TELEPHONE = "+865588123456"


@pytest.fixture
async def home(tmp_path: Path, carrier: CarrierProcess) -> AsyncIterator[House]:
    """A house where one resident is known, and the block's leader and deputy have phones."""
    async with house(tmp_path, carrier) as made:
        await resident(made.settings, made.territory.block, name="王秀英", number=WANG)
        await phone_of(made, made.territory.leaders["block"], LEADER)
        await phone_of(made, made.territory.leaders["deputy"], DEPUTY)
        yield made


async def only_issue() -> Issue:
    """The one issue that there is."""
    (issue,) = await Issue.all().select_related("block", "holder", "reporter", "address")
    return issue


async def sounds() -> list[str]:
    """The recordings that are kept with issues."""
    return [medium["url"] for message in await Message.all().order_by("id") for medium in message.media]


async def test_a_call_is_greeted_by_the_leaders_name(home: House) -> None:
    talk = await home.calls(WANG)
    assert talk.hears() == (
        "您好，我是邻长陈建国的值班电话。 要是有人有危险，请先打1 1 0、1 1 9或1 2 0。 要留言，请按1。"
        " 要找邻长陈建国说话，请按2。 For English, press star."
    )
    assert talk.waits_for == "digits"


async def test_a_message_becomes_an_issue_with_a_receipt(home: House, carrier: CarrierProcess) -> None:
    talk = await home.calls(WANG)
    assert (await talk.presses("1")).endswith("说完了，按任意一个键。 <beep>")
    assert "谢谢您，已经记下了。邻长陈建国会听，也会给您回话。再见。" in await talk.speaks()
    assert talk.call["status"] == "completed"
    await home.works()
    issue = await only_issue()
    assert issue.block_id == home.territory.block.id
    (sid,) = [each["sid"] for each in talk.call["recordings"]]
    assert await sounds() == [f"{carrier.url}/2010-04-01/Accounts/{ACCOUNT}/Recordings/{sid}"]
    (receipt,) = await home.texts(WANG)
    assert str(issue.number) in receipt


async def test_who_presses_nothing_is_asked_again_and_comes_to_the_message(home: House) -> None:
    talk = await home.calls(WANG)
    first = talk.hears()
    again = await talk.waits()
    assert again in first
    assert "要留言，请按1。" in again
    assert (await talk.waits()).endswith("<beep>")
    await talk.speaks(digits="")
    await home.works()
    assert len(await sounds()) == 1


async def test_who_says_nothing_is_asked_once_more(home: House) -> None:
    talk = await home.calls(WANG)
    await talk.presses("1")
    assert await talk.waits() == "没有听到您说话。请在嘀的一声以后再说一遍。 <beep>"
    assert await talk.waits() == "还是没有听到您说话。什么时候想说，再打过来就行。再见。"
    assert talk.call["status"] == "completed"
    await home.works()
    assert await Issue.all().count() == 0


async def test_a_wrong_key_leads_back_to_the_menu(home: House) -> None:
    talk = await home.calls(WANG)
    talk.hears()
    assert (await talk.presses("7")).startswith("这个键没有用。")
    assert talk.waits_for == "digits"


async def test_a_star_changes_the_language_for_the_whole_call(home: House) -> None:
    talk = await home.calls(WANG)
    talk.hears()
    english = await talk.presses("*")
    assert english.startswith("Hello, this is the duty line of")
    assert "要听中文，请按星号键。" in english
    await talk.presses("1")
    assert "Thank you, we have it." in await talk.speaks()
    spoken = {each["text"]: each["language"] for each in talk.call["heard"] if each["kind"] == "say"}
    assert spoken["To leave a message, press 1."] == "en-US"
    assert spoken["要听中文，请按星号键。"] == "cmn-CN"
    await home.works()
    (receipt,) = await home.texts(WANG)
    assert receipt.startswith("Thank you, we have it, no. ")


@pytest.mark.parametrize("steps", range(1, 6))
async def test_hanging_up_at_any_step_loses_nothing_that_was_said(home: House, steps: int) -> None:
    talk = await home.calls(WANG)
    deeds: list[Callable[[], Awaitable[str]]] = [
        lambda: talk.presses("*"),
        lambda: talk.presses("9"),
        lambda: talk.presses("1"),
        lambda: talk.waits(),
        lambda: talk.speaks(digits="hangup"),
    ]
    for deed in deeds[:steps]:
        await deed()
    if talk.call["status"] != "completed":
        await talk.does("hangup")
    await home.works()
    assert len(await sounds()) == (steps == 5)


async def test_a_second_call_joins_the_issue(home: House) -> None:
    for _ in range(2):
        talk = await home.calls(WANG)
        await talk.presses("1")
        await talk.speaks()
        await home.works()
    issue = await only_issue()
    assert await Message.filter(issue_id=issue.id).count() == 2


async def test_a_caller_is_put_through_to_the_leader(home: House) -> None:
    talk = await home.calls(WANG)
    talk.hears()
    assert "正在给您接邻长陈建国，请不要挂断。" in await talk.presses("2")
    leader = await home.picks_up(LEADER)
    assert leader.hears() == "有居民打电话找您。请按任意一个键接听。"
    assert leader.call["from"] == OURS, "neither sees the other's number"
    assert "<connected>" in await leader.presses("5")
    assert "<connected>" in await talk.looks()
    await leader.does("hangup")
    assert (await talk.looks()).endswith("再见。")
    assert talk.call["status"] == "completed"


async def test_the_deputy_is_next_and_then_the_message(home: House) -> None:
    await home.line.behave("busy", LEADER)
    talk = await home.calls(WANG)
    talk.hears()
    heard = await talk.presses("2")
    assert "邻长陈建国现在没有接电话。" in heard
    assert "马丽" in heard
    sid = await home.line.rings(DEPUTY)
    await home.line.on_call(sid, "no-answer")
    assert "现在没有人接电话。请您留言，不会漏掉的。" in await talk.looks()
    assert talk.waits_for == "recording"
    await talk.speaks()
    await home.works()
    assert len(await sounds()) == 1


async def test_an_answering_machine_is_not_taken_for_the_leader(home: House) -> None:
    await home.line.behave("machine", LEADER)
    await home.line.behave("off", DEPUTY)
    talk = await home.calls(WANG)
    assert "现在没有人接电话" in await talk.presses("2")
    assert talk.waits_for == "recording"


async def test_who_hangs_up_while_it_rings_is_gone_without_a_trace(home: House) -> None:
    talk = await home.calls(WANG)
    await talk.presses("2")
    await talk.does("hangup")
    (ringing,) = await home.line.calls(LEADER)
    assert ringing["status"] == "canceled"
    await home.works()
    assert await Issue.all().count() == 0


async def test_a_leader_is_not_put_through_to_themselves(home: House) -> None:
    talk = await home.calls(LEADER)
    assert "要找马丽" in talk.hears()


async def test_the_last_issue_is_read_aloud(home: House) -> None:
    await home.line.text("路灯坏了", phone=WANG)
    await home.works()
    issue = await only_issue()
    talk = await home.calls(WANG)
    assert "想听上次的事办得怎么样了，请按3。" in talk.hears()
    heard = await talk.presses("3")
    assert f"您编号{' '.join(str(issue.number))}的事，邻长陈建国会在今天14:00前回您。" in heard
    assert talk.waits_for == "digits", "and the menu again"
    await talk.presses("1")
    await talk.speaks()
    assert talk.call["status"] == "completed"


async def test_a_stranger_is_asked_for_their_place_by_text(home: House) -> None:
    stranger = "+8613800000099"
    talk = await home.calls(stranger)
    heard = talk.hears()
    assert heard.startswith("您好，这里是邻里值班电话。")
    assert "请按2" not in heard
    assert "说您是谁，住在哪里" in await talk.presses("1")
    assert "过一会儿有短信问您住在哪里" in await talk.speaks()
    await home.works()
    (asked,) = await home.texts(stranger)
    assert "您住哪里" in asked


async def test_a_telephone_that_nobody_knows_types_the_code_of_the_card(home: House) -> None:
    talk = await home.calls(TELEPHONE)
    await talk.presses("1")
    assert "请按邻长卡片上的号码" in await talk.speaks()
    assert "没有查到这个号码。" in await talk.presses("99999999#")
    await home.works()
    issue = await only_issue()
    spelt = " ".join(str(issue.number))
    assert await talk.presses(f"{CARD_CODE}#") == (
        f"谢谢您，您在魏岗村委会第3邻。您的编号是{spelt}，再说一遍，编号是{spelt}。"
        "邻长陈建国会在今天14:00前给您回话。再见。"
    )
    assert talk.call["status"] == "completed"
    await home.works()
    await issue.refresh_from_db()
    assert issue.block_id == home.territory.block.id
    assert issue.address.fixed_line
    # What was asked and answered in the call is not asked again by another one.
    asked = await Outbox.filter(bridge="voice").exclude(state=OutboxState.CANCELLED)
    assert asked == []
    assert not await Question.exists(kind=QuestionKind.WHERE, settled_at=None)
    assert await home.texts(TELEPHONE) == []


async def test_who_types_the_code_before_the_message_is_worked_on_hears_the_leader(home: House) -> None:
    talk = await home.calls(TELEPHONE)
    await talk.presses("1")
    await talk.speaks()
    heard = await talk.presses(f"{CARD_CODE}#")
    assert heard == "谢谢您，您在魏岗村委会第3邻。邻长陈建国会听您的留言。再见。"


async def test_a_telephone_without_a_card_hangs_up_and_is_kept(home: House) -> None:
    talk = await home.calls(TELEPHONE)
    await talk.presses("1")
    await talk.speaks()
    await talk.does("hangup")
    await home.works()
    assert (await only_issue()).block is None
    assert len(await sounds()) == 1


async def test_a_withheld_number_can_leave_a_message(home: House) -> None:
    talk = await home.calls(WANG, withheld=True)
    assert talk.hears().startswith("您好，这里是邻里值班电话。"), "nobody is known by it"
    await talk.presses("1")
    assert "请按邻长卡片上的号码" in await talk.speaks()
    await talk.presses(f"{CARD_CODE}#")
    await home.works()
    issue = await only_issue()
    assert issue.block_id == home.territory.block.id
    assert await home.texts(WANG) == []
    assert len(await home.line.calls(WANG)) == 1, "nobody is called back"
    assert any("请上门去找" in line for line in await home.shown())


async def test_no_number_stands_in_an_address(home: House) -> None:
    talk = await home.calls(WANG)
    await talk.presses("2")
    leader = await home.picks_up(LEADER)
    await leader.presses("1")
    await leader.does("hangup")
    records = (await home.line.control.get("/records")).json()
    urls = [each["url"] for each in records["webhooks"] + records["callbacks"]]
    assert len(urls) >= 4
    assert not [url for url in urls for number in (WANG, LEADER) if number[1:] in url]


async def test_questions_asked_twice_have_one_answer(home: House) -> None:
    await home.line.fault("voice_twice", count=20)
    talk = await home.calls(WANG)
    await talk.presses("1")
    await talk.speaks()
    await home.works()
    assert (await Issue.all().count(), len(await sounds())) == (1, 1)
    assert len(await home.texts(WANG)) == 1


async def test_what_is_private_is_not_said_aloud(home: House) -> None:
    await home.line.text("私密 隔壁夜里打人", phone=WANG)
    await home.works()
    issue = await only_issue()
    said = Message(
        author_id=home.territory.leaders["block"].id,
        voice=Voice.LEADER,
        bridge="matrix",
        external_id="$said",
        text="派出所今晚来",
        said_at=home.settings.clock.now(),
    )
    locked = await lifecycle.lock(issue.id)
    actor = Actor(home.territory.leaders["block"], "matrix")
    effects = await lifecycle.answer(home.settings, locked, actor, said, home.settings.clock.now())
    await effects.save()
    talk = await home.calls(WANG)
    heard = await talk.presses("3")
    assert "邻长陈建国正在办" in heard
    assert "派出所" not in heard


async def test_whoever_writes_by_whatsapp_is_known_on_the_phone(home: House) -> None:
    await resident(
        home.settings, home.territory.block, name="李大爷", number="+8613800138002", bridge="whatsapp"
    )
    talk = await home.calls("+8613800138002")
    assert talk.hears().startswith("您好，我是邻长陈建国的值班电话。")


async def test_a_leaders_message_is_their_own_trouble_and_no_answer(home: House) -> None:
    await home.line.text("路灯坏了", phone=WANG)
    await home.works()
    talk = await home.calls(LEADER)
    await talk.presses("1")
    await talk.speaks()
    await home.works()
    assert await Issue.all().count() == 2
    assert not await Message.filter(voice=Voice.LEADER).exists()


async def test_leaders_see_how_long_a_voice_is(home: House) -> None:
    talk = await home.calls(WANG)
    await talk.presses("1")
    await talk.speaks()
    await home.works()
    message = await Message.get()
    assert telling.said(message, "zh-Hans") == "🎤 语音留言，23秒"


async def test_a_message_whose_line_broke_is_known_to_be_the_callers(home: House) -> None:
    talk = await home.calls(WANG)
    await talk.presses("1")
    await talk.does("hangup")
    url = f"{home.settings.public_url}/voice/recording"
    params = {
        "AccountSid": ACCOUNT,
        "CallSid": talk.sid,
        "RecordingSid": "RE" + "a" * 32,
        "RecordingStatus": "completed",
        "RecordingDuration": "9",
    }
    signature = RequestValidator(TOKEN).compute_signature(url, params)
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(3):
            answer = await client.post(url, data=params, headers={"X-Twilio-Signature": signature})
            assert answer.status_code == 204
    await home.works()
    issue = await only_issue()
    assert issue.reporter.name == "王秀英"
    assert len(await home.texts(WANG)) == 1


async def test_a_broken_database_is_owned_up_to_in_the_callers_language(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    async with database(settings.database_url):  # its tables are not there
        turn = await DutyLine(settings).answer(Call("CA1", "sms", WANG))
    assert [step.text for step in turn.steps if isinstance(step, Say)] == [
        "对不起，电话出了毛病。请过几分钟再打。"
    ]
