"""A phone, the real carrier and the served webhooks: the whole way in both directions."""

import base64
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI

from bridges.contract import Inbound, Kind, Outbound
from bridges.sms.bridge import SmsBridge
from tests.sms.wire import HOST, PHONE, Store, account, serving, until


@dataclass
class Line:
    """The bridge on a real socket, and the carrier that calls it."""

    bridge: SmsBridge
    control: httpx.AsyncClient
    store: Store

    async def receipts(self, *wanted: str) -> list[Inbound] | None:
        """The receipts, as soon as every status has been told."""
        found = [event for event in self.store.events if event.kind is Kind.RECEIPT]
        return found if {event.detail["status"] for event in found} == set(wanted) else None


@pytest.fixture
async def line(carrier_url: str, control: httpx.AsyncClient, store: Store) -> AsyncIterator[Line]:
    """Phones can text the service, and the service hears what becomes of its answers."""
    listener = socket.create_server((HOST, 0))
    url = f"http://{HOST}:{listener.getsockname()[1]}"
    bridge = SmsBridge(account(carrier_url), public_url=url, region="CN")
    app = FastAPI()
    app.include_router(bridge.routes(store.accept))
    async with serving(app, listener):
        (await control.patch("/settings", json={"sms_url": f"{url}/sms/inbound"})).raise_for_status()
        yield Line(bridge, control, store)
        (await control.post("/reset")).raise_for_status()  # nobody is there to hear the rest
    await bridge.close()


async def test_a_phone_texts_the_service(line: Line) -> None:
    sent = await line.control.post(f"/phones/{PHONE}/texts", json={"body": "路灯坏了 😀", "copies": 8})
    assert sent.json()["status_codes"] == [200] * 8
    assert sent.json()["errors"] == [[]] * 8  # the carrier understands the answer, and says nothing itself
    event = line.store.only
    assert (event.external_id, event.sender, event.text) == (sent.json()["sid"], PHONE, "路灯坏了 😀")


async def test_a_picture_of_the_carrier_can_be_fetched(line: Line) -> None:
    media = [{"content_type": "image/png", "base64": base64.b64encode(b"png").decode()}]
    await line.control.post(f"/phones/{PHONE}/texts", json={"body": "", "media": media})
    (picture,) = line.store.only.media
    assert picture.content_type == "image/png"
    twilio = account()
    async with httpx.AsyncClient(auth=(twilio.account_sid, twilio.auth_token.get_secret_value())) as client:
        assert (await client.get(picture.url)).content == b"png"


@pytest.mark.parametrize("signature", ["wrong", "none"])
async def test_somebody_else_is_turned_away(line: Line, signature: str) -> None:
    sent = await line.control.post(f"/phones/{PHONE}/texts", json={"body": "x", "signature": signature})
    assert sent.json()["status_code"] == 403
    assert line.store.offered == 0


async def test_stop_is_told_to_the_core(line: Line) -> None:
    await line.control.post(f"/phones/{PHONE}/texts", json={"body": "stop"})
    assert line.store.only.detail == {"opt_out": "STOP"}


async def test_an_answer_comes_back_with_receipts_of_its_key(line: Line) -> None:
    key = "issue:7/收到&x=1#?+ %"
    delivered = await line.bridge.deliver(Outbound(key, PHONE, "收到"))
    receipts = await until(lambda: line.receipts("sent", "delivered"), "the receipts")
    assert {event.detail["key"] for event in receipts} == {key}
    assert {event.target for event in receipts} == {delivered.external_id}
    assert {event.sender for event in receipts} == {PHONE}


async def test_a_message_that_did_not_arrive_is_reported(line: Line) -> None:
    await line.control.put(f"/phones/{PHONE}", json={"behaviour": "off"})
    await line.bridge.deliver(Outbound("k", PHONE, "收到"))
    receipts = await until(lambda: line.receipts("sent", "undelivered"), "the receipts")
    codes = {event.detail["status"]: event.detail["code"] for event in receipts}
    assert codes == {"sent": None, "undelivered": 30003}


async def test_receipts_that_come_twice_are_told_once(line: Line) -> None:
    await line.control.post("/faults", json={"kind": "callbacks_twice", "count": 2})
    await line.bridge.deliver(Outbound("k", PHONE, "收到"))
    receipts = await until(lambda: line.receipts("sent", "delivered"), "the receipts")
    assert len(receipts) == 2
