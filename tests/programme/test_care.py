"""Somebody who is looked after, from the first question of the morning to the knock at the door."""

from datetime import datetime, timedelta

import pytest

from bridges.contract import Inbound
from escalator import caring, deadlines
from escalator import inbox as inbox_worker
from issues import dossier, erasing, inbox
from issues.effects import CALLS
from issues.errors import IssueError
from models import (
    AdminAction,
    CareCheck,
    CareKind,
    CareRecord,
    CareRhythm,
    CareState,
    CareVisit,
    CareWay,
    History,
    Issue,
    Outbox,
    Person,
    Question,
    State,
)
from programme.care import recording, rounds
from programme.care.recording import Wish
from rooms.render import card
from tests.factories import resident
from tests.issues.chat import lines
from tests.issues.diary import Leader
from tests.programme.village import Village

ASKED = "您好！邻长陈建国问您：今天身体好吗？好请回1，不舒服请直接写给我们。"
AGAIN = "您好，邻长陈建国还没收到您的回音。您身体好吗？好请回1，不舒服请直接写给我们。"


async def looked_after(village: Village, name: str = "刘大爷", **wish: object) -> CareRecord:
    """Let the block's leader record somebody: asked daily at 11, an hour from now."""
    wished = {"kind": CareKind.ALONE, "rhythm": CareRhythm.DAILY, "clock": 11 * 60, "consent": "上门当面说的"}
    person = await Person.get(name=name)
    at = village.settings.clock.now()
    leader = village.leaders["block"]
    return await recording.add(village.settings, leader, person, Wish(**wished | wish), at)  # type: ignore[arg-type]


async def goes_on(village: Village, hours: float = 0) -> None:
    """Let time pass, and all that is due of care be done."""
    village.pass_time(timedelta(hours=hours))
    await caring.run(village.settings, 50)
    await village.leaves()
    due = await caring.next_due(village.settings)
    assert due is None or due > village.settings.clock.now()


async def state_line(village: Village, issue: Issue) -> str:
    """How an issue's post ends in its block's room."""
    shown = await Issue.get(id=issue.id).select_related("reporter", "block", "holder")
    return (await card(village.settings, shown, village.unit("block"))).state


async def state(village: Village) -> CareState:
    """Of the last question."""
    last = await CareCheck.all().order_by("-id").first()
    assert last is not None
    return last.state


async def test_somebody_who_is_well_is_asked_each_morning_and_answers_with_a_digit(either: Village) -> None:
    village, phone = either, either.phones["刘大爷"]
    await looked_after(village)
    await goes_on(village)
    assert not await phone.receives(), "their hour has not come"
    await goes_on(village, 1)
    await goes_on(village)
    assert await phone.receives() == [ASKED]
    assert await village.answers(phone, "1") == []
    assert await village.answers(phone, "好的，谢谢") == [], "a nod right after it means nothing more"
    assert await state(village) is CareState.WELL
    await goes_on(village, 6)
    assert await phone.receives() == [], "nobody waits any more"
    await goes_on(village, 18)
    assert await phone.receives() == [ASKED]
    assert await Issue.all().count() == 0
    assert await CareCheck.all().count() == 2


async def test_no_answer_is_asked_after_once_and_then_somebody_knocks(either: Village) -> None:
    village, phone, leader = either, either.phones["刘大爷"], either.leaders["block"]
    await looked_after(village)
    await goes_on(village, 1)
    await goes_on(village, 2.1)
    assert await phone.receives() == [ASKED, AGAIN]
    assert await Issue.all().count() == 0
    await goes_on(village, 2.1)
    await goes_on(village)
    issue = await Issue.get().select_related("holder")
    assert (issue.urgent, issue.private, issue.silent, issue.state) == (True, True, True, State.OPEN)
    assert issue.holder_id == village.unit("block").id
    shown = [row.payload for row in await Outbox.filter(issue_id=issue.id).order_by("id")]
    assert any("今天11:00问刘大爷（独居）身体好不好" in str(each.get("text")) for each in shown)
    assert {each["unit"] for each in shown if "unit" in each} == {village.unit("block").id}, "few know of it"
    assert await phone.receives() == [], "they are told nothing of that"
    # It goes up as every other issue does, and nobody texts them of it.
    await goes_on(village, 12)
    assert await Issue.all().count() == 1
    assert await phone.receives() == []
    await Leader(village.settings, leader).resolves(issue.number)
    await goes_on(village)
    assert await state(village) is CareState.VISITED
    visit = await CareVisit.get()
    assert (visit.visitor_id, visit.issue_id) == (leader.id, issue.id)
    assert not await Question.filter(kind="solved").exists()
    # Nor do rooms say that they are being asked, or have said nothing.
    assert (await lines(village.unit("block")))[-1] == "邻长陈建国说办好了。"
    assert await state_line(village, issue) == "✅ 说是办好了。"
    for _ in range(2):
        village.pass_time(timedelta(days=4))
        await deadlines.run(village.settings, 50)
    assert (await lines(village.unit("block")))[-1] == f"编号{issue.number}办结了。"
    assert await state_line(village, issue) == "🏁 已办结。"
    assert await phone.receives() == []
    record = await CareRecord.get()
    assert record.silent_at is None
    assert record.visited_at is not None


async def test_a_late_word_calls_the_knock_off(village: Village) -> None:
    phone = village.phones["刘大爷"]
    await looked_after(village)
    for hours in (1, 2.1, 2.1):
        await goes_on(village, hours)
    assert await state(village) is CareState.MISSING
    [thanks] = await village.answers(phone, "1")
    assert thanks == "谢谢您，知道您好好的，我们就放心了。多保重！"
    assert (await Issue.get()).state is State.WITHDRAWN
    lines = [row.payload.get("text", "") for row in await Outbox.filter(bridge="rooms")]
    assert "✅ 刘大爷有回音了，不用上门了。编号1001撤销。" in lines
    assert (await CareRecord.get()).silent_at is None


async def test_other_words_are_a_report_as_ever_and_a_sign_of_life(village: Village) -> None:
    phone = village.phones["刘大爷"]
    await looked_after(village)
    for hours in (1, 2.1, 2.1):
        await goes_on(village, hours)
    [told] = await village.answers(phone, "院子里的路灯不亮了")
    assert "编号1002" in told, "it is no part of what the leader was to knock for"
    assert (await Issue.get(id=1)).state is State.WITHDRAWN
    assert await state(village) is CareState.WELL


async def test_who_is_not_well_has_their_leader_called(village: Village) -> None:
    phone = village.phones["刘大爷"]
    await looked_after(village)
    await goes_on(village, 1)
    [told] = await village.answers(phone, "不舒服")
    assert "编号1001" in told
    issue = await Issue.get()
    assert (issue.urgent, issue.private, issue.silent) == (True, True, False)
    assert await state(village) is CareState.UNWELL


async def test_an_open_question_goes_first_and_is_a_sign_of_life(village: Village) -> None:
    phone = village.phones["刘大爷"]
    await village.answers(phone, "路灯坏了")
    await Leader(village.settings, village.leaders["block"]).resolves(1001)
    await looked_after(village)
    await goes_on(village, 1)
    [told] = await village.answers(phone, "1")
    assert "办完了" in told
    assert await state(village) is CareState.WELL


async def test_nobody_is_asked_at_night_nor_after_an_outage_twice(village: Village) -> None:
    record = await looked_after(village, clock=20 * 60 + 30)
    with pytest.raises(IssueError):
        await looked_after(village, clock=22 * 60)
    await goes_on(village, 10.5)
    assert await village.phones["刘大爷"].receives() == [ASKED]
    await goes_on(village, 2.1)
    assert await village.phones["刘大爷"].receives() == [], "it waits for the morning"
    await goes_on(village, 8.5)
    assert await village.phones["刘大爷"].receives() == [AGAIN]
    await village.answers(village.phones["刘大爷"], "1")
    # Nobody was there for days, and then at three in the night.
    await CareCheck.all().delete()
    await CareRecord.filter(id=record.id).update(asked_at=None)
    await goes_on(village, 24 * 3 + 20)
    assert await village.phones["刘大爷"].receives() == []
    await goes_on(village, 4.5)
    assert await village.phones["刘大爷"].receives() == [ASKED], "once"


async def test_an_answer_that_waits_in_the_inbox_was_in_time(village: Village) -> None:
    phone = village.phones["刘大爷"]
    await looked_after(village)
    await goes_on(village, 1)
    await goes_on(village, 2.1)
    village.pass_time(timedelta(hours=1))
    said = Inbound(bridge="sms", external_id="SMlate", sender=phone.number, text="1")
    lane = await inbox.store(village.settings, said)
    assert lane is not None
    village.pass_time(timedelta(hours=9))
    await caring.run(village.settings, 50)
    assert await Issue.all().count() == 0
    await inbox_worker.drain(village.settings, lane)
    await goes_on(village)
    assert await state(village) is CareState.WELL
    assert await Issue.all().count() == 0


async def test_without_consent_nothing_is_kept_and_names_are_for_few(village: Village) -> None:
    with pytest.raises(IssueError, match="agree"):
        await looked_after(village, consent="  ")
    at, person = village.settings.clock.now(), await Person.get(name="刘大爷")
    wish = Wish(CareKind.OLD, CareRhythm.WEEKLY, 9 * 60, "她女儿说的", weekday=2)
    for name in ("group", "section", "township", "peace"):
        with pytest.raises(IssueError, match="few"):
            await recording.add(village.settings, village.leaders[name], person, wish, at)
    record = await recording.add(village.settings, village.leaders["village"], person, wish, at)
    assert record.next_due == datetime.fromisoformat("2026-11-25T09:00+08:00")
    assert [deed.action for deed in await AdminAction.all()] == ["care recorded"]
    # A second record takes the place of the first.
    await looked_after(village)
    assert await CareRecord.filter(ended_at=None).count() == 1


async def test_who_wants_no_texts_is_left_in_peace_and_the_leader_told(village: Village) -> None:
    phone = village.phones["刘大爷"]
    await looked_after(village)
    await village.answers(phone, "退订")
    await goes_on(village, 1)
    assert ASKED not in await phone.receives()
    record = await CareRecord.get()
    assert (record.rhythm, record.next_due) == (CareRhythm.OFF, None)
    told = await Outbox.filter(address__person_id=village.leaders["block"].id)
    assert ["刘大爷那里发不了短信了" in row.payload["text"] for row in told] == [True]


async def test_a_telephone_on_the_wall_rings_and_a_key_answers(village: Village) -> None:
    wall = await resident(village.settings, village.unit("block"), name="张婶", number="+865581234567")
    wall.fixed_line = True
    await wall.save()
    await looked_after(village, "张婶", way=CareWay.CALL)
    await goes_on(village, 1)
    row = await Outbox.get(bridge=CALLS)
    assert row.payload["text"] == "您好！邻长陈建国问您：今天身体好吗？", "the keys are told by who reads it"
    pressed = Inbound(
        bridge="sms",
        external_id="CA1:words",
        sender="+865581234567",
        text="1",
        detail={"call": "CA1", "answered": True, "fixed_line": True},
    )
    lane = await inbox.store(village.settings, pressed)
    assert lane is not None
    await inbox_worker.drain(village.settings, lane)
    assert await state(village) is CareState.WELL
    assert await Outbox.filter(address_id=wall.id).count() == 1


async def test_a_round_asks_all_below_once(either: Village) -> None:
    village, at = either, either.settings.clock.now()
    await looked_after(village)
    await looked_after(village, "Grace", rhythm=CareRhythm.OFF)
    secretary, unit = village.leaders["village"], village.unit("village")
    for _ in range(2):
        _, count = await rounds.begin(village.settings, secretary, unit, "heat", "", at, event_id="$1")
        assert count == 2
    with pytest.raises(IssueError):
        await rounds.begin(village.settings, secretary, village.unit("peace"), "heat", "", at, event_id="$2")
    await goes_on(village)
    heat = "天太热了，请多喝水，少出门。邻长陈建国问您：身体好吗？好请回1，不舒服请直接写给我们。"
    assert await village.phones["刘大爷"].receives() == [heat]
    assert len(await village.phones["Grace"].receives()) == 1
    await goes_on(village, 1)
    assert await village.phones["刘大爷"].receives() == [], "they are being asked already"
    await goes_on(village, 1.1)
    assert await village.phones["刘大爷"].receives() == [AGAIN]


async def test_the_record_of_the_issue_says_that_the_clock_opened_it(village: Village) -> None:
    await looked_after(village)
    for hours in (1, 2.1, 2.1):
        await goes_on(village, hours)
    steps = await History.all().order_by("seq")
    assert [(str(step.action), step.actor_id) for step in steps] == [("report", None), ("urgent", None)]


async def test_it_is_told_to_whom_it_is_about_and_forgotten_with_them(village: Village) -> None:
    await looked_after(village)
    for hours in (1, 2.1, 2.1):
        await goes_on(village, hours)
    person = await Person.get(name="刘大爷")
    facts = await dossier.of(village.settings, person)
    assert [each["consent"] for each in facts["looked_after"]] == ["上门当面说的"]
    assert [each["state"] for each in facts["asked_whether_well"]] == ["missing"]
    await erasing.person(village.settings, await erasing.plan(village.settings, person), "test")
    await goes_on(village, 48)
    assert not await CareRecord.exists()
    assert not await CareCheck.exists()
