"""Only the carrier is believed: Twilio's published examples, and everything that somebody may tamper with."""

import pytest
from starlette.datastructures import ImmutableMultiDict

from bridges.sms.signatures import Signatures
from tests.sms.wire import TOKEN, Caller, Store, status_params, text_params

# The examples of Twilio's documentation and of the tests of its SDK.
PATH, QUERY = "/myapp.php", "foo=1&bar=2"
CALL = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
]
REPEATED = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234")]


@pytest.mark.parametrize(
    ("public_url", "params", "signature"),
    [
        ("https://mycompany.com", CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://mycompany.com/", CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://mycompany.com:1234", CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("http://mycompany.com:1234", CALL, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        ("https://mycompany.com", CALL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        ("http://mycompany.com", CALL, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        ("https://mycompany.com", REPEATED, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
    ],
)
def test_published_signatures_fit(public_url: str, params: list[tuple[str, str]], signature: str) -> None:
    assert Signatures("12345", public_url).fits(PATH, QUERY, ImmutableMultiDict(params), signature)


@pytest.mark.parametrize(
    ("path", "query", "params", "signature"),
    [
        ("/otherapp.php", QUERY, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (PATH, "foo=1&bar=3", CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (PATH, "", CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (PATH, QUERY, CALL[:-1], "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (PATH, QUERY, [*CALL, ("More", "1")], "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (PATH, QUERY, REPEATED[:-1], "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
        (PATH, QUERY, CALL, ""),
    ],
)
def test_anything_else_does_not(path: str, query: str, params: list[tuple[str, str]], signature: str) -> None:
    signatures = Signatures("12345", "https://mycompany.com")
    assert not signatures.fits(path, query, ImmutableMultiDict(params), signature)


@pytest.mark.parametrize("path", ["/sms/inbound", "/sms/status?key=issue-7"])
async def test_what_the_carrier_signs_is_stored(caller: Caller, store: Store, path: str) -> None:
    answer = await caller.post(path, status_params("sent") | text_params())
    assert answer.is_success
    assert len(store.events) == 1


@pytest.mark.parametrize("path", ["/sms/inbound", "/sms/status?key=issue-7"])
@pytest.mark.parametrize(
    "forgery",
    [
        {"signature": ""},
        {"signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
        {"token": TOKEN[::-1]},
        {"signed_url": "http://10.0.0.7:8000"},  # where it arrived, not where the carrier sent it
        {"signed": status_params("sent") | text_params("路灯没坏")},
        {"signed": status_params("sent") | text_params(From="+8613800000002")},
        {"signed": {}},
    ],
)
async def test_what_somebody_else_sends_is_refused(
    caller: Caller, store: Store, path: str, forgery: dict[str, str]
) -> None:
    answer = await caller.post(path, status_params("sent") | text_params(), **forgery)  # type: ignore[arg-type]
    assert (answer.status_code, answer.text) == (403, "The signature does not fit.\n")
    assert answer.headers["content-type"].startswith("text/plain")
    assert store.offered == 0


async def test_the_key_of_a_receipt_is_signed_too(caller: Caller, store: Store) -> None:
    good = await caller.post("/sms/status?key=issue-7", status_params("sent"))
    signature = good.request.headers["X-Twilio-Signature"]
    answer = await caller.post("/sms/status?key=issue-8", status_params("sent"), signature=signature)
    assert answer.status_code == 403
    assert store.only.detail["key"] == "issue-7"


async def test_another_account_is_refused_however_well_it_signs(caller: Caller, store: Store) -> None:
    answer = await caller.post("/sms/inbound", text_params(AccountSid="AC" + "9" * 32))
    assert (answer.status_code, answer.text) == (403, "This is another account's.\n")
    assert store.offered == 0


async def test_a_huge_body_is_refused_before_anything_is_made_of_it(caller: Caller, store: Store) -> None:
    answer = await caller.post("/sms/inbound", text_params("x" * 64 * 1024))
    assert (answer.status_code, answer.text) == (413, "The body is too large.\n")
    assert store.offered == 0


@pytest.mark.parametrize("body", [b"Body=\xff\xfe", b"&".join([b"a=1"] * 501)])
async def test_what_is_no_form_is_refused(caller: Caller, store: Store, body: bytes) -> None:
    answer = await caller.http.post("/sms/inbound", content=body)
    assert (answer.status_code, answer.text) == (400, "The body is not a form.\n")
    assert store.offered == 0
