"""STOP, START and HELP: what the carrier does by itself, and what it tells the application."""

from typing import Any

import pytest
from fastapi import Response
from twilio.base.exceptions import TwilioRestException

from tests.carrier.line import ALSO_OURS, OTHER_PHONE, OURS, PHONE, Application, Line


async def refusal(sdk: Any, to: str = PHONE, sender: str = OURS) -> int | None:
    """The code that a message is refused with, if it is."""
    try:
        await sdk.messages.create_async(to=to, from_=sender, body="已记下")
    except TwilioRestException as error:
        return int(error.code)
    return None


async def test_stop_blocks_and_start_opens_again(sdk_async: Any, line: Line, app: Application) -> None:
    await line.text("STOP")
    assert await refusal(sdk_async) == 21610
    assert await refusal(sdk_async, to=OTHER_PHONE) is None
    assert await refusal(sdk_async, sender=ALSO_OURS) is None
    await line.text("START")
    assert await refusal(sdk_async) is None
    assert [call.params["OptOutType"] for call in app.on("/inbound")] == ["STOP", "START"]
    replies = [each["body"] for each in await line.received() if each["origin"] == "carrier"]
    assert ["unsubscribed" in replies[0], "re-subscribed" in replies[1], len(replies)] == [True, True, 2]


async def test_the_refusal_is_an_error_of_the_request(sdk_async: Any, line: Line) -> None:
    await line.text("STOP")
    with pytest.raises(TwilioRestException) as caught:
        await sdk_async.messages.create_async(to=PHONE, from_=OURS, body="已记下")
    assert (caught.value.status, caught.value.code) == (400, 21610)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        (" stop\n", "STOP"),
        ("Unsubscribe", "STOP"),
        ("QUIT", "STOP"),
        ("help", "HELP"),
        ("unstop", "START"),
        ("STOP it", None),
        ("停", None),
    ],
)
async def test_only_the_bare_word_counts(line: Line, app: Application, word: str, kind: str | None) -> None:
    await line.text(word)
    (call,) = app.on("/inbound")
    assert (call.params.get("OptOutType"), call.params["Body"]) == (kind, word)
    assert bool((await line.records())["opt_outs"]) == (kind == "STOP")


async def test_what_changes_nothing_gets_silence(line: Line, app: Application) -> None:
    await line.text("START")
    assert await line.bodies() == []
    await line.text("HELP")
    await line.text("STOP")
    assert len(await line.bodies()) == 2
    await line.text("STOP")
    await line.text("HELP")
    assert len(await line.bodies()) == 2


async def test_the_replies_of_the_carrier_are_not_the_accounts(sdk_async: Any, line: Line) -> None:
    await line.text("STOP")
    assert [message.body for message in await sdk_async.messages.list_async()] == ["STOP"]


async def test_an_answer_to_stop_is_not_sent(line: Line, app: Application) -> None:
    app.answers["/inbound"] = Response("再见", media_type="text/plain")
    assert (await line.text("STOP"))["errors"] == [[21610]]
    assert "再见" not in await line.bodies()


@pytest.mark.parametrize(("mode", "blocks"), [("default", True), ("off", False)])
async def test_the_account_may_do_without(
    sdk_async: Any, line: Line, app: Application, mode: str, blocks: bool
) -> None:
    await line.settle(opt_out=mode)
    await line.text("STOP")
    (call,) = app.on("/inbound")
    assert "OptOutType" not in call.params
    assert (await refusal(sdk_async) == 21610) == blocks
    assert len(await line.received()) == 1  # the reply to STOP, or the message that was not refused
