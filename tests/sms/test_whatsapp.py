"""WhatsApp is the same bridge on another way: its own webhooks, its own prefix, the same numbers."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bridges.contract import Inbound, Kind, Media, Outbound, Refused, Unavailable
from bridges.registry import bridges, matrix_bridge, phone_bridges
from bridges.sms import channels
from bridges.sms.bridge import SmsBridge
from escalator import inbox as inbox_worker
from escalator import outbox
from escalator.delivery import ToPerson
from issues import inbox
from linzhang.settings import Twilio
from models import Outbox
from tests.factories import make_settings, open_database, plant, resident
from tests.issues.diary import Leader, Phone
from tests.sms.wire import (
    ACCOUNT,
    OUR_NUMBER,
    PHONE,
    PUBLIC_URL,
    Caller,
    Store,
    account,
    text_params,
    until,
)

SHE = f"whatsapp:{PHONE}"


def on_whatsapp(api_url: str = "https://api.twilio.com", **more: Any) -> SmsBridge:
    """A bridge on WhatsApp."""
    facts = {"whatsapp_number": OUR_NUMBER} | more
    twilio = Twilio.model_validate(account(api_url).model_dump() | facts)
    channel = channels.whatsapp(twilio)
    return SmsBridge(twilio, public_url=PUBLIC_URL, region="CN", channel=channel, timeout=1.0)


@pytest.fixture
async def bridge(carrier_url: str, control: httpx.AsyncClient) -> AsyncIterator[SmsBridge]:
    """The bridge, connected to the carrier."""
    bridge = on_whatsapp(carrier_url)
    yield bridge
    await bridge.close()


@pytest.fixture
async def caller(store: Store) -> AsyncIterator[Caller]:
    """Somebody who calls the webhooks of texts and of WhatsApp."""
    caller = Caller(store)
    app = FastAPI()
    app.include_router(on_whatsapp().routes(store.accept))
    app.include_router(SmsBridge(account(), public_url=PUBLIC_URL, region="CN").routes(store.accept))
    caller.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://10.0.0.7:8000")
    yield caller
    await caller.http.aclose()


def params(body: str = "路灯坏了", **more: str) -> dict[str, str]:
    """The parameters of a WhatsApp message."""
    base = {"From": SHE, "To": f"whatsapp:{OUR_NUMBER}", "ProfileName": "王奶奶", "WaId": PHONE[1:]}
    return text_params(body, **base | more)


async def test_a_message_comes_in_under_the_number_alone(caller: Caller, store: Store) -> None:
    answer = await caller.post("/whatsapp/inbound", params())
    assert answer.status_code == 200
    event = store.only
    assert (event.bridge, event.sender, event.text, event.detail) == ("whatsapp", PHONE, "路灯坏了", {})


async def test_the_same_number_by_text_is_the_same_address(caller: Caller, store: Store) -> None:
    await caller.post("/whatsapp/inbound", params(MessageSid="SM" + "1" * 32))
    await caller.post("/sms/inbound", text_params(MessageSid="SM" + "2" * 32))
    assert [(each.bridge, each.sender) for each in store.events] == [("whatsapp", PHONE), ("sms", PHONE)]


async def test_a_forged_message_is_turned_away(caller: Caller, store: Store) -> None:
    assert (await caller.post("/whatsapp/inbound", params(), token="other")).status_code == 403
    # A signature for texts is none for WhatsApp: the address is part of what is signed.
    signed = f"{PUBLIC_URL}/sms"
    forged = await caller.post("/whatsapp/inbound", params(), signed_url=signed)
    assert forged.status_code == 403
    assert store.events == []


async def test_the_carriers_words_to_stop_are_ours_here(caller: Caller, store: Store) -> None:
    await caller.post("/whatsapp/inbound", params("STOP", OptOutType="STOP"))
    assert (store.only.text, store.only.detail) == ("STOP", {})


async def test_a_place_on_a_map_becomes_words(caller: Caller, store: Store) -> None:
    place = {"Latitude": "33.8641", "Longitude": "115.7785", "Label": "村口", "Address": "魏岗镇"}
    await caller.post("/whatsapp/inbound", params("", **place))
    assert store.only.text == "村口\n魏岗镇\n📍 33.8641, 115.7785"


@pytest.mark.parametrize("latitude", ["", "north", "1e9", "<b>", "33.8\0"])
async def test_what_is_no_place_is_left_out(caller: Caller, store: Store, latitude: str) -> None:
    await caller.post("/whatsapp/inbound", params("看", Latitude=latitude, Longitude="1"))
    assert store.only.text == "看"


async def test_a_message_was_read(caller: Caller, store: Store) -> None:
    path = "/whatsapp/status?key=i7.1.0"
    sid = "SM" + "c" * 32
    answer = await caller.post(
        path, {"MessageSid": sid, "MessageStatus": "read", "To": SHE, "AccountSid": ACCOUNT}
    )
    assert answer.status_code == 204
    event = store.only
    assert (event.bridge, event.kind, event.sender, event.target) == ("whatsapp", Kind.RECEIPT, PHONE, sid)
    assert (event.detail["status"], event.detail["key"]) == ("read", "i7.1.0")


async def test_words_and_pictures_go_out_with_the_prefix(
    bridge: SmsBridge, control: httpx.AsyncClient
) -> None:
    picture = Media("https://linzhang.example/m/x", "image/jpeg")
    delivered = await bridge.deliver(Outbound("k", PHONE, "收到", [picture]))
    (message,) = (await control.get(f"/phones/{PHONE}/messages")).json()["messages"]
    assert message["sid"] == delivered.external_id
    assert (message["from"], message["to"]) == (f"whatsapp:{OUR_NUMBER}", SHE)
    record = (await control.get("/records")).json()["messages"][0]
    assert record["status_callback"] == f"{PUBLIC_URL}/whatsapp/status?key=k"


async def test_what_may_have_been_sent_is_found_on_its_own_way_only(
    bridge: SmsBridge, carrier_url: str, control: httpx.AsyncClient
) -> None:
    words = Outbound("k", PHONE, "收到")
    since = datetime.now(UTC) - timedelta(seconds=5)
    by_text = SmsBridge(account(carrier_url), public_url=PUBLIC_URL, region="CN")
    await by_text.deliver(words)
    assert await bridge.find(words, since, []) is None
    sent = await bridge.deliver(words)
    assert await bridge.find(words, since, []) == await bridge.find(words, since, ["other"])
    found = await bridge.find(words, since, [])
    assert found is not None
    assert found.external_id == sent.external_id
    await by_text.close()


async def test_a_number_that_is_not_on_whatsapp_is_the_operators_to_repair(
    carrier_url: str, control: httpx.AsyncClient
) -> None:
    twilio = Twilio.model_validate(account(carrier_url).model_dump() | {"whatsapp_number": "+8655899999999"})
    bridge = SmsBridge(twilio, public_url=PUBLIC_URL, region="CN", channel=channels.whatsapp(twilio))
    with pytest.raises(Unavailable) as caught:
        await bridge.deliver(Outbound("k", PHONE, "收到"))
    assert caught.value.code == 63007
    await bridge.close()


TEMPLATE, OTHER_TEMPLATE = "HX" + "1" * 32, "HX" + "2" * 32


@pytest.fixture
async def approved(carrier_url: str, control: httpx.AsyncClient) -> AsyncIterator[SmsBridge]:
    """A bridge with templates, and a phone that has not written for a day."""
    filled = {
        TEMPLATE: "关于您的问题：{{1}} 可以直接回复。",
        OTHER_TEMPLATE: "Your issue: {{1}} Just answer.",
    }
    (await control.patch("/settings", json={"templates": filled, "whatsapp_window": 0})).raise_for_status()
    (await control.put(f"/phones/{PHONE}", json={"behaviour": "window_closed"})).raise_for_status()
    forms = {"answer": {"zh-Hans": TEMPLATE}, "any": {"en": OTHER_TEMPLATE}}
    bridge = on_whatsapp(carrier_url, whatsapp_templates=forms)
    yield bridge
    await bridge.close()
    await control.patch("/settings", json={"templates": {}, "whatsapp_window": 86400})


async def fate(control: httpx.AsyncClient, sid: str) -> tuple[str, int | None]:
    """How a message ended."""

    async def ended() -> tuple[str, int | None] | None:
        listed = (await control.get(f"/phones/{PHONE}/messages")).json()["messages"]
        message = next(each for each in listed if each["sid"] == sid)
        done = message["status"] in ("delivered", "undelivered", "failed", "read")
        return (message["status"], message["error_code"]) if done else None

    return await until(ended, "the message's fate")


async def test_who_wrote_too_long_ago_gets_the_approved_form(
    approved: SmsBridge, control: httpx.AsyncClient
) -> None:
    since = datetime.now(UTC) - timedelta(seconds=5)
    free = Outbound("k", PHONE, "下午来修\n请留人", language="zh-Hans", kind="answer")
    sent = await approved.deliver(free)
    assert await fate(control, sent.external_id) == ("undelivered", 63016)
    form = replace(free, key="k.t", prescribed=True)
    sent = await approved.deliver(form)
    assert (await fate(control, sent.external_id))[0] == "delivered"
    (message,) = [
        each
        for each in (await control.get(f"/phones/{PHONE}/messages")).json()["messages"]
        if each["sid"] == sent.external_id
    ]
    assert message["body"] == "关于您的问题：下午来修 请留人 可以直接回复。"
    assert await approved.find(form, since, []) is not None
    english = Outbound("e", PHONE, "Coal comes at three.", language="en", kind="solved", prescribed=True)
    sent = await approved.deliver(english)
    assert (await fate(control, sent.external_id))[0] == "delivered"


async def test_what_has_no_approved_form_is_refused_as_if_it_had_been_sent(approved: SmsBridge) -> None:
    for kind, language in (("solved", "zh-Hans"), ("", "fr")):
        with pytest.raises(Refused) as caught:
            await approved.deliver(
                Outbound("k", PHONE, "收到", language=language, kind=kind, prescribed=True)
            )
        assert caught.value.code == 63016


async def test_a_template_that_the_carrier_does_not_know_is_the_operators_to_repair(
    approved: SmsBridge, control: httpx.AsyncClient
) -> None:
    (await control.patch("/settings", json={"templates": {}})).raise_for_status()
    with pytest.raises(Unavailable) as caught:
        await approved.deliver(
            Outbound("k", PHONE, "收到", language="zh-Hans", kind="answer", prescribed=True)
        )
    assert caught.value.code == 21655


@pytest.mark.parametrize(
    ("medium", "carried"),
    [
        (Media("https://linzhang.example/m/x", "image/jpeg", 15_000_000), True),
        (Media("https://linzhang.example/m/x", "audio/mpeg"), True),
        (Media("https://linzhang.example/m/x", "image/jpeg", 16_000_001), False),
        (Media("https://linzhang.example/m/x", "image/gif"), False),
        (Media("mxc://localhost/abc", "image/jpeg"), False),
    ],
)
def test_pictures_go_everywhere(medium: Media, carried: bool) -> None:
    assert on_whatsapp().carries(medium, PHONE) is carried


@pytest.mark.parametrize(("number", "names"), [(None, ["sms"]), (OUR_NUMBER, ["sms", "whatsapp"])])
async def test_bridges_with_phone_numbers_are_known_by_what_they_can(
    tmp_path: Path, number: str | None, names: list[str]
) -> None:
    settings = make_settings(tmp_path, twilio=account().model_dump() | {"whatsapp_number": number})
    matrix = matrix_bridge(settings)
    made = bridges(settings, matrix)
    named = [name for name, bridge in made.items() if bridge.capabilities.phone_numbers]
    assert named == list(phone_bridges(settings)) == names
    await matrix.close()


async def test_a_late_answer_comes_into_the_chat_in_its_approved_form(
    approved: SmsBridge, control: httpx.AsyncClient, tmp_path: Path
) -> None:
    facts = {"whatsapp_number": OUR_NUMBER, "whatsapp_templates": {"answer": {"zh-Hans": TEMPLATE}}}
    settings = make_settings(tmp_path, twilio=account().model_dump() | facts)
    encloser: object = None  # nothing goes along
    deliverer = ToPerson(settings, approved, encloser)  # type: ignore[arg-type]

    async def goes_out() -> Outbox:
        row = await Outbox.filter(bridge="whatsapp").order_by("-id").first()
        assert row is not None
        await outbox.drain(settings, {"whatsapp": deliverer}, row.lane)
        return await Outbox.get(id=row.id)

    async with open_database(settings):
        territory = await plant()
        await resident(settings, territory.block, number=PHONE, bridge="whatsapp")
        await Phone(settings, number=PHONE, bridge="whatsapp").text("煤没有了")
        await Leader(settings, territory.leaders["block"]).answers(1001, "下午送煤来")
        late = await goes_out()
        status, code = await fate(control, late.external_id or "")
        told = {"status": status, "code": code, "key": late.key}
        receipt = Inbound("whatsapp", "1", PHONE, Kind.RECEIPT, target=late.external_id or "", detail=told)
        lane = await inbox.store(settings, receipt)
        assert lane is not None
        await inbox_worker.drain(settings, lane)
        again = await goes_out()
        assert again.key == f"{late.key}.t"
        assert (await fate(control, again.external_id or ""))[0] == "delivered"
        listed = (await control.get(f"/phones/{PHONE}/messages")).json()["messages"]
        (body,) = [each["body"] for each in listed if each["sid"] == again.external_id]
        assert body == "关于您的问题：邻长陈建国回您（编号1001）：下午送煤来 可以直接回复。"
