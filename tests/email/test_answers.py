"""Mails that come in: answers of those who got a letter, and everything else that lands in a mail box."""

import asyncio
import contextlib
import logging
from datetime import UTC, datetime
from email.message import EmailMessage

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st

from bridges.contract import Kind, Media, Outbound, Refused, TooLarge, Unavailable
from bridges.email.bridge import EmailBridge
from bridges.email.composing import Ours, compose
from bridges.email.reading import understood
from bridges.email.tokens import Tokens
from tests.email import post
from tests.email.conftest import KEY
from tests.email.post import OURS, WATER, WEBHOOK_TOKEN, Office, answer, bounce, put
from tests.sms.wire import Store, until

LETTER = Outbound("i7.2.0", WATER, "路灯坏了", language="zh-Hans", subject="编号1024：路灯坏了", about="1024")


@pytest.fixture
async def letter(bridge: EmailBridge, office: Office) -> EmailMessage:
    """A letter that the department has got."""
    await bridge.deliver(LETTER)
    return office.last()


@pytest.fixture
async def http(bridge: EmailBridge, store: Store) -> httpx.AsyncClient:
    """A mail server that brings mails itself."""
    app = FastAPI()
    app.include_router(bridge.routes(store.accept))
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(
        transport=transport,
        base_url="http://test",
        headers={"Authorization": f"Bearer {WEBHOOK_TOKEN}"},
    )


async def bring(http: httpx.AsyncClient, mail: EmailMessage | bytes) -> int:
    content = mail if isinstance(mail, bytes) else mail.as_bytes()
    return (await http.post("/email/inbound", content=content)).status_code


async def test_an_answer_is_understood_once(
    http: httpx.AsyncClient, store: Store, letter: EmailMessage
) -> None:
    mail = answer(letter, "完成：灯已换好。", sender="Water@Bozhou.example.org")
    for _ in range(3):
        assert await bring(http, mail) == 204
    event = store.only
    assert (event.bridge, event.sender, event.text) == ("email", WATER, "完成：灯已换好。")
    assert (event.external_id, event.detail) == (str(mail["Message-ID"]), {"about": "1024"})
    assert event.sent_at is not None


async def test_an_answer_in_other_letters_and_to_many_is_understood(
    http: httpx.AsyncClient, store: Store, letter: EmailMessage
) -> None:
    mail = answer(letter, "明天修")
    token = str(mail["To"])
    del mail["To"]
    mail["To"] = "王局 <wang@bozhou.example.org>"
    mail["Cc"] = f"{token.upper()}, li@bozhou.example.org"
    await bring(http, mail)
    assert store.only.detail == {"about": "1024"}


@pytest.mark.parametrize("kept", ["In-Reply-To", "References"])
async def test_where_the_mail_server_knows_no_plus_the_id_of_the_letter_is_enough(
    office: Office, kept: str
) -> None:
    mail = office.settings(plus=False)
    bridge = EmailBridge(mail, name={"en": "Chiefs"}, key=KEY)
    await bridge.deliver(LETTER)
    (envelope_from, _, letter) = office.taken[0]
    assert envelope_from == letter["Reply-To"].addresses[0].addr_spec == OURS
    ours = Ours(OURS, {}, Tokens(KEY), plus=False)
    said = answer(letter, "完成")
    shown = str(letter["Message-ID"] if kept == "In-Reply-To" else letter["References"])
    del said["In-Reply-To"]
    said[kept] = f"<other@example.org> {shown}"
    event = understood(said.as_bytes(), ours)
    assert event is not None
    assert event.detail == {"about": "1024"}
    assert understood(said.as_bytes().replace(WATER.encode(), b"other@example.org"), ours) is None
    fate = understood(bounce(letter).as_bytes(), ours)
    assert fate is not None
    assert fate.detail["key"] == "i7.2.0"


@pytest.mark.parametrize(
    "sender",
    ["other@bozhou.example.org", OURS, "a@x.org, b@x.org", "", "@@"],
)
async def test_a_token_is_good_from_where_it_was_sent_to_only(
    http: httpx.AsyncClient, store: Store, letter: EmailMessage, sender: str, caplog: pytest.LogCaptureFixture
) -> None:
    content = answer(letter, "完成").as_bytes().replace(f"<{WATER}>".encode(), f"<{sender}>".encode())
    with caplog.at_level(logging.DEBUG):
        assert await bring(http, content) == 204
    assert store.events == []
    assert "bozhou" not in caplog.text


async def test_a_mail_with_two_senders_is_nobodys(
    http: httpx.AsyncClient, store: Store, letter: EmailMessage
) -> None:
    forged = b"From: other@example.org\r\n" + answer(letter, "完成").as_bytes()
    assert await bring(http, forged) == 204
    assert store.events == []


async def test_without_a_token_or_with_a_guessed_one_nothing_is_heard(
    http: httpx.AsyncClient, store: Store, letter: EmailMessage
) -> None:
    right, others = Tokens(KEY).write("1024", WATER), Tokens("o").write("1024", WATER)
    for token in ("", "+1024.aaaaaaaaaaaaaaaa", f"+1025.{right[5:]}", f"+{right}x", f"+{others}"):
        mail = answer(letter, "完成")
        del mail["To"]
        mail["To"] = OURS.replace("@", f"{token}@")
        mail.replace_header("In-Reply-To", f"<i7.2.0.{token[1:]}@{OURS.partition('@')[2]}>")
        assert await bring(http, mail) == 204
    assert store.events == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated (rejected)"},
        {"Precedence": "bulk"},
        {"X-Autoreply": "yes"},
        {"List-Id": "<all.bozhou.example.org>"},
        {"Return-Path": "<>"},
    ],
)
async def test_machines_are_not_listened_to(
    http: httpx.AsyncClient, store: Store, letter: EmailMessage, headers: dict[str, str]
) -> None:
    await bring(http, answer(letter, "我出差了", headers=headers))
    assert store.events == []
    await bring(http, answer(letter, "人写的", headers={"Auto-Submitted": "no"}))
    assert store.only.text == "人写的"


@pytest.mark.parametrize("subject", ["自动回复:编号1024", "Automatic reply: no. 1024", "Out of Office: x"])
async def test_machines_are_known_by_their_subjects(
    http: httpx.AsyncClient, store: Store, letter: EmailMessage, subject: str
) -> None:
    mail = answer(letter, "我出差了")
    mail.replace_header("Subject", subject)
    await bring(http, mail)
    assert store.events == []


async def test_our_own_letter_comes_back_unheard(
    http: httpx.AsyncClient, store: Store, letter: EmailMessage
) -> None:
    await bring(http, letter)
    assert store.events == []


@pytest.mark.parametrize(("status", "code"), [("5.1.1", 511), ("5.2.2 (mailbox full)", 522), ("4.4.7", 447)])
async def test_a_letter_that_came_back_is_told(
    http: httpx.AsyncClient, store: Store, letter: EmailMessage, status: str, code: int
) -> None:
    await bring(http, bounce(letter, status))
    event = store.only
    assert event.kind is Kind.RECEIPT
    assert event.detail == {"status": "undelivered", "code": code, "key": "i7.2.0"}


async def test_a_letter_that_is_late_is_waited_for(
    http: httpx.AsyncClient, store: Store, letter: EmailMessage
) -> None:
    await bring(http, bounce(letter, "4.4.1", "delayed"))
    assert store.events == []


async def test_a_bounce_that_nobody_could_know_of_is_no_bounce(
    http: httpx.AsyncClient, store: Store, letter: EmailMessage
) -> None:
    forged = bounce(letter).as_bytes().replace(b"i7.2.0.", b"i7.3.0.")
    await bring(http, forged)
    assert store.events == []


async def test_a_bounce_in_plain_words_is_told_too(
    http: httpx.AsyncClient, store: Store, letter: EmailMessage
) -> None:
    plain = (
        f"From: PostMaster@mail.example.org\r\nTo: {letter['Reply-To']}\r\nSubject: returned\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n收件人不存在。\r\n"
        f"Message-ID: {letter['Message-ID']}\r\n"
    )
    await bring(http, plain.encode())
    assert store.only.detail["status"] == "undelivered"


NO_MAILS = [b"", b"\0\xff", b"From: \xff\r\nTo: x\r\n\r\n", b"Content-Type: multipart/mixed\r\n\r\nx"]


@pytest.mark.parametrize("content", NO_MAILS)
async def test_what_is_no_mail_harms_nobody(http: httpx.AsyncClient, store: Store, content: bytes) -> None:
    assert await bring(http, content) == 204
    assert store.events == []


async def test_the_webhook_is_the_mail_servers_alone(
    http: httpx.AsyncClient, store: Store, letter: EmailMessage
) -> None:
    content = answer(letter, "完成").as_bytes()
    refused = await http.post("/email/inbound", content=content, headers={"Authorization": "Bearer x"})
    assert refused.status_code == 403
    store.away = True
    assert await bring(http, content) == 503
    store.away = False
    assert await bring(http, content) == 204
    assert store.only.text == "完成"


async def test_what_is_attached_where_nobody_keeps_it_is_counted(
    http: httpx.AsyncClient, store: Store, letter: EmailMessage
) -> None:
    mail = answer(letter, "见附件")
    mail.add_attachment(b"x" * 100, maintype="application", subtype="pdf", filename="单.pdf")
    await bring(http, mail)
    assert store.only.media == []
    assert store.only.detail == {"about": "1024", "left": 1}


async def test_the_mail_box_is_read_and_what_came_with_a_mail_is_fetched(
    reader: EmailBridge, imap_port: int, office: Office, store: Store
) -> None:
    await reader.deliver(LETTER)
    mail = answer(office.last(), "换好了，见照片")
    photo = b"\xff\xd8" + bytes(range(256)) * 64
    mail.add_attachment(photo, maintype="image", subtype="jpeg", filename="新灯.jpg")
    mail.add_attachment(b"logo", maintype="image", subtype="png", filename="l.png", disposition="inline")
    put(imap_port, b"From: nobody@example.org\r\nSubject: spam\r\n\r\nbuy\r\n")
    put(imap_port, mail)
    store.away = True
    with pytest.raises(OSError, match="away"):
        await reader.take_in(store.accept)
    store.away = False
    assert await reader.take_in(store.accept) == 1, "what was not for us is not looked at again"
    assert await reader.take_in(store.accept) == 0
    event = store.only
    assert event.text == "换好了，见照片"
    (medium,) = event.media
    assert (medium.content_type, medium.name, medium.size) == ("image/jpeg", "新灯.jpg", len(photo))
    assert await reader.fetch(medium, 10**6) == photo
    with pytest.raises(TooLarge):
        await reader.fetch(medium, 100)
    with pytest.raises(Refused):
        await reader.fetch(Media("https://example.org/1", "image/jpeg"), 10**6)
    for gone in ("imap:1.101/0", medium.url[:-1] + "7", medium.url.replace("/0", "999/0")):
        with pytest.raises(Unavailable) as caught:
            await reader.fetch(Media(gone, "image/jpeg"), 10**6)
        assert caught.value.code == 404


async def test_the_mail_box_is_watched_and_nothing_that_fails_ends_it(
    reader: EmailBridge, imap_port: int, office: Office, store: Store
) -> None:
    await reader.deliver(LETTER)
    store.away = True
    put(imap_port, answer(office.last(), "明天修"))
    watching = asyncio.create_task(reader.listen(store.accept))

    async def tried() -> bool:
        return store.offered > 1

    async def taken() -> bool:
        return bool(store.events)

    await until(tried, "the mail to be tried again")
    store.away = False
    await until(taken, "the mail")
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
    assert store.only.text == "明天修"


async def test_a_mail_box_that_cannot_be_reached_is_asked_again(office: Office) -> None:
    bridge = EmailBridge(office.settings(imap_host=post.HOST, imap_port=1, imap_tls="none"), name={}, key=KEY)
    with pytest.raises(Unavailable):
        await bridge.fetch(Media("imap:1.1/0", "image/jpeg"), 10)


@given(
    edits=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 40), st.binary(max_size=12)), max_size=6),
    is_report=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_no_mail_is_an_error(edits: list[tuple[int, int, bytes]], is_report: bool) -> None:
    """Whatever becomes of a mail on its way, reading it ends, and nobody gets a right by it."""
    ours = Ours(OURS, {"en": "Chiefs"}, Tokens(KEY))
    letter = compose(ours, LETTER, datetime(2026, 11, 24, tzinfo=UTC))
    mail = bounce(letter) if is_report else answer(letter, "完成")
    mail_with_file = mail.as_bytes()
    for at, length, instead in edits:
        mail_with_file = mail_with_file[:at] + instead + mail_with_file[at + length :]
    event = understood(mail_with_file, ours, "imap:1.1/")
    assert event is None or event.sender in (WATER, OURS)
    assert event is None or event.detail.get("about", "1024") == "1024"
