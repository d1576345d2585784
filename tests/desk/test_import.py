"""Files handed in on the desk: first what they would change, then exactly that, once."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from escalator import importing
from linzhang.settings import Settings
from models import AdminAction, Border, Import, ImportPiece, ImportState, Leadership, Unit
from territory import carrying_out, imports
from tests.desk.desk import Browser, Desk
from tests.factories import Territory, appoint

UNITS = "编码,名称,层级,上级编码\n340101010103,王庄组,组,3401010101\n34010101010101,第三邻,邻,340101010101\n"
ROSTER = "单元编码,职务,姓名,电话\n340101010103,负责人,王明,13900000001\n"
FORM = {"Content-Type": "multipart/form-data; boundary=x"}
PLAN = "将有以下变动"


@pytest.fixture
async def admin(territory: Territory, desk: Desk) -> AsyncIterator[Browser]:
    """The browser of whoever leads the city."""
    async with desk.browser(await appoint(territory.units["city"], "市办")) as browser:
        yield browser


async def hand_in(browser: Browser, **files: str) -> str:
    """Hand files in by name; the address of the import."""
    sent = [("file", (f"{name}.csv", words.encode(), "text/csv")) for name, words in files.items()]
    answer = await browser.http.post("/desk/admin/import", data={"form_word": browser.form_word}, files=sent)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def worker(settings: Settings) -> None:
    """Do what waits, as a worker's child does it."""
    claimed = await imports.claim(settings)
    assert claimed is not None
    await carrying_out.carry_out(settings, claimed)


async def test_what_is_shown_is_applied_once_and_recorded(settings: Settings, admin: Browser) -> None:
    address = await hand_in(admin, leaders=ROSTER, units=UNITS)
    assert "data-follow" in (await admin.get(address)).text
    await worker(settings)
    page = (await admin.get(address)).text
    assert PLAN in page
    assert "340101010103: 王明" in page, "the roster came after the units, whatever the order they came in"
    assert "第3邻 → 第三邻" in page
    assert "13900000001" not in page
    assert not await Unit.exists(code="340101010103")
    assert (await admin.post(f"{address}/apply")).status_code == 303
    assert (await admin.http.get(f"{address}/state")).json()["state"] == "wanted"
    assert await importing.do_next(settings), "as the worker does it: in a process of its own"
    assert "全部变动已执行" in (await admin.get(address)).text
    assert await Leadership.exists(unit__code="340101010103", person__name="王明")
    deed = await AdminAction.get()
    assert (deed.who, deed.action, deed.subject) == ("市办", "import", "units.csv, leaders.csv")
    assert deed.detail == "units: new 1, renamed 1; roster: appointed 1"
    assert not await ImportPiece.exists(), "files are gone as soon as they are applied"
    again = await hand_in(admin, units=UNITS, leaders=ROSTER)
    await worker(settings)
    page = (await admin.get(again)).text
    assert "没有带来任何变动" in page
    assert f'action="{again}/apply"' not in page


async def test_what_has_changed_meanwhile_is_shown_and_not_applied(
    settings: Settings, admin: Browser
) -> None:
    address = await hand_in(admin, units=UNITS)
    await worker(settings)
    await Unit.filter(code="34010101010101").update(name="第叁邻")
    await admin.post(f"{address}/apply")
    await worker(settings)
    page = (await admin.get(address)).text
    assert "没有执行" in page
    assert "第叁邻 → 第三邻" in page
    assert not await Unit.exists(code="340101010103")
    await admin.post(f"{address}/apply")
    await worker(settings)
    assert (await Unit.get(code="34010101010101")).name == "第三邻"


async def test_borders_come_with_the_units_that_they_are_of(settings: Settings, admin: Browser) -> None:
    square = [[[115, 33], [116, 33], [116, 34], [115, 34], [115, 33]]]
    feature = {"type": "Feature", "properties": {"code": "34"}}
    feature["geometry"] = {"type": "Polygon", "coordinates": square}
    geojson = json.dumps({"type": "FeatureCollection", "features": [feature]})
    sent = [("file", (name, words.encode())) for name, words in (("map.geojson", geojson), ("u.csv", UNITS))]
    form = {"form_word": admin.form_word}
    address = (await admin.http.post("/desk/admin/import", data=form, files=sent)).headers["location"]
    await worker(settings)
    page = (await admin.get(address)).text
    assert page.index("u.csv</h3>") < page.index("map.geojson</h3>")
    assert "第1个图形" in page
    assert not await Border.exists()
    await admin.post(f"{address}/apply")
    await worker(settings)
    assert await Border.exists(unit__code="34")
    assert (await AdminAction.get()).detail == "units: new 1, renamed 1; borders: new 1"


async def test_mistakes_are_named_by_file_and_row_in_the_readers_language(
    settings: Settings, admin: Browser
) -> None:
    address = await hand_in(admin, units=UNITS, leaders=ROSTER.replace("13900000001", "12"))
    await worker(settings)
    page = (await admin.get(address)).text
    assert "leaders.csv</span> 第2行" in page
    assert not await ImportPiece.exists()
    await admin.http.post("/desk/tastes", data={"language": "en"})
    assert "row 2: phone: this is not a phone number" in (await admin.get(address)).text


async def test_a_worker_that_dies_changes_nothing_and_the_page_says_so(
    settings: Settings, admin: Browser
) -> None:
    address = await hand_in(admin, units=UNITS)
    await worker(settings)
    await admin.post(f"{address}/apply")
    claimed = await imports.claim(settings)
    assert claimed is not None
    assert await imports.claim(settings) is None, "another worker leaves it alone"
    await Import.all().update(leased_until=settings.clock.wall() - timedelta(seconds=1))
    assert await imports.claim(settings) is None
    assert "处理中断了" in (await admin.get(address)).text
    with pytest.raises(carrying_out.Lost):  # and when it comes back, nothing of what it does counts
        await carrying_out.carry_out(settings, claimed)
    assert not await Unit.exists(code="340101010103")


async def test_files_are_sealed_and_forgotten_after_an_hour(settings: Settings, admin: Browser) -> None:
    address = await hand_in(admin, leaders=ROSTER)
    assert b"13900000001" not in (await ImportPiece.get()).sealed
    old = settings.clock.wall() - imports.KEPT
    await Import.all().update(moved_at=old)
    assert await imports.claim(settings) is None
    assert not await ImportPiece.exists()
    assert (await admin.get(address)).status_code == 404


async def test_it_is_there_for_administrators_and_each_has_their_own(
    territory: Territory, desk: Desk, admin: Browser
) -> None:
    address = await hand_in(admin, **{"../../etc/units": UNITS})
    assert (await Import.get()).files == ["units.csv"]
    for person in (territory.leaders["township"], await appoint(territory.units["city"], "副市办")):
        async with desk.browser(person) as other:
            assert (await other.get(address)).status_code == 404
            assert (await other.post(f"{address}/apply")).status_code == 404
            assert (await other.post(f"{address}/drop")).status_code == 404
    async with desk.browser(territory.leaders["township"]) as other:
        assert (await other.get("/desk/admin/import")).status_code == 404
        assert (await other.get("/desk/admin/import/columns/units.csv")).status_code == 404
    assert (await Import.get()).state is ImportState.WAITING
    await admin.post(f"{address}/drop")
    assert not await Import.exists()


async def test_an_empty_file_with_its_heading_can_be_downloaded(admin: Browser) -> None:
    heading = (await admin.get("/desk/admin/import/columns/units.csv")).text
    assert heading.startswith("\ufeff编码,名称,层级,上级编码,")
    assert "并入编码" not in heading
    assert "单元编码" in (await admin.get("/desk/admin/import")).text


async def test_too_much_is_refused_before_it_is_read(admin: Browser) -> None:
    answer = await admin.http.post(
        "/desk/admin/import", content=b"x", headers={"Content-Length": str(1 << 40)} | FORM
    )
    assert answer.status_code == 413


async def test_a_long_name_of_a_file_is_one_that_file_systems_take(
    settings: Settings, territory: Territory
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"code"

    upload = imports.Upload(f"{'𠮷' * 200}.csv", pieces())
    made = await imports.hand_in(settings, territory.leaders["block"], [upload])
    (name,) = made.files
    assert name.endswith(".csv")
    assert len(name.encode()) <= 255
