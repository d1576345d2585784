"""The REST API as the real SDK sees it: creating, fetching, listing, changing, and every refusal."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException

from demo.carrier.process import CarrierProcess
from tests.carrier.line import (
    ACCOUNT,
    ALSO_OURS,
    AUTH,
    OTHER_PHONE,
    OURS,
    PHONE,
    TOKEN,
    Line,
    connect,
)

MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages"


def rest(carrier: CarrierProcess) -> httpx.Client:
    """The REST API without the SDK, where a test needs what the SDK hides."""
    return httpx.Client(base_url=carrier.url, auth=AUTH, trust_env=False)


def test_a_message_is_taken(sdk: Any) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    message = sdk.messages.create(to=PHONE, from_=OURS, body="已记下")
    assert re.fullmatch("SM[0-9a-f]{32}", message.sid)
    assert (message.to, message.from_, message.body) == (PHONE, OURS, "已记下")
    assert (message.status, message.direction, message.account_sid) == ("queued", "outbound-api", ACCOUNT)
    assert (message.num_segments, message.num_media) == ("1", "0")
    assert (message.error_code, message.error_message, message.date_sent) == (None, None, None)
    assert before <= message.date_created <= datetime.now(UTC)
    assert message.api_version == "2010-04-01"


async def test_a_message_arrives_on_its_phone(sdk_async: Any, line: Line) -> None:
    message = await sdk_async.messages.create_async(to=PHONE, from_=OURS, body="已记下")
    await line.ends(message.sid)
    assert await line.bodies() == ["已记下"]
    fetched = await sdk_async.messages(message.sid).fetch_async()
    assert (fetched.sid, fetched.status, fetched.body) == (message.sid, "delivered", "已记下")
    assert fetched.date_created <= fetched.date_sent <= fetched.date_updated


async def test_a_picture_is_fetched_and_arrives(sdk_async: Any, line: Line, app: Any) -> None:
    picture = f"{app.url}/picture"
    message = await sdk_async.messages.create_async(to=PHONE, from_=OURS, media_url=[picture])
    assert message.sid.startswith("MM")
    await line.ends(message.sid)
    (received,) = await line.received()
    (medium,) = received["media"]
    assert medium["content_type"] == "image/png"
    content = await line.control.get(medium["url"].removeprefix("/_carrier"))
    assert content.content == b"\x89PNG"


async def test_a_picture_that_is_not_there_fails_the_message(sdk_async: Any, line: Line, app: Any) -> None:
    missing = f"{app.url}/nothing-here"
    message = await sdk_async.messages.create_async(to=PHONE, from_=OURS, media_url=[missing])
    assert (await line.ends(message.sid, "failed"))["error_code"] == 11200


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("€" * 153, 3),  # the escape and its character stay together: 76 of them fit into 153 septets
        ("灯" * 70, 1),
        ("灯" * 71, 2),
        ("灯" * 134, 2),
        ("灯" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 67, 3),  # half a surrogate pair fits into no segment: 33 of them in each
        ("灯" * 1600, 24),
    ],
)
def test_texts_are_cut_into_segments(sdk: Any, text: str, segments: int) -> None:
    assert sdk.messages.create(to=PHONE, from_=OURS, body=text).num_segments == str(segments)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"to": ""}, 400, 21604),
        ({"to": "12345"}, 400, 21211),
        ({"to": "+86138"}, 400, 21211),
        ({"to": "somebody"}, 400, 21211),
        ({"from_": "+8613900000009"}, 400, 21606),
        ({"from_": "Linzhang"}, 400, 21212),
        ({"from_": ""}, 400, 21603),
        ({"to": OURS}, 400, 21266),
        ({"body": ""}, 400, 21602),
        ({"body": " \n"}, 400, 21602),
        ({"body": "灯" * 1601}, 400, 21617),
        ({"body": "😀" * 801}, 400, 21617),
        ({"status_callback": "nowhere"}, 400, 21609),
        ({"media_url": ["ftp://127.0.0.1/picture"]}, 400, 21620),
        ({"media_url": ["http://127.0.0.1/picture"] * 11}, 400, 21623),
        ({"messaging_service_sid": "MG" + "0" * 32}, 404, 21701),
        ({"send_at": datetime(2030, 1, 1, tzinfo=UTC), "schedule_type": "fixed"}, 501, 501),
    ],
)
def test_what_cannot_be_sent_is_refused(sdk: Any, changes: dict[str, Any], status: int, code: int) -> None:
    with pytest.raises(TwilioRestException) as caught:
        sdk.messages.create(**{"to": PHONE, "from_": OURS, "body": "已记下", **changes})
    assert (caught.value.status, caught.value.code) == (status, code)
    assert sdk.messages.list() == []


async def test_a_refusal_has_the_same_form_for_everybody(
    carrier: CarrierProcess, sdk_async: Any, line: Line
) -> None:
    with pytest.raises(TwilioRestException) as caught:
        await sdk_async.messages.create_async(to="12345", from_=OURS, body="已记下")
    assert caught.value.code == 21211
    with rest(carrier) as http:
        answer = http.post(f"{MESSAGES}.json", data={"To": "12345", "From": OURS, "Body": "已记下"})
    assert answer.status_code == 400
    assert answer.json() == {
        "code": 21211,
        "message": "Invalid 'To' Phone Number: 12345",
        "more_info": "https://www.twilio.com/docs/errors/21211",
        "status": 400,
    }


def test_only_the_account_gets_in(carrier: CarrierProcess) -> None:
    with pytest.raises(TwilioRestException) as caught:
        connect(carrier.url, auth_token="wrong").messages.create(to=PHONE, from_=OURS, body="已记下")
    assert (caught.value.status, caught.value.code) == (401, 20003)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic ???"},
        {"Authorization": "Basic 路灯".encode()},
        {"Authorization": f"Bearer {TOKEN}"},
    ],
)
def test_strange_credentials_are_refused(carrier: CarrierProcess, headers: dict[str, str]) -> None:
    answer = httpx.get(f"{carrier.url}{MESSAGES}.json", headers=headers, trust_env=False)
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)
    assert answer.headers["www-authenticate"].startswith("Basic")


def test_another_account_is_not_ours(carrier: CarrierProcess) -> None:
    with rest(carrier) as http:
        answer = http.get(f"/2010-04-01/Accounts/AC{'f' * 32}/Messages.json")
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


def test_what_is_not_there_is_not_found(carrier: CarrierProcess, sdk: Any) -> None:
    with pytest.raises(TwilioRestException) as caught:
        sdk.messages("SM" + "0" * 32).fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)
    with rest(carrier) as http:
        assert http.get("/2010-04-01/Nothing.json").json()["code"] == 20404
        answer = http.put(f"{MESSAGES}.json")
    assert (answer.status_code, answer.json()["code"]) == (405, 20004)


def test_a_list_goes_over_all_pages_newest_first(carrier: CarrierProcess, sdk: Any) -> None:
    sids = [sdk.messages.create(to=PHONE, from_=OURS, body=str(number)).sid for number in range(7)]
    assert [message.sid for message in sdk.messages.list(page_size=3)] == sids[::-1]
    assert [message.sid for message in sdk.messages.list(limit=4, page_size=3)] == sids[:2:-1]
    sizes, uri = [], f"{MESSAGES}.json?PageSize=3"
    with rest(carrier) as http:
        while uri:
            page = http.get(uri).json()
            sizes.append(len(page["messages"]))
            uri = page["next_page_uri"]
    assert sizes == [3, 3, 1]
    assert page["page_size"] == 3


async def test_an_asynchronous_list_goes_over_all_pages(sdk_async: Any) -> None:
    sids = [
        (await sdk_async.messages.create_async(to=PHONE, from_=OURS, body=str(number))).sid
        for number in range(5)
    ]
    listed = await sdk_async.messages.list_async(to=PHONE, page_size=2)
    assert [message.sid for message in listed] == sids[::-1]


def test_pages_stand_still_while_messages_come_in(sdk: Any) -> None:
    sids = [sdk.messages.create(to=PHONE, from_=OURS, body=str(number)).sid for number in range(6)]
    first = sdk.messages.page(page_size=2)
    assert [message.sid for message in first] == sids[:3:-1]
    sdk.messages.create(to=PHONE, from_=OURS, body="later")
    second = first.next_page()
    assert [message.sid for message in second] == [sids[3], sids[2]]
    assert [message.sid for message in second.previous_page()] == [sids[5], sids[4]]


async def test_a_list_can_be_of_one_sender_or_recipient(sdk_async: Any, line: Line) -> None:
    mine = (await line.text("从手机来"))["sid"]
    create = sdk_async.messages.create_async
    one = (await create(to=PHONE, from_=OURS, body="一")).sid
    two = (await create(to=OTHER_PHONE, from_=OURS, body="二")).sid
    three = (await create(to=PHONE, from_=ALSO_OURS, body="三")).sid

    async def listed(**filters: str) -> list[str]:
        return [message.sid for message in await sdk_async.messages.list_async(**filters, page_size=1)]

    assert await listed() == [three, two, one, mine]
    assert await listed(to=PHONE) == [three, one]
    assert await listed(from_=OURS) == [two, one]
    assert await listed(to=PHONE, from_=ALSO_OURS) == [three]
    assert await listed(from_=PHONE) == [mine]
    assert await listed(to="+8610000000009") == []


async def test_a_list_can_be_of_a_time(sdk_async: Any, line: Line) -> None:
    sid = (await sdk_async.messages.create_async(to=PHONE, from_=OURS, body="一")).sid
    await line.ends(sid)
    sent = (await sdk_async.messages(sid).fetch_async()).date_sent
    second, day = timedelta(seconds=1), timedelta(days=1)

    async def is_listed(**filters: Any) -> bool:
        return [message.sid for message in await sdk_async.messages.list_async(**filters)] == [sid]

    assert await is_listed(date_sent=sent.date())
    assert await is_listed(date_sent=sent.date().isoformat())
    assert not await is_listed(date_sent=sent.date() - day)
    assert await is_listed(date_sent_after=sent, date_sent_before=sent)
    assert not await is_listed(date_sent_after=sent + second)
    assert not await is_listed(date_sent_before=sent - second)
    assert not await is_listed(date_sent_after=sent.date() + day)
    assert await is_listed(date_sent_before=sent.date().isoformat())
    assert not await is_listed(date_sent_before=(sent.date() - day).isoformat())


async def test_a_message_can_be_taken_back_while_it_waits(sdk_async: Any, line: Line) -> None:
    await line.settle(status_delay=60)
    message = await sdk_async.messages.create_async(to=PHONE, from_=OURS, body="一")
    with pytest.raises(TwilioRestException) as caught:
        await sdk_async.messages(message.sid).delete_async()
    assert caught.value.code == 20009
    canceled = await sdk_async.messages(message.sid).update_async(status="canceled")
    assert canceled.status == "canceled"
    with pytest.raises(TwilioRestException) as caught:
        await sdk_async.messages(message.sid).update_async(status="canceled")
    assert caught.value.code == 30409


async def test_a_text_can_be_redacted_and_a_message_deleted(sdk_async: Any, line: Line) -> None:
    sid = (await line.text("我家的地址"))["sid"]
    await sdk_async.messages(sid).update_async(body="")
    assert (await sdk_async.messages(sid).fetch_async()).body == ""
    await sdk_async.messages(sid).delete_async()
    assert await sdk_async.messages.list_async() == []
    with pytest.raises(TwilioRestException) as caught:
        await sdk_async.messages(sid).fetch_async()
    assert caught.value.code == 20404
    kept = await line.message(sid)
    assert (kept["redacted"], kept["deleted"], kept["body"]) == (True, True, "我家的地址")
