"""A scripted switchboard behind the voice webhooks, and a caller that signs as the carrier does."""

from collections.abc import Mapping, Sequence

import httpx
from fastapi import FastAPI

from bridges.calls import Call, Step, Turn
from bridges.contract import Inbound
from bridges.sms.voice import VoiceBridge
from demo.carrier.voice.twiml import Verb, read
from tests.sms.wire import ACCOUNT, OUR_NUMBER, PHONE, PUBLIC_URL, Caller, Store, account

CALL_SID = "CA" + "c" * 32
RECORDING_SID = "RE" + "d" * 32
SOUND = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{RECORDING_SID}"

#: 0558 is Bozhou's area code.
TELEPHONE = "+865588123456"


class Script:
    """A switchboard that says what it is told to.

    Attributes:
        steps: What it says.
        keep: What it wants to be kept.
        heard: Every turn that it was asked about.
    """

    def __init__(self) -> None:
        self.steps: Sequence[Step] = ()
        self.keep: Sequence[Inbound] = ()
        self.heard: list[Call] = []

    async def answer(self, call: Call) -> Turn:
        """See `bridges.calls.Switchboard`."""
        self.heard.append(call)
        return Turn(self.steps, self.keep)

    @property
    def only(self) -> Call:
        """The one turn that there was."""
        (call,) = self.heard
        return call


class Line(Caller):
    """Calls the voice webhooks through an inner address that differs from the public one."""

    def __init__(self, store: Store, script: Script) -> None:
        bridge = VoiceBridge(account(), public_url=PUBLIC_URL, region="CN")
        app = FastAPI()
        app.include_router(bridge.routes(store.accept))
        app.include_router(bridge.call_routes(store.accept, script))
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://10.0.0.7:8000")


def call_params(**more: str) -> dict[str, str]:
    """The parameters of a call to us."""
    return {
        "CallSid": CALL_SID,
        "AccountSid": ACCOUNT,
        "From": PHONE,
        "To": OUR_NUMBER,
        "Caller": PHONE,
        "Called": OUR_NUMBER,
        "CallStatus": "ringing",
        "Direction": "inbound",
        "ApiVersion": "2010-04-01",
        "FromCity": "",
        **more,
    }


def recorded_params(**more: str) -> dict[str, str]:
    """The parameters of a message that a caller has left."""
    return call_params(
        CallStatus="in-progress",
        RecordingUrl=SOUND,
        RecordingSid=RECORDING_SID,
        RecordingDuration="23",
        Digits="#",
        **more,
    )


def ready_params(**more: str) -> dict[str, str]:
    """The parameters of a recording that can be fetched; who called is not among them."""
    return {
        "AccountSid": ACCOUNT,
        "CallSid": CALL_SID,
        "RecordingSid": RECORDING_SID,
        "RecordingUrl": SOUND,
        "RecordingStatus": "completed",
        "RecordingDuration": "23",
        "RecordingChannels": "1",
        "RecordingSource": "RecordVerb",
        **more,
    }


def verbs(answer: httpx.Response) -> list[Verb]:
    """What the answer's TwiML says to do; the carrier has nothing to complain of."""
    assert answer.status_code == 200, answer.text
    script = read(answer.headers["content-type"], answer.text)
    assert script.problems == []
    return script.verbs


def query_of(url: str | None) -> Mapping[str, str]:
    """The query of an address of ours."""
    assert url is not None
    assert url.startswith(PUBLIC_URL)
    return dict(httpx.URL(url).params)
