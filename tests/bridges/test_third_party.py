"""The example bridge of docs/bridges.md, found by its entry point, carries a conversation."""

import shutil
import tomllib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI, HTTPException

from bridges import registry
from bridges.contract import Bridge, Media, Outbound
from demo.carrier.server import bind
from escalator import inbox, outbox, parts
from escalator.delivery import ToPerson
from linzhang.settings import Settings, SettingsError
from models import Inbox, Issue, OutboxState
from models import Outbox as Row
from tests.factories import make_settings, open_database, plant, resident
from tests.issues.diary import Leader
from tests.sms.wire import serving
from web.app import create_app

EXAMPLE = Path(__file__).parents[2] / "examples" / "pager"
SECRET = {"Authorization": "Bearer pager-secret"}


@dataclass
class Company:
    """The pager company: keeps a page per key, and shows it by its key."""

    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/pages")
        async def page(page: dict[str, Any]) -> dict[str, str]:
            self.pages[page["key"]] = page
            self.sent.append(page["text"])
            return {"id": f"P{len(self.sent)}"}

        @app.get("/pages/{key}")
        async def find(key: str) -> dict[str, str]:
            if key not in self.pages:
                raise HTTPException(404)
            return {"id": f"of {key}"}

        return app


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The example in a folder of its own, with what an installer writes down beside it."""
    folder = tmp_path / "third-party"
    about = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())
    project = about["project"]
    facts = folder / f"linzhang_pager-{project['version']}.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n")
    (group,) = project["entry-points"].items()
    lines = [f"[{group[0]}]", *(f"{name} = {target}" for name, target in group[1].items())]
    (facts / "entry_points.txt").write_text("\n".join(lines))
    for module in about["tool"]["setuptools"]["py-modules"]:
        shutil.copy(EXAMPLE / f"{module}.py", folder)
    return folder


@pytest_asyncio.fixture
async def company() -> AsyncIterator[tuple[Company, str]]:
    """The pager company, and where it is."""
    made = Company()
    async with serving(made.app(), bind(0)) as url:
        yield made, url


@pytest_asyncio.fixture
async def settings(
    tmp_path: Path, package: Path, company: tuple[Company, str], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Settings]:
    """Settings with a table for the pager, and their database."""
    monkeypatch.syspath_prepend(str(package))
    table = {"api_url": company[1], "token": "pager-secret"}
    made = make_settings(tmp_path, bridges={"pager": table})
    async with open_database(made):
        yield made


@pytest_asyncio.fixture
async def pager(settings: Settings) -> AsyncIterator[Bridge]:
    """The bridge, as the registry finds it."""
    (bridge,) = registry.third_parties(settings)
    yield bridge
    await bridge.close()


async def carry_out(settings: Settings, bridge: Bridge) -> None:
    deliverer = ToPerson(settings, bridge, None)  # type: ignore[arg-type]  # nothing is enclosed
    for lane in await outbox.due_lanes(settings, 10):
        if lane.startswith("address:"):
            await outbox.drain(settings, {bridge.name: deliverer}, lane)


async def test_a_page_becomes_an_issue_and_is_answered(
    settings: Settings, pager: Bridge, company: tuple[Company, str]
) -> None:
    """In by its webhook, once however often it comes; out in parts that a pager takes, without buttons."""
    territory = await plant()
    await resident(settings, territory.block, number="pager-7", bridge="pager")
    transport = httpx.ASGITransport(create_app(settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        page = {"id": "1", "sender": "pager-7", "text": "路灯坏了"}
        assert (await http.post("/pager/inbound", json=page)).status_code == 403
        assert (await http.post("/pager/inbound", json=page, headers=SECRET)).json() is True
        assert (await http.post("/pager/inbound", json=page, headers=SECRET)).json() is False
    row = await Inbox.get()
    assert row.bridge == "pager"
    await inbox.drain(settings, row.lane)
    issue = await Issue.get()

    leader = Leader(settings, territory.leaders["block"])
    await leader.answers(issue.number, "电工明天上午来修。" * 12)
    await leader.resolves(issue.number)
    await carry_out(settings, pager)
    sent = company[0].sent
    assert all(len(each) <= 80 for each in sent)
    assert "".join(sent[1:-1]).count("电工明天上午来修。") == 12, "nothing of a long answer is lost"
    assert "请回1" in sent[-1], "who has no buttons is told what to type"
    assert not await Row.filter(bridge="pager").exclude(state=OutboxState.SENT).exists()


async def test_a_part_that_may_have_gone_out_is_asked_for(
    settings: Settings, pager: Bridge, company: tuple[Company, str]
) -> None:
    """A worker dies behind the first of two parts: only the second is sent again."""
    territory = await plant()
    address = await resident(settings, territory.block, number="pager-7", bridge="pager")
    wall = settings.clock.wall()
    row = await Row.create(
        key="k1",
        lane=f"address:{address.id}",
        bridge="pager",
        address=address,
        payload={"text": "第一句话说到这里就完了。" * 5 + "第二句。" * 10},
        state=OutboxState.CALLING,
        created_at=wall,
        not_before=wall,
        leased_until=wall,
    )
    first, second = parts.split(row.payload["text"], pager.capabilities.text_limit)
    await pager.deliver(Outbound(key="k1.p1", address="pager-7", text=first))
    await carry_out(settings, pager)
    assert company[0].sent == [first, second]
    await row.refresh_from_db()
    assert (row.state, row.external_id) == (OutboxState.SENT, "P2")


async def test_what_it_cannot_carry_is_linked(pager: Bridge) -> None:
    assert not pager.carries(Media("mxc://test/1", "image/jpeg"), "pager-7")


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"pigeon": {}}, "LINZHANG_BRIDGES__PIGEON: no installed package brings a bridge of this name."),
        ({"pager": {"api_url": "x"}}, "LINZHANG_BRIDGES__PAGER: write api_url and token"),
        ({"sms": {}}, "LINZHANG_BRIDGES__SMS: a bridge of Linzhang's own is called so."),
    ],
)
async def test_a_table_that_cannot_be_used_is_named(
    settings: Settings, tmp_path: Path, tables: dict[str, Any], said: str
) -> None:
    wrong = make_settings(tmp_path, bridges=tables)
    with pytest.raises(SettingsError, match=f"^{said}$"):
        registry.third_parties(wrong)
    assert "api_url" not in repr(wrong)
