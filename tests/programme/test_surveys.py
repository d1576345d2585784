"""A survey from the room in which it is opened to phones, its sums, and the draw that can be made again."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalator import surveying
from models import Household, Issue, Leadership, Outbox, Person, State, Survey, SurveyPerson, SurveyState
from programme.intervals import wilson
from programme.thanks.surveys import __main__ as again
from programme.thanks.surveys import drawing, intervals, results
from tests.desk.desk import desk_for
from tests.issues.chat import whispers
from tests.issues.diary import Phone
from tests.programme.village import Village, said

ASKED = "您对邻长陈建国满意吗？回1满意 2一般 3不满意。谢谢您。"
NEIGHBOURS = ("王婶", "李叔", "张大妈", "赵师傅", "孙奶奶", "周大爷")


async def peopled(village: Village) -> Village:
    """Let six more live in the block, somebody in the leader's own household, and who leads the group."""
    for place, name in enumerate(NEIGHBOURS):
        await village.lives_here(name, f"+861390000000{place}")
    home = await Household.create(block=village.unit("block"), label="3号")
    await village.lives_here("建国媳妇", "+8613900000099")
    family = [village.leaders["block"].id, (await Person.get(name="建国媳妇")).id]
    await Person.filter(id__in=family).update(household_id=home.id, block_id=village.unit("block").id)
    await Person.filter(id=village.leaders["group"].id).update(block_id=village.unit("block").id)
    return village


async def goes_on(village: Village) -> None:
    """Let the duty do all that is due now, and let it go out."""
    while (await surveying.run(village.settings, 50))[0]:
        pass
    await village.leaves()


async def opened(village: Village) -> Survey:
    """Let the village's secretary open a survey, and let its list be announced."""
    (told,) = await village.rooms["village"].says(village.leaders["village"], "！满意度 开始")
    assert "的满意度调查" in told
    await goes_on(village)
    return await Survey.get()


async def drawn(village: Village) -> Survey:
    """The same, until those were asked who were drawn."""
    await opened(village)
    village.pass_time(timedelta(hours=25))
    await goes_on(village)
    return await Survey.get()


async def asked(village: Village) -> list[Phone]:
    """The phones that were asked, those in Chinese."""
    found = []
    for phone in village.phones.values():
        if ASKED in await phone.receives():
            found.append(phone)
    return found


async def over(village: Village) -> Survey:
    """Let the time of the survey run out."""
    village.pass_time(timedelta(days=8))
    await goes_on(village)
    return await Survey.get()


async def proof_on_the_desk(village: Village, survey: Survey) -> dict[str, object]:
    """What whoever leads a section of the village can save of the draw."""
    async with desk_for(village.settings).browser(village.leaders["section"]) as browser:
        answer = await browser.get(f"/desk/surveys/{survey.id}/proof.json")
        assert answer.status_code == 200
        proof: dict[str, object] = json.loads(answer.text)
        return proof


async def test_some_are_drawn_and_asked_and_what_they_say_comes_back(either: Village) -> None:
    village = await peopled(either)
    survey = await opened(village)
    assert (survey.people, survey.size) == (8, 8), "neither the leader's household nor other leaders"
    ((where, words, rings),) = await village.posts()
    assert (where, rings) == ("village", [village.leaders["village"].id])
    assert survey.digest in words
    assert survey.commitment in words
    assert "明天10:00从8位居民里抽8位" in words
    (told,) = await village.rooms["section"].says(
        village.leaders["section"], f"！满意度 加 {survey.id} 6 2 4"
    )
    assert told == f"您的词算进满意度调查{survey.id}的抽签了。"
    assert await asked(village) == [], "nobody is asked before the draw"

    village.pass_time(timedelta(hours=25))
    await goes_on(village)
    phones = await asked(village)
    assert len(phones) == 7, "and Grace in English"
    assert "建国媳妇" not in {name for name, phone in village.phones.items() if phone in phones}
    late = await village.rooms["section"].says(village.leaders["group"], f"！满意度 加 {survey.id} 1")
    assert said(late, "来不及了")
    for phone, answer in zip(phones, ("1", "１。", "满意", "2 谢谢", "3，总不在家"), strict=False):
        beside = await village.answers(phone, answer)
        assert len(beside) == (answer[0] == "3"), "only who wrote more hears that nobody reads it"
    assert await village.answers(phones[0], "3") == [], "it counts once"
    await village.rooms["village"].says(village.leaders["village"], f"！满意度 {survey.id}")
    assert "问了8人，5人回答了。说了什么，要等" in (await whispers(village.leaders["village"]))[-1]

    village.pass_time(timedelta(days=3))
    await goes_on(village)
    again_asked = [phone for phone in phones if await phone.receives() == [f"再问您一声：{ASKED}"]]
    assert again_asked == phones[5:]
    ended = await over(village)
    assert ended.state is SurveyState.OVER
    (*_, (_, words, _)) = await village.posts()
    assert "问了8人，5人回答。满意的占60%，基本在23%到88%之间。" in words
    assert drawing.commitment(ended.nonce) == survey.commitment
    assert await village.answers(phones[6], "1") == ["谢谢您，不过这次已经统计完了。"]
    assert drawing.faults(await proof_on_the_desk(village, ended)) == []
    assert await Issue.all().count() == 0
    assert await surveying.next_due(village.settings) is None


async def test_who_does_not_answer_is_reminded_once_and_nobody_at_night(village: Village) -> None:
    await peopled(village)
    await opened(village)
    village.pass_time(timedelta(hours=36))
    await goes_on(village)
    assert await asked(village) == [], "it is ten in the evening"
    morning = await surveying.next_due(village.settings)
    assert morning is not None
    village.pass_time(morning - village.settings.clock.now())
    await goes_on(village)
    phones = await asked(village)
    assert phones
    for _ in range(4):
        village.pass_time(timedelta(days=1))
        await goes_on(village)
    for phone in phones:
        assert await phone.receives() == [f"再问您一声：{ASKED}"]


async def test_a_digit_answers_an_open_question_first_and_a_word_the_survey(village: Village) -> None:
    liu, leader = village.phones["刘大爷"], village.leaders["block"]
    await liu.text("村口的路灯坏了")
    await village.rooms["block"].says(leader, "！办结 1001")
    await village.leaves()
    await drawn(village)
    text = (await liu.receives())[-1]
    assert text == "您对邻长陈建国满意吗？请回这几个词中的一个：满意、一般、不满意。谢谢您。"
    await village.answers(liu, "1")
    assert (await Issue.get()).state is State.CLOSED
    person = await SurveyPerson.get(person__name="刘大爷")
    assert not person.answered
    await village.answers(liu, "5")
    assert await village.answers(liu, "满意") == []
    await person.refresh_from_db()
    assert person.answered


async def test_buttons_say_which_survey_they_belong_to(village: Village) -> None:
    survey = await drawn(village)
    offered = [each.payload.get("choices", []) for each in await Outbox.all()]
    pressed = f"调查{survey.id}选3"
    assert {"text": pressed, "label": "不满意", "phone": False} in [one for each in offered for one in each]
    liu = village.phones["刘大爷"]
    await liu.text("村口的路灯坏了")
    assert await village.answers(liu, pressed) == []
    assert (await SurveyPerson.get(person__name="刘大爷")).answered


async def test_whom_it_concerns_sees_sums_and_nobody_sees_who_answered(village: Village) -> None:
    await peopled(village)
    survey = await drawn(village)
    for phone in await asked(village):
        await village.answers(phone, "1")
    address = f"/desk/surveys/{survey.id}"
    async with desk_for(village.settings).browser(village.leaders["village"]) as browser:
        page = await browser.get(address)
        assert "100%" not in page.text, "nothing is told before it is over"
        await over(village)
        page = await browser.get(address)
        assert "陈建国" in page.text
        assert "100%" in page.text
    async with desk_for(village.settings).browser(village.leaders["block"]) as browser:
        page = await browser.get(address)
        assert "100%" in page.text
        assert not [name for name in (*NEIGHBOURS, "刘大爷") if name in page.text]
    async with desk_for(village.settings).browser(village.leaders["peace"]) as browser:
        assert (await browser.get(address)).status_code == 404


async def test_one_is_opened_by_name_and_joined_on_the_desk(village: Village) -> None:
    async with desk_for(village.settings).browser(village.leaders["village"]) as browser:
        page = await browser.get(f"/desk/surveys?unit={village.unit('village').code}")
        assert f"{village.unit('village').code} 魏岗村委会" in page.text
        assert (await browser.post("/desk/surveys", unit="观堂镇", once="a")).status_code == 422
        opened = await browser.post("/desk/surveys", unit="魏岗村委会", once="b")
        await goes_on(village)
        address = opened.headers["location"]
        added = await browser.post(f"{address}/word", words="6 2 4")
        assert added.status_code == 303
        assert "6 2 4" in (await browser.get(address)).text
        assert (await browser.post(f"{address}/stop")).status_code == 303
        assert "停了" in (await browser.get(address)).text


async def test_a_unit_has_one_survey_at_a_time_and_in_a_month(village: Village) -> None:
    survey = await opened(village)
    room, secretary = village.rooms["village"], village.leaders["village"]
    above = await village.rooms["township"].says(village.leaders["township"], "！满意度 开始")
    assert said(above, f"的满意度调查{survey.id}还没结束")
    assert said(await room.says(secretary, f"！满意度 停 {survey.id}"), "谁也没有问")
    assert said(await room.says(secretary, "！满意度 开始"), "不久前刚调查过")
    village.pass_time(timedelta(days=2))
    await goes_on(village)
    assert await SurveyPerson.all().count() == 0
    below = await village.rooms["block"].says(village.leaders["block"], "！满意度 开始")
    assert said(below, "只能在这几级开展：乡镇街道、村社区")


async def test_nobody_takes_the_place_of_who_has_gone(village: Village) -> None:
    await opened(village)
    await Person.filter(name="刘大爷").update(block_id=village.unit("other_block").id)
    await village.lives_here("新来的", "+8613900000088")
    village.pass_time(timedelta(hours=25))
    await goes_on(village)
    assert [each.person.name for each in await SurveyPerson.all().select_related("person")] == ["Grace"]


async def test_a_block_without_a_leader_is_not_asked_about(village: Village) -> None:
    await Leadership.filter(unit_id=village.unit("block").id).update(until=village.settings.clock.now())
    survey = await opened(village)
    assert survey.state is SurveyState.STOPPED
    assert said([words for _, words, _ in await village.posts()], "没有能用短信问到的人")


async def test_a_draw_that_was_steered_is_found_out(
    village: Village, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await peopled(village)
    await drawn(village)
    proof = await proof_on_the_desk(village, await over(village))
    file = tmp_path / "proof.json"

    def looked_over(changed: Mapping[str, object]) -> tuple[int, str]:
        file.write_text(json.dumps({**proof, **changed}), encoding="utf-8")
        return again.main([str(file)]), capsys.readouterr().out

    assert looked_over({}) == (0, "The draw is as it was announced.\n")
    assert "the secret is not" in looked_over({"nonce": "0" * 64})[1]
    assert "others were drawn" in looked_over({"words": ["another"]})[1]
    blocks = proof["blocks"]
    assert isinstance(blocks, list)
    fewer = [{**blocks[0], "listed": blocks[0]["listed"][1:]}]
    assert "the list is not" in looked_over({"blocks": fewer})[1]
    other = [{**blocks[0], "drawn": blocks[0]["drawn"][::-1]}]
    assert looked_over({"blocks": other})[0] == 1


def test_how_many_are_drawn_follows_the_formula() -> None:
    assert [drawing.size(people, 0.05) for people in (0, 1, 100, 1_000, 1_000_000)] == [0, 1, 80, 278, 385]
    assert drawing.take(25, 1_000, 278, 6) == 7
    assert drawing.take(25, 100_000, 383, 6) == 6
    assert drawing.take(4, 100_000, 383, 6) == 4


def test_the_interval_is_wilsons() -> None:
    """81 of 263, 15 of 148, 0 of 20: table I of R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872."""
    known = {(81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0, 0.1611)}
    for (part, whole), (low, high) in known.items():
        found = wilson(part / whole, whole)
        assert (found.low, found.high) == pytest.approx((low, high), abs=0.0001)


def test_each_block_counts_as_its_people_do() -> None:
    even = [intervals.Stratum(10, 5, 4), intervals.Stratum(10, 5, 2), intervals.Stratum(10, 0, 0)]
    assert intervals.weighted(even) == wilson(0.6, 10)
    uneven = intervals.weighted([intervals.Stratum(90, 5, 5), intervals.Stratum(10, 5, 0)])
    assert uneven is not None
    assert uneven.share == pytest.approx(0.9)
    assert uneven.high - uneven.low > wilson(0.9, 10).high - wilson(0.9, 10).low
    assert intervals.weighted([intervals.Stratum(10, 0, 0)]) is None


@given(st.lists(st.integers(0, 12), max_size=8), st.integers(3, 6))
def test_what_is_not_told_cannot_be_reckoned(counts: list[int], least: int) -> None:
    shown = results.visible(counts, least)
    assert all(count >= least for count, may in zip(counts, shown, strict=True) if may)
    left = sum(count for count, may in zip(counts, shown, strict=True) if not may)
    assert left == 0 or left >= least or not any(shown)
