"""What is kept about a person is given to them, and forgotten: at their wish, and when its time is over."""

import json
import sqlite3
import stat
import zipfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from escalator import retention
from issues import audit, tampering
from issues.effects import Effects
from linzhang.settings import Settings
from models import (
    Address,
    AdminAction,
    History,
    Household,
    Inbox,
    Issue,
    Look,
    Message,
    Outbox,
    OutboxState,
    Person,
    Room,
    RoomEvent,
    RoomEventKind,
    RoomKind,
    Routine,
    State,
    TiedChat,
)
from tests.factories import MORNING, Territory, clock_of, plant, resident
from tests.issues.diary import Leader, Phone, photo
from tests.security.conftest import Terminal

NUMBER, NAME = "+8613800138000", "黄秀莲"
#: What a person said, and what was said to and of them: none of it may be found when they are forgotten.
WORDS = ("村口水管爆裂", "家门钥匙在花盆下", "明早九点上门修理", "转交上级理由")
#: Bytes that only her rows have.
TRACES = (NAME, NUMBER, NUMBER[3:], "carrier.test", *WORDS)


async def live(settings: Settings) -> Territory:
    """A resident with a closed issue, an open one with a picture, and a neighbour with one of their own."""
    await audit.begin(settings, "root")
    territory = await plant()
    address = await resident(settings, territory.block, name=NAME, number=NUMBER)
    await resident(settings, territory.block, name="邻居", number="+8613800138001")
    phone = Phone(settings, NUMBER)
    leader = Leader(settings, territory.leaders["block"])
    await phone.text(WORDS[0])
    await leader.answers(1001, WORDS[2])
    await leader.resolves(1001)
    await phone.text("1")
    await phone.text(f"新 {WORDS[1]}", media=[photo()])
    await leader.passes_up(1002, WORDS[3])
    await Phone(settings, "+8613800138001").text("邻居的路灯不亮")
    await RoomEvent.create(
        issue_id=Issue.id_of(1002), room_id="!block:test", event_id="$post", kind=RoomEventKind.POST
    )
    await Room.create(
        unit=territory.block, kind=RoomKind.ROOM, room_id="!block:test", homeserver="test", made_at=MORNING
    )
    tie = await TiedChat.create(bridge="telegram", chat="-100", unit=territory.block, tied_at=MORNING)
    effects = Effects("shown", settings.clock.wall())
    effects.pass_on(tie.id, None, do="out", text=f"{NAME}：{WORDS[1]}", event="$post", answers="")
    effects.pass_on(tie.id, None, do="out", text="别人的话", event="$other", answers="")
    await effects.save()
    await Look.create(at=settings.clock.now(), person=territory.leaders["block"], whose_id=address.person_id)
    return territory


@pytest.fixture
def village(terminal: Terminal) -> Terminal:
    """See `live`."""
    terminal.live(live)
    return terminal


def everything(terminal: Terminal) -> str:
    """All that stands in the database."""
    if not terminal.settings.database_url.startswith("sqlite://"):
        tables = terminal.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return "\n".join(
            str(tuple(row)) for table in tables for row in terminal.sql(f'SELECT * FROM "{table[0]}"')
        )
    path = terminal.settings.database_url.removeprefix("sqlite://")
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump())


def unescaped(dump: str) -> str:
    """Databases keep some JSON with letters escaped."""
    return dump + dump.encode().decode("unicode_escape", errors="ignore")


def test_a_person_gets_all_that_is_kept_about_them(village: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "hers.zip"
    code, said = village.run("residents", "export", "138 0013 8000", "--out", str(out), "--who", "root")
    assert code == 0
    assert NUMBER not in said
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with zipfile.ZipFile(out) as archive:
        facts = json.loads(archive.read("data.json"))
        readable = archive.read("readable.txt").decode()
        listed = archive.read("media.csv").decode()
    assert facts["person"]["name"] == NAME
    assert facts["addresses"][0]["address"] == NUMBER
    assert [issue["number"] for issue in facts["issues"]] == [1001, 1002]
    assert facts["issues"][0]["state"] == "closed"
    assert [step["action"] for step in facts["issues"][0]["steps"]][:2] == ["report", "answer"]
    assert facts["who_was_shown_their_number"][0]["who"] == "陈建国"
    assert any(WORDS[2] in each["text"] for each in facts["sent_to_them"])
    assert all(words in json.dumps(facts, ensure_ascii=False) for words in WORDS)
    assert all(words in readable for words in (NAME, NUMBER, *WORDS[:3]))
    assert "1002,image/jpeg,https://carrier.test/1" in listed
    assert "邻居" not in json.dumps(facts, ensure_ascii=False) + readable
    deed = village.sql("SELECT action, subject, who FROM admin_action ORDER BY seq")[-1]
    assert tuple(deed) == ("person exported", "person 11", "root")
    assert village.run("residents", "export", NAME, "--out", str(out))[0] == 2, "nothing is overwritten"
    assert village.run("residents", "export", "没有这个人", "--out", str(out))[0] == 2


def test_a_dry_run_says_what_would_be_and_changes_nothing(village: Terminal) -> None:
    before = everything(village)
    code, said = village.run("residents", "erase", NAME)
    assert code == 0
    assert "1 numbers and accounts" in said
    assert "Still open: 1002. They will be withdrawn" in said
    assert "this was a dry run" in said
    assert NUMBER not in said
    assert everything(village) == before


def test_a_person_who_is_erased_leaves_no_trace_but_the_record(village: Terminal) -> None:
    assert all(trace in unescaped(everything(village)) for trace in (NAME, *WORDS))
    steps = village.sql("SELECT count(*) FROM history")[0][0]
    lookup = village.settings.vault.lookup("sms", NUMBER)
    code, said = village.run("residents", "erase", NUMBER, "--do", "--who", "root")
    assert code == 0, said
    assert "Erased." in said
    left = unescaped(everything(village))
    assert [trace for trace in (*TRACES, lookup) if trace in left] == []
    assert all(words in left for words in ("邻居的路灯不亮", "别人的话")), "nobody else's words are gone"

    async def look(settings: Settings) -> None:
        first, second, _ = await Issue.all().order_by("id")
        assert (first.state, second.state) == (State.CLOSED, State.WITHDRAWN)
        assert first.closed_at is not None, "times stay"
        assert await History.all().count() == steps + 1, "and every step, with one for the withdrawal"
        assert await Message.filter(retracted_at=None).count() == 1
        person = await Person.get(id=first.reporter_id)
        assert (person.name, person.block_id, person.household_id) == ("", None, None)
        address = await Address.get(person=person)
        assert address.stopped_at is not None
        assert not await Outbox.filter(address=address, state=OutboxState.WAITING).exists()
        rooms = await Outbox.filter(bridge="rooms", state=OutboxState.WAITING).order_by("id")
        done = [(row.payload["do"], row.payload.get("room")) for row in rooms]
        assert ("wipe", "!block:test") in done
        assert ("rename", None) in done
        told = [row.payload["text"] for row in rooms if row.payload["do"] == "announce"]
        assert told == ["1002号问题连同其中的话已应居民要求删除，不用再办了。"]
        deed = await AdminAction.all().order_by("-seq").first()
        assert deed is not None
        assert (deed.action, deed.subject, deed.detail) == (
            "person erased",
            f"person {person.id}",
            "2 issues, 1 addresses",
        )
        assert not (await tampering.look_over(settings)).broken
        await Phone(settings, NUMBER).text("我又来了")
        again = await Address.get(bridge="sms", lookup=lookup)
        assert again.person_id != person.id, "who writes again is somebody new"

    village.live(look)


def test_who_leads_is_not_erased_and_of_namesakes_one_is_chosen(village: Terminal) -> None:
    code, said = village.run("residents", "erase", "陈建国", "--do")
    assert (code, "Give the post to somebody else first" in said) == (2, True)

    async def namesake(settings: Settings) -> int:
        other = await resident(settings, None, name=NAME, number="+8613800138009")
        return other.person_id

    other = village.live(namesake)
    code, said = village.run("residents", "erase", NAME)
    assert (code, f"--id {other}" in said) == (2, True)
    assert village.run("residents", "erase", NAME, "--id", str(other), "--do")[0] == 0
    assert NAME in everything(village), "the other one is still there"


def test_words_are_kept_no_longer_than_the_profile_says(village: Terminal) -> None:
    async def pass_time(settings: Settings) -> None:
        assert await retention.run(settings, 100) == (0, set()), "nothing is old yet"
        clock_of(settings).advance(timedelta(days=731))
        # The open issue is two years old, too, and stays: it is not over.
        done, _ = await retention.run(settings, 1)
        assert done == 1, "it does so much at once, and is called again"
        while (await retention.run(settings, 1))[0]:
            pass
        issue = await Issue.get(id=Issue.id_of(1001))
        assert issue.erased_at is not None
        assert issue.state is State.CLOSED
        assert not any(await Message.filter(issue_id=issue.id).exclude(text="").values_list("id", flat=True))
        open_issue = await Issue.get(id=Issue.id_of(1002))
        assert open_issue.erased_at is None
        assert (await Person.get(id=issue.reporter_id)).name == NAME, "words of hers are left"
        routine = await Routine.get(name="retention")
        assert routine.due > settings.clock.now(), "tomorrow again"
        await Issue.filter(id=open_issue.id).update(
            state=State.WITHDRAWN, closed_at=settings.clock.now(), talked_at=settings.clock.now()
        )
        clock_of(settings).advance(timedelta(days=731))
        while (await retention.run(settings, 1))[0]:
            pass
        person = await Person.get(id=issue.reporter_id)
        assert person.name == "", "whoever is known only by what they reported is forgotten with it"
        deeds = await AdminAction.filter(who="retention").order_by("seq")
        assert {deed.action for deed in deeds} == {"words erased", "person erased"}

    village.live(pass_time)
    left = unescaped(everything(village))
    assert [trace for trace in (NAME, NUMBER, *WORDS) if trace in left] == []


def test_who_stands_in_the_roster_stays_when_their_words_are_gone(village: Terminal) -> None:
    async def pass_time(settings: Settings) -> None:
        person = await Person.get(name=NAME)
        person.household = await Household.create(block_id=person.block_id, label="第1户")
        await person.save()
        await Issue.filter(reporter=person).update(
            state=State.CLOSED, closed_at=settings.clock.now(), talked_at=settings.clock.now()
        )
        clock_of(settings).advance(timedelta(days=731))
        while (await retention.run(settings, 100))[0]:
            pass
        assert (await Person.get(id=person.id)).name == NAME
        assert not await Message.filter(issue__reporter_id=person.id).exclude(text="").exists()

    village.live(pass_time)


def test_copies_of_what_came_in_are_emptied_and_still_count_once(village: Terminal) -> None:
    async def pass_time(settings: Settings) -> None:
        ids = await Inbox.all().order_by("id").values_list("external_id", flat=True)
        clock_of(settings).advance(timedelta(days=91))
        while (await retention.run(settings, 2))[0]:
            pass
        assert [row.body for row in await Inbox.all()] == [{}] * len(ids)
        assert list(await Inbox.all().order_by("id").values_list("external_id", flat=True)) == list(ids)
        assert await Message.filter(text=WORDS[0]).exists(), "the issue's own words have more time"

    village.live(pass_time)
