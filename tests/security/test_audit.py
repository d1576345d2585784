"""The record of administrators' deeds: whoever writes to it past the service is found out, and where."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from escalator import sealing
from issues import audit
from linzhang import chaining
from linzhang.settings import Settings
from models import AdminAction, Look
from tests.factories import clock_of, plant, resident
from tests.issues.diary import Leader, Phone
from tests.security.conftest import Terminal


@pytest.fixture
def record(terminal: Terminal) -> Terminal:
    """A record of six entries: the service's own, and five deeds."""

    async def deeds(settings: Settings) -> None:
        await audit.begin(settings, "root")
        for number in range(1, 6):
            await audit.record(settings, "bridge off", f"bridge{number}", "root", f"reason {number}")

    terminal.live(deeds)
    return terminal


def broken(terminal: Terminal, *words: str) -> list[str]:
    """What `linzhang audit verify` says is wrong."""
    code, said = terminal.run("audit", "verify", *words)
    lines = said.splitlines()
    assert code == 1
    assert lines[0].startswith("The record was tampered with")
    return [line.removeprefix("- ") for line in lines[1:]]


def head(terminal: Terminal) -> str:
    code, said = terminal.run("audit", "head")
    assert code == 0
    return said.strip()


def test_a_record_that_nobody_touched_is_whole_and_can_be_read(record: Terminal) -> None:
    noted = head(record)
    assert record.run("audit", "verify") == (
        0,
        f"The record is whole: 6 entries. Keep its head outside: {noted}\n",
    )
    said = record.run("audit", "list", "--last", "2")[1]
    assert [line in said for line in ("bridge5", "reason 5", "bridge4", "bridge3")] == [
        True,
        True,
        True,
        False,
    ]
    assert record.run("audit", "list", "--subject", "bridge2")[1].count("bridge off") == 1
    record.run("bridges", "off", "telegram", "--why", "its token is being changed")
    record.live(lambda settings: audit.record(settings, "bridge on", "bridge5", "root"))
    assert record.run("audit", "verify", "--head", noted)[0] == 0, "a head that was noted earlier still holds"


def test_an_entry_that_was_changed_is_named(record: Terminal) -> None:
    record.sql("UPDATE admin_action SET who = 'somebody else' WHERE seq = 3")
    assert broken(record) == ["Entry 3 was changed: it is not what was written."]


def test_entries_that_were_removed_are_named(record: Terminal) -> None:
    record.sql("DELETE FROM admin_action WHERE seq IN (3, 4)")
    assert broken(record) == ["Entries 3 to 4 were removed."]


def test_the_first_entry_is_missed(record: Terminal) -> None:
    record.sql("DELETE FROM admin_action WHERE seq = 1")
    assert broken(record) == ["Entry 1 was removed."]


def test_closing_the_gap_does_not_help(record: Terminal) -> None:
    record.sql(
        "DELETE FROM admin_action WHERE seq = 3",
        *(f"UPDATE admin_action SET seq = {seq - 1} WHERE seq = {seq}" for seq in (4, 5, 6)),
    )
    assert broken(record) == [
        "Entry 3 was number 4 when it was written: others were removed before it.",
        "Entry 3 does not continue entry 2: an entry was put in, replaced or removed there.",
        "Entry 6 was cut off at the end.",
    ]


def test_an_entry_that_was_put_in_is_named_although_its_hash_is_right(record: Terminal) -> None:
    async def put_in(settings: Settings) -> None:
        before, after = await AdminAction.get(seq=3), await AdminAction.get(seq=4)
        forged = AdminAction(
            seq=4,
            previous=before.digest,
            at=after.at,
            who="root",
            action="bridge on",
            subject="sms",
            detail="",
        )
        forged.digest = audit.digest_of(forged)
        for seq in (6, 5, 4):
            await AdminAction.filter(seq=seq).update(seq=seq + 1)
        await forged.save()

    record.live(put_in)
    assert broken(record) == [
        "Entry 5 was number 4 when it was written: others were put in before it.",
        "Entry 5 does not continue entry 4: an entry was put in, replaced or removed there.",
        "Entry 7 was put in at the end.",
    ]


def test_an_entry_that_was_replaced_with_its_hash_breaks_the_next(record: Terminal) -> None:
    async def replace(_settings: Settings) -> None:
        deed = await AdminAction.get(seq=3)
        deed.detail = "a harmless reason"
        deed.digest = audit.digest_of(deed)
        await deed.save()

    record.live(replace)
    assert broken(record) == [
        "Entry 4 does not continue entry 3: an entry was put in, replaced or removed there."
    ]


def test_an_end_that_was_cut_off_is_missed(record: Terminal) -> None:
    record.sql("DELETE FROM admin_action WHERE seq > 4")
    assert broken(record) == ["Entries 5 to 6 were cut off at the end."]


def test_who_writes_everything_anew_has_not_the_key(record: Terminal) -> None:
    noted = head(record)

    async def rewrite(_settings: Settings) -> None:
        previous = chaining.START
        async for deed in AdminAction.all().order_by("seq"):
            deed.detail = "nothing happened"
            deed.previous = previous
            deed.digest = previous = audit.digest_of(deed)
            await deed.save()

    record.live(rewrite)
    last = record.sql("SELECT digest FROM admin_action WHERE seq = 6")[0][0]
    record.sql(f"UPDATE audit_head SET digest = '{last}'")
    assert "not sealed with the service's key" in broken(record)[0]
    assert broken(record, "--head", noted)[0] == (
        "Entry 6 is another one than was noted: the record was written anew up to it."
    )
    record.sql("UPDATE audit_head SET seal = ''")
    assert "is not sealed" in broken(record)[0]


def test_an_old_copy_that_was_put_back_is_known_by_a_head_that_was_kept_outside(record: Terminal) -> None:
    old = record.sql("SELECT digest, seal FROM audit_head")[0]
    record.live(lambda settings: audit.record(settings, "bridge on", "sms", "root"))
    noted = head(record)
    record.sql(
        "DELETE FROM admin_action WHERE seq = 7",
        f"UPDATE audit_head SET seq = 6, digest = '{old[0]}', seal = '{old[1]}'",
    )
    assert record.run("audit", "verify")[0] == 0, "nothing in the database tells"
    assert "went up to entry 7" in broken(record, "--head", noted)[0]
    assert record.run("audit", "verify", "--head", "yesterday's")[0] == 2


def test_a_record_that_was_emptied_is_not_taken_for_a_new_one(record: Terminal) -> None:
    record.sql(
        "DELETE FROM admin_action", f"UPDATE audit_head SET seq = 0, digest = '{chaining.START}', seal = ''"
    )
    assert "emptied" in broken(record)[0]
    record.sql("DELETE FROM audit_head")
    assert "was removed" in broken(record)[0]


def test_many_processes_append_to_one_chain(record: Terminal) -> None:
    async def append(settings: Settings) -> None:
        for number in range(5):
            await audit.record(settings, "bridge off", f"bridge{number}", "root")

    # Each has a database connection of its own, as a process has.
    with ThreadPoolExecutor(4) as processes:
        for each in [processes.submit(record.live, append) for _ in range(4)]:
            each.result()
    code, said = record.run("audit", "verify")
    assert (code, "26 entries" in said) == (0, True)


async def _seal(settings: Settings) -> None:
    """Two hours pass, so that what has happened is sealed."""
    for _ in range(3):
        await sealing.run(settings, 100)
        clock_of(settings).advance(timedelta(hours=1))


@pytest.fixture
def sealed(record: Terminal) -> Terminal:
    """A record into which what happened to two issues is sealed, and what was looked at."""

    async def live(settings: Settings) -> None:
        territory = await plant()
        address = await resident(settings, territory.block)
        await Phone(settings).text("路灯坏了")
        leader = Leader(settings, territory.leaders["block"])
        await leader.answers(1001, "明天来修")
        await leader.passes_up(1001, "要镇里帮忙")
        person = territory.leaders["block"]
        await Look.create(at=settings.clock.now(), person=person, whose_id=address.person_id)
        await _seal(settings)

    record.live(live)
    assert record.run("audit", "verify")[0] == 0
    return record


def test_what_happened_to_issues_is_sealed_into_the_record(sealed: Terminal) -> None:
    assert "rows sealed" not in sealed.run("audit", "list")[1], "it would hide what people did"
    assert sealed.run("audit", "list", "--all")[1].count("rows sealed") == 2
    sealed.live(_seal)
    assert sealed.run("audit", "list", "--all")[1].count("rows sealed") == 2, "nothing new has come"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE history SET at = '2026-11-24 01:00:00+00:00' WHERE seq = 2",
            "Something was changed in the history",
        ),
        ("UPDATE history SET actor_id = 1 WHERE seq = 2", "Something was changed in the history"),
        ("DELETE FROM history WHERE seq = 2", "One row was removed from the history"),
        ("DELETE FROM look", "One row was removed from the look"),
        ("UPDATE look SET person_id = 1", "Something was changed in the look"),
    ],
)
def test_who_changes_what_happened_to_an_issue_is_found_out(
    sealed: Terminal, statement: str, said: str
) -> None:
    sealed.sql(statement)
    (found,) = broken(sealed)
    assert found.startswith(said)
    assert "no. 1001" in found or "look" in said


def test_erasing_words_breaks_no_seal(sealed: Terminal) -> None:
    assert sealed.run("residents", "erase", "刘大爷", "--do")[0] == 0
    sealed.live(_seal)
    assert sealed.run("audit", "verify")[0] == 0
