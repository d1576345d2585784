"""Leaders at Matrix clients of their own, who see posts in their rooms and answer in the threads.

A client is as plain as can be: it logs in, joins where it is invited, reads `/sync`, and sends each event
under a transaction id of its own until the homeserver has taken it, as every client does.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from chaos.script import Deed, Script
from chaos.words import sign_in

#: Seconds that `/sync` waits for something to happen, and after which a client asks again that got no answer.
_POLL, _AGAIN = 5.0, 0.3

_FILTER = '{"room":{"timeline":{"limit":200},"ephemeral":{"types":[]}},"presence":{"types":[]}}'


class Leader:
    """One person at one client.

    Args:
        url: The homeserver's.
        user_id: Theirs.
        password: Theirs.
        tiers: The tier of each unit that they lead, by its code.
        script: What they do about a post.

    Attributes:
        sent: Ids of all messages that the homeserver took from them.
    """

    def __init__(
        self, url: str, user_id: str, password: str, tiers: Mapping[str, str], script: Script
    ) -> None:
        self.user_id = user_id
        self.sent: list[str] = []
        self._password = password
        self._tiers = tiers
        self._script = script
        self._http = httpx.AsyncClient(base_url=url, trust_env=False, timeout=_POLL + 10)
        self._seen: set[str] = set()
        self._doing: set[asyncio.Task[None]] = set()
        self._rests = asyncio.Event()

    async def log_in(self) -> None:
        """Log in."""
        identifier = {"type": "m.id.user", "user": self.user_id}
        body = {"type": "m.login.password", "identifier": identifier, "password": self._password}
        answer = await self._http.post("/_matrix/client/v3/login", json=body)
        answer.raise_for_status()
        self._http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    async def live(self) -> None:
        """Read and act, until cancelled."""
        since = ""
        while True:
            query = {"timeout": str(int(_POLL * 1000)), "filter": _FILTER}
            answer = await self._ask("GET", "sync", query | ({"since": since} if since else {}))
            rooms = answer.get("rooms", {})
            for room_id in rooms.get("invite", {}):
                await self._ask("POST", f"rooms/{quote(room_id)}/join", {}, {})
            for room_id, room in rooms.get("join", {}).items():
                for event in room.get("timeline", {}).get("events", []):
                    self._see(room_id, event)
            since = answer["next_batch"]

    async def rest(self) -> None:
        """Do nothing more; what is being sent is sent first."""
        self._rests.set()
        await asyncio.gather(*self._doing)

    async def close(self) -> None:
        """Let go of the homeserver."""
        await self._http.aclose()

    def _see(self, room_id: str, event: Mapping[str, Any]) -> None:
        content = event.get("content", {})
        issue = content.get("org.linzhang.issue")
        if not isinstance(issue, Mapping) or "m.relates_to" in content or event["event_id"] in self._seen:
            return
        self._seen.add(event["event_id"])
        tier = self._tiers.get(issue["unit"])
        for number, deed in enumerate(self._script.deeds(sign_in(content["body"]), tier) if tier else ()):
            task = asyncio.create_task(self._do(room_id, event["event_id"], number, deed))
            self._doing.add(task)
            task.add_done_callback(self._doing.discard)

    async def _do(self, room_id: str, post: str, number: int, deed: Deed) -> None:
        if await waits(self._rests, deed.after):
            return
        kind, content = _reaction(post, deed.sign) if deed.sign else _reply(post, deed.words)
        path = f"rooms/{quote(room_id)}/send/{kind}/{quote(post, safe='')}.{number}"
        answer = await self._ask("PUT", path, {}, content)
        self.sent.append(answer["event_id"])

    async def _ask(
        self, method: str, path: str, query: Mapping[str, str], body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Ask the homeserver until it answers."""
        while True:
            try:
                answer = await self._http.request(
                    method, f"/_matrix/client/v3/{path}", params=query, json=body
                )
                if answer.status_code < 500:
                    answer.raise_for_status()
                    found: dict[str, Any] = answer.json()
                    return found
            except httpx.TransportError:
                pass
            await asyncio.sleep(_AGAIN)


async def waits(end: asyncio.Event, seconds: float) -> bool:
    """Wait so long, or until the end has come; returns whether it has."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(end.wait(), seconds)
    return end.is_set()


def _reply(root: str, words: str) -> tuple[str, dict[str, Any]]:
    relation = {
        "rel_type": "m.thread",
        "event_id": root,
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": root},
    }
    return "m.room.message", {"msgtype": "m.text", "body": words, "m.relates_to": relation}


def _reaction(target: str, sign: str) -> tuple[str, dict[str, Any]]:
    relation = {"rel_type": "m.annotation", "event_id": target, "key": sign}
    return "m.reaction", {"m.relates_to": relation}
