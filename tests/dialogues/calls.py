"""Calls as a phone has them: what is done with the keypad, and what is heard.

Every step of a call is the carrier's control API; what is read aloud comes from the TwiML that the
application really gave.
"""

import base64
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.attachments.samples import sound

#: How a line of a call begins, in both directions.
CALL = "☎"

_ON_ITS_WAY = ("queued", "initiated")
_OVER = ("completed", "busy", "no-answer", "failed", "canceled")

#: What a phone does, and what the carrier calls it.
_DEEDS = {
    "picks up": "answer",
    "hangs up": "hangup",
    "declines": "decline",
    "lets it ring": "no-answer",
    "waits": "wait",
}
#: What the phone did itself, and what it cannot hear.
_OWN = ("pressed", "recorded", "pause")

#: What can be done with a phone only while it rings.
_AT_THE_BELL = ("picks up", "declines", "lets it ring")

_MARKS = {"beep": "（beep）", "error": "（error）", "connected": "（connected）", "dial": "（dials）"}


@dataclass(slots=True)
class Calls:
    """The calls of a dialogue's phones.

    Attributes:
        carrier: Its control API.
    """

    carrier: httpx.AsyncClient
    _told: dict[str, list[str]] = field(default_factory=dict)

    async def do(self, number: str, deed: str) -> None:
        """Let a phone do something, such as 'calls', 'presses 1', 'speaks' or 'picks up'."""
        if deed == "calls":
            await self._post(f"/phones/{number}/calls", {})
            return
        sid = await self._line(number, ringing=deed in _AT_THE_BELL)
        if deed.startswith("presses "):
            await self._post(f"/calls/{sid}/digits", {"digits": deed.removeprefix("presses ")})
        elif deed == "speaks":
            said = base64.b64encode(sound("wav", "pcm_s16le")).decode()
            message = {"content_type": "audio/wav", "base64": said, "seconds": 2, "digits": "#"}
            await self._post(f"/calls/{sid}/record", message)
        else:
            assert deed in _DEEDS, f"no phone knows how it '{deed}'"
            await self._post(f"/calls/{sid}/{_DEEDS[deed]}", None)

    async def are_settled(self, numbers: list[str]) -> bool:
        """Whether no call is about to ring."""
        calls = [call for number in numbers for call in await self._of(number)]
        return not any(call["status"] in _ON_ITS_WAY for call in calls)

    async def news(self, number: str) -> list[str]:
        """What a phone has heard since this was last asked."""
        found = []
        for call in await self._of(number):
            told = self._told.setdefault(call["sid"], [])
            now = _story(call)
            found += now[len(told) :]
            told += now[len(told) :]
        return found

    async def _of(self, number: str) -> list[dict[str, Any]]:
        answer = await self.carrier.get(f"/_carrier/phones/{number}/calls")
        calls: list[dict[str, Any]] = answer.json()["calls"]
        return calls

    async def _line(self, number: str, *, ringing: bool) -> str:
        """The call that a phone is in, or the one for which it rings."""
        calls = [call for call in await self._of(number) if call["status"] not in _OVER]
        fitting = [call for call in calls if (call["status"] == "ringing") is ringing]
        assert fitting, "nobody calls" if ringing else "nobody is on the line"
        return str(fitting[-1]["sid"])

    async def _post(self, path: str, body: dict[str, Any] | None) -> None:
        answer = await self.carrier.post(f"/_carrier{path}", json=body, timeout=60)
        assert answer.is_success, answer.text
        assert not answer.json()["errors"], answer.json()["errors"]


def _story(call: dict[str, Any]) -> list[str]:
    """All that the phone knows of a call, in order: it rings, what is said, how it ends."""
    story = ["rings"] if call["direction"] == "outbound" else []
    for each in call["heard"]:
        if each["kind"] not in _OWN:
            story.append(_MARKS.get(each["kind"]) or each.get("text", each["kind"]))
    if call["status"] in _OVER:
        story.append("over" if call["status"] == "completed" else f"over: {call['status']}")
    return story
