"""A phone texts one of our numbers: the webhook, its signature, its media, and what the answer does."""

import asyncio
import base64
from typing import Any

import httpx
import pytest
from fastapi import Response

from tests.carrier.line import (
    ACCOUNT,
    ALSO_OURS,
    AUTH,
    HOST,
    OTHER_PHONE,
    OURS,
    PHONE,
    Application,
    Line,
    until,
)

PICTURE = {"content_type": "image/jpeg", "base64": base64.b64encode(b"\xff\xd8 a lamp").decode()}
SOUND = {"content_type": "audio/amr", "base64": base64.b64encode(b"#!AMR a voice").decode()}


def twiml(inside: str) -> Response:
    """An answer in TwiML."""
    return Response(f"<Response>{inside}</Response>", media_type="text/xml")


async def test_a_text_is_reported_and_signed(line: Line, app: Application) -> None:
    seen = await line.text("三楼楼道灯坏了")
    (call,) = app.on("/inbound")
    assert call.genuine
    assert call.headers["content-type"].startswith("application/x-www-form-urlencoded")
    assert call.params == {
        "MessageSid": seen["sid"],
        "SmsSid": seen["sid"],
        "SmsMessageSid": seen["sid"],
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "From": PHONE,
        "To": OURS,
        "Body": "三楼楼道灯坏了",
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "FromCountry": "CN",
        "ToCountry": "CN",
        **{f"{end}{part}": "" for end in ("From", "To") for part in ("City", "State", "Zip")},
    }
    assert (seen["replay"], seen["status_code"], seen["errors"]) == (False, 204, [[]])


async def test_the_address_of_the_webhook_may_have_a_query(line: Line, app: Application) -> None:
    await line.settle(sms_url=f"{app.url}/inbound?from=carrier&x=%20")
    await line.text()
    (call,) = app.on("/inbound")
    assert (call.query, call.genuine) == ("from=carrier&x=%20", True)


async def test_a_text_is_a_resource_too(sdk_async: Any, line: Line, app: Application) -> None:
    seen = await line.text("三楼楼道灯坏了", to=ALSO_OURS)
    message = await sdk_async.messages(seen["sid"]).fetch_async()
    assert (message.direction, message.status, message.body) == ("inbound", "received", "三楼楼道灯坏了")
    assert (message.from_, message.to) == (PHONE, ALSO_OURS)
    assert message.date_sent == message.date_created


@pytest.mark.parametrize(
    ("body", "segments"),
    [("我家的情况是这样的：" * 100, 15), ("Please come. " * 100, 9), ("💧 & <b>水</b> +%0A\n\t\"'=", 1)],
)
async def test_a_long_or_strange_text_arrives_whole(
    line: Line, app: Application, body: str, segments: int
) -> None:
    await line.text(body)
    (call,) = app.on("/inbound")
    assert (call.params["Body"], call.params["NumSegments"], call.genuine) == (body, str(segments), True)


async def test_media_are_fetched_with_the_credentials_of_the_account(
    sdk_async: Any, line: Line, app: Application
) -> None:
    seen = await line.text("", media=[PICTURE, SOUND])
    (call,) = app.on("/inbound")
    assert call.genuine
    assert seen["sid"].startswith("MM")
    assert (call.params["NumMedia"], call.params["Body"]) == ("2", "")
    assert (call.params["MediaContentType0"], call.params["MediaContentType1"]) == ("image/jpeg", "audio/amr")
    async with httpx.AsyncClient(trust_env=False) as http:
        picture = await http.get(call.params["MediaUrl0"], auth=AUTH)
        sound = await http.get(call.params["MediaUrl1"], auth=AUTH)
        stranger = await http.get(call.params["MediaUrl0"])
    assert (picture.content, picture.headers["content-type"]) == (b"\xff\xd8 a lamp", "image/jpeg")
    assert sound.content == b"#!AMR a voice"
    assert (stranger.status_code, stranger.json()["code"]) == (401, 20003)
    media = await sdk_async.messages(seen["sid"]).media.list_async()
    assert [medium.content_type for medium in media] == ["image/jpeg", "audio/amr"]
    await sdk_async.messages(seen["sid"]).media(media[0].sid).delete_async()
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.get(call.params["MediaUrl0"], auth=AUTH)).status_code == 404
    assert len(await sdk_async.messages(seen["sid"]).media.list_async()) == 1


@pytest.mark.parametrize("signature", ["wrong", "none"])
async def test_a_forged_text_can_be_ordered(line: Line, app: Application, signature: str) -> None:
    await line.text(signature=signature)
    (call,) = app.on("/inbound")
    assert not call.genuine
    assert ("x-twilio-signature" in call.headers) == (signature == "wrong")


async def test_the_same_text_can_come_many_times(sdk_async: Any, line: Line, app: Application) -> None:
    first = await line.text("停水了", copies=5)
    again = await line.text("anything", sid=first["sid"])
    assert (again["sid"], again["replay"], first["status_codes"]) == (first["sid"], True, [204] * 5)
    assert len(app.on("/inbound")) == 6
    assert {call.params["Body"] for call in app.calls} == {"停水了"}
    assert len({call.headers["i-twilio-idempotency-token"] for call in app.calls}) == 1
    assert len(await sdk_async.messages.list_async()) == 1


async def test_what_no_phone_can_send_is_refused(line: Line, app: Application) -> None:
    sid = (await line.text())["sid"]
    post = line.control.post
    assert (await post(f"/phones/{OTHER_PHONE}/texts", json={"sid": sid})).status_code == 409
    assert (await post(f"/phones/{PHONE}/texts", json={"to": OTHER_PHONE})).status_code == 422
    assert (await post("/phones/12345/texts", json={"body": "?"})).status_code == 422
    assert (await post(f"/phones/{PHONE}/texts", json={"words": "?"})).status_code == 422
    assert len(app.calls) == 1


async def test_a_text_that_nobody_asked_for_is_kept(line: Line) -> None:
    seen = await line.text("有人吗")
    assert (seen["status_code"], seen["status_codes"]) == (None, [])
    assert (await line.message(seen["sid"]))["body"] == "有人吗"


async def test_the_answer_can_be_messages(line: Line, app: Application) -> None:
    app.answers["/inbound"] = twiml(
        "<Message>已记下 &amp; 已通知</Message>"
        f'<Message to="{OTHER_PHONE}" from="{ALSO_OURS}" statusCallback="/status?key=1">'
        f"<Body>请看</Body><Media>/picture</Media></Message>"
    )
    seen = await line.text()
    assert seen["errors"] == [[]]
    (answer,) = await line.received()
    assert (answer["body"], answer["from"], answer["in_reply_to"]) == ("已记下 & 已通知", OURS, seen["sid"])
    (other,) = await line.received(OTHER_PHONE)
    assert (other["body"], other["from"], other["origin"]) == ("请看", ALSO_OURS, "twiml")
    calls = await app.expect("/status", 2)
    assert app.statuses() == ["sent", "delivered"]
    assert all(call.genuine and call.query == "key=1" for call in calls)
    assert [medium["content_type"] for medium in (await line.received(OTHER_PHONE))[0]["media"]] == [
        "image/png"
    ]


async def test_an_answering_message_is_a_resource(sdk_async: Any, line: Line, app: Application) -> None:
    app.answers["/inbound"] = twiml("<Message>已记下</Message>")
    await line.text()
    (answer,) = await sdk_async.messages.list_async(to=PHONE)
    assert (answer.direction, answer.body) == ("outbound-reply", "已记下")


@pytest.mark.parametrize(
    ("answer", "bodies", "errors"),
    [
        (Response("已记下", media_type="text/plain"), ["已记下"], []),
        (twiml(""), [], []),
        (Response("", media_type="application/json"), [], []),
        (twiml("<Message>一</Message><Dial/>"), ["一"], [12200]),
        (twiml("<Message><Body>一</Body><Emoji/></Message>"), ["一"], [12200]),
        (twiml("<Message> </Message>"), [], [14103]),
        (twiml(f"<Message>{'灯' * 1601}</Message>"), [], [14103]),
        (twiml('<Message to="12345">一</Message>'), [], [14101]),
        (twiml('<Message from="+8613900000009">一</Message>'), [], [14102]),
        (Response("<Response><Message>", media_type="text/xml"), [], [12100]),
        (Response("<Reply/>", media_type="text/xml"), [], [12100]),
        (Response("{}", media_type="application/json"), [], [12300]),
        (Response("no", status_code=500), [], [11200]),
        (Response(status_code=302, headers={"Location": "/elsewhere"}), [], [11200]),
    ],
)
async def test_each_answer_is_understood(
    line: Line, app: Application, answer: Response, bodies: list[str], errors: list[int]
) -> None:
    app.answers["/inbound"] = answer
    seen = await line.text()
    assert seen["errors"] == [errors]
    assert await line.bodies() == bodies
    assert len(app.calls) == 1


async def test_an_answer_that_does_not_come_in_time_is_given_up(line: Line, app: Application) -> None:
    app.open.clear()
    await line.settle(webhook_timeout=0.1)
    seen = await line.text()
    assert (seen["status_code"], seen["errors"]) == (None, [[11205]])


async def test_the_second_address_is_tried_when_the_first_fails(line: Line, app: Application) -> None:
    await line.settle(sms_fallback_url=f"{app.url}/fallback")
    app.answers["/inbound"] = Response("no", status_code=503)
    app.answers["/fallback"] = twiml("<Message>请稍后</Message>")
    seen = await line.text()
    (call,) = app.on("/fallback")
    assert call.genuine
    assert (call.params["ErrorCode"], call.params["ErrorUrl"]) == ("11200", f"{app.url}/inbound")
    assert call.params["MessageSid"] == seen["sid"]
    assert (seen["status_code"], await line.bodies()) == (200, ["请稍后"])
    await line.text("", sid=seen["sid"])
    purposes = [call["purpose"] for call in (await line.records())["webhooks"]]
    assert purposes == ["inbound", "fallback"] * 2


async def test_only_the_loopback_interface_is_called(line: Line, app: Application) -> None:
    # The system would take this address for the loopback interface; the carrier must not.
    await line.settle(sms_url=app.url.replace(HOST, "0.0.0.0") + "/inbound")
    assert (await line.text())["errors"] == [[11205]]
    assert app.calls == []


async def test_texts_come_twice_on_request(line: Line, app: Application) -> None:
    await line.fault("texts_twice")
    seen = await line.text("停水了")
    assert seen["status_codes"] == [204, 204]
    await line.text("停电了")
    assert [call.params["Body"] for call in app.calls] == ["停水了", "停水了", "停电了"]


async def test_texts_overtake_each_other_on_request(line: Line, app: Application) -> None:
    await line.fault("texts_reordered")
    first = asyncio.create_task(line.text("一"))

    async def is_held() -> bool:
        return bool((await line.records())["messages"])

    await until(is_held, "the first text to be held")
    await line.text("二")
    await first
    assert [call.params["Body"] for call in app.calls] == ["二", "一"]


async def test_a_text_waits_for_a_later_one_only_so_long(line: Line, app: Application) -> None:
    await line.fault("texts_reordered", seconds=0.1)
    assert (await line.text("一"))["status_codes"] == [204]
    assert len(app.calls) == 1
