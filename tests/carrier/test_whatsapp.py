"""WhatsApp through the same Messages API: addresses, webhooks, statuses, the window, templates."""

import base64
from typing import Any

import pytest
from fastapi import Response
from twilio.base.exceptions import TwilioRestException

from tests.carrier.line import (
    ACCOUNT,
    ALSO_OURS,
    OTHER_PHONE,
    OURS,
    PHONE,
    Application,
    Line,
)

WE = f"whatsapp:{OURS}"
SHE = f"whatsapp:{PHONE}"
TEMPLATE = "HX" + "0" * 32


async def send(sdk: Any, app: Application, **changes: Any) -> Any:
    """Send a WhatsApp message whose statuses are reported."""
    wanted = {"to": SHE, "from_": WE, "body": "已记下", "status_callback": f"{app.url}/status"}
    return await sdk.messages.create_async(**wanted | changes)


async def test_a_message_is_reported_as_whatsapp_does(line: Line, app: Application) -> None:
    seen = await line.text("三楼楼道灯坏了" * 20, channel="whatsapp", profile_name="王奶奶")
    (call,) = app.on("/inbound")
    assert call.genuine
    assert call.params == {
        "MessageSid": seen["sid"],
        "SmsSid": seen["sid"],
        "SmsMessageSid": seen["sid"],
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "From": SHE,
        "To": WE,
        "Body": "三楼楼道灯坏了" * 20,
        "ProfileName": "王奶奶",
        "WaId": PHONE[1:],
        "MessageType": "text",
        "NumMedia": "0",
        "NumSegments": "1",
        "ReferralNumMedia": "0",
        "SmsStatus": "received",
    }
    again = await line.text(sid=seen["sid"])
    assert again["replay"]
    assert app.on("/inbound")[1].params == call.params


async def test_whatsapp_can_have_an_address_of_its_own(line: Line, app: Application) -> None:
    await line.settle(whatsapp_url=f"{app.url}/whatsapp")
    await line.text("您好", channel="whatsapp", to=ALSO_OURS)
    await line.text("您好")
    assert [call.params["To"] for call in app.on("/whatsapp")] == [f"whatsapp:{ALSO_OURS}"]
    assert [call.params["To"] for call in app.on("/inbound")] == [OURS]


async def test_voice_messages_and_pictures_come_too(sdk_async: Any, line: Line, app: Application) -> None:
    sound = {"content_type": "audio/ogg", "base64": base64.b64encode(b"OggS").decode()}
    seen = await line.text("", channel="whatsapp", media=[sound])
    (call,) = app.on("/inbound")
    assert (call.params["MessageType"], call.params["MediaContentType0"]) == ("audio", "audio/ogg")
    assert (call.params["NumMedia"], call.params["Body"]) == ("1", "")
    message = await sdk_async.messages(seen["sid"]).fetch_async()
    assert (message.from_, message.to, message.num_media) == (SHE, WE, "1")


async def test_a_message_is_sent_and_arrives(sdk_async: Any, line: Line, app: Application) -> None:
    message = await send(sdk_async, app, body="已记下" * 60)
    assert (message.to, message.from_, message.num_segments) == (SHE, WE, "1")
    await app.expect("/status", 2)
    assert app.statuses() == ["sent", "delivered"]
    last = app.on("/status")[-1].params
    assert (last["To"], last["From"], last["ChannelPrefix"], last["EventType"]) == (
        SHE,
        WE,
        "whatsapp",
        "DELIVERED",
    )
    assert "RawDlrDoneDate" not in last
    assert app.on("/status")[-1].genuine
    (shown,) = await line.received()
    assert (shown["phone"], shown["channel"], shown["status"]) == (PHONE, "whatsapp", "delivered")
    assert [each.sid for each in await sdk_async.messages.list_async(to=SHE)] == [message.sid]
    assert await sdk_async.messages.list_async(to=PHONE) == []


async def test_a_phone_can_tell_that_it_was_read(sdk_async: Any, line: Line, app: Application) -> None:
    await line.behave("reads")
    message = await send(sdk_async, app)
    await app.expect("/status", 3)
    assert app.statuses() == ["sent", "delivered", "read"]
    assert app.on("/status")[-1].params["EventType"] == "READ"
    assert (await sdk_async.messages(message.sid).fetch_async()).status == "read"


async def test_it_is_read_when_somebody_reads_it(sdk_async: Any, line: Line, app: Application) -> None:
    message = await send(sdk_async, app)
    await line.ends(message.sid)
    answer = await line.control.post(f"/messages/{message.sid}/read")
    assert (answer.status_code, answer.json()["status"]) == (200, "read")
    await app.expect("/status", 3)
    assert app.statuses() == ["sent", "delivered", "read"]
    assert (await line.control.post(f"/messages/{message.sid}/read")).status_code == 409
    assert (await line.control.post("/messages/SM0/read")).status_code == 404
    by_sms = await sdk_async.messages.create_async(to=PHONE, from_=OURS, body="已记下")
    await line.ends(by_sms.sid)
    assert (await line.control.post(f"/messages/{by_sms.sid}/read")).status_code == 409


@pytest.mark.parametrize(
    ("behaviour", "statuses", "code"),
    [
        ("no_whatsapp", ["sent", "undelivered"], 63003),
        ("unknown", ["sent", "undelivered"], 63003),
        ("landline", ["sent", "undelivered"], 63003),
        ("window_closed", ["sent", "undelivered"], 63016),
        ("63018", ["sent", "undelivered"], 63018),
        ("filtered", ["sent", "delivered"], None),
        ("30008", ["sent", "delivered"], None),
        ("answers", ["sent", "delivered"], None),
    ],
)
async def test_a_message_ends_as_its_phone_behaves(
    sdk_async: Any, line: Line, app: Application, behaviour: str, statuses: list[str], code: int | None
) -> None:
    await line.behave(behaviour)
    message = await send(sdk_async, app)
    last = (await app.expect("/status", 2))[-1]
    assert app.statuses() == statuses
    assert last.params.get("ErrorCode") == (None if code is None else str(code))
    assert (await sdk_async.messages(message.sid).fetch_async()).error_code == code


@pytest.mark.parametrize("behaviour", ["off", "blocked", "silent"])
async def test_of_a_phone_with_one_tick_nobody_hears_the_end(
    sdk_async: Any, line: Line, app: Application, behaviour: str
) -> None:
    await line.behave(behaviour)
    message = await send(sdk_async, app)
    await send(sdk_async, app, to=f"whatsapp:{OTHER_PHONE}", status_callback=f"{app.url}/other")
    await app.expect("/other", 2)
    assert app.statuses() == ["sent"]
    assert (await sdk_async.messages(message.sid).fetch_async()).status == "sent"


async def test_texts_do_not_mind_what_whatsapp_minds(sdk_async: Any, line: Line) -> None:
    for behaviour in ("no_whatsapp", "window_closed", "reads", "63016"):
        await line.behave(behaviour)
        message = await sdk_async.messages.create_async(to=PHONE, from_=OURS, body="已记下")
        assert (await line.ends(message.sid))["error_code"] is None


async def test_who_has_just_written_can_be_answered(sdk_async: Any, line: Line, app: Application) -> None:
    await line.behave("window_closed")
    await line.text("在吗")  # an SMS opens no window
    shut = await send(sdk_async, app)
    assert (await line.ends(shut.sid, "undelivered"))["error_code"] == 63016
    await line.text("在吗", channel="whatsapp")
    await line.ends((await send(sdk_async, app)).sid)
    await line.settle(whatsapp_window=0)
    shut = await send(sdk_async, app)
    assert (await line.ends(shut.sid, "undelivered"))["error_code"] == 63016


async def test_a_template_goes_through_a_closed_window(sdk_async: Any, line: Line, app: Application) -> None:
    await line.settle(templates={TEMPLATE: "您的问题{{1}}号有新消息，请回复{{reply}}。"})
    await line.behave("window_closed")
    message = await send(
        sdk_async,
        app,
        body=None,
        content_sid=TEMPLATE,
        content_variables='{"1": "12", "reply": "1"}',
    )
    assert message.body == "您的问题12号有新消息，请回复1。"
    await line.ends(message.sid)
    assert await line.bodies() == [message.body]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"from_": OURS}, 21910),
        ({"to": PHONE}, 21910),
        ({"to": "whatsapp:12345"}, 21211),
        ({"from_": "whatsapp:nobody"}, 21212),
        ({"from_": "whatsapp:+8613900000009"}, 63007),
        ({"to": WE}, 63031),
        ({"body": ""}, 21602),
        ({"content_sid": "HX" + "1" * 32}, 21655),
        ({"content_sid": TEMPLATE, "content_variables": "{}"}, 21656),
        ({"content_sid": TEMPLATE, "content_variables": "["}, 21656),
        ({"content_sid": TEMPLATE, "content_variables": "[1]"}, 21656),
    ],
)
async def test_a_wrong_request_is_refused_with_its_code(
    sdk_async: Any, line: Line, app: Application, changes: dict[str, Any], code: int
) -> None:
    await line.settle(templates={TEMPLATE: "{{1}}"})
    with pytest.raises(TwilioRestException) as caught:
        await send(sdk_async, app, **changes)
    assert (caught.value.status, caught.value.code) == (400, code)
    assert (await line.records())["messages"] == []


async def test_stop_is_a_word_like_any_other(sdk_async: Any, line: Line, app: Application) -> None:
    seen = await line.text("STOP", channel="whatsapp")
    assert "OptOutType" not in app.on("/inbound")[0].params
    assert await line.received() == []
    await line.ends((await send(sdk_async, app)).sid)
    await line.text("STOP")
    await line.ends((await send(sdk_async, app)).sid)
    with pytest.raises(TwilioRestException) as caught:
        await sdk_async.messages.create_async(to=PHONE, from_=OURS, body="已记下")
    assert caught.value.code == 21610
    assert (await line.message(seen["sid"]))["channel"] == "whatsapp"


async def test_the_answer_goes_back_the_same_way(line: Line, app: Application) -> None:
    app.answers["/inbound"] = Response(
        f'<Response><Message>已记下</Message><Message to="{PHONE}">by SMS?</Message></Response>',
        media_type="text/xml",
    )
    seen = await line.text("灯坏了", channel="whatsapp")
    assert seen["errors"] == [[21910]]
    (reply,) = await line.received()
    assert (reply["from"], reply["to"], reply["channel"]) == (WE, SHE, "whatsapp")
