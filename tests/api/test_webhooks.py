"""Webhooks: what changes reaches an address signed, once there, and never leads into our own network."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI, Request, Response
from uvicorn import Config, Server

from escalator import hooking, outbox, projecting
from escalator.webhooks import reach, signing, targets
from escalator.webhooks.delivery import ToWebhook
from escalator.webhooks.targets import Event
from linzhang.settings import Settings
from models import AdminAction, Outbox, OutboxState, Unit, WebhookTarget
from tests.api.programme import Api, api_for
from tests.desk.desk import Desk
from tests.factories import Territory, appoint, make_settings, open_database, plant, resident
from tests.issues.diary import Phone

DOCS = Path(__file__).parents[2] / "docs" / "api.md"


@dataclass
class Receiver:
    """Somebody's system, on this machine."""

    port: int = 0
    status: int = 204
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://localhost:{self.port}/hooks?a=1"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A system that listens."""
    made, app = Receiver(), FastAPI()

    @app.post("/hooks")
    async def take(request: Request) -> Response:
        made.got.append((dict(request.headers), await request.body()))
        return Response(status_code=made.status, headers={"Location": "http://127.0.0.1:1/"})

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        # From now on it takes calls, whether or not somebody has begun to answer them.
        listening.listen()
        made.port = listening.getsockname()[1]
        server = Server(Config(app, log_level="warning", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield made
        server.should_exit = True
        await serving


@pytest.fixture
async def open_settings(tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings that allow this machine."""
    settings = make_settings(tmp_path, webhook_networks=["127.0.0.0/8", "::1/128"])
    async with open_database(settings):
        yield settings


async def told(settings: Settings) -> None:
    """Let everything be projected, put down and sent that can be."""
    await projecting.run(settings, 100)
    while (await hooking.run(settings, 100))[0]:
        pass
    sender = ToWebhook(settings)
    for lane in await outbox.due_lanes(settings, 100):
        if lane.startswith(targets.NAME):
            await outbox.drain(settings, {targets.NAME: sender}, lane)
    await sender.close()


async def test_an_address_is_told_what_changes_in_its_unit_and_can_prove_that_we_did(
    open_settings: Settings, receiver: Receiver
) -> None:
    settings = open_settings
    territory, api = await plant(), api_for(settings)
    leader = territory.leaders["village"]
    async with Desk(settings, api.app).browser(leader) as browser:
        given = {"url": receiver.url, "unit": territory.block.code, "events": "issue.changed"}
        page = (await browser.post("/desk/webhooks", **given)).text
        secret = re.findall(r"whsec_[A-Za-z0-9+/=]+", page)[0]
        assert secret not in (await browser.get("/desk/webhooks")).text
    await resident(settings, territory.block)
    await resident(settings, territory.units["peace"], name="外人", number="+8613900000001")
    await Phone(settings).text("私密 邻居打人")
    await Phone(settings, "+8613900000001").text("别处的事")
    await told(settings)
    (headers, body), *others = receiver.got
    assert not others
    said = json.loads(body)
    assert (said["type"], said["data"]["number"], said["data"]["state"]) == ("issue.changed", 1001, "open")
    assert said["data"]["block"] == territory.block.code
    assert "打人" not in body.decode()
    assert "138" not in body.decode()
    assert _verified_as_the_docs_say(secret, headers, body)
    assert not _verified_as_the_docs_say(signing.new_secret(), headers, body)
    await told(settings)
    assert len(receiver.got) == 1


async def test_a_department_is_told_of_what_was_referred_to_it(
    settings: Settings, territory: Territory, api: Api, phone: Phone
) -> None:
    tier, village = settings.territory.department, territory.units["village"]
    assert tier is not None
    water = await Unit.create(
        code="water", name="供水站", tier=tier.key, parent=village, path=f"{village.path}water/"
    )
    chief = await appoint(water, "站长")
    await targets.make(settings, chief, water, "https://water.example/", [Event.ISSUE], "a test")
    await phone.text("自来水停了")
    await projecting.run(settings, 100)
    await hooking.run(settings, 100)
    assert not await Outbox.filter(bridge=targets.NAME).exists(), "it is not theirs yet"
    async with api.programme(territory.leaders["block"]) as programme:
        referred = await programme.post(
            "/api/v1/issues/1001/refer", json={"department": "water", "reason": "总管"}
        )
        assert referred.status_code == 200
    await projecting.run(settings, 100)
    await hooking.run(settings, 100)
    row = await Outbox.get(bridge=targets.NAME)
    assert row.payload["body"]["data"]["holder"] == "water"


def _verified_as_the_docs_say(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """What the example in the docs says."""
    example = DOCS.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    namespace: dict[str, object] = {}
    exec(example, namespace)
    return bool(namespace["is_ours"](secret, headers, body))  # type: ignore[operator]


async def test_what_does_not_arrive_is_sent_again_and_a_target_that_fails_for_days_is_given_up(
    open_settings: Settings, receiver: Receiver
) -> None:
    settings = open_settings
    territory, api = await plant(), api_for(settings)
    leader = territory.leaders["village"]
    target, _ = await targets.make(
        settings, leader, territory.units["village"], receiver.url, list(Event), "a test"
    )
    await resident(settings, territory.block)
    for receiver.status in (302, 500):
        await Phone(settings).text("新 楼道灯坏了") if receiver.status == 302 else None
        await Outbox.filter(bridge=targets.NAME).update(not_before=settings.clock.wall())
        await told(settings)
    assert [headers["webhook-id"] for headers, _ in receiver.got] == [receiver.got[0][0]["webhook-id"]] * 2
    await target.refresh_from_db()
    assert (target.failures, target.disabled_at) == (2, None)
    long_ago = settings.clock.wall() - targets.PATIENCE - timedelta(minutes=1)
    await WebhookTarget.filter(id=target.id).update(failing_since=long_ago)
    await Outbox.filter(bridge=targets.NAME).update(not_before=settings.clock.wall())
    await told(settings)
    await target.refresh_from_db()
    assert target.disabled_at is not None
    assert await AdminAction.filter(action="webhook off", detail="answered 500").exists()
    async with api.programme(leader) as programme:
        assert (await programme.get("/api/v1/triage")).json()["webhooks"] == 1
    async with Desk(settings, api.app).browser(leader) as browser:
        assert (await browser.post(f"/desk/webhooks/{target.id}/enable")).status_code == 303
        receiver.status, before = 204, len(receiver.got)
        async with api.programme(leader) as programme:
            await programme.post("/api/v1/issues/1001/accept")
        await Outbox.filter(bridge=targets.NAME).update(not_before=settings.clock.wall())
        await told(settings)
        assert len(receiver.got) > before
        assert (await browser.post(f"/desk/webhooks/{target.id}/remove")).status_code == 303
    assert not await Outbox.filter(bridge=targets.NAME, state=OutboxState.WAITING).exists()


INSIDE = [
    "https://127.0.0.1/",
    "https://10.0.0.1/",
    "https://192.168.1.1:8443/x",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://0.0.0.0/",
    "https://[::1]/",
    "https://[fe80::1]/",
    "https://[fd00::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[64:ff9b::a00:1]/",
    "https://224.0.0.1/",
    "https://localhost/",
    "http://1.1.1.1/",
]


@pytest.mark.parametrize("url", INSIDE)
async def test_nothing_inside_our_own_network_is_called(url: str) -> None:
    with pytest.raises(reach.Unreachable):
        await reach.resolve(reach.read(url), [])


async def test_what_an_administrator_has_allowed_is_called() -> None:
    assert str(await reach.resolve(reach.read("https://10.1.2.3/"), ["10.1.0.0/16"])) == "10.1.2.3"
    assert str(await reach.resolve(reach.read("https://1.1.1.1/"), [])) == "1.1.1.1"


WRONG = ["", "ftp://x.example/", "https://", "https://a:b@x.example/", "https://x.example/#a", "https://x y/"]


@pytest.mark.parametrize("url", WRONG)
async def test_what_is_no_address_is_not_kept(
    settings: Settings, territory: Territory, api: Api, url: str
) -> None:
    async with Desk(settings, api.app).browser(territory.leaders["village"]) as browser:
        given = {"url": url, "unit": territory.block.code, "events": "issue.changed"}
        assert (await browser.post("/desk/webhooks", **given)).status_code == 422
        foreign = {"url": "https://x.example/", "unit": "34010102", "events": "issue.changed"}
        assert (await browser.post("/desk/webhooks", **foreign)).status_code == 422
    assert not await WebhookTarget.exists()
