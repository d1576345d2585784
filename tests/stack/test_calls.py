"""A resident calls instead of texting, on the whole stack."""

import base64
import io
import wave
from typing import Any

import pytest

from tests.stack.town import Phone, Town, until
from tests.stack.towns import ON_POSTGRES

pytestmark = [
    pytest.mark.stack,
    pytest.mark.asyncio(loop_scope="session"),
    # Lived on SQLite as the dialogue calls_and_leaves_a_message.
    ON_POSTGRES,
]


def voice() -> str:
    """A second of sound, as a telephone would send it."""
    written = io.BytesIO()
    with wave.open(written, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(range(0, 250, 10)) * 640)
    return base64.b64encode(written.getvalue()).decode()


async def post(town: Town, path: str, **what: Any) -> dict[str, Any]:
    """Do something on the carrier's side; returns the call."""
    answer = await town.carrier.post(f"/_carrier/{path}", json=what, timeout=60)
    assert answer.status_code == 200, answer.text
    call: dict[str, Any] = answer.json()
    return call


async def test_a_voice_reaches_the_leader_with_a_receipt_for_the_caller(town: Town) -> None:
    phone: Phone = await town.resident("马来电")
    call = await post(town, f"phones/{phone.number}/calls")
    assert town.leaders["block"].name in call["heard"][0]["text"]
    await post(town, f"calls/{call['sid']}/digits", digits="1")
    sound = {"content_type": "audio/wav", "base64": voice(), "seconds": 1}
    call = await post(town, f"calls/{call['sid']}/record", **sound, digits="#")
    assert (call["status"], call["errors"], len(call["recordings"])) == ("completed", [], 1)
    room_id, post_id = await town.expect_post("block", "马来电")

    async def heard() -> bool:
        thread = town.leaders["block"].seen(room_id, thread=post_id)
        return any(event["content"]["msgtype"] == "m.audio" for event in thread)

    await until(heard, "the voice to be in the thread")
