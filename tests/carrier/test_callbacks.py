"""What the application hears of a message after it was taken, and how a message can end."""

from pathlib import Path
from typing import Any

import pytest
from fastapi import Response
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient

from tests.carrier.line import (
    ACCOUNT,
    HOST,
    OTHER_PHONE,
    OURS,
    PHONE,
    Application,
    Line,
    application,
    connect,
    line_to,
    process,
    until,
)


async def send(sdk: Any, app: Application, path: str = "/status", to: str = PHONE, **more: Any) -> str:
    """Send a message whose statuses are reported; returns its sid."""
    message = await sdk.messages.create_async(
        to=to, from_=OURS, body="已记下", status_callback=app.url + path, **more
    )
    return str(message.sid)


async def callbacks(line: Line, count: int) -> list[tuple[int | None, list[int]]]:
    """Status and errors of each callback, once there are so many."""

    async def find() -> list[Any] | None:
        kept = (await line.records())["callbacks"]
        return kept if len(kept) >= count else None

    kept = await until(find, f"{count} callbacks")
    return [(call["status_code"], call["errors"]) for call in kept]


async def test_each_status_is_reported_in_order_and_signed(
    sdk_async: Any, line: Line, app: Application
) -> None:
    sid = await send(sdk_async, app)
    sent, delivered = await app.expect("/status", 2)
    common = {
        "SmsSid": sid,
        "MessageSid": sid,
        "AccountSid": ACCOUNT,
        "From": OURS,
        "To": PHONE,
        "ApiVersion": "2010-04-01",
    }
    assert sent.params == {**common, "SmsStatus": "sent", "MessageStatus": "sent"}
    done = delivered.params.pop("RawDlrDoneDate")
    assert len(done) == 10
    assert done.isdecimal()
    assert delivered.params == {**common, "SmsStatus": "delivered", "MessageStatus": "delivered"}
    assert sent.genuine
    assert delivered.headers["x-twilio-signature"] != sent.headers["x-twilio-signature"]
    assert [step["status"] for step in (await line.ends(sid))["history"]] == [
        "queued", "sending", "sent", "delivered",
    ]  # fmt: skip


async def test_the_query_of_the_address_is_kept_and_signed(sdk_async: Any, app: Application) -> None:
    await send(sdk_async, app, "/status?key=a%3A1&unit=%E9%82%BB&empty=")
    for call in await app.expect("/status", 2):
        assert call.query == "key=a%3A1&unit=%E9%82%BB&empty="
        assert call.genuine


@pytest.mark.parametrize(
    ("behaviour", "statuses", "code"),
    [
        ("normal", ["sent", "delivered"], None),
        ("off", ["sent", "undelivered"], 30003),
        ("blocked", ["sent", "undelivered"], 30004),
        ("unknown", ["sent", "undelivered"], 30005),
        ("unreachable", ["sent", "undelivered"], 30006),
        ("filtered", ["sent", "undelivered"], 30007),
        ("lost", ["sent", "undelivered"], 30008),
        ("30009", ["sent", "undelivered"], 30009),
        ("30001", ["failed"], 30001),
    ],
)
async def test_a_message_ends_as_its_phone_behaves(
    sdk_async: Any, line: Line, app: Application, behaviour: str, statuses: list[str], code: int | None
) -> None:
    await line.behave(behaviour)
    sid = await send(sdk_async, app)
    last = (await app.expect("/status", len(statuses)))[-1]
    assert app.statuses() == statuses
    assert last.genuine
    assert last.params.get("ErrorCode") == (None if code is None else str(code))
    fetched = await sdk_async.messages(sid).fetch_async()
    assert (fetched.status, fetched.error_code) == (statuses[-1], code)
    assert (fetched.error_message is None) == (code is None)


async def test_of_a_silent_phone_nobody_hears_the_end(sdk_async: Any, line: Line, app: Application) -> None:
    await line.behave("silent")
    silent = await send(sdk_async, app)
    await line.ends(await send(sdk_async, app, "/other", to=OTHER_PHONE))
    await app.expect("/other", 2)
    assert app.statuses() == ["sent"]
    assert (await sdk_async.messages(silent).fetch_async()).status == "sent"


async def test_a_landline_is_refused_unless_it_is_tried_nevertheless(
    sdk_async: Any, line: Line, app: Application
) -> None:
    await line.behave("landline")
    with pytest.raises(TwilioRestException) as caught:
        await send(sdk_async, app)
    assert (caught.value.status, caught.value.code) == (400, 21635)
    sid = await send(sdk_async, app, force_delivery=True)
    assert (await line.ends(sid, "undelivered"))["error_code"] == 30006


async def test_a_behaviour_can_be_a_code_to_refuse_with(sdk_async: Any, line: Line, app: Application) -> None:
    await line.behave("21610")
    with pytest.raises(TwilioRestException) as caught:
        await send(sdk_async, app)
    assert (caught.value.status, caught.value.code) == (400, 21610)


async def test_a_message_arrives_whatever_the_application_says(
    sdk_async: Any, line: Line, app: Application
) -> None:
    app.answers["/status"] = Response("broken", status_code=500)
    await line.ends(await send(sdk_async, app))
    await app.expect("/status", 2)
    app.open.clear()
    await line.settle(webhook_timeout=0.1)
    await line.ends(await send(sdk_async, app, "/slow"))
    await app.expect("/slow", 2)

    kept = await callbacks(line, 4)
    assert kept == [(500, [11200])] * 2 + [(None, [11205])] * 2


async def test_callbacks_come_twice_on_request(sdk_async: Any, line: Line, app: Application) -> None:
    await line.fault("callbacks_twice", count=2)
    await send(sdk_async, app)
    calls = await app.expect("/status", 4)
    assert app.statuses() == ["sent", "sent", "delivered", "delivered"]
    assert calls[0].headers["i-twilio-idempotency-token"] == calls[1].headers["i-twilio-idempotency-token"]
    assert calls[0].headers["i-twilio-idempotency-token"] != calls[2].headers["i-twilio-idempotency-token"]


async def test_callbacks_get_lost_on_request(sdk_async: Any, line: Line, app: Application) -> None:
    await line.fault("callbacks_lost")
    await send(sdk_async, app)
    await app.expect("/status")
    assert app.statuses() == ["delivered"]


async def test_callbacks_come_in_disorder_on_request(sdk_async: Any, line: Line, app: Application) -> None:
    await line.fault("callbacks_reordered")
    await send(sdk_async, app)
    await app.expect("/status", 2)
    assert app.statuses() == ["delivered", "sent"]


async def test_a_messaging_service_accepts_and_chooses_the_sender(tmp_path: Path) -> None:
    service = "MG" + "1" * 32
    carrier = process(tmp_path / "carrier.jsonl", ["--messaging-service-sid", service])
    await carrier.start()
    try:
        async with application() as app, AsyncTwilioHttpClient() as http, line_to(carrier.url) as line:
            message = await connect(carrier.url, http).messages.create_async(
                to=PHONE, messaging_service_sid=service, body="已记下", status_callback=f"{app.url}/status"
            )
            assert (message.status, message.from_, message.num_segments) == ("accepted", None, "0")
            calls = await app.expect("/status", 3)
            assert app.statuses() == ["queued", "sent", "delivered"]
            assert {call.params["MessagingServiceSid"] for call in calls} == {service}
            assert (await line.received())[0]["from"] == OURS
    finally:
        await carrier.stop()


async def test_nothing_but_the_loopback_interface_is_called(
    sdk_async: Any, line: Line, app: Application
) -> None:
    # The system would take this address for the loopback interface; the carrier must not.
    elsewhere = app.url.replace(HOST, "0.0.0.0")
    create = sdk_async.messages.create_async
    message = await create(to=PHONE, from_=OURS, body="已记下", status_callback=f"{elsewhere}/status")
    assert await callbacks(line, 2) == [(None, [11205])] * 2
    await line.ends(message.sid)
    message = await create(to=PHONE, from_=OURS, media_url=[f"{elsewhere}/picture"])
    assert (await line.ends(message.sid, "failed"))["error_code"] == 11200
    assert app.calls == []
