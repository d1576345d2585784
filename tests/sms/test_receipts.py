"""The carrier tells what became of our messages."""

import pytest

from bridges.contract import Kind
from tests.sms.wire import PHONE, Caller, Store, status_params


async def test_a_receipt_names_the_message_and_its_effect(caller: Caller, store: Store) -> None:
    answer = await caller.post("/sms/status?key=issue%3A7%2Freceipt", status_params("delivered"))
    assert (answer.status_code, answer.content) == (204, b"")
    event = store.only
    assert (event.bridge, event.kind) == ("sms", Kind.RECEIPT)
    assert (event.external_id, event.target) == ("SM" + "b" * 32 + ":delivered", "SM" + "b" * 32)
    assert event.sender == PHONE
    assert event.detail == {"status": "delivered", "code": None, "key": "issue:7/receipt"}


async def test_a_failure_has_its_code(caller: Caller, store: Store) -> None:
    await caller.post("/sms/status?key=k", status_params("undelivered", ErrorCode="30003"))
    assert store.only.detail == {"status": "undelivered", "code": 30003, "key": "k"}


@pytest.mark.parametrize("code", ["", "none", "²"])
async def test_a_code_that_is_none_is_left_out(caller: Caller, store: Store, code: str) -> None:
    assert (await caller.post("/sms/status?key=k", status_params("failed", ErrorCode=code))).is_success
    assert store.only.detail["code"] is None


async def test_each_status_is_told_once(caller: Caller, store: Store) -> None:
    for status in ("sent", "sent", "delivered", "sent", "delivered"):
        assert (await caller.post("/sms/status?key=k", status_params(status))).status_code == 204
    assert [event.detail["status"] for event in store.events] == ["sent", "delivered"]


async def test_a_receipt_without_a_key_is_taken(caller: Caller, store: Store) -> None:
    assert (await caller.post("/sms/status", status_params("sent"))).status_code == 204
    assert store.only.detail["key"] == ""


@pytest.mark.parametrize("name", ["MessageSid", "MessageStatus"])
async def test_without_its_id_or_its_status_it_is_no_receipt(caller: Caller, store: Store, name: str) -> None:
    answer = await caller.post("/sms/status?key=k", status_params("sent") | {name: ""})
    assert (answer.status_code, answer.text) == (400, f"{name} is missing.\n")
    assert store.offered == 0


async def test_a_receipt_that_could_not_be_stored_is_not_acknowledged(caller: Caller, store: Store) -> None:
    store.away = True
    assert (await caller.post("/sms/status?key=k", status_params("sent"))).status_code == 503
