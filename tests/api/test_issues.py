"""Issues through the API: read, answered, passed on, closed; once, however often it is asked for."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta

from linzhang.settings import Settings
from models import Action, ApiAnswer, History, Issue, Message, Unit
from tests.api.programme import Api, api_for
from tests.factories import Territory, plant, resident
from tests.issues.diary import Phone
from web.access.tokens import Right
from web.desk import bounds


async def test_a_programme_reads_an_issue_and_does_what_its_leader_could(
    territory: Territory, api: Api, phone: Phone
) -> None:
    await phone.text("楼道灯坏了")
    async with api.programme(territory.leaders["block"]) as programme:
        found = (await programme.get("/api/v1/issues", params={"state": "open"})).json()
        assert [each["number"] for each in found["items"]] == [1001]
        assert found["items"][0]["words"] == "楼道灯坏了"
        assert found["items"][0]["reporter"] == "刘大爷"
        assert found["next"] is None

        async def does(what: str, **given: object) -> str:
            done = await programme.post(f"/api/v1/issues/1001/{what}", json=given or None)
            assert done.status_code == 200, done.text
            return str(done.json()["state"])

        assert await does("accept") == "open"
        assert await does("note", words="找过电工") == "open"
        assert await does("answer", words="下午三点来修") == "answered"
        assert any("下午三点来修" in told and "陈建国" in told for told in await phone.told())
        assert await does("done") == "resolved"
        assert await does("undo") == "open"
        assert await does("urgent") == "open"
        again = await programme.post("/api/v1/issues/1001/urgent")
        assert (again.status_code, again.headers["content-type"]) == (409, "application/problem+json")
        assert await does("calm") == "open"
        assert await does("up", reason="要换线路") == "open"
        assert await does("withdraw", reason="重复了") == "withdrawn"
        story = (await programme.get("/api/v1/issues/1001")).json()
    assert [each["words"] for each in story["messages"]] == ["楼道灯坏了", "找过电工", "下午三点来修"]
    assert [each["voice"] for each in story["messages"]] == ["resident", "inside", "leader"]
    steps = [(each["action"], each["bridge"]) for each in story["history"]]
    assert steps[:3] == [("report", "sms"), ("accept", "api"), ("answer", "api")]
    assert story["history"][-2]["reason"] == "要换线路"
    assert "13800138000" not in str(story)


async def test_an_issue_is_referred_and_returned(settings: Settings, territory: Territory, api: Api) -> None:
    village = territory.units["village"]
    tier = settings.territory.department
    assert tier is not None
    water = await Unit.create(
        code="water", name="供水站", tier=tier.key, parent=village, path=f"{village.path}water/"
    )
    await resident(settings, territory.block)
    await Phone(settings).text("水管爆了")
    async with api.programme(territory.leaders["village"]) as programme:
        wrong = {"department": "fire", "reason": "-"}
        refused = await programme.post("/api/v1/issues/1001/refer", json=wrong)
        assert refused.status_code == 404
        assert "There are: water" in refused.json()["detail"]
        given = {"department": "water", "reason": "主管道"}
        referred = (await programme.post("/api/v1/issues/1001/refer", json=given)).json()
        assert (referred["state"], referred["holder"]["code"]) == ("referred", water.code)
        back = (await programme.post("/api/v1/issues/1001/return", json={"reason": "不是主管道"})).json()
        assert (back["state"], back["holder"]["code"]) == ("open", territory.block.code)


async def test_what_is_asked_twice_with_one_key_is_done_once(
    settings: Settings, territory: Territory, api: Api, phone: Phone
) -> None:
    await phone.text("楼道灯坏了")
    async with api.programme(territory.leaders["block"]) as programme:
        key = {"Idempotency-Key": "one"}
        asked = {"words": "下午三点来修"}
        first = await programme.post("/api/v1/issues/1001/answer", json=asked, headers=key)
        second = await programme.post("/api/v1/issues/1001/answer", json=asked, headers=key)
        assert first.status_code == second.status_code == 200
        assert first.json() == second.json()
        other = await programme.post("/api/v1/issues/1001/answer", json={"words": "别的"}, headers=key)
        assert other.status_code == 422
        assert "Idempotency-Key was sent before" in other.json()["detail"]
        refused = await programme.post("/api/v1/issues/1001/accept", headers={"Idempotency-Key": "two"})
        assert refused.status_code == 409  # what was refused may be asked for again with its key
        await programme.post("/api/v1/issues/1001/urgent", headers={"Idempotency-Key": "three"})
        accepted = await programme.post("/api/v1/issues/1001/accept", headers={"Idempotency-Key": "two"})
        assert accepted.status_code == 200
    assert await History.filter(action=Action.ANSWER).count() == 1
    assert len([each for each in await phone.told() if "下午三点来修" in each]) == 1


async def test_a_key_may_be_used_again_after_a_day(
    settings: Settings, territory: Territory, api: Api, phone: Phone
) -> None:
    await phone.text("楼道灯坏了")
    async with api.programme(territory.leaders["block"]) as programme:
        key = {"Idempotency-Key": "one"}
        for words in ("下午三点来修", "明天再来看看"):
            answer = await programme.post("/api/v1/issues/1001/answer", json={"words": words}, headers=key)
            assert answer.status_code == 200, answer.text
            yesterday = settings.clock.wall() - timedelta(days=1, minutes=1)
            await ApiAnswer.all().update(made_at=yesterday)
    assert await History.filter(action=Action.ANSWER).count() == 1
    assert [each for each in await phone.told() if "明天再来看看" in each]


async def test_who_asks_at_the_same_time_on_postgres_gets_one_answer(on_postgres: Settings) -> None:
    territory, api = await plant(), api_for(on_postgres)
    await resident(on_postgres, territory.block)
    phone = Phone(on_postgres)
    await phone.text("楼道灯坏了")
    async with api.programme(territory.leaders["block"]) as programme:
        asked = [
            programme.post(
                "/api/v1/issues/1001/answer",
                json={"words": "下午三点来修"},
                headers={"Idempotency-Key": "one"},
            )
            for _ in range(4)
        ]
        answers = await asyncio.gather(*asked)
        assert [each.status_code for each in answers] == [200] * 4
        assert len({each.text for each in answers}) == 1
        assert (await programme.get("/api/v1/issues", params={"q": "灯"})).status_code == 200
        assert (await programme.get("/api/v1/triage")).json()["vacant"] == 0
        assert (await programme.get("/api/v1/search", params={"q": "1001"})).json()["issues"]
    assert await Message.filter(bridge="api").count() == 1


async def test_a_list_comes_in_parts_and_by_what_is_asked_for(
    settings: Settings, territory: Territory, api: Api, phone: Phone
) -> None:
    for words in ("新 楼道灯坏了", "新 水管漏了", "新 垃圾没人收"):
        await phone.text(words)
    async with api.programme(territory.leaders["village"]) as programme:

        async def numbers(**wanted: object) -> list[int]:
            found = await programme.get("/api/v1/issues", params=wanted)  # type: ignore[arg-type]
            assert found.status_code == 200, found.text
            return [each["number"] for each in found.json()["items"]]

        first = (await programme.get("/api/v1/issues", params={"limit": 2})).json()
        assert [each["number"] for each in first["items"]] == [1003, 1002]
        assert await numbers(limit=2, cursor=first["next"]) == [1001]
        await programme.post("/api/v1/issues/1002/urgent")
        assert await numbers(only="urgent") == [1002]
        assert await numbers(unit=territory.block.code, state=["open", "answered"]) == [1003, 1002, 1001]
        assert await numbers(only="mine") == []
        assert await numbers(bridge="telegram") == []
        phone.pass_time(timedelta(minutes=1))
        assert await numbers(before=settings.clock.now().isoformat()) == [1003, 1002, 1001]
        assert await numbers(since=settings.clock.now().isoformat()) == []
        wrong = await programme.get("/api/v1/issues", params={"stat": "open"})
        assert wrong.status_code == 422
        assert wrong.json()["errors"][0]["where"] == "query/stat"
        assert (
            await programme.get("/api/v1/issues/1001", headers={"Accept-Language": "zh"})
        ).status_code == 200


async def test_what_was_told_to_one_leader_is_read_by_that_one_alone(
    territory: Territory, api: Api, phone: Phone
) -> None:
    await phone.text("私密 邻居打人")
    assert (await Issue.get()).private
    async with (
        api.programme(territory.leaders["block"]) as told,
        api.programme(territory.leaders["village"]) as above,
    ):
        assert (await told.get("/api/v1/issues/1001")).json()["messages"][0]["words"] == "邻居打人"
        story = (await above.get("/api/v1/issues/1001")).json()
        assert (story["words"], story["reporter"], story["messages"]) == (None, None, [])
        assert "刘大爷" not in json.dumps(story, ensure_ascii=False), "nor who told it, by what they did"
        assert (await above.get("/api/v1/issues", params={"q": "打人"})).json()["items"] == []
        up = await above.post("/api/v1/issues/1001/up", json={"reason": "归我"})
        closed = await above.post("/open311/v2/requests/1001.json", data={"status": "closed"})
        assert (up.status_code, closed.status_code) == (403, 404), "who may not read it does nothing to it"
        assert (await Issue.get()).holder_id == territory.block.id
        assert (await told.post("/api/v1/issues/1001/accept")).status_code == 200


async def test_the_api_does_not_do_what_its_leader_could_not(
    territory: Territory, api: Api, phone: Phone
) -> None:
    await phone.text("楼道灯坏了")
    async with (
        api.programme(territory.leaders["peace"]) as neighbour,
        api.programme(territory.leaders["block"], Right.READ_ISSUES) as reader,
        api.programme() as nobody,
    ):
        for what in ("accept", "done"):
            assert (await neighbour.post(f"/api/v1/issues/1001/{what}")).status_code == 404
            assert (await reader.post(f"/api/v1/issues/1001/{what}")).status_code == 403
            assert (await nobody.post(f"/api/v1/issues/1001/{what}")).status_code == 401
    assert await History.all().count() == 1


async def test_nobody_fills_the_memory_with_a_request_that_never_ends(territory: Territory, api: Api) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while read < 2 * bounds.MOST:
            read += 1 << 20
            yield b"x" * (1 << 20)

    for address, kind in (
        ("/api/v1/issues/1001/answer", "application/json"),
        ("/open311/v2/requests.json", "application/x-www-form-urlencoded"),
    ):
        read = 0
        async with api.programme() as nobody:
            answer = await nobody.post(address, content=endless(), headers={"Content-Type": kind})
        assert 400 <= answer.status_code < 500
        assert read <= bounds.MOST + (2 << 20)
