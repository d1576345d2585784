"""Too many texts from one phone: held and not lost, answered once, and decided about at the desk."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bridges.contract import Inbound
from escalator import inbox as inbox_worker
from issues import audit, inbox, tampering
from linzhang.profile import load_profile
from linzhang.settings import Settings
from models import AdminAction, Flood, FloodState, Inbox, InboxState, Issue, Message, Outbox
from tests.desk.desk import desk_for
from tests.factories import (
    CARD_CODE,
    PROFILE,
    Territory,
    appoint,
    clock_of,
    make_settings,
    open_database,
    plant,
    reachable,
    resident,
)
from tests.issues.diary import Phone

HERE = "/desk/triage"
TOLD = "您发来的短信特别多"


def strictest(folder: Path) -> Path:
    """Bozhou's programme with the strictest limits that a profile may have, so that few texts are many."""
    text = PROFILE.read_text(encoding="utf-8")
    for was, is_now in (("messages = 40", "messages = 30"), ("messages = 150", "messages = 32")):
        text = text.replace(was, is_now)
    path = folder / "strict.toml"
    path.write_text(text.replace("strangers = 20", "strangers = 6"), encoding="utf-8")
    return path


@pytest.fixture
async def settings(tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings with an open database."""
    settings = make_settings(tmp_path, profile=strictest(tmp_path))
    async with open_database(settings):
        await audit.begin(settings, "root")
        yield settings


@pytest.fixture
async def territory(settings: Settings) -> Territory:
    """See `tests.factories.plant`."""
    return await plant()


async def send(
    settings: Settings,
    words: list[str],
    *,
    number: str = "+8613800138000",
    after: float = 5,
    bridge: str = "sms",
) -> None:
    """Texts that follow each other by some seconds, each worked on as it comes."""
    for text in words:
        clock_of(settings).advance(timedelta(seconds=after))
        come = await Inbox.all().count()
        event = Inbound(bridge=bridge, external_id=f"SMflood{come}", sender=number, text=text)
        lane = await inbox.store(settings, event)
        assert lane is not None
        await inbox_worker.drain(settings, lane)


async def told(settings: Settings, number: str = "+8613800138000") -> list[str]:
    """All that the phone was told."""
    lookup = settings.vault.lookup("sms", number)
    rows = await Outbox.filter(address__lookup=lookup, bridge="sms").order_by("id")
    return [row.payload["text"] for row in rows]


async def held() -> int:
    """How many texts are held."""
    return await Inbox.filter(state=InboxState.HELD).count()


STORY = [f"第{number}段：昨天晚上水管又漏了，邻居家也进水" for number in range(15)]
NOISE = [f"在吗{number}" for number in range(33)]


async def test_an_old_woman_who_tells_a_story_in_many_texts_meets_no_limit(
    settings: Settings, territory: Territory
) -> None:
    await resident(settings, territory.block)
    await send(settings, STORY + STORY, after=8)  # and her phone sends each of them twice
    assert await held() == 0
    assert not any(TOLD in text for text in await told(settings))
    assert await Message.all().count() == 30


async def test_what_comes_too_fast_is_held_and_answered_once(
    settings: Settings, territory: Territory
) -> None:
    await resident(settings, territory.block)
    await send(settings, NOISE)
    assert (await held(), await Message.all().count()) == (3, 30)
    assert sum(TOLD in text for text in await told(settings)) == 1
    assert "110/119/120" in (await told(settings))[-1]
    clock_of(settings).advance(timedelta(hours=12))
    await send(settings, ["路灯也坏了"])
    assert await held() == 4, "it is more than a day's, too"
    assert sum(TOLD in text for text in await told(settings)) == 1, "no second answer on the same day"
    clock_of(settings).advance(timedelta(hours=13))
    await send(settings, ["路灯也坏了"])
    assert await held() == 4, "when it is quieter, what comes is worked on as ever"


async def test_an_account_of_another_platform_has_the_same_limit_for_itself(
    settings: Settings, territory: Territory
) -> None:
    address = await resident(settings, territory.block, bridge="telegram", number="777")
    await reachable(settings, address.person, "+8613800138000")
    await send(settings, NOISE, number="777", bridge="telegram")
    assert await held() == 3
    last = await Outbox.filter(address=address).order_by("-id").first()
    assert last is not None
    assert TOLD in last.payload["text"]
    await send(settings, ["路灯坏了"])
    assert await held() == 3, "their telephone is not meant"


async def test_a_days_limit_counts_however_slowly_they_come(settings: Settings, territory: Territory) -> None:
    await resident(settings, territory.block)
    await send(settings, [f"事{number}" for number in range(34)], after=1500)
    assert await held() == 2


async def test_stop_a_danger_and_a_leaders_words_pass_every_limit(
    settings: Settings, territory: Territory
) -> None:
    address = await resident(settings, territory.block)
    await send(settings, NOISE)
    before = await held()
    await send(settings, ["家里着火了"])
    assert await Issue.exists(urgent=True), "a life is worth more than a quiet room"
    await send(settings, ["家里着火了快来", "着火了着火了"])
    assert await held() == before + 2, "only the first word of it"
    await send(settings, ["退订"])
    await address.refresh_from_db()
    assert address.stopped_at is not None
    leader = territory.leaders["block"]
    await Flood.all().delete()
    await Inbox.all().delete()
    await reachable(settings, leader, "+8613900000001")
    await send(settings, NOISE, number="+8613900000001")
    assert await held() == 0


async def test_a_stranger_cannot_make_the_service_send_more_than_so_many_texts_an_hour(
    settings: Settings, territory: Territory
) -> None:
    stranger = "+8613700000009"
    await send(settings, [f"新 第{number}盏路灯坏了" for number in range(34)], number=stranger)
    sent = await told(settings, stranger)
    assert len(sent) == settings.territory.floods.strangers
    assert TOLD in sent[-1], "the last one says why"
    assert (await Message.all().count(), await held()) == (30, 4), "all of it is kept"
    clock_of(settings).advance(timedelta(days=2))
    await Outbox.all().update(created_at=clock_of(settings).wall() - timedelta(hours=2))
    await send(settings, ["新 家里停电了"], number=stranger)
    assert len(await told(settings, stranger)) == len(sent) + 1, "an hour later they are answered again"


async def test_a_leader_lets_through_what_is_held_and_no_limit_counts_for_a_day(
    settings: Settings, territory: Territory
) -> None:
    await resident(settings, territory.block)
    await send(settings, NOISE)
    flood = await Flood.get()
    desk = desk_for(settings)
    async with desk.browser(territory.leaders["peace"]) as neighbour:
        assert "刘大爷" not in (await neighbour.get(HERE)).text
        assert (await neighbour.post(f"{HERE}/flooding/{flood.id}", how="let")).status_code == 404
    async with desk.browser(territory.leaders["block"]) as leader:
        page = (await leader.get(HERE)).text
        assert "刘大爷发来的消息远多于常人。有3条暂存着" in page
        assert "在吗32" in page
        assert "13800138000" not in page
        answer = await leader.post(f"{HERE}/flooding/{flood.id}", how="let")
        assert answer.status_code == 303
        assert "消息远多于常人" not in (await leader.get(HERE)).text
    await inbox_worker.drain(settings, flood.lane)
    assert (await held(), await Message.all().count()) == (0, 33)
    said = [message.text for message in await Message.all().order_by("id")]
    assert said == NOISE, "in the order in which it came"
    await send(settings, NOISE)
    assert await held() == 0
    clock_of(settings).advance(timedelta(days=1))
    await send(settings, NOISE)
    assert await held() == 3, "a day later limits count again"
    deed = await AdminAction.get(action="sender let through")
    assert (deed.who, deed.subject, deed.detail) == ("陈建国", f"sender {flood.id}", "3 held")
    assert not (await tampering.look_over(settings)).broken


async def test_who_is_kept_out_is_kept_all_the_same_and_can_be_let_in_again(
    settings: Settings, territory: Territory
) -> None:
    stranger = "+8613700000009"
    await send(settings, NOISE, number=stranger)
    flood = await Flood.get()
    desk = desk_for(settings)
    async with desk.browser(territory.leaders["township"]) as leader:
        assert "消息远多于常人" not in (await leader.get(HERE)).text, "nobody knows where they live"
    async with desk.browser(await appoint(territory.units["city"], "市办")) as admin:
        assert "在吗32" in (await admin.get(HERE)).text
        assert (await admin.post(f"{HERE}/flooding/{flood.id}", how="out")).status_code == 303
        assert "暂不受理" in (await admin.get(HERE)).text
        clock_of(settings).advance(timedelta(days=2))
        many = await Message.all().count()
        await send(settings, [CARD_CODE, "路灯坏了"], number=stranger)
        assert await Message.all().count() == many
        await flood.refresh_from_db()
        assert flood.state is FloodState.OUT
        assert (await admin.post(f"{HERE}/flooding/{flood.id}", how="let")).status_code == 303
    await inbox_worker.drain(settings, flood.lane)
    assert await held() == 0
    assert await Message.filter(text="路灯坏了").exists()


async def test_what_may_be_for_one_leader_alone_is_not_shown(
    settings: Settings, territory: Territory
) -> None:
    await resident(settings, territory.block)
    phone = Phone(settings)
    await phone.text("私密 邻长的儿子欠我的钱")
    await send(settings, NOISE)
    async with desk_for(settings).browser(territory.leaders["township"]) as above:
        page = (await above.get(HERE)).text
        assert "消息远多于常人" in page
        assert "在吗32" not in page


def test_a_profile_cannot_limit_what_a_person_writes(tmp_path: Path) -> None:
    path = tmp_path / "strict.toml"
    text = PROFILE.read_text(encoding="utf-8")
    path.write_text(text.replace("messages = 40", "messages = 29"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"floods\.limits\.0\.messages"):
        load_profile(path)
