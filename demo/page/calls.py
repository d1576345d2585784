"""The residents' phones at people's ears: calls as the carrier tells them, and what fingers do on one.

Speaks the carrier's control API alone. It must never show a call of a phone that the page was not given,
nor the number of anybody who is dialled.
"""

import base64
import io
import math
import wave
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from demo.page.feed import RESET

Publish = Callable[[str, Any], None]

_LONGEST_WORDS = 4000
_RATE = 8000
_SAMPLE_SECONDS = 3


class Deed(StrEnum):
    """What can be done on a call."""

    DIGITS = "digits"  # press keys
    SPEAK = "speak"  # say something after the beep, and press #
    WAIT = "wait"  # do nothing until the line loses patience
    ANSWER = "answer"  # pick up the phone that rings
    DECLINE = "decline"  # do not
    HANG_UP = "hangup"
    SOMEBODY = "somebody"  # whoever is dialled picks up and wants to talk
    NOBODY = "nobody"  # whoever is dialled does not


class CallBook:
    """The calls of the residents' phones, as the carrier tells them."""

    def __init__(
        self, numbers: Collection[str], publish: Publish, programme_time: Callable[[datetime], datetime]
    ) -> None:
        self._numbers = frozenset(numbers)
        self._publish = publish
        self._programme_time = programme_time
        self._calls: dict[str, dict[str, Any]] = {}

    def take(self, kind: str, data: Any) -> None:
        """Take in one event of the carrier's stream; the same one twice does no harm."""
        facts = data if isinstance(data, Mapping) else {}
        match kind:
            case "snapshot":
                before, self._calls = self._calls, {}
                for call in facts.get("calls") or []:
                    self._add(call)
                if self._calls != before:
                    self._publish(RESET, {})
            case "call":
                shown = self._add(facts)
                if shown:
                    self._publish("call", shown)
            case "reset":
                self._calls.clear()

    def snapshot(self) -> list[dict[str, Any]]:
        """All calls, as the browser gets them at first."""
        return list(self._calls.values())

    def __contains__(self, sid: str) -> bool:
        """Whether a call is one of the page's."""
        return sid in self._calls

    def _add(self, call: Mapping[str, Any]) -> dict[str, Any] | None:
        number, sid = str(call.get("phone")), str(call.get("sid"))
        if number not in self._numbers:
            return None
        try:
            at = datetime.fromisoformat(str(call.get("at")))
        except ValueError:
            return None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        waits = call.get("waits_for") or {}
        self._calls[sid] = {
            "sid": sid,
            "number": number,
            "made": call.get("direction") == "inbound",
            "status": str(call.get("status")),
            "waits": str(waits.get("kind") or ""),
            "dials": bool(waits.get("calls")),
            "heard": [_heard(each) for each in call.get("heard") or ()],
            "errors": [str(each.get("detail")) for each in call.get("errors") or ()],
            "order": round(at.timestamp() * 1000),
            "at": round(self._programme_time(at).timestamp() * 1000),
        }
        return self._calls[sid]


def _heard(each: Mapping[str, Any]) -> dict[str, Any]:
    """One thing that a phone heard or did; whom it dialled stays out."""
    words = each.get("text") or each.get("digits") or ""
    return {
        "kind": str(each.get("kind")),
        "text": str(words)[:_LONGEST_WORDS],
        "language": str(each.get("language") or ""),
        "seconds": each.get("seconds"),
    }


@cache
def sample() -> tuple[str, int]:
    """A sound for who has no microphone: base64 of a WAV file that rises and falls as speech does."""
    frames = bytearray()
    for index in range(_RATE * _SAMPLE_SECONDS):
        second = index / _RATE
        syllable = max(0.0, math.sin(2 * math.pi * 3 * second)) ** 2
        pitch = 140 + 40 * math.sin(2 * math.pi * 0.7 * second)
        wanted = sum(math.sin(2 * math.pi * pitch * part * second) / part for part in (1, 2, 3, 5))
        frames += int(6000 * syllable * wanted).to_bytes(2, "little", signed=True)
    written = io.BytesIO()
    with wave.open(written, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_RATE)
        sound.writeframes(bytes(frames))
    return base64.b64encode(written.getvalue()).decode(), _SAMPLE_SECONDS
