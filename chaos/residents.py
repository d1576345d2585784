"""People with phones: they send what the script says, and answer what they are asked.

They see nothing but their phones, through the carrier's control API.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx

from chaos.leaders import waits
from chaos.script import Resident, Saying

#: By these words our questions are known.
_SOLVED, _RATED = "没解决请回2", "很好请回5"

#: Seconds that the carrier may take for one text: it tells the application again and again.
_PATIENCE = 60.0


class Residents:
    """All of them, at one carrier.

    Args:
        carrier: Its control API.
        people: Who there is.
    """

    def __init__(self, carrier: httpx.AsyncClient, people: Sequence[Resident]) -> None:
        self._carrier = carrier
        self._people = {each.number: each for each in people}
        self._answering: set[asyncio.Task[None]] = set()
        self._rest = asyncio.Event()

    async def live(self) -> None:
        """Send everything in its time."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as sending:
            for person in self._people.values():
                for saying in person.sayings:
                    sending.create_task(self._say(person, saying, began))

    async def listen(self) -> None:
        """Answer questions, until cancelled."""
        async for message in self._texts():
            person = self._people.get(message["phone"])
            answer = _answer(person, message["body"]) if person else ""
            if person and answer:
                task = asyncio.create_task(self._answer(person, answer))
                self._answering.add(task)
                task.add_done_callback(self._answering.discard)

    async def rest(self) -> None:
        """Say nothing more; what is being sent is sent first."""
        self._rest.set()
        await asyncio.gather(*self._answering)

    async def send_again(self, number: str, sid: str) -> None:
        """Let the carrier tell of a text once more."""
        await self._text(number, "", sid)

    async def _say(self, person: Resident, saying: Saying, began: float) -> None:
        await asyncio.sleep(max(0.0, began + saying.at - time.monotonic()))
        await self._text(person.number, saying.words, saying.sid)
        if saying.again_at is not None:
            await asyncio.sleep(max(0.0, began + saying.again_at - time.monotonic()))
            await self.send_again(person.number, saying.sid)

    async def _answer(self, person: Resident, answer: str) -> None:
        if not await waits(self._rest, person.thinks):
            await self._text(person.number, answer, None)

    async def _text(self, number: str, body: str, sid: str | None) -> None:
        text = {"body": body} | ({"sid": sid} if sid else {})
        with contextlib.suppress(httpx.ReadTimeout):  # the carrier has it, and goes on with it by itself
            answer = await self._carrier.post(
                f"/_carrier/phones/{number}/texts", json=text, timeout=_PATIENCE
            )
            answer.raise_for_status()

    async def _texts(self) -> AsyncIterator[dict[str, Any]]:
        """What arrives on all phones."""
        async with self._carrier.stream("GET", "/_carrier/events", timeout=None) as events:
            kind = ""
            async for line in events.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "data" and kind == "message":
                    message: dict[str, Any] = json.loads(value)
                    if message["direction"] == "outbound":
                        yield message


def _answer(person: Resident, asked: str) -> str:
    if _SOLVED in asked:
        return {"yes": "1", "no": "2"}.get(person.verdict, "")
    if _RATED in asked and person.mark:
        return str(person.mark)
    return ""
