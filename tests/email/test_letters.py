"""Letters as they go out, and what becomes of them."""

import logging
import ssl
from pathlib import Path

import pytest

from bridges.contract import Outbound, Refused, Unavailable, Uncertain
from bridges.email.bridge import EmailBridge
from linzhang.settings import Mail
from tests.email import post
from tests.email.conftest import KEY, bridge_to
from tests.email.post import OURS, PASSWORD, USER, WATER, Office, text_of

LETTER = Outbound(
    "i7.2.0",
    WATER,
    "路灯坏了\n\n请直接回复本邮件。",
    language="zh-Hans",
    subject="编号1024：路灯坏了",
    about="1024",
)


async def test_a_letter_has_all_by_which_it_is_answered_and_known_again(
    bridge: EmailBridge, office: Office
) -> None:
    delivered = await bridge.deliver(LETTER)
    (envelope_from, recipients, mail) = office.taken[0]
    assert recipients == [WATER]
    assert str(mail["Subject"]) == "编号1024：路灯坏了"
    assert text_of(mail) == "##- 请在此线以上回复 -##\n\n路灯坏了\n\n请直接回复本邮件。\n"
    assert str(mail["From"]) == f"邻长制 <{OURS}>"
    assert mail["Reply-To"].addresses[0].addr_spec == envelope_from
    assert envelope_from.startswith("report+1024.")
    assert mail["Message-ID"] == delivered.external_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["References"] == f"<{envelope_from.partition('+')[2]}>", "mails of one matter hang together"


async def test_the_same_effect_is_the_same_letter(bridge: EmailBridge, office: Office) -> None:
    office.hangs_up = 1
    with pytest.raises(Uncertain):
        await bridge.deliver(LETTER)
    await bridge.deliver(LETTER)
    first, second = (mail for _, _, mail in office.taken)
    assert (first["Message-ID"], first["Reply-To"]) == (second["Message-ID"], second["Reply-To"])
    await bridge.deliver(Outbound("i7.3.0", "other@example.org", "x", about="1024"))
    assert office.last()["Message-ID"] != first["Message-ID"]
    assert office.last()["Reply-To"] != first["Reply-To"], "a token is good from one address only"


@pytest.mark.parametrize(
    ("at_recipient", "at_data", "expected", "code"),
    [
        (["550 5.1.1 no such user"], [], Refused, 550),
        (["451 4.7.1 greylisted"], [], Unavailable, 451),
        ([], ["554 5.7.1 spam"], Refused, 554),
        ([], ["452 4.3.1 full"], Unavailable, 452),
    ],
)
async def test_answers_say_whether_to_try_again(
    bridge: EmailBridge,
    office: Office,
    caplog: pytest.LogCaptureFixture,
    at_recipient: list[str],
    at_data: list[str],
    expected: type[Exception],
    code: int,
) -> None:
    office.refuses, office.refuses_data = at_recipient, at_data
    with caplog.at_level(logging.INFO), pytest.raises(expected) as caught:
        await bridge.deliver(LETTER)
    assert getattr(caught.value, "code", None) == code
    ours = [each.getMessage() for each in caplog.records if each.name != "mail.log"]  # the server's own
    assert WATER not in str(caught.value) + "".join(ours)
    await bridge.deliver(LETTER)
    assert len(office.taken) == 1


async def test_nobody_listens() -> None:
    mail = Mail(address=OURS, smtp_host="127.0.0.1", smtp_port=1, smtp_tls="none")
    with pytest.raises(Unavailable):
        await EmailBridge(mail, name={}, key=KEY).deliver(LETTER)


@pytest.mark.parametrize("subject", ["a\r\nBcc: everybody@example.org", "\n\n", "水" * 300])
async def test_no_words_become_a_header(bridge: EmailBridge, office: Office, subject: str) -> None:
    letter = Outbound("k", WATER, ".\r\n.\r\nQUIT", language="en", subject=subject)
    await bridge.deliver(letter)
    ((_, recipients, mail),) = office.taken
    assert recipients == [WATER]
    assert "Bcc" not in mail
    assert text_of(mail).splitlines()[2:] == [".", ".", "QUIT"]


@pytest.mark.parametrize("address", ["no address", "a@b\r\nRCPT TO:<c@d.example>", ""])
async def test_what_is_no_address_is_refused(bridge: EmailBridge, office: Office, address: str) -> None:
    with pytest.raises(Refused):
        await bridge.deliver(Outbound("k", address, "x"))
    assert office.taken == []


async def test_letters_go_by_tls_to_whom_we_trust_and_with_our_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = post.certificate(tmp_path)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(file)
    async with post.office(tls) as office:
        safely = {"smtp_tls": "starttls", "smtp_user": USER, "smtp_password": PASSWORD}
        with pytest.raises(Unavailable):  # nobody has signed it
            await bridge_to(office, **safely).deliver(LETTER)
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        with pytest.raises(Unavailable) as caught:
            await bridge_to(office, **safely | {"smtp_password": "wrong"}).deliver(LETTER)
        assert "wrong" not in str(caught.value)
        assert office.taken == []
        await bridge_to(office, **safely).deliver(LETTER)
        assert len(office.taken) == 1


async def test_no_letter_goes_openly_where_it_was_to_go_by_tls(office: Office) -> None:
    with pytest.raises(Unavailable):
        await bridge_to(office, smtp_tls="starttls").deliver(LETTER)
    assert office.taken == []
