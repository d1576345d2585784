"""What has got stuck: everybody sees their own, each entry is mended by its button, each deed is recorded."""

from typing import Any

import pytest

from issues import lifecycle, undelivered
from linzhang.settings import Settings
from models import (
    Action,
    Address,
    AdminAction,
    History,
    Inbox,
    InboxState,
    Issue,
    Leadership,
    Message,
    Outbox,
    OutboxState,
    Person,
    Unit,
    Voice,
)
from tests.desk.desk import Browser, Desk
from tests.factories import CARD_CODE, MORNING, Territory, appoint, reachable, resident

HERE = "/desk/triage"


async def report(settings: Settings, address: Address, unit: Unit | None, words: str = "路灯坏了") -> Issue:
    """Somebody's issue."""
    message = Message(
        author=address.person,
        voice=Voice.RESIDENT,
        bridge=address.bridge,
        external_id=f"SM{await Message.all().count()}",
        text=words,
        said_at=MORNING,
    )
    issue, effects = await lifecycle.report(settings, address=address, unit=unit, words=message, at=MORNING)
    await effects.save()
    return issue


async def lost_words(settings: Settings, issue: Issue, **facts: Any) -> Outbox:
    """An answer that has not arrived."""
    wall = settings.clock.wall()
    number = await Outbox.all().count()
    row: dict[str, Any] = {
        "key": f"lost{number}",
        "lane": f"lost{number}",
        "bridge": "sms",
        "issue": issue,
        "address_id": issue.address_id,
        "payload": {"text": "明天来修"},
        "created_at": wall,
        "not_before": wall,
        "state": OutboxState.SENT,
        "receipt": "undelivered",
        "receipt_code": 30003,
    }
    return await Outbox.create(**row | facts)


async def page(browser: Browser) -> str:
    """The page."""
    answer = await browser.get(HERE)
    assert answer.status_code == 200
    return answer.text


async def test_an_unknown_sender_is_placed_with_all_that_they_reported(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    stranger = await resident(settings, None, name="")
    first = await report(settings, stranger, None)
    second = await report(settings, stranger, None, "水管也漏")
    address = f"{HERE}/unplaced/{first.number}"
    async with desk.browser(territory.leaders["township"]) as other:
        assert f"{first.number}号问题" not in await page(other), "it waits with nobody, or at the top"
        assert (await other.post(address, where="第3邻")).status_code == 404
    async with desk.browser(await appoint(territory.units["city"], "市办")) as admin:
        shown = await page(admin)
        assert f"{first.number}号问题来自花名册里没有的号码" in shown
        assert "13800138000" not in shown
        assert (await admin.post(address, where="没有这个地方")).status_code == 303
        which = await admin.post(address, where="邻")
        assert "有几个单元都叫这个名字" in which.text
        assert territory.units["other_block"].code in which.text
        assert (await admin.post(address, where=CARD_CODE)).status_code == 303
        assert (await admin.post(address, where=CARD_CODE)).status_code == 404
        assert f"{first.number}号问题来自" not in await page(admin)
    for issue in (first, second):
        await issue.refresh_from_db()
        assert issue.block_id == issue.holder_id == territory.block.id
    assert (await Person.get(id=stranger.person_id)).block_id == territory.block.id
    deed = await History.get(issue=first, action=Action.PLACE).select_related("actor")
    assert deed.actor is not None
    assert (deed.actor.name, deed.bridge) == ("市办", "desk")


async def test_words_that_have_not_arrived_are_sent_again_or_noted_as_told(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    address = await resident(settings, territory.block)
    issue = await report(settings, address, territory.block)
    first, second = await lost_words(settings, issue), await lost_words(settings, issue)
    async with desk.browser(territory.leaders["peace"]) as neighbour:
        shown = await page(neighbour)
        assert "明天来修" not in shown
        for how in ("again", "by phone"):
            assert (await neighbour.post(f"{HERE}/undelivered/{first.id}", how=how)).status_code == 404
    async with desk.browser(territory.leaders["block"]) as leader:
        assert (await page(leader)).count("明天来修") == 2
        assert (await leader.post(f"{HERE}/undelivered/{first.id}", how="again")).status_code == 303
        assert (await leader.post(f"{HERE}/undelivered/{second.id}", how="by phone")).status_code == 303
        assert "明天来修" not in await page(leader)
    again = await Outbox.get(key=f"{first.key}.d1")
    assert (again.payload["text"], again.address_id, again.state) == (
        "明天来修",
        address.id,
        OutboxState.WAITING,
    )
    assert [(deed.action, deed.subject, deed.who) for deed in await AdminAction.all()] == [
        ("sent again", f"No. {issue.number}", "陈建国"),
        ("told by phone", f"No. {issue.number}", "陈建国"),
    ]


async def test_words_that_something_else_made_good_are_not_listed(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    issue = await report(settings, await resident(settings, territory.block), territory.block)
    row = await lost_words(settings, issue)
    async with desk.browser(territory.leaders["block"]) as leader:
        await row.fetch_related("address")
        assert await undelivered.lost(settings, row, MORNING), "it is tried again by itself"
        assert "明天来修" not in await page(leader)
        await Outbox.filter(id=row.id).update(settled_at=None, payload={"text": "不公开的话"})
        await Issue.filter(id=issue.id).update(private=True)
        shown = await page(leader)
        assert "不公开的话" in shown, "it was told to this leader"
        assert "刘大爷" in shown
    async with desk.browser(territory.leaders["township"]) as above:
        shown = await page(above)
        assert "没有收到" in shown
        assert "不公开的话" not in shown
        assert "刘大爷" not in shown, "who spoke to one leader alone is not named to others"


async def test_what_a_stranger_told_one_leader_alone_names_nobody_to_those_above(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    stranger = await resident(settings, None, name="刘大爷")
    issue = await report(settings, stranger, None)
    await Issue.filter(id=issue.id).update(private=True, holder_id=territory.block.id)
    async with desk.browser(territory.leaders["block"]) as leader:
        assert "刘大爷" in await page(leader)
    async with desk.browser(territory.leaders["township"]) as above:
        shown = await page(above)
        assert f"/desk/issue/{issue.number}" in shown
        assert "刘大爷" not in shown


async def test_only_what_has_not_arrived_is_sent_again(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    issue = await report(settings, await resident(settings, territory.block), territory.block)
    arrived = await lost_words(settings, issue, receipt="delivered", receipt_code=None)
    async with desk.browser(territory.leaders["block"]) as leader:
        answer = await leader.post(f"{HERE}/undelivered/{arrived.id}", how="again")
    assert answer.status_code == 404
    assert not await AdminAction.exists()


async def test_an_administrator_fills_a_vacant_post_by_a_name(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    block = territory.units["other_block"]
    person = (await resident(settings, block, name="黄小芳")).person
    await resident(settings, block, name="黄小燕", number="+8613800138001")
    address = f"{HERE}/vacant/{block.code}"
    async with desk.browser(territory.leaders["group"]) as leader:
        shown = await page(leader)
        assert "第4邻没有负责人" in shown
        assert "它的问题现在由组长周强" in shown or "它的问题现在由周强" in shown
        assert (await leader.post(address, name="黄小芳")).status_code == 404
    async with desk.browser(await appoint(territory.units["city"], "市办")) as admin:
        assert (await admin.post(address, name="没有")).status_code == 303
        which = await admin.post(address, name="黄小")
        assert "黄小燕" in which.text
        assert (await admin.post(address, name="黄小", person=str(person.id))).status_code == 303
        assert "第4邻没有负责人" not in await page(admin)
        assert (await admin.post(address, name="黄小燕")).status_code == 303
    post = await Leadership.get(unit=block, until=None)
    assert (post.person_id, post.since) == (person.id, MORNING)
    assert (await AdminAction.get()).detail == "黄小芳"


async def test_a_leader_without_an_account_is_sent_a_code(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    leader, group = territory.leaders["block"], territory.leaders["group"]
    await reachable(settings, leader, "+8613800138007")
    await reachable(settings, group, "@zhou:test", bridge="matrix")
    post = await Leadership.get(person=leader)
    async with desk.browser(territory.leaders["peace"]) as neighbour:
        assert (await neighbour.post(f"{HERE}/unconnected/{post.id}")).status_code == 404
    async with desk.browser(group) as above:
        shown = await page(above)
        assert "陈建国（第3邻）只能用短信" in shown
        assert "周强（" not in shown
        assert (await above.post(f"{HERE}/unconnected/{post.id}")).status_code == 303
        assert "陈建国（第3邻）只能用短信" not in await page(above), "a code is on its way"
    assert (await Outbox.get()).payload["secret"]


async def test_what_the_service_could_not_do_is_tried_again_by_an_administrator(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    issue = await report(settings, await resident(settings, territory.block), territory.block)
    effect = await Outbox.filter(bridge="rooms").first()
    assert effect is not None
    failed = {"state": OutboxState.FAILED, "error": "M_FORBIDDEN", "attempts": 9}
    await Outbox.filter(id=effect.id).update(**failed)
    wall = settings.clock.wall()
    event = await Inbox.create(
        bridge="sms",
        external_id="SMx",
        lane="sender:x",
        sender="",
        body={},
        received_at=MORNING,
        not_before=wall,
        state=InboxState.FAILED,
        error="KeyError",
        attempts=8,
    )
    async with desk.browser(territory.leaders["block"]) as leader:
        assert "M_FORBIDDEN" not in await page(leader)
        assert (await leader.post(f"{HERE}/failed", effect=str(effect.id))).status_code == 404
    async with desk.browser(await appoint(territory.units["city"], "市办")) as admin:
        shown = await page(admin)
        assert f"{issue.number}号问题在群里的一步没有办成" in shown
        assert "KeyError" in shown
        answer = await admin.post(f"{HERE}/failed", effect=str(effect.id), event=str(event.id))
        assert answer.status_code == 303
        assert "KeyError" not in await page(admin)
    await effect.refresh_from_db()
    await event.refresh_from_db()
    assert (effect.state, effect.attempts, effect.error) == (OutboxState.WAITING, 0, "")
    assert (event.state, event.attempts) == (InboxState.WAITING, 0)
    assert (await AdminAction.get()).detail == "outbox 1, inbox 1"


@pytest.mark.parametrize("name", ["peace", "peace_too"])
async def test_where_nothing_is_stuck_the_page_says_so(
    settings: Settings, territory: Territory, desk: Desk, name: str
) -> None:
    await report(settings, await resident(settings, territory.block), territory.block)
    await reachable(settings, territory.leaders[name], f"@{name}:test", bridge="matrix")
    async with desk.browser(territory.leaders[name]) as leader:
        assert "这里没有卡住的事" in await page(leader)
