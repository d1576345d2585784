"""What the rooms show to the people in them, read through their own clients and put into words.

A client's `/sync` without waiting tells all that has happened, so that nothing has to be slept for.
It shows what the service says, and nothing of what people say themselves.
"""

from dataclasses import dataclass, field
from typing import Any

import httpx

from bridges.matrix import polls
from linzhang.settings import Homeserver
from models import Room, RoomKind, Unit
from rooms.render import ISSUE
from tests.dialogues.script import Seen
from tests.stack.town import LeaderClient

_FILTER = '{"room":{"timeline":{"limit":200}},"presence":{"types":[]},"account_data":{"types":[]}}'

_SHOWN = ("m.room.message", polls.START, polls.END)

_MEDIA = {"m.image": "image", "m.audio": "audio", "m.video": "video", "m.file": "file"}


@dataclass(frozen=True, slots=True)
class Post:
    """Where an issue stands in a room.

    Attributes:
        room_id: The room.
        root: What its thread hangs on: its post, or the resident's own message there.
        event_id: What shows its state.
        number: The issue's.
    """

    room_id: str
    root: str
    event_id: str
    number: str


@dataclass(slots=True)
class _Client:
    person: LeaderClient
    since: str = ""
    rooms: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Rooms:
    """All rooms in which somebody of a dialogue is.

    Attributes:
        homeserver: On which they are.
        tiers: Of the units that files call by their tier, by their id.
        posts: In the order in which they were seen.
        last: What the service has said last in a room outside threads, by the room.
        asked: The last poll in a room: its event, and the ids of what one can choose by their words.
    """

    homeserver: Homeserver
    tiers: dict[int, str]
    posts: list[Post] = field(default_factory=list)
    last: dict[str, str] = field(default_factory=dict)
    asked: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    _http: httpx.AsyncClient = field(init=False)
    _clients: dict[str, _Client] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)
    _names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        url = f"{self.homeserver.url}/_matrix/client/v3"
        self._http = httpx.AsyncClient(base_url=url, trust_env=False, timeout=30)

    def enter(self, name: str, person: LeaderClient) -> None:
        """From now on see what this person's client shows."""
        self._clients[name] = _Client(person)

    def leave(self, name: str) -> None:
        """No longer see what this person's client shows."""
        del self._clients[name]

    async def close(self) -> None:
        """Let go of the homeserver."""
        await self._http.aclose()

    async def forget(self) -> None:
        """Take all that has happened so far as seen."""
        await self.news()
        self.posts.clear()

    async def news(self) -> list[tuple[str, Seen]]:
        """What the service has shown since this was last asked; states of a post have its id before them.

        The rooms come in the order of the tiers from the block upwards, then the others, then what
        somebody is told in private; in a room, what belongs to an older issue comes first, since two
        issues do not wait for each other.
        """
        labels = await self._labels()
        found: list[tuple[str, str, str, Seen]] = []
        for name, client in self._clients.items():
            for room_id, event in await self._sync(client):
                if event["event_id"] in self._known:
                    continue
                self._known.add(event["event_id"])
                label = labels.get(room_id, f"{name} privately")
                shown = await self._shown(room_id, label, event)
                if shown:
                    found.append((label, _thread(event), *shown))
        order = list(labels.values())
        found.sort(key=lambda each: order.index(each[0]) if each[0] in order else len(order))
        return [(key, seen) for _, _, key, seen in self._by_issue(found)]

    def _by_issue(self, found: list[tuple[str, str, str, Seen]]) -> list[tuple[str, str, str, Seen]]:
        """Put what belongs to issues, room by room, into the order of the issues; the rest stays in place."""
        ages = {id_: age for age, post in enumerate(self.posts) for id_ in (post.root, post.event_id)}
        places = [place for place, each in enumerate(found) if each[1] in ages]
        rooms = list(dict.fromkeys(each[0] for each in found))
        in_order = sorted(places, key=lambda place: (rooms.index(found[place][0]), ages[found[place][1]]))
        ordered = list(found)
        for place, taken in zip(places, in_order, strict=True):
            ordered[place] = found[taken]
        return ordered

    async def invite(self, room_id: str, user_id: str) -> None:
        """Have the service invite somebody into one of its rooms, as its operator could by hand."""
        headers = {"Authorization": f"Bearer {self.homeserver.as_token.get_secret_value()}"}
        acting, invited = {"user_id": self.homeserver.bot_id}, {"user_id": user_id}
        path = f"/rooms/{room_id}/invite"
        answer = await self._http.post(path, params=acting, headers=headers, json=invited)
        answer.raise_for_status()

    async def private(self, name: str) -> str:
        """Id of the room in which the service talks to somebody alone."""
        await self.news()
        units = {room.room_id for room in await Room.all()}
        alone = self._clients[name].rooms - units
        assert alone, f"the service has never talked to {name} in private"
        return max(alone)

    async def _labels(self) -> dict[str, str]:
        """How files call the rooms, the block's first."""
        rooms = await Room.filter(kind=RoomKind.ROOM).select_related("unit").order_by("id")
        rooms.sort(key=lambda room: -len(room.unit.path))
        return {room.room_id: self._label(room.unit, lost=room.lost_at is not None) for room in rooms}

    def _label(self, unit: Unit, *, lost: bool) -> str:
        return self.tiers.get(unit.id, unit.name) + ("(lost)" if lost else "")

    async def _sync(self, client: _Client) -> list[tuple[str, dict[str, Any]]]:
        found = []
        invited = True
        while invited:
            params = {"timeout": "0", "filter": _FILTER} | ({"since": client.since} if client.since else {})
            answer = await self._call(client, "GET", "/sync", params=params)
            client.since = answer["next_batch"]
            rooms = answer.get("rooms", {})
            for room_id in rooms.get("invite", {}):
                await self._call(client, "POST", f"/rooms/{room_id}/join", json={})
            invited = bool(rooms.get("invite"))
            for room_id, room in rooms.get("join", {}).items():
                client.rooms.add(room_id)
                found += [(room_id, event) for event in room.get("timeline", {}).get("events", [])]
        return found

    async def _call(self, client: _Client, method: str, path: str, **options: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {client.person.client.access_token}"}
        answer = await self._http.request(method, path, headers=headers, **options)
        answer.raise_for_status()
        content: dict[str, Any] = answer.json()
        return content

    async def _shown(self, room_id: str, label: str, event: dict[str, Any]) -> tuple[str, Seen] | None:
        sender, content = event["sender"], event["content"]
        is_ghost = sender.startswith(f"@{self.homeserver.ghost_prefix}")
        if event["type"] not in _SHOWN or not (is_ghost or sender == self.homeserver.bot_id):
            return None
        if "body" not in content:
            return None  # taken back meanwhile
        relation = content.get("m.relates_to", {})
        if relation.get("rel_type") == "m.replace":
            new = content["m.new_content"]
            if ISSUE in new:
                return relation["event_id"], Seen(f"#{label} state", new["body"].split("\n")[-1])
            return "", Seen(f"#{label} edit", new["body"])
        root = relation.get("event_id", "") if relation.get("rel_type") == "m.thread" else ""
        if not root:
            self.last[room_id] = event["event_id"]
        if ISSUE in content:
            number = str(content[ISSUE]["number"])
            self.posts.append(Post(room_id, root or event["event_id"], event["event_id"], number))
        if polls.is_poll(content):
            return "", Seen(f"#{label} poll{await self._rings(content)}", self._poll(room_id, event))
        where = f"#{label}{self._kind(content, root)}"
        if is_ghost:
            where += f" by {await self._name(sender)}"
        return "", Seen(where + await self._rings(content), _words(content))

    def _poll(self, room_id: str, event: dict[str, Any]) -> str:
        """A poll as a client shows it: the question, and below it what can be chosen."""
        asked = event["content"][polls.START]
        options = {each["org.matrix.msc1767.text"]: each["id"] for each in asked["answers"]}
        self.asked[room_id] = (event["event_id"], options)
        question: str = asked["question"]["org.matrix.msc1767.text"]
        return "\n".join([question, *(f"○ {option}" for option in options)])

    def _kind(self, content: dict[str, Any], root: str) -> str:
        if ISSUE in content:
            return " card" if root else " post"
        if polls.END in content:
            return " poll"
        if root:
            return " thread"
        return " reply" if "m.in_reply_to" in content.get("m.relates_to", {}) else ""

    async def _rings(self, content: dict[str, Any]) -> str:
        mentions = content.get("m.mentions", {})
        names = sorted([await self._name(user_id) for user_id in mentions.get("user_ids", [])])
        names += ["@room"] if mentions.get("room") else []
        return f", rings {'、'.join(names)}" if names else ""

    async def _name(self, user_id: str) -> str:
        if user_id not in self._names:
            answer = await self._http.get(f"/profile/{user_id}")
            self._names[user_id] = answer.json().get("displayname") or user_id
        return self._names[user_id]


def _thread(event: dict[str, Any]) -> str:
    """What an event belongs to: the root of its thread, what it replaces, or itself."""
    relation = event["content"].get("m.relates_to", {})
    related: str = relation.get("event_id", event["event_id"])
    return related


def _words(content: dict[str, Any]) -> str:
    body: str = content["body"]
    kind = _MEDIA.get(content["msgtype"])
    if kind is None:
        return body
    name = content.get("filename", body)
    caption = body if name != body else ""
    return f"[{kind} {name}] {caption}".strip()
