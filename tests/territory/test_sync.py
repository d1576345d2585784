"""A year of a programme in files: what changes is said before, done whole, and done once."""

from pathlib import Path

import pytest
from tortoise.transactions import in_transaction

from bridges.contract import Inbound
from escalator import inbox as inbox_worker
from issues import inbox
from linzhang.settings import Settings
from models import Address, Chosen, Household, Issue, Leadership, Outbox, Person, Place, State, Unit
from territory.check import Rule, check
from territory.load import Loaded, load_files
from territory.plan import What
from territory.rows import TerritoryError
from tests.territory.small import ROOT

EXAMPLE = ROOT / "data" / "examples" / "bozhou"
UNITS = "编码,名称,层级,上级编码,户数,并入\n"
ROSTER = "单元编码,职务,姓名,电话,产生方式,智能手机\n"
RESIDENTS = "邻编码,门牌,姓名,手机\n"
VILLAGE, GROUP = "34010101", "340101010101"
FIRST, SECOND = f"{GROUP}01", f"{GROUP}02"


ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

REFUSED = [
    (UNITS, f"x,新邻,邻,{GROUP},,{FIRST}", "row 2: x: merged_into: it is not in the database"),
    (UNITS, f"{FIRST},a,邻,{GROUP},,{GROUP}", f"merged_into: {GROUP} is a group, and this one a block"),
    (UNITS, f"{FIRST},a,邻,{GROUP},,{FIRST}", f"{FIRST} is closed, or is being merged itself"),
    (UNITS, f"{FIRST},a,邻,{VILLAGE},,", f"{VILLAGE} is a village, but above a block stands a group"),
    (UNITS, f"{FIRST},a,组,{GROUP},,", "it is there as a block: a unit keeps its tier"),
    (ROSTER, f"{FIRST},负责人,何明,10000000006,,", "何明 leads another block too"),
    (ROSTER, f"{FIRST},负责人,别人,10000000006,,", "known for somebody of another name"),
    (RESIDENTS, f"{GROUP},1,刘,", f"{GROUP} is not a block"),
    (RESIDENTS, f"{FIRST},1,刘,10010000009\n{SECOND},1,李,10010000009", "row 3: row 2 has the same phone"),
    (RESIDENTS, f"{SECOND},1,别人,10010000001", "known for somebody of another name"),
]


class Office:
    """Somebody who keeps the files and loads them."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.path = folder / "file.csv"

    async def loads(self, *lines: str, dry_run: bool = False) -> dict[What, int]:
        """Load a file; what it changes, by kind."""
        self.path.write_text("".join(lines), encoding="utf-8")
        (loaded,) = await load_files(self.settings, [self.path], dry_run=dry_run)
        return changed(loaded)

    async def is_refused(self, *lines: str) -> str:
        """Load a file that cannot be taken; what is said."""
        with pytest.raises(TerritoryError) as failure:
            await self.loads(*lines)
        return str(failure.value)


def changed(loaded: Loaded) -> dict[What, int]:
    return {what: count for what, count in loaded.changes.counts.items() if what is not What.UNCHANGED}


@pytest.fixture
async def office(settings: Settings, tmp_path: Path) -> Office:
    """An office that has loaded the example."""
    await load_files(settings, [EXAMPLE])
    return Office(settings, tmp_path)


async def report(settings: Settings, number: str, words: str) -> Issue:
    lane = await inbox.store(
        settings, Inbound(bridge="sms", external_id=f"SM{words}", sender=number, text=words)
    )
    assert lane is not None
    await inbox_worker.drain(settings, lane)
    issue = await Issue.all().order_by("-id").first()
    assert issue is not None
    return issue


async def test_an_example_of_every_kind_is_loaded_once_and_breaks_no_rule(
    settings: Settings, office: Office
) -> None:
    again = await load_files(settings, [EXAMPLE], dry_run=True)
    assert [(each.file, changed(each)) for each in again] == [
        (f"{name}.csv", {}) for name in ("units", "leaders", "residents", "places")
    ]
    report_ = await check(settings)
    assert (report_.units, report_.people, report_.places, report_.findings) == (9, 12, 2, [])
    chen = await Leadership.get(unit__code=FIRST).select_related("person")
    assert (chen.chosen, chen.person.party_member, chen.person.smartphone) == (
        Chosen.RECOMMENDED,
        True,
        False,
    )
    assert await Household.all().order_by("id").values_list("block__code", "label") == [
        (FIRST, "3号"),
        (FIRST, "5号"),
        (SECOND, "12号"),
    ]
    assert {place.kind for place in await Place.all()} == {"shop", "school"}


@ON_SQLITE
async def test_a_dry_run_says_all_and_changes_nothing(office: Office) -> None:
    lines = (UNITS, f"{FIRST},张庄一邻,邻,{GROUP},,\n", f"{GROUP}03,张庄第3邻,邻,{GROUP},7,\n")
    assert await office.loads(*lines, dry_run=True) == {What.RENAMED: 1, What.NEW: 1}
    assert await Unit.all().count() == 9
    assert await office.loads(*lines) == {What.RENAMED: 1, What.NEW: 1}
    assert await office.loads(*lines) == {}
    assert (await Unit.get(code=FIRST)).households == 9, "what a row leaves empty stays"


@ON_SQLITE
async def test_what_was_shown_is_what_is_done(settings: Settings, office: Office) -> None:
    office.path.write_text(f"{UNITS}{FIRST},张庄一邻,邻,{GROUP},,\n", encoding="utf-8")
    (shown,) = await load_files(settings, [office.path], dry_run=True)
    await Unit.filter(code=FIRST).update(name="张庄壹邻")
    with pytest.raises(TerritoryError, match="What would change is not what you have seen"):
        await load_files(settings, [office.path], expected=[shown.changes.fingerprint])
    assert (await Unit.get(code=FIRST)).name == "张庄壹邻"


async def test_a_group_moves_with_all_below_it_and_a_block_is_merged_with_its_issue(
    settings: Settings, office: Office
) -> None:
    issue = await report(settings, "+8610010000001", "村口的路灯坏了")
    lines = (
        UNITS,
        f"3401010102,第二片,片,{VILLAGE},,\n",
        f"{GROUP},张庄组,组,3401010102,,\n",
        f"{GROUP}03,张庄第3邻,邻,{GROUP},7,\n",
        f"{FIRST},张庄第1邻,邻,{GROUP},,{SECOND}\n",
    )
    assert await office.loads(*lines) == {What.NEW: 2, What.MOVED: 1, What.MERGED: 1}
    paths = dict(await Unit.filter(code__startswith=GROUP).values_list("code", "path"))
    above = f"34/3401/340101/{VILLAGE}/3401010102/{GROUP}/"
    blocks = (FIRST, SECOND, f"{GROUP}03")
    assert paths == {GROUP: above} | {code: f"{above}{code}/" for code in blocks}
    closed = await Unit.get(code=FIRST).select_related("merged_into")
    assert closed.closed_at is not None
    assert closed.merged_into is not None
    assert (closed.merged_into.code, closed.merged_into.households, closed.households) == (SECOND, 21, 9)
    assert await Person.filter(block_id=closed.id).count() == 0
    assert await Person.filter(block__code=SECOND).count() == 4
    assert not await Leadership.filter(unit_id=closed.id, until=None).exists()
    issue = await Issue.get(id=issue.id).select_related("block", "holder")
    assert issue.block is not None
    assert issue.holder is not None
    assert (issue.block.code, issue.holder.code, issue.state) == (SECOND, SECOND, State.OPEN)
    last = await Outbox.filter(bridge="sms").order_by("-id").first()
    assert last is not None
    assert "改由邻长何明负责" in last.payload["text"]

    assert await office.loads(*lines) == {}, "a second time changes nothing"
    findings = (await check(settings)).findings
    assert [finding.rule for finding in findings] == [
        Rule.HOUSEHOLDS,
        Rule.VACANT,
        Rule.CHILDLESS,
        Rule.UNCOVERED,
    ]
    assert f"{FIRST} is closed, it has become part of {SECOND}" in await office.is_refused(
        RESIDENTS, f"{FIRST},9号,新来的,\n"
    )
    assert f"it is closed, it has become part of {SECOND}" in await office.is_refused(
        UNITS, f"{FIRST},张庄第1邻,邻,{GROUP},,\n"
    )


async def test_a_whole_group_is_merged_and_its_blocks_go_over(settings: Settings, office: Office) -> None:
    await office.loads(UNITS, f"{GROUP[:-2]}02,李庄组,组,{GROUP[:-2]},,\n")
    other = f"{GROUP[:-2]}02"
    assert await office.loads(UNITS, f"{GROUP},张庄组,组,{GROUP[:-2]},,{other}\n") == {What.MERGED: 1}
    block = await Unit.get(code=FIRST).select_related("parent")
    assert block.parent is not None
    assert (block.parent.code, block.path.split("/")[-3:-1]) == (other, [other, FIRST])
    assert f"its parent {GROUP} is closed" in await office.is_refused(UNITS, f"{GROUP}09,新邻,邻,{GROUP},,\n")


@ON_SQLITE
async def test_a_row_that_breaks_a_rule_keeps_the_file_out(office: Office) -> None:
    for heading, row, said in REFUSED:
        refused = await office.is_refused(heading, f"{row}\n")
        assert said in refused
        assert "1001000000" not in refused


@ON_SQLITE
async def test_leaders_change_are_corrected_and_leave(office: Office) -> None:
    assert await office.loads(ROSTER, f"{FIRST},负责人,新邻长,10000000099,自荐,是\n") == {What.REPLACED: 1}
    posts = await Leadership.filter(unit__code=FIRST).order_by("id").values_list("person__name", "until")
    assert [(name, until is None) for name, until in posts] == [("陈建国", False), ("新邻长", True)]
    corrected = f"{FIRST},负责人,辛邻长,10000000099,推荐,否\n"
    assert await office.loads(ROSTER, corrected) == {What.RENAMED: 1}
    post = await Leadership.get(unit__code=FIRST, until=None).select_related("person")
    assert (post.chosen, post.person.name, post.person.smartphone) == (
        Chosen.RECOMMENDED,
        "辛邻长",
        False,
    )
    assert await office.loads(ROSTER, f"{FIRST},负责人,,,,\n") == {What.VACATED: 1}
    assert await office.loads(ROSTER, f"{FIRST},负责人,,,,\n") == {}
    assert not await Leadership.filter(unit__code=FIRST, until=None).exists()


@ON_SQLITE
async def test_residents_move_get_a_number_and_are_found_again(office: Office) -> None:
    lines = (RESIDENTS, f"{SECOND},8号,刘大爷,10010000001\n", f"{FIRST},3号,刘奶奶,100 1000 0077\n")
    assert await office.loads(*lines) == {What.MOVED: 1, What.CHANGED: 1}
    assert await office.loads(*lines) == {}
    moved = await Person.get(name="刘大爷").select_related("block", "household")
    assert moved.block is not None
    assert moved.household is not None
    assert (moved.block.code, moved.household.label) == (SECOND, "8号")
    assert await Address.filter(person__name="刘奶奶").count() == 1
    assert await Person.filter(name="刘奶奶").count() == 1


async def test_whatever_breaks_a_rule_is_found(settings: Settings, office: Office) -> None:
    first, second = await Unit.get(code=FIRST), await Unit.get(code=SECOND)
    async with in_transaction():
        wang = await Person.get(name="王建军")
        await Person.filter(id=wang.id).update(block_id=first.id)
        lost = await Person.create(name="没有家的人")
        number = settings.vault.lookup("whatsapp", "+8610010000003")
        sealed = settings.vault.seal("+8610010000003")
        await Address.create(person=lost, bridge="whatsapp", lookup=number, sealed=sealed)
        await Place.filter(name="魏岗小学").update(block_id=(await Unit.get(code=GROUP)).id)
        await Leadership.filter(unit_id=second.id).delete()
        await Unit.filter(id=second.id).update(households=16)
    found = {finding.rule: finding.examples for finding in (await check(settings)).findings}
    assert found == {
        Rule.HOUSEHOLDS: (f"{SECOND}: 16",),
        Rule.VACANT: (SECOND,),
        Rule.UNCOVERED: ("何明", "马丽", "没有家的人"),
        Rule.ASTRAY: (f"{GROUP}: 魏岗小学",),
        Rule.TWO_BLOCKS: (f"王建军: {FIRST}, {SECOND}",),
        Rule.SAME_PHONE: ("王建军, 没有家的人",),
    }
