"""Hands messages to WeCom: a text, and the pictures and films that go with it after it.

One call is one attempt; trying again is the outbox's business. WeCom can neither be given a key nor be asked
what it has taken, so two things are done against saying something twice: what was taken of a message is
remembered while the process lives, and what may have been taken is sent again with WeCom's own check for
repetitions. This module must never put a member's id or a text into an error or a log.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bridges.contract import Delivered, Media, Outbound, Refused, Uncertain
from bridges.wecom.connection import Connection
from bridges.wecom.errors import NOBODY
from linzhang.settings import WeCom

#: Bytes that one text may have; 'Send application messages' (path 90236): the rest would be cut off.
TEXT_BYTES = 2048

#: How long WeCom looks back for the same message, in seconds: the most that it does.
_LOOKS_BACK = 4 * 60 * 60

#: By the kind of a message: which types it takes, and how many bytes ('Upload temporary media', path 90253).
_KINDS = {
    "image": (frozenset({"image/jpeg", "image/png"}), 10 * 2**20),
    "video": (frozenset({"video/mp4"}), 10 * 2**20),
}
_FILE_LIMIT = 20 * 2**20
_LEAST = 5  # bytes of any medium

_EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "audio/mpeg": "mp3",
    "video/mp4": "mp4",
    "application/pdf": "pdf",
}


class Sender:
    """Sends as one application.

    Args:
        wecom: The application.
        connection: What requests go through.
        public_url: Where our own links lead; media are taken from there only.
    """

    def __init__(self, wecom: WeCom, connection: Connection, public_url: str) -> None:
        self._agent_id = wecom.agent_id
        self._connection = connection
        self._public_url = public_url.rstrip("/") + "/"
        self._taken: dict[str, int] = {}
        self._doubtful: set[str] = set()

    async def deliver(self, outbound: Outbound) -> Delivered:
        """Hand a message over; see `bridges.contract.Bridge.deliver`."""
        if not outbound.text.strip() and not outbound.media:
            raise Refused("there is nothing to say", 44004)
        if len(outbound.text.encode()) > TEXT_BYTES:
            raise Refused("the text is too long", 45002)
        key, external_id = outbound.key, ""
        done = self._taken.get(key, 0)
        contents: list[str | Media] = [*([outbound.text] if outbound.text.strip() else []), *outbound.media]
        for number, content in enumerate(contents):
            if number < done:
                continue
            try:
                external_id = await self._send(outbound, content, number)
            except Uncertain:
                self._doubtful.add(key)
                raise
            except Refused:
                self._forget(key)
                raise
            self._taken[key] = number + 1
            self._doubtful.discard(key)
        self._forget(key)
        return Delivered(external_id or key, "sent")

    async def find(self, outbound: Outbound, _since: datetime) -> None:
        """Nobody can be asked; but what is sent now may be a repetition, and WeCom is told so."""
        self._doubtful.add(outbound.key)

    async def _send(self, outbound: Outbound, content: str | Media, number: int) -> str:
        message: dict[str, Any] = {"touser": outbound.address, "agentid": self._agent_id}
        if isinstance(content, str):
            message |= {"msgtype": "text", "text": {"content": content}}
        else:
            kind, media_id = await self._kept(content)
            message |= {"msgtype": kind, kind: {"media_id": media_id}}
        if outbound.key in self._doubtful:
            message |= {"enable_duplicate_check": 1, "duplicate_check_interval": _LOOKS_BACK}
        answer = await self._connection.send(message)
        _check_received(answer)
        return str(answer.get("msgid", "")) or f"{outbound.key}:{number}"

    async def _kept(self, medium: Media) -> tuple[str, str]:
        """Let WeCom keep a medium of ours; returns what kind of message it makes, and its id."""
        if not medium.url.startswith(self._public_url):
            raise Refused("a medium is none of ours")
        kind = kind_of(medium)
        content = await self._connection.get(medium.url, _FILE_LIMIT)
        name = f"{kind}.{_EXTENSIONS.get(medium.content_type, 'bin')}"
        return kind, await self._connection.upload(kind, content, name, medium.content_type)

    def _forget(self, key: str) -> None:
        self._taken.pop(key, None)
        self._doubtful.discard(key)


def carries(medium: Media, public_url: str) -> bool:
    """Whether a medium can be sent from where it lies."""
    size = medium.size or _LEAST
    return medium.url.startswith(public_url.rstrip("/") + "/") and _LEAST <= size <= _FILE_LIMIT


def kind_of(medium: Media) -> str:
    """As what a medium goes: what WeCom does not show, it takes as a file."""
    for kind, (types, limit) in _KINDS.items():
        if medium.content_type in types and (medium.size or 0) <= limit:
            return kind
    return "file"


def _check_received(answer: Mapping[str, Any]) -> None:
    """WeCom says 'ok' too where the only one to whom a message went does not get it.

    Raises:
        Refused: They do not.
    """
    if answer.get("invaliduser") or answer.get("unlicenseduser"):
        raise Refused("this member does not get the application's messages", NOBODY)
