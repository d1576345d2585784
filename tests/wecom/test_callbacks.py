"""What WeCom calls us with: its own published examples, its members, and whoever pretends to be it."""

import logging
from urllib.parse import urlencode

import httpx
import pytest

from bridges.contract import Kind
from bridges.wecom.crypto import Forged, MessageCrypt
from demo.wecom import Corporation
from tests.sms.wire import Store
from tests.wecom.conftest import AES_KEY, CORP_ID, TOKEN, application

pytestmark = pytest.mark.asyncio(loop_scope="session")

URL = "/wecom/callback"

# 'Sample' of Tencent's library for all languages: how an address is verified, and how a message comes.
ECHO = {
    "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    "timestamp": "1409659589",
    "nonce": "263014780",
    "echostr": ("P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="),
}
SIGNED = {
    "msg_signature": "477715d11cdb4164915debcba66cb864d751f3e6",
    "timestamp": "1409659813",
    "nonce": "1372623149",
}
ENCRYPTED = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/"
    "sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZ"
    "fJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LA"
    "VGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H"
    "3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)
BODY = (
    f"<xml><ToUserName><![CDATA[{CORP_ID}]]></ToUserName><Encrypt><![CDATA[{ENCRYPTED}]]></Encrypt>"
    "<AgentID><![CDATA[218]]></AgentID></xml>"
)


async def test_tencents_example_of_an_address_is_verified(http: httpx.AsyncClient) -> None:
    answer = await http.get(f"{URL}?{urlencode(ECHO)}")
    assert (answer.status_code, answer.text) == (200, "1616140317555161061")


async def test_tencents_example_of_a_message_is_understood(http: httpx.AsyncClient, store: Store) -> None:
    for _ in range(3):  # WeCom calls three times where it hears nothing
        answer = await http.post(f"{URL}?{urlencode(SIGNED)}", content=BODY)
        assert (answer.status_code, answer.content) == (200, b"")
    event = store.only
    assert (event.bridge, event.sender, event.text) == ("wecom", "mycreate", "hello")
    assert event.external_id == "4561255354251345929"
    assert event.sent_at is not None
    assert event.sent_at.timestamp() == 1409659813


async def test_what_is_sealed_opens_with_its_own_keys_only() -> None:
    words = "测试一下中文的情况，消息长度是按字节来算的".encode()
    ours = MessageCrypt(TOKEN, AES_KEY, CORP_ID)
    for length in range(len(words)):  # every padding
        sealed = ours.seal(words[:length])
        assert ours.open(ours.signature("1", "2", sealed), "1", "2", sealed) == words[:length]
    others = [
        MessageCrypt("other", AES_KEY, CORP_ID),
        MessageCrypt(TOKEN, AES_KEY, "another corporation"),
        MessageCrypt(TOKEN, "A" * 43, CORP_ID),
    ]
    for other in others:
        sealed = other.seal(words)
        with pytest.raises(Forged):
            ours.open(other.signature("1", "2", sealed), "1", "2", sealed)


@pytest.mark.parametrize(
    "change",
    [{"msg_signature": "0" * 40}, {"msg_signature": "签"}, {"timestamp": "1409659814"}, {"nonce": ""}],
)
async def test_what_is_not_wecoms_is_turned_away(
    http: httpx.AsyncClient, store: Store, change: dict[str, str]
) -> None:
    answer = await http.post(f"{URL}?{urlencode(SIGNED | change)}", content=BODY)
    assert answer.status_code == 403
    assert (await http.get(f"{URL}?{urlencode(ECHO | change)}")).status_code == 403
    assert store.events == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("hello", 400),
        ('<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>', 400),
        ("<xml>" * 10 + "</xml>" * 10, 400),
        ("<xml></xml>", 403),
        ("x" * 70_000, 413),
    ],
)
async def test_what_is_no_message_is_turned_away(
    http: httpx.AsyncClient, store: Store, body: str, status: int
) -> None:
    answer = await http.post(f"{URL}?{urlencode(SIGNED)}", content=body)
    assert answer.status_code == status
    assert store.events == []


async def test_what_cannot_be_stored_is_not_acknowledged(
    http: httpx.AsyncClient, store: Store, corporation: Corporation, caplog: pytest.LogCaptureFixture
) -> None:
    store.away = True
    with caplog.at_level(logging.DEBUG):
        answer = await corporation.says(http, URL, "ZhangSan", "路灯坏了")
    assert answer.status_code == 503
    assert "zhangsan" not in caplog.text.lower()


async def test_a_member_writes_shows_and_is_there(
    http: httpx.AsyncClient, store: Store, corporation: Corporation
) -> None:
    await corporation.says(http, URL, "ZhangSan", "路灯坏了 <b>&")
    await corporation.shows(http, URL, "ZhangSan", b"picture", "image/jpeg")
    await corporation.shows(http, URL, "ZhangSan", b"#!AMR", "audio/amr")
    place = {"MsgType": "location", "Location_X": "33.86", "Location_Y": "115.77", "Label": "村口"}
    await corporation.calls_back(http, URL, "ZhangSan", place | {"MsgId": "1"})
    link = {"MsgType": "link", "Title": "通知", "Description": "", "Url": "https://example.org/1"}
    await corporation.calls_back(http, URL, "ZhangSan", link | {"MsgId": "2"})
    entered = {"MsgType": "event", "Event": "enter_agent", "EventKey": ""}
    await corporation.calls_back(http, URL, "ZhangSan", entered)
    await corporation.calls_back(http, URL, "sys", {"MsgType": "event", "Event": "change_contact"})
    words, picture, voice, where, linked, there = store.events
    assert {each.sender for each in store.events} == {"zhangsan"}
    assert words.text == "路灯坏了 <b>&"
    assert picture.media[0].content_type == "image/jpeg"
    assert picture.media[0].url.startswith("wecom:")
    assert voice.media[0].content_type == "audio/amr"
    assert where.text == "村口\n📍 33.86, 115.77"
    assert linked.text == "通知\nhttps://example.org/1"
    assert there.kind is Kind.SEEN


async def test_the_corporation_verifies_our_address(http: httpx.AsyncClient) -> None:
    answer = await Corporation(application()).verifies(http, URL, "8743")
    assert answer.text == "8743"


async def test_a_message_without_an_id_is_not_understood(
    http: httpx.AsyncClient, store: Store, corporation: Corporation
) -> None:
    answer = await corporation.calls_back(http, URL, "ZhangSan", {"MsgType": "text", "Content": "x"})
    assert answer.status_code == 400
    assert store.events == []
