"""The stage: one town on the whole real stack, on which one dialogue after the other is played.

Knows how to do what a file says and how to see what comes of it. Between two dialogues it forgets
what was said, so that each finds a quiet morning and nobody else's issues.
"""

import base64
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tortoise import Model
from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q

import models
from bridges.matrix.polls import VOTES
from bridges.registry import matrix_bridge
from demo.carrier.behaviour import BEHAVIOURS
from demo.stack import PROFILE, Stack, make_stack
from escalator.duties import DUTIES
from linzhang.profile import load_profile
from models import (
    Absence,
    Address,
    DirectRoom,
    Inbox,
    InboxState,
    Issue,
    Leadership,
    NoticePerson,
    Outbox,
    OutboxState,
    Person,
    Reached,
    Reading,
    Role,
    Room,
    Routine,
    Unit,
    Upload,
)
from rooms.provision import Provision
from tests.attachments import samples
from tests.dialogues.calls import CALL, Calls
from tests.dialogues.rooms import Post, Rooms
from tests.dialogues.script import Act, Dialogue, Seen
from tests.stack.town import LeaderClient, Phone, Town, until

#: Programme seconds per second: slow enough that the minutes that people are told never change
#: while a dialogue is played, and fast enough that one thing still happens after the other.
SLOW = 0.01

OTHER_CARD_CODE = "12345682"

#: Units beside the town's one line: name, under which, tier, card's code, leader.
_MORE_UNITS = (
    ("第4邻", "张庄组", "block", OTHER_CARD_CODE, "许静"),
    ("和平社区", "魏岗镇", "village", None, "吴兰"),
    ("观堂镇", "谯城区", "township", None, "郑平"),
    ("水务局", "谯城区", "department", None, "孔亮"),
    ("和平社区", "观堂镇", "village", None, "王芳"),
)

#: Whose the phone without a name is.
_SOMEBODY = {"zh": "王秀英", "en": "Grace Miller"}

_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "amr": "audio/amr",
    "mp3": "audio/mpeg",
    "3gp": "video/3gpp",
    "mp4": "video/mp4",
    "pdf": "application/pdf",
    "vcf": "text/vcard",
}
_SAMPLES: dict[str, Callable[[], bytes]] = {
    "photo.jpg": samples.picture,
    "photo.png": lambda: samples.picture("PNG"),
    "voice.amr": samples.sound,
    "film.3gp": samples.film,
    "paper.pdf": lambda: samples.PAPER,
}

#: What the carrier says of a text that may still arrive, and of one that has.
_ON_ITS_WAY = ("accepted", "scheduled", "queued", "sending")
_ARRIVED = ("sent", "delivered", "read")

#: Tables whose rows outlive a dialogue: rooms are found again by their alias, routines and readings go on.
_KEPT = (Room, DirectRoom, Upload, Routine, Reading)

_MEDIA = re.compile(r"\[(\S+\.(\w+))\] ?")
_CAST = re.compile(
    r"(?P<what>leader|deputy|resident|stranger) (?:of|in) (?P<unit>[^\s,]+)(?:, in (?P<place>\S+))?"
)
_STEP = re.compile(r"(\d+)([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def morning_stack(folder: Path) -> Stack:
    """A stack whose clock shows nine o'clock of tomorrow, and hardly moves."""
    zone = load_profile(PROFILE).zone
    tomorrow = datetime.now(UTC).astimezone(zone) + timedelta(days=1)
    nine = tomorrow.replace(hour=9, minute=0, second=0, microsecond=0)
    stack = make_stack(folder, speed=SLOW, lease=5)
    stack.clock.set(nine.astimezone(UTC))
    return stack


@dataclass(slots=True)
class Stage:
    """A town, and who is in the present dialogue.

    Attributes:
        town: On a running stack.
        rooms: As people see them.
    """

    town: Town
    rooms: Rooms
    calls: Calls
    _language: str = "zh"
    _phones: dict[str, Phone] = field(default_factory=dict)
    _read: set[str] = field(default_factory=set)
    _sent: set[str] = field(default_factory=set)
    _guests: dict[str, LeaderClient] = field(default_factory=dict)
    _homes: dict[str, Unit] = field(default_factory=dict)
    _said: dict[str, tuple[str, str]] = field(default_factory=dict)
    _vacated: list[Leadership] = field(default_factory=list)
    _before: dict[type[Model], dict[Any, dict[str, Any]]] = field(default_factory=dict)
    _guest_number: int = 0

    # --- a dialogue's beginning and end --------------------------------------------------------

    async def enter(self, dialogue: Dialogue) -> None:
        """Begin: it is nine o'clock, unless the file says another hour, and nothing has happened."""
        self._language = dialogue.language
        acts = [move.act.mark for move in dialogue.moves if move.act]
        first = next((mark for mark in acts if mark in (">", "@", "~", "at")), "")
        if first != "at":
            self._until("09:00")
        await self.settle()
        await self.rooms.forget()
        self._before = {model: await _rows(model) for model in _tables() if model not in _KEPT}

    async def leave(self) -> None:
        """End: nobody is there any more, and nothing was ever said."""
        await self.settle()
        await self.town.carrier.delete("/_carrier/faults")
        for name, guest in self._guests.items():
            self.rooms.leave(name)
            await guest.log_out()
        for post in self._vacated:
            post.until = None
            await post.save()
        await self._forget()
        for kept in (
            self._phones,
            self._read,
            self._sent,
            self._guests,
            self._homes,
            self._said,
            self._vacated,
        ):
            kept.clear()

    # --- what is done --------------------------------------------------------------------------

    async def do(self, act: Act) -> None:
        """Do what a line says.

        Raises:
            AssertionError: It cannot be done; the message says why.
        """
        acts: dict[str, Callable[[Act], Awaitable[None]]] = {
            ">": self._text,
            "@": self._in_room,
            "~": self._pass,
            "at": self._pass,
            "phone": self._cast_phone,
            "chat": self._cast_chat,
            "vacant": self._vacate,
            "away": self._send_away,
            "carrier": self._order_fault,
        }
        await acts[act.mark](act)

    async def settle(self) -> None:
        """Wait until the service has nothing more to do at this hour."""
        await until(self._is_settled, "everything that is due to be done")

    async def _is_settled(self) -> bool:
        # This is asked twenty times a second, and most often something is just being worked on.
        if await self._is_busy():
            return False
        settings = self.town.stack.settings
        now = settings.clock.now()
        for duty in DUTIES.values():
            due = await duty.next_due(settings)
            if due is not None and due <= now:
                return False
        # Duties and the inbox fill the outbox, so they are looked at again, and in this order.
        if await self._is_busy():
            return False
        let_go = Q(hold_until=None) | Q(hold_until__lte=now)
        if await Outbox.filter(let_go, state=OutboxState.WAITING).exists():
            return False
        texts = await self._texts()
        unsure = {each["sid"] for each in texts if each["status"] == "sent"} - self._sent
        if unsure or any(each["status"] in _ON_ITS_WAY for each in texts):
            return False
        return await self.calls.are_settled([phone.number for phone in self._phones.values()])

    async def _is_busy(self) -> bool:
        waiting = await Inbox.exists(state=InboxState.WAITING)
        return waiting or await Outbox.exists(state=OutboxState.CALLING)

    async def _texts(self) -> list[dict[str, Any]]:
        """What the carrier has for the dialogue's phones."""
        found = []
        for name, phone in self._phones.items():
            answer = await self.town.carrier.get(f"/_carrier/phones/{phone.number}/messages")
            sent = [each for each in answer.json()["messages"] if each["direction"] == "outbound"]
            found += [each | {"who": name} for each in sent]
        return found

    async def look(self) -> list[tuple[str, Seen]]:
        """What phones have got and rooms have shown since the last look."""
        found: list[tuple[str, Seen]] = []
        for each in await self._texts():
            if each["sid"] in self._read or each["status"] not in _ARRIVED:
                continue
            if each["status"] == "sent" and each["sid"] not in self._sent:
                self._sent.add(each["sid"])  # a network may still say that it was lost
                continue
            self._read.add(each["sid"])
            media = "".join(f"[{medium['content_type']}] " for medium in each["media"])
            found.append(("", Seen(f"<{each['who']}", media + each["body"])))
        for name, phone in self._phones.items():
            heard = await self.calls.news(phone.number)
            found += [("", Seen(f"<{name}", f"{CALL} {words}")) for words in heard]
        return found + await self.rooms.news()

    async def numbers(self) -> list[str]:
        """The numbers of the dialogue's issues, in their order."""
        return [str(issue.number) for issue in await Issue.all().order_by("id")]

    # --- phones --------------------------------------------------------------------------------

    async def _text(self, act: Act) -> None:
        phone = await self._phone(act.who)
        if act.text.startswith(CALL):
            await self.calls.do(phone.number, act.text.removeprefix(CALL).strip())
            return
        text, media = act.text, []
        while found := _MEDIA.match(text):
            text = text[found.end() :]
            content = base64.b64encode(_sample(found[1])).decode()
            media.append({"content_type": _TYPES[found[2]], "base64": content})
        seen = await phone.text(text, media=media)
        assert seen["status_code"] == 200, seen

    async def _phone(self, name: str) -> Phone:
        if name not in self._phones:
            assert not name, f"nobody has said whose phone {name} is"
            self._put(name, await self.town.resident(_SOMEBODY[self._language], language=""))
        return self._phones[name]

    async def _cast_phone(self, act: Act) -> None:
        if behaviour := _after("behaves ", act.text):
            phone = await self._phone(act.who)
            assert behaviour in BEHAVIOURS or behaviour.isdecimal(), f"no phone behaves {behaviour}"
            answer = await self.town.carrier.put(
                f"/_carrier/phones/{phone.number}", json={"behaviour": behaviour}
            )
            assert answer.status_code == 200, answer.text
            return
        assert act.who not in self._phones, "whose phone it is must be said before it is used"
        whose, _, what = act.text.partition(", ")
        assert what in ("", "a telephone", "from abroad"), f"no phone is '{what}'"
        kind = {"telephone": what == "a telephone", "abroad": what == "from abroad"}
        if whose == "a stranger":
            phone = self.town.stranger(**kind)
        elif " of " in whose:
            name, unit = whose.split(" of ")
            phone = await self.town.resident(name, block=await self._unit(unit), language="", **kind)
        else:
            phone = await self.town.phone_of(await self._person(whose), **kind)
        self._put(act.who, phone)

    def _put(self, name: str, phone: Phone) -> None:
        self._phones[name] = phone

    async def _order_fault(self, act: Act) -> None:
        kind, _, count = act.text.partition(" x")
        await self.town.fault({"kind": kind, "count": int(count or 1)})

    # --- people in rooms -----------------------------------------------------------------------

    async def _in_room(self, act: Act) -> None:
        client = self._client(act.who)
        room_id = await self._room(act)
        match act.verb:
            case "says":
                event = await client.say(room_id, act.text, thread=self._post(room_id, act).root)
            case "chats":
                event = await client.say(room_id, act.text)
            case "replies":
                event = await client.reply(room_id, self._post(room_id, act).root, act.text)
            case "reacts":
                event = await client.react(room_id, self._post(room_id, act).event_id, act.sign)
            case "presses":
                event = await client.react(room_id, self.rooms.last[room_id], act.sign)
            case "votes":
                poll, options = self.rooms.asked[room_id]
                relation = {"rel_type": "m.reference", "event_id": poll}
                vote = {"m.relates_to": relation, VOTES[0]: {"answers": [options[act.sign]]}}
                event = await client.send(room_id, VOTES[0], vote)
            case "reads":
                await self._read_up_to(client, room_id)
                return
            case "edits":
                event = await client.edit(room_id, self._said[act.who][1], act.text)
            case "deletes":
                event = await client.redact(room_id, self._said[act.who][1])
            case "whispers":
                room_id = await self.rooms.private(act.who)
                event = await client.say(room_id, act.text)
            case "sends":
                event = await self._send(client, room_id, act)
            case "encrypts":
                content = {"algorithm": "m.megolm.v1.aes-sha2", "sender_key": "x", "ciphertext": act.text}
                relation = {"rel_type": "m.thread", "event_id": self._post(room_id, act).root}
                event = await client.send(room_id, "m.room.encrypted", content | {"m.relates_to": relation})
            case _:
                raise AssertionError(f"nobody knows how somebody {act.verb} in a room")
        if act.verb in ("says", "chats", "replies", "reacts", "presses", "whispers", "sends"):
            self._said[act.who] = (room_id, event)
        await until(lambda: Inbox.exists(external_id=event), f"the event of {act.who} to be stored")

    async def _read_up_to(self, client: LeaderClient, room_id: str) -> None:
        """Tell the homeserver, as clients do, that all is read that the service has said in the room."""
        await client.client.update_receipt_marker(room_id, self.rooms.last[room_id])
        read = NoticePerson.filter(person__name=client.name, state=Reached.READ)
        await until(read.exists, f"{client.name} to be known to have read it")

    async def _send(self, client: LeaderClient, room_id: str, act: Act) -> str:
        """A file in the thread, as clients send it."""
        found = _MEDIA.match(act.text)
        assert found, f"'{act.text}' names no file"
        name, caption = found[1], act.text[found.end() :]
        kind, sample = _TYPES[found[2]], _sample(name)
        uploaded, _ = await client.client.upload(
            lambda *_: sample, content_type=kind, filename=name, filesize=len(sample)
        )
        root = self._post(room_id, act).root
        family = kind.partition("/")[0]
        content = {
            "msgtype": f"m.{family}" if family in ("image", "audio", "video") else "m.file",
            "url": uploaded.content_uri,
            "body": caption or name,
            "filename": name,
            "info": {"mimetype": kind, "size": len(sample)},
            "m.relates_to": {"rel_type": "m.thread", "event_id": root},
        }
        return await client.send(room_id, "m.room.message", content)

    def _client(self, name: str) -> LeaderClient:
        leaders = {client.name: client for client in self.town.leaders.values()}
        client = self._guests.get(name) or leaders.get(name)
        assert client, f"nobody has said who {name} is"
        return client

    async def _room(self, act: Act) -> str:
        if act.verb in ("edits", "deletes"):
            return self._said[act.who][0]
        if act.verb == "whispers":
            return ""
        unit = await self._unit(act.room) if act.room else await self._home(act.who)
        room = await Room.filter(unit_id=unit.id, kind="room", lost_at=None).first()
        assert room, f"{unit.name} has no room yet"
        await self.rooms.news()  # so that whoever was just invited has joined
        return room.room_id

    async def _home(self, name: str) -> Unit:
        if name in self._homes:
            return self._homes[name]
        post = await Leadership.filter(person__name=name, until=None).select_related("unit").first()
        assert post, f"{name} leads nothing, so the room must be named"
        return post.unit

    def _post(self, room_id: str, act: Act) -> Post:
        found = [
            post for post in self.rooms.posts if post.room_id == room_id and act.issue in ("", post.number)
        ]
        assert found, f"no such issue stands in the room in which {act.who} {act.verb}"
        return found[-1]

    async def _cast_chat(self, act: Act) -> None:
        """Somebody with an account: 'deputy of 第3邻', 'leader of 第4邻, in 第3邻', 'stranger in 第3邻'."""
        found = _CAST.fullmatch(act.text)
        assert found, f"nobody knows what '{act.text}' is"
        what = found["what"]
        unit = place = await self._unit(found["unit"])
        if found["place"]:
            place = await self._unit(found["place"])
        person = await Person.filter(name=act.who, leaderships__unit_id=unit.id).first()
        if person is None and what != "stranger":
            lives = unit if what == "resident" else None
            person = await Person.create(name=act.who, block=lives, language="")
            if what != "resident":
                role = Role.DEPUTY if what == "deputy" else Role.LEADER
                since = self.town.stack.clock.now()
                await Leadership.create(unit=unit, person=person, role=role, since=since)
        self._guest_number += 1
        guest = await self.town.newcomer(f"guest-{self._guest_number}", act.who, person)
        self._guests[act.who], self._homes[act.who] = guest, place
        self.rooms.enter(act.who, guest)
        room = await Room.filter(unit_id=place.id, kind="room", lost_at=None).first()
        if room:
            await self.rooms.invite(room.room_id, guest.user_id)
        await self.rooms.news()

    async def _vacate(self, act: Act) -> None:
        unit = await self._unit(act.text)
        for post in await Leadership.filter(unit_id=unit.id, role=Role.LEADER, until=None):
            post.until = self.town.stack.clock.now()
            await post.save()
            self._vacated.append(post)

    async def _send_away(self, act: Act) -> None:
        """'away 陈建国: 2d', and who stands in: 'away 陈建国: 2d, 马丽'."""
        time, _, deputy = act.text.partition(", ")
        person = await self._person(act.who)
        now = self.town.stack.clock.now()
        await Absence.create(
            unit=await self._home(act.who),
            person=person,
            deputy=await self._person(deputy) if deputy else None,
            since=now,
            until=now + _duration(time),
        )

    async def _person(self, name: str) -> Person:
        person = await Person.filter(name=name).order_by("id").first()
        assert person, f"nobody is called {name}"
        return person

    async def _unit(self, name: str) -> Unit:
        if name in self.town.units:
            return self.town.units[name]
        unit = await Unit.filter(name=name).order_by("id").first()
        assert unit, f"no unit is called {name}"
        return unit

    # --- time ----------------------------------------------------------------------------------

    async def _pass(self, act: Act) -> None:
        if act.mark == "at":
            self._until(act.text)
            return
        self.town.stack.clock.advance(_duration(act.text))

    def _until(self, hour: str) -> None:
        """Let it be that hour, today or tomorrow."""
        clock = self.town.stack.clock
        now = clock.now().astimezone(self.town.stack.settings.territory.zone)
        hours, minutes = map(int, hour.split(":"))
        then = now.replace(hour=hours, minute=minutes, second=0, microsecond=0)
        clock.set((then if then >= now else then + timedelta(days=1)).astimezone(UTC))

    # --- forgetting ----------------------------------------------------------------------------

    async def _forget(self) -> None:
        """Bring every row back to what it was, but for what the homeserver would keep."""
        # What was said is still in the rooms: whoever reads there again begins behind it.
        await Reading.all().update(position="")
        await Issue.exclude(merged_into_id=None).update(merged_into_id=None)
        left = list(self._before)
        deadline = time.monotonic() + 10
        while left:
            assert time.monotonic() < deadline, f"{left} refer to each other"
            for model in list(left):
                try:
                    await self._bring_back(model)
                except IntegrityError:
                    continue  # another table's rows still point here
                left.remove(model)

    async def _bring_back(self, model: Any) -> None:
        before = self._before[model]
        for key, row in (await _rows(model)).items():
            found = model.filter(**{model._meta.pk_attr: key})  # 'pk' does not find a key that is a relation
            if key not in before:
                await found.delete()
            elif row != before[key]:
                changed = {name: value for name, value in before[key].items() if value != row[name]}
                await found.update(**changed)


async def make_stage(town: Town) -> Stage:
    """A stage on a running town, with what stands beside its one line of units."""
    for index, (name, under, tier, card_code, leader) in enumerate(_MORE_UNITS):
        above = await Unit.filter(name=under).order_by("id").first()
        assert above
        code = f"{above.code}9{index}"
        unit = await Unit.create(
            code=code, name=name, tier=tier, parent=above, path=f"{above.path}{code}/", card_code=card_code
        )
        since = town.stack.clock.now()
        person = await Person.create(name=leader)
        await Leadership.create(unit=unit, person=person, role=Role.LEADER, since=since)
    # As the number's settings at the carrier have it.
    voice = {"voice_url": f"{town.stack.settings.public_url}/voice/call"}
    (await town.carrier.patch("/_carrier/settings", json=voice)).raise_for_status()
    rooms = Rooms(town.stack.settings.homeservers[0], {unit.id: tier for tier, unit in town.units.items()})
    for client in town.leaders.values():
        rooms.enter(client.name, client)
    stage = Stage(town, rooms, Calls(town.carrier))
    await _open_rooms(stage)
    return stage


async def _open_rooms(stage: Stage) -> None:
    """Let every leader be in their rooms, so that nobody is seen to come in during a dialogue."""
    town = stage.town
    matrix = matrix_bridge(town.stack.settings)
    try:
        provision = Provision(town.stack.settings, matrix)
        made = {tier: (await provision.room(town.units[tier])).room_id for tier in town.leaders}
    finally:
        await matrix.close()

    async def all_are_in() -> bool:
        return all(made[tier] in leader.client.rooms for tier, leader in town.leaders.items())

    await until(all_are_in, "the leaders in their rooms")
    await stage.settle()
    await Address.all().update(seen_at=None)


def _tables() -> list[Any]:
    return [each for each in vars(models).values() if isinstance(each, type) and issubclass(each, Model)]


async def _rows(model: Any) -> dict[Any, dict[str, Any]]:
    """All rows of a table by their key."""
    key = model._meta.pk_attr
    return {row[key]: row for row in await model.all().values()}


def _sample(name: str) -> bytes:
    """A picture, sound or film as phones make them; anything else is not what its name says."""
    make = _SAMPLES.get(name)
    return make() if make else name.encode()


def _duration(text: str) -> timedelta:
    """'1h30m' as a time."""
    steps = _STEP.findall(text)
    assert "".join(map("".join, steps)) == text, f"'{text}' is no time, such as '1h30m'"
    return sum((timedelta(**{_UNITS[unit]: int(count)}) for count, unit in steps), timedelta())


def _after(start: str, text: str) -> str:
    return text.removeprefix(start) if text.startswith(start) else ""
