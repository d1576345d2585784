"""An IRC server, a third party's bridge to it, and people at their own IRC clients: real ones, on loopback.

heisenbridge is started as its README has it, as a second application service of the homeserver. The IRC
server is miniircd: one small program from PyPI that waits for its sockets, where `irc.server`, which
heisenbridge brings along, is by its own words not to be used and keeps a processor busy for each client.
"""

import asyncio
import contextlib
import json
import os
import re
import secrets
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.children import Child, listens
from linzhang.networks import Network
from tests.matrix.house import until

HOST = "127.0.0.1"

#: A message has at most so many bytes, its end included (RFC 2812).
_LINE = 512


def network(irc_port: int) -> Network:
    """What docs/admins.md lets an admin write into the configuration, with the servers of this test."""
    page = (Path(__file__).parents[2] / "docs" / "admins.md").read_text(encoding="utf-8")
    found = re.search(r"```toml\n(.*?heisenbridge.*?)```", page, re.DOTALL)
    assert found, "the documentation has no example"
    text = found[1].replace("irc.example.org 6697 --tls", f"{HOST} {irc_port}")
    text = text.replace(r"example\.org", "localhost").replace("example.org", "localhost")
    return Network.model_validate(tomllib.loads(text)["networks"][0])


def registration(port: int) -> dict[str, Any]:
    """What `python -m heisenbridge --generate` writes, with a port of our own."""
    return {
        "id": "heisenbridge",
        "url": f"http://{HOST}:{port}",
        "as_token": secrets.token_hex(16),
        "hs_token": secrets.token_hex(16),
        "rate_limited": False,
        "sender_localpart": "heisenbridge",
        "namespaces": {"users": [{"regex": "@irc_.*", "exclusive": True}], "aliases": [], "rooms": []},
    }


def heisenbridge(folder: Path, registered: dict[str, Any], port: int, homeserver: str) -> Child:
    """The bridge; whoever first talks to it owns it."""
    config = folder / "heisenbridge.yaml"
    config.write_text(json.dumps(registered), encoding="utf-8")  # JSON is YAML
    argv = [sys.executable, "-m", "heisenbridge", "-c", str(config), homeserver]
    return Child("heisenbridge", argv, folder / "heisenbridge.log", listens(port))


def irc_server(folder: Path, port: int) -> Child:
    """The IRC server."""
    argv = [sys.executable, "-m", "miniircd", "--listen", HOST, "--ports", str(port)]
    if os.getuid() == 0:
        # Under another account it would not end with us: Linux forgets that it is to.
        argv += ["--setuid", "root"]
    return Child("the IRC server", argv, folder / "irc.log", listens(port))


@dataclass
class Villager:
    """Somebody at an IRC client.

    Attributes:
        nick: What they are called.
        channel: Where they are.
        lines: What has been said there by others, as (nick, words).
        members: Who is there now.
        joined: Who has come since they came themselves, each time.
    """

    nick: str
    channel: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    lines: list[tuple[str, str]] = field(default_factory=list)
    members: set[str] = field(default_factory=set)
    joined: list[str] = field(default_factory=list)
    _reading: asyncio.Task[None] | None = None

    @classmethod
    async def come(cls, nick: str, channel: str, port: int) -> "Villager":
        """Connect and join the channel."""
        reader, writer = await asyncio.open_connection(HOST, port)
        villager = cls(nick, channel, reader, writer)
        villager._reading = asyncio.create_task(villager._read())
        villager._send(f"NICK {nick}", f"USER {nick} 0 * :{nick}", f"JOIN {channel}")

        async def joined() -> bool:
            return nick in villager.members

        await until(joined, f"{nick} to be in {channel}")
        return villager

    def say(self, words: str) -> None:
        """Say something in the channel."""
        self._send(f"PRIVMSG {self.channel} :{words}")

    async def expect(self, *words: str) -> str:
        """Wait until somebody has said something that holds all these words; returns it."""

        async def find() -> str | None:
            return next((said for _, said in self.lines if all(word in said for word in words)), None)

        try:
            return await until(find, f"a line with {words}")
        except AssertionError as error:
            raise AssertionError(f"{error}; there were {self.lines}") from None

    def heard(self, *words: str) -> list[str]:
        """Lines that hold all these words."""
        return [said for _, said in self.lines if all(word in said for word in words)]

    async def expect_member(self, nick: str, *, gone: bool = False) -> None:
        """Wait until somebody is in the channel, or is no more."""

        async def find() -> bool:
            return (nick in self.members) is not gone

        await until(find, f"{nick} to {'leave' if gone else 'join'}")

    async def go(self) -> None:
        """Hang up."""
        if self._reading is not None:
            self._reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reading
        self.writer.close()

    def _send(self, *lines: str) -> None:
        for line in lines:
            raw = f"{line}\r\n".encode()
            assert len(raw) <= _LINE, "no IRC client sends that"
            self.writer.write(raw)

    async def _read(self) -> None:
        while raw := await self.reader.readline():
            prefix, _, rest = raw.decode().rstrip("\r\n").partition(" ")
            if prefix == "PING":
                self._send(f"PONG {rest}")
                continue
            nick = prefix.removeprefix(":").partition("!")[0]
            command, _, said = rest.partition(" ")
            target, _, words = said.partition(" :")
            match command:
                case "PRIVMSG" if target == self.channel:
                    self.lines.append((nick, words))
                case "JOIN":
                    self.members.add(nick)
                    self.joined.append(nick)
                case "PART" | "QUIT":
                    self.members.discard(nick)
                case "353":
                    self.members |= {each.lstrip("@+") for each in words.split()}
