"""The control API for calls: phones that call, answer, press keys, speak and hang up.

Everything answers with the call as its phone knows it, once the application has said how it goes on.
It must never be needed by the application itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Response
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

from demo.carrier.access import Carrier, Number, loopback_only
from demo.carrier.exchange import Exchange
from demo.carrier.voice.deeds import OutOfPlace
from demo.carrier.voice.records import Call, CallStatus
from demo.carrier.voice.shown import shown_call
from demo.carrier.webhooks import SignatureMode

router = APIRouter(prefix="/_carrier", dependencies=[Depends(loopback_only)])


class Dialled(BaseModel):
    """A call that a phone makes.

    Attributes:
        to: Which of our numbers; the first when left out.
        sid: The sid it shall have; one that exists already is that call, and nobody calls again.
        signature: Whether its webhooks are signed as they should be.
        withheld: Whether the application is not to know the phone's number.
    """

    model_config = ConfigDict(extra="forbid")

    to: str | None = None
    sid: str | None = Field(default=None, pattern=r"^CA[0-9a-f]{32}$")
    signature: SignatureMode = "valid"
    withheld: bool = False


class Keys(BaseModel):
    """Keys that a phone presses.

    Attributes:
        digits: 0 to 9, * and #.
    """

    model_config = ConfigDict(extra="forbid")

    digits: str = Field(pattern=r"^[0-9*#]+$")


class Sound(BaseModel):
    """What a caller says after the beep.

    Attributes:
        content_type: 'audio/wav' or 'audio/mpeg'.
        base64: The sound.
        seconds: Its length.
        digits: The key that ends it; '' for silence, 'hangup' for hanging up.
    """

    model_config = ConfigDict(extra="forbid")

    content_type: Literal["audio/wav", "audio/mpeg"]
    base64: Base64Bytes
    seconds: int = Field(ge=1, le=14400)
    digits: str = Field(default="", pattern=r"^([0-9*#]?|hangup)$")


class End(BaseModel):
    """A phone that hangs up.

    Attributes:
        seconds: How long the call shall have lasted; as long as it did when left out.
    """

    model_config = ConfigDict(extra="forbid")

    seconds: int | None = Field(default=None, ge=0)


def call_of(carrier: Carrier, sid: str) -> Call:
    """A call of the path.

    Raises:
        HTTPException: 404, there is none.
    """
    call = carrier.store.calls.get(sid)
    if call is None:
        raise HTTPException(404, "No such call.")
    return call


KnownCall = Annotated[Call, Depends(call_of)]


@router.post("/phones/{number}/calls")
async def call_us(carrier: Carrier, number: Number, dialled: Dialled) -> dict[str, object]:
    """A phone calls one of our numbers."""
    to = dialled.to or carrier.config.numbers[0]
    if to not in carrier.config.numbers:
        raise HTTPException(422, "'to' is none of the carrier's numbers.")
    sid = dialled.sid or carrier.new_sid("CA")
    known = carrier.store.calls.get(sid)
    if known is not None and known.sender != number:
        raise HTTPException(409, "That sid belongs to a call that this phone did not make.")
    if known is None:
        carrier.voice.receive(number, to, sid, dialled.signature, withheld=dialled.withheld)
    return await _settled(carrier, sid)


@router.get("/phones/{number}/calls")
async def list_phone_calls(carrier: Carrier, number: Number) -> dict[str, object]:
    """The calls of a phone, in both directions, in order."""
    return {"calls": [shown_call(carrier, call) for call in _calls(carrier) if call.phone == number]}


@router.get("/calls")
async def list_calls(carrier: Carrier) -> dict[str, object]:
    """All calls, in order."""
    return {"calls": [shown_call(carrier, call) for call in _calls(carrier)]}


@router.get("/calls/{sid}")
async def read_call(carrier: Carrier, call: KnownCall) -> dict[str, object]:
    """One call as it is now."""
    return shown_call(carrier, call)


@router.post("/calls/{sid}/digits")
async def press(carrier: Carrier, call: KnownCall, keys: Keys) -> dict[str, object]:
    """The phone presses keys."""
    with _in_place():
        carrier.voice.phones.press(call.sid, keys.digits)
    return await _settled(carrier, call.sid)


@router.post("/calls/{sid}/record")
async def speak(carrier: Carrier, call: KnownCall, sound: Sound) -> dict[str, object]:
    """The caller speaks after the beep, and ends it."""
    with _in_place():
        carrier.voice.phones.record(call.sid, sound.content_type, sound.base64, sound.seconds, sound.digits)
    return await _settled(carrier, call.sid)


@router.post("/calls/{sid}/wait")
async def wait(carrier: Carrier, call: KnownCall) -> dict[str, object]:
    """Nobody does anything until the call's patience has run out; no time passes."""
    with _in_place():
        await carrier.voice.phones.time_out(call.sid)
    return await _settled(carrier, call.sid)


@router.post("/calls/{sid}/answer")
async def answer(carrier: Carrier, call: KnownCall) -> dict[str, object]:
    """The phone is picked up, once it rings; for a call that dials, that which it dialled."""
    with _in_place():
        await carrier.voice.phones.answer(call.sid)
    return await _settled(carrier, call.sid)


@router.post("/calls/{sid}/hangup")
async def hang_up(carrier: Carrier, call: KnownCall, end: End | None = None) -> dict[str, object]:
    """The phone hangs up."""
    with _in_place():
        carrier.voice.phones.hang_up(call.sid, end.seconds if end is not None else None)
    return await _settled(carrier, call.sid)


@router.post("/calls/{sid}/{refusal}")
async def refuse(
    carrier: Carrier, call: KnownCall, refusal: Literal["decline", "busy", "no-answer", "fail"]
) -> dict[str, object]:
    """The phone that rings is declined, is busy, rings in vain, or cannot be reached."""
    with _in_place():
        await carrier.voice.phones.refuse(call.sid, _REFUSALS[refusal])
    return await _settled(carrier, call.sid)


@router.get("/recordings/{sid}")
async def fetch_recording(carrier: Carrier, sid: str) -> Response:
    """The sound of a recording, for a page that shows a phone."""
    recording = carrier.store.recordings.get(sid)
    if recording is None:
        raise HTTPException(404, "No such recording.")
    headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
    return Response(recording.content, media_type=recording.content_type, headers=headers)


_REFUSALS: dict[str, CallStatus] = {
    "decline": "busy",
    "busy": "busy",
    "no-answer": "no-answer",
    "fail": "failed",
}
"""How a call ends whose phone is not picked up; a mobile that is declined looks busy to the caller."""


@contextmanager
def _in_place() -> Iterator[None]:
    """Answer 409 to what the call does not wait for."""
    try:
        yield
    except OutOfPlace as error:
        raise HTTPException(409, error.sentence) from error


async def _settled(carrier: Exchange, sid: str) -> dict[str, object]:
    """The call once it waits for a phone, or is over."""
    if not await carrier.voice.settled(sid):
        raise HTTPException(404, "A reset came in between.")
    return shown_call(carrier, carrier.store.calls[sid])


def _calls(carrier: Exchange) -> list[Call]:
    return list(carrier.store.calls.values())
