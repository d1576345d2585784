"""The service on one homeserver: its bot, residents' ghosts, rooms, spaces and direct rooms.

Callers never think of registration or of what was done before a crash: every method can be called
again. Nothing here knows what a unit or an issue is.

A transaction id makes a send happen once for as long as Synapse remembers it: half an hour to an
hour, in memory only (`synapse.rest.client.transactions`), so not over a restart of Synapse. After a
call of which nobody knows how it ended, `find` looks into the room itself.
"""

import asyncio
import hashlib
import json
import logging
import math
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlencode

from nio import Api, RoomPreset

from bridges.contract import Refused, TooLarge, Unavailable, Uncertain
from bridges.matrix import news
from bridges.matrix.connection import NO_TOKEN, Connection, Denied, Request
from bridges.matrix.events import is_ours
from bridges.matrix.memory import Memory
from bridges.matrix.news import News
from bridges.matrix.policy import DOORS, power_levels
from bridges.turns import Turns
from linzhang.settings import Homeserver

log = logging.getLogger(__name__)

#: Where the content of our events carries the key of the effect that they are.
KEY = "org.linzhang.key"

#: The last version of rooms whose creator's power is a number like others' and whose id tells the
#: server that made it; not left to the homeserver, since what we do depends on it.
_ROOM_VERSION = "11"

#: Events of one page of a room's timeline.
_PAGE = 100

#: The id of our registration at every homeserver; see deploy/registration.yaml.
REGISTRATION = "linzhang"

#: Bytes that every homeserver takes.
_SURELY_TAKEN = 1_000_000

#: Bytes of a file that are read at once.
_PIECE = 64 * 1024

#: Seconds between two looks at a room that somebody else is making.
_LOOK_AGAIN = 0.2


#: Contents of a room's state, by type of event.
State = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Standing:
    """An event of ours that stands in a room."""

    event_id: str
    sender: str
    content: Mapping[str, Any]

    @property
    def root(self) -> str:
        """The event in whose thread it stands; empty: in none."""
        relation = self.content.get("m.relates_to", {})
        return str(relation["event_id"]) if relation.get("rel_type") == "m.thread" else ""


class LostRoom(Refused):
    """The service is not in the room, or there is no such room."""


class AppService:
    """What the service does on one homeserver.

    Every method raises the errors of `bridges.contract`: `Refused`, `Unavailable` or `Uncertain`.

    Attributes:
        homeserver: On which it acts.
        turns: Whose turn it is to make something there that several need.
    """

    def __init__(self, homeserver: Homeserver) -> None:
        self.homeserver = homeserver
        self.turns = Turns()
        self._connection = Connection(homeserver)
        self._display_names = Memory[str, str]()
        self._joined = Memory[tuple[str, str], bool]()
        self._direct_rooms = Memory[str, str]()

    async def ping(self) -> None:
        """Make sure that the homeserver answers, and that our token acts for the bot.

        Raises:
            Denied: It does not act for it.
            Unavailable: The homeserver does not know it, or does not answer.
        """
        await self._connection.call("asking who we are", Api.whoami(NO_TOKEN))

    async def catch_up(self) -> None:
        """Have the homeserver bring now what it could not bring while nobody here listened.

        By itself Synapse tries again ever more rarely, in the end every 512 seconds, and leaders' words
        would wait so long. A ping that reaches us makes it try at once.
        """
        request = _request("POST", ["appservice", REGISTRATION, "ping"], {}, version="v1")
        await self._connection.call("asking for what was missed", request)

    async def position(self) -> str:
        """Where the homeserver is now, for `since`."""
        reader = f"@{self.homeserver.ghost_prefix}reader:{self.homeserver.server_name}"
        await self._connection.register(reader)
        return await news.position(self._connection, reader)

    async def since(self, position: str) -> News:
        """What was said in our rooms since a position; see `bridges.matrix.news.since`."""
        return await news.since(self._connection, position, self.homeserver.bot_id)

    async def close(self) -> None:
        """Let go of the connection."""
        await self._connection.close()

    # People

    async def ensure_ghost(self, user_id: str, display_name: str) -> None:
        """Make sure that a user of ours is there and has this name."""
        if self._display_names.get(user_id) == display_name:
            return
        if await self._display_name(user_id) != display_name:
            await self._connection.register(user_id)
            request = Api.profile_set_displayname(NO_TOKEN, user_id, display_name)
            await self._connection.call("naming a ghost", request, user=user_id)
        self._display_names.put(user_id, display_name)

    async def rename_ghost(self, user_id: str, display_name: str) -> None:
        """Call a user of ours by another name, if it is there."""
        if await self._display_name(user_id) not in (None, display_name):
            await self.ensure_ghost(user_id, display_name)

    async def _display_name(self, user_id: str) -> str | None:
        """The name of a user as the homeserver has it; None: no such user, or no name."""
        try:
            profile = await self._connection.call(
                "reading a profile", Api.profile_get_displayname(user_id, NO_TOKEN)
            )
        except Denied:
            return None
        name = profile.get("displayname")
        return name if isinstance(name, str) else None

    # Rooms

    async def create_room(
        self,
        *,
        alias: str,
        name: str,
        topic: str,
        invite: Sequence[str],
        leaders: Sequence[str] = (),
        space: bool = False,
        avatar: str = "",
    ) -> str:
        """Make a room, or find the one that was made under this alias.

        Somebody of another homeserver who cannot be invited now does not keep the room from being
        made: everybody else would wait for them.

        Args:
            alias: Its local part.
            name: What clients show.
            topic: What clients show below.
            invite: Matrix ids of whom to invite.
            leaders: Those who get a leader's power; they need not be invited yet.
            space: Whether it is a space, where nobody but leaders posts.
            avatar: The 'mxc:' address of its picture.

        Returns:
            The room's id.
        """
        room_id, is_new = await self._make(
            alias,
            name=name,
            topic=topic,
            space=space,
            state={"m.room.avatar": {"url": avatar}} if avatar else {},
            power_level_override=power_levels(self.homeserver.bot_id, leaders, space=space),
        )
        there = {} if is_new else await self.members(room_id)
        for user_id in invite:
            if there.get(user_id) not in ("join", "invite"):
                await self._try_invite(room_id, user_id)
        return room_id

    async def resolve_alias(self, alias: str) -> str | None:
        """The room to which an alias of ours points; `alias` is its local part."""
        try:
            answer = await self._connection.call(
                "resolving an alias", Api.room_resolve_alias(self._full(alias))
            )
        except Denied as error:
            if error.code == 404:
                return None
            raise
        return str(answer["room_id"])

    async def delete_alias(self, alias: str) -> None:
        """Take an alias back, so that another room can have it; one that is not there is fine."""
        try:
            await self._connection.call(
                "deleting an alias", Api.room_delete_alias(NO_TOKEN, self._full(alias))
            )
        except Denied as error:
            if error.code != 404:
                raise

    async def put_alias(self, alias: str, room_id: str) -> None:
        """Let an alias of ours point to a room, and to no other; `alias` is its local part."""
        before = await self.resolve_alias(alias)
        if before == room_id:
            return
        if before is not None:
            await self.delete_alias(alias)
        request = Api.room_put_alias(NO_TOKEN, self._full(alias), room_id)
        await self._connection.call("naming a room", request)

    async def state(self, room_id: str) -> list[dict[str, Any]]:
        """All that a room is now, as state events.

        Raises:
            LostRoom: The service is not in the room.
        """
        answer = await self._in_room("reading a room", room_id, Api.room_get_state(NO_TOKEN, room_id))
        return list(answer["chunk"])

    async def set_state(
        self, room_id: str, event_type: str, content: Mapping[str, Any], state_key: str = ""
    ) -> None:
        """Change something of what a room is."""
        await self._put_state(room_id, event_type, content, state_key)

    async def set_name(self, room_id: str, name: str) -> None:
        """Name a room."""
        await self._put_state(room_id, "m.room.name", {"name": name})

    async def add_child(self, space_id: str, room_id: str) -> None:
        """Show a room, or a space, inside a space; the room may live on another homeserver."""
        via = {"via": sorted({self.homeserver.server_name, _server_of(room_id)} - {""})}
        await self._put_state(space_id, "m.space.child", via, room_id)

    async def set_parent(self, room_id: str, space_id: str) -> None:
        """Say in a room, or a space, which space is its main one; that may live on another homeserver."""
        via = sorted({self.homeserver.server_name, _server_of(space_id)} - {""})
        await self._put_state(room_id, "m.space.parent", {"via": via, "canonical": True}, space_id)

    async def shows(self, space_id: str, room_id: str) -> bool:
        """Whether a space shows a room; one in which the service is not shows nothing."""
        request = Api.room_get_state_event(NO_TOKEN, space_id, "m.space.child", room_id)
        try:
            return bool((await self._in_room("reading a space", space_id, request)).get("via"))
        except Denied as error:
            if error.code == 404:
                return False
            raise
        except LostRoom:
            return False

    async def remove_child(self, space_id: str, room_id: str) -> None:
        """Show a room inside a space no more."""
        await self._put_state(space_id, "m.space.child", {}, room_id)

    async def set_power(self, room_id: str, levels: Mapping[str, int]) -> None:
        """Give users their power in a room: 50 for a leader, 0 for anybody."""
        powers = await self._state(room_id, "m.room.power_levels")
        users = {**powers.get("users", {}), **levels}
        if users != powers.get("users"):
            await self._put_state(room_id, "m.room.power_levels", {**powers, "users": users})

    async def invite(self, room_id: str, user_id: str) -> None:
        """Invite somebody; one who is in the room or invited already stays so.

        Raises:
            Unavailable: Somebody's own homeserver, if it is another one, has not answered lately.
            Uncertain: It does not answer; this one may reach it yet.
        """
        request = Api.room_invite(NO_TOKEN, room_id, user_id)
        try:
            await self._in_room("inviting", room_id, request, beyond=self._beyond(user_id))
        except Denied:
            if await self._membership(room_id, user_id) not in ("join", "invite"):
                raise

    async def admit(self, room_id: str, user_id: str) -> None:
        """Invite somebody, also one who has been banned."""
        if await self._membership(room_id, user_id) == "ban":
            await self._in_room("lifting a ban", room_id, Api.room_unban(NO_TOKEN, room_id, user_id))
        await self.invite(room_id, user_id)

    async def kick(self, room_id: str, user_id: str, reason: str) -> None:
        """Take somebody out of a room; one who is not in it, nor invited, is fine."""
        request = _request("POST", ["rooms", room_id, "kick"], {"user_id": user_id, "reason": reason})
        try:
            await self._in_room("taking somebody out", room_id, request)
        except Denied:
            if await self._membership(room_id, user_id) in ("join", "invite"):
                raise

    async def ensure_joined(self, room_id: str, user_id: str) -> None:
        """Make sure that a ghost is in a room."""
        if self._joined.get((room_id, user_id)):
            return
        membership = await self._membership(room_id, user_id)
        if membership != "join":
            if membership != "invite":
                await self._in_room("inviting a ghost", room_id, Api.room_invite(NO_TOKEN, room_id, user_id))
            await self._in_room("a ghost's joining", room_id, Api.join(NO_TOKEN, room_id), user=user_id)
        self._joined.put((room_id, user_id), True)

    async def members(self, room_id: str) -> dict[str, str]:
        """Everybody of whom the room knows: Matrix id to 'join', 'invite', 'leave' or 'ban'."""
        request = _request("GET", ["rooms", room_id, "members"])
        answer = await self._in_room("listing members", room_id, request)
        return {event["state_key"]: event["content"]["membership"] for event in answer["chunk"]}

    # Messages

    async def send(
        self,
        room_id: str,
        content: Mapping[str, Any],
        *,
        txn_id: str,
        sender: str | None = None,
        event_type: str = "m.room.message",
    ) -> str:
        """Send an event.

        Args:
            room_id: Where to.
            content: What.
            txn_id: The same one gives the same event while the homeserver remembers it.
            sender: The ghost that says it; the bot where it is None.
            event_type: Its type.

        Returns:
            The event's id.

        Raises:
            LostRoom: The service is not in the room.
        """
        request = Api.room_send(NO_TOKEN, room_id, event_type, dict(content), txn_id)
        try:
            answer = await self._in_room("sending", room_id, request, user=sender)
        except Denied as error:
            if sender is None or error.code != 403:
                raise
            # The bot is in the room and the ghost is not, or the homeserver has lost the ghost.
            self._joined.forget((room_id, sender))
            self._display_names.forget(sender)
            await self._connection.register(sender)
            await self.ensure_joined(room_id, sender)
            answer = await self._in_room("sending", room_id, request, user=sender)
        return str(answer["event_id"])

    async def redact(self, room_id: str, event_id: str, *, txn_id: str) -> str:
        """Take an event back.

        Returns:
            Id of the event that does so.
        """
        request = Api.room_redact(NO_TOKEN, room_id, event_id, txn_id)
        answer = await self._in_room("redacting", room_id, request)
        return str(answer["event_id"])

    async def related(self, room_id: str, event_id: str) -> list[str]:
        """All that hangs on an event: its thread, edits and reactions, and what hangs on these."""
        found: list[str] = []
        start: str | None = ""
        while start is not None:
            path = f"/_matrix/client/v1/rooms/{quote(room_id, safe='')}/relations/{quote(event_id, safe='')}"
            query = {"recurse": "true", "limit": str(_PAGE), "dir": "f"} | ({"from": start} if start else {})
            answer = await self._in_room("reading a thread", room_id, ("GET", f"{path}?{urlencode(query)}"))
            found += [str(event["event_id"]) for event in answer["chunk"]]
            start = answer.get("next_batch")
        return found

    async def find(self, room_id: str, key: str, *, pages: int = 5) -> str | None:
        """The id of the event that `standing` finds."""
        event = await self.standing(room_id, key, pages=pages)
        return event.event_id if event else None

    async def standing(self, room_id: str, key: str, *, pages: int = 5) -> Standing | None:
        """Look in a room's recent timeline for the event of ours that carries a key.

        Args:
            room_id: Where.
            key: What stands at 'org.linzhang.key' in the event's content, or in its new content.
            pages: How far back: pages of 100 events.

        Returns:
            The event, or None where there is none.
        """
        start = None
        for _ in range(pages):
            request = Api.room_messages(NO_TOKEN, room_id, start=start, limit=_PAGE)
            answer = await self._in_room("reading the timeline", room_id, request)
            for event in answer["chunk"]:
                if is_ours(self.homeserver, event["sender"]) and key in _keys(event["content"]):
                    return Standing(event["event_id"], event["sender"], event["content"])
            start = answer.get("end")
            if start is None:
                return None
        return None

    # Pictures, sounds, films

    async def upload(self, content: bytes, content_type: str, name: str) -> str:
        """Let the homeserver keep a file; returns its 'mxc:' address, a new one each time.

        Raises:
            TooLarge: It takes no file of this size.
        """
        if len(content) > _SURELY_TAKEN and len(content) > await self._upload_limit():
            raise TooLarge("uploading a file: it is too large for the homeserver")
        path = f"/_matrix/media/v3/upload?filename={quote(name, safe='')}"
        answer = await self._connection.upload("uploading a file", path, content, content_type)
        return str(answer["content_uri"])

    async def _upload_limit(self) -> float:
        """Bytes that the homeserver takes; asked for, since it breaks off what is larger without a word."""
        answer = await self._connection.call(
            "asking for the largest file", ("GET", "/_matrix/client/v1/media/config")
        )
        limit = answer.get("m.upload.size")
        return limit if isinstance(limit, int) else math.inf

    async def download(self, uri: str, limit: int) -> bytes:
        """What a homeserver keeps under an 'mxc:' address; ours asks the other one.

        Raises:
            TooLarge: It has more bytes than `limit`.
            Refused: There is none.
        """
        content = bytearray()
        async with self.opened(uri) as pieces:
            async for piece in pieces:
                content += piece
                if len(content) > limit:
                    raise TooLarge("downloading a file: it is too large")
        return bytes(content)

    @asynccontextmanager
    async def opened(self, uri: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """What a homeserver keeps under an 'mxc:' address, piece by piece."""
        server_name, _, media_id = uri.removeprefix("mxc://").partition("/")
        path = f"/_matrix/client/v1/media/download/{quote(server_name, safe='')}/{quote(media_id, safe='')}"
        async with self._connection.download("downloading a file", path) as answer:
            yield answer.content.iter_chunked(_PIECE)

    # Direct rooms

    async def send_direct(self, user_id: str, content: Mapping[str, Any], *, txn_id: str) -> str:
        """Send a message to one person, in a room of their own with the bot.

        Returns:
            The event's id.
        """
        room_id = await self.direct_room(user_id)
        try:
            return await self.send(room_id, content, txn_id=txn_id)
        except LostRoom:
            self._direct_rooms.forget(user_id)
            await self.delete_alias(_direct_alias(user_id))
        return await self.send(await self.direct_room(user_id), content, txn_id=txn_id)

    async def find_direct(self, user_id: str, key: str) -> str | None:
        """Look for a message that may have been sent to a person; see `find`."""
        room_id = await self.resolve_alias(_direct_alias(user_id))
        if room_id is None:
            return None
        try:
            return await self.find(room_id, key)
        except LostRoom:
            return None

    async def accept_direct(self, user_id: str, room_id: str) -> None:
        """Join a room into which a person has invited the bot: from now on it is their direct room.

        Raises:
            Refused: There is no such invitation any more.
        """
        await self._connection.call("accepting an invitation", Api.join(NO_TOKEN, room_id))
        await self.put_alias(_direct_alias(user_id), room_id)
        self._direct_rooms.put(user_id, room_id)

    async def join(self, room_id: str) -> None:
        """Join a room into which the bot was invited.

        Raises:
            Refused: There is no such invitation any more.
        """
        await self._connection.call("joining", Api.join(NO_TOKEN, room_id))

    async def leave(self, room_id: str, reason: str = "") -> None:
        """Leave a room, or decline an invitation; one that we are not in is fine."""
        request = _request("POST", ["rooms", room_id, "leave"], {"reason": reason} if reason else {})
        try:
            await self._connection.call("leaving", request)
        except Denied as error:
            if error.code not in (403, 404):
                raise

    async def direct_room(self, user_id: str) -> str:
        """The direct room with a person, who is in it or invited.

        One that is lost, or that the person has made and in which the bot can do nothing, gives way.
        """
        try:
            return await self._direct_room(user_id)
        except Refused:
            self._direct_rooms.forget(user_id)
            await self.delete_alias(_direct_alias(user_id))
        return await self._direct_room(user_id)

    async def _direct_room(self, user_id: str) -> str:
        alias = _direct_alias(user_id)
        room_id = self._direct_rooms.get(user_id) or await self.resolve_alias(alias)
        if room_id is None:
            powers = power_levels(self.homeserver.bot_id, (), space=False)
            room_id, _ = await self._make(alias, is_direct=True, power_level_override=powers)
        if await self._membership(room_id, user_id) not in ("join", "invite"):
            # Not the call for invitations, which has no way to say that a room is a direct one.
            content = {"membership": "invite", "is_direct": True}
            try:
                await self._put_state(
                    room_id, "m.room.member", content, user_id, beyond=self._beyond(user_id)
                )
            except LostRoom:
                return room_id  # whoever sends there finds out, and has it replaced
        self._direct_rooms.put(user_id, room_id)
        return room_id

    # How it is done

    async def _make(
        self, alias: str, *, state: State = MappingProxyType({}), **features: Any
    ) -> tuple[str, bool]:
        """Make a private room under an alias, or find the one that has it; and whether it is new."""
        request = Api.room_create(
            NO_TOKEN,
            alias=alias,
            room_version=_ROOM_VERSION,
            preset=RoomPreset.private_chat,
            initial_state=[*_state_events(DOORS), *_state_events(state)],
            **features,
        )
        for _ in range(2):
            try:
                answer = await self._connection.call("making a room", request)
            except Denied as error:
                if error.errcode == "M_BAD_ALIAS":
                    # Another worker has held ours for the remains of one that died, and begun anew.
                    raise Unavailable("making a room: another one got its alias meanwhile") from error
                if error.errcode != "M_ROOM_IN_USE" and error.code != 409:  # 409: a moment later
                    raise
                room_id = await self._finished(alias)
                if room_id is not None:
                    return room_id, False
                await self.delete_alias(alias)
            else:
                return str(answer["room_id"]), True
        raise Unavailable("making a room: its alias is taken and given back all the time")

    async def _finished(self, alias: str) -> str | None:
        """The room that has an alias; None where there is none in which the service could act.

        Synapse gives the alias away before the room can be used: we may have met another worker
        that is making it now, or the remains of one that died.
        """
        clock = asyncio.get_running_loop()
        limit = clock.time() + self.homeserver.patience
        while (room_id := await self.resolve_alias(alias)) is not None:
            if await self._membership_of_bot(room_id) == "join" and await self._haspower_levels(room_id):
                return room_id
            if clock.time() > limit or await self._membership_of_bot(room_id) in ("leave", "ban"):
                return None
            await asyncio.sleep(_LOOK_AGAIN)
        return None

    async def _haspower_levels(self, room_id: str) -> bool:
        try:
            await self._state(room_id, "m.room.power_levels")
        except Denied:
            return False
        return True

    async def _try_invite(self, room_id: str, user_id: str) -> None:
        try:
            await self.invite(room_id, user_id)
        except LostRoom:
            raise
        except Refused as error:
            log.warning("somebody cannot be invited into %s: %s", room_id, error)
        except (Unavailable, Uncertain) as error:
            if user_id.endswith(f":{self.homeserver.server_name}"):
                raise
            log.warning("somebody of another homeserver was not invited into %s: %s", room_id, error)

    async def _in_room(
        self, action: str, room_id: str, request: Request, *, user: str | None = None, beyond: str = ""
    ) -> dict[str, Any]:
        """Make a call about a room; see `Connection.call`.

        Raises:
            LostRoom: It was denied because the bot is not in the room.
        """
        try:
            return await self._connection.call(action, request, user=user, beyond=beyond)
        except Denied as error:
            if error.code in (403, 404) and await self._membership_of_bot(room_id) != "join":
                raise LostRoom(f"{action}: the service is not in the room", error.code) from error
            raise

    async def _membership_of_bot(self, room_id: str) -> str | None:
        try:
            return await self._read_membership(room_id, self.homeserver.bot_id)
        except Denied:
            return None

    async def _membership(self, room_id: str, user_id: str) -> str | None:
        """What somebody is in a room; None: nothing."""
        try:
            return await self._read_membership(room_id, user_id)
        except Denied as error:
            if error.code == 404:
                return None
            raise LostRoom("reading a membership: the service is not in the room", error.code) from error

    async def _read_membership(self, room_id: str, user_id: str) -> str:
        request = Api.room_get_state_event(NO_TOKEN, room_id, "m.room.member", user_id)
        return str((await self._connection.call("reading a membership", request))["membership"])

    async def _state(self, room_id: str, event_type: str) -> dict[str, Any]:
        request = Api.room_get_state_event(NO_TOKEN, room_id, event_type)
        return await self._in_room(f"reading {event_type}", room_id, request)

    async def _put_state(
        self,
        room_id: str,
        event_type: str,
        content: Mapping[str, Any],
        state_key: str = "",
        *,
        beyond: str = "",
    ) -> None:
        request = Api.room_put_state(NO_TOKEN, room_id, event_type, dict(content), state_key)
        await self._in_room(f"setting {event_type}", room_id, request, beyond=beyond)

    def _beyond(self, user_id: str) -> str:
        """Name of the homeserver that must be reached to invite somebody; empty: none but this one."""
        theirs = _server_of(user_id)
        return "" if theirs == self.homeserver.server_name else theirs

    def _full(self, alias: str) -> str:
        return f"#{alias}:{self.homeserver.server_name}"


def _state_events(state: State) -> list[dict[str, Any]]:
    return [{"type": kind, "state_key": "", "content": dict(content)} for kind, content in state.items()]


def _direct_alias(user_id: str) -> str:
    """The alias of the direct room with a person: a hash, since an alias is public."""
    return f"lz-dm-{hashlib.sha256(user_id.encode()).hexdigest()[:24]}"


def _keys(content: Mapping[str, Any]) -> tuple[Any, Any]:
    """The keys that an event of ours carries."""
    new = content.get("m.new_content")
    return content.get(KEY), new.get(KEY) if isinstance(new, dict) else None


def _server_of(matrix_id: str) -> str:
    """The server that a user is on or that made a room; empty for rooms whose id does not tell."""
    return matrix_id.partition(":")[2]


def _request(
    method: str, path: Sequence[str], body: Mapping[str, Any] | None = None, version: str = "v3"
) -> Request:
    """A request for which nio has no builder."""
    url = f"/_matrix/client/{version}/" + "/".join(quote(part, safe="") for part in path)
    return (method, url) if body is None else (method, url, json.dumps(body))
