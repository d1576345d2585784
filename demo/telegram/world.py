"""What Telegram keeps for one bot: people, groups, messages, files, and what it was told to fail at.

Knows nothing of HTTP. It must never be kinder than Telegram is: who has blocked the bot gets nothing, and a
button takes no more than 64 bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

#: 2026-11-24 10:00 in China: the time of every message, since nothing depends on it.
_AT = 1_795_485_600


class BotError(Exception):
    """What the Bot API refuses, in its own words."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


@dataclass
class Fault:
    """Something that goes wrong the next time a method is called.

    Attributes:
        method: Of the Bot API.
        code: With which it is answered; 0: the work is done, and the answer is lost.
        retry_after: Seconds, for code 429.
    """

    method: str
    code: int
    description: str = "Internal Server Error"
    retry_after: int | None = None


@dataclass
class World:
    """One bot and everybody who can meet it.

    Attributes:
        token: Of the bot.
        username: Of the bot.
        people: The accounts that have begun to talk with the bot or are in a group with it, by number.
        groups: Titles of the groups that the bot is in, by number.
        blocked: Who has blocked the bot.
        messages: All messages, by chat, in their order; changed in place where they are edited.
        files: What can be fetched, by id.
        answered: The button presses that were answered.
        faults: What goes wrong next.
        webhook: Where updates go, as setWebhook has it.
        waiting: Updates for getUpdates.
    """

    token: str
    username: str = "linzhang_bot"
    people: dict[int, dict[str, Any]] = field(default_factory=dict)
    groups: dict[int, str] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    messages: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    answered: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    webhook: dict[str, Any] = field(default_factory=dict)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    _updates: "count[int]" = field(default_factory=lambda: count(1000))
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def me(self) -> dict[str, Any]:
        """The bot's own account."""
        number = int(self.token.partition(":")[0])
        return {"id": number, "is_bot": True, "first_name": "邻长", "username": self.username}

    def person(self, number: int, name: str = "", language: str = "zh-hans") -> dict[str, Any]:
        """An account; made when it is new."""
        fresh = {"id": number, "is_bot": False, "first_name": name or f"P{number}", "language_code": language}
        return self.people.setdefault(number, fresh)

    def chat(self, number: int) -> dict[str, Any]:
        """A chat, as a message shows it.

        Raises:
            BotError: The bot can not write there.
        """
        if number in self.groups:
            return {"id": number, "type": "supergroup", "title": self.groups[number]}
        if number not in self.people:
            raise BotError(400, "Bad Request: chat not found")
        if number in self.blocked:
            raise BotError(403, "Forbidden: bot was blocked by the user")
        return {"id": number, "type": "private", "first_name": self.people[number]["first_name"]}

    def keep(self, content: bytes) -> str:
        """Keep a file; returns its id."""
        file_id = f"file-{next(self._numbers)}"
        self.files[file_id] = content
        return file_id

    def write(self, chat: Mapping[str, Any], sender: Mapping[str, Any], **facts: Any) -> dict[str, Any]:
        """A new message in a chat."""
        message = {
            "message_id": next(self._numbers),
            "date": _AT,
            "chat": dict(chat),
            "from": dict(sender),
            **{name: fact for name, fact in facts.items() if fact is not None},
        }
        self.messages.setdefault(chat["id"], []).append(message)
        return message

    def message(self, chat_id: int, message_id: int) -> dict[str, Any]:
        """A message by its number.

        Raises:
            BotError: There is none.
        """
        for each in self.messages.get(chat_id, []):
            if each["message_id"] == message_id:
                return each
        raise BotError(400, "Bad Request: message to edit not found")

    def update(self, **what: Any) -> dict[str, Any]:
        """A new update."""
        return {"update_id": next(self._updates), **what}

    def says(self, person: int, text: str = "", *, group: int = 0, **facts: Any) -> dict[str, Any]:
        """Let somebody write to the bot, or in a group; returns the update.

        Args:
            person: Who.
            text: What.
            group: Where; 0: in private.
            facts: Further fields of the message, such as 'contact' or 'reply_to_message'.
        """
        sender = self.person(person)
        return self.update(message=self.write(self.chat(group or person), sender, text=text or None, **facts))

    def shows(
        self, person: int, kind: str, content: bytes, *, group: int = 0, **facts: Any
    ) -> dict[str, Any]:
        """Let somebody send a picture ('photo'), a 'voice', a 'video' or a 'document'; returns the update."""
        caption, answered = facts.pop("caption", None), facts.pop("reply_to_message", None)
        file_id = self.keep(content)
        file = {"file_id": file_id, "file_unique_id": file_id, "file_size": len(content), **facts}
        if kind == "photo":
            size = {"width": 800, "height": 600}
            small = {**file, "file_id": f"{file_id}-small", "width": 90, "height": 67}
            return self.says(
                person,
                group=group,
                photo=[small, {**file, **size}],
                caption=caption,
                reply_to_message=answered,
            )
        if kind in ("voice", "video"):
            file.setdefault("duration", 3)
        if kind == "video":
            file |= {"width": 320, "height": 240}
        shown: dict[str, Any] = {"caption": caption, "reply_to_message": answered, kind: file}
        return self.says(person, group=group, **shown)

    def edits(self, person: int, message_id: int, text: str, *, group: int = 0) -> dict[str, Any]:
        """Let somebody change what they wrote; returns the update."""
        message = self.message(group or person, message_id)
        message |= {"text": text, "edit_date": _AT + 1}
        return self.update(edited_message=message)

    def presses(self, person: int, label: str, *, below: str = "") -> dict[str, Any]:
        """Let somebody press the last button with this label, below these words; returns the update.

        Raises:
            BotError: They see none.
        """
        for message in reversed(self.messages.get(person, [])):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if label in button["text"] and below in message.get("text", ""):
                        query = {
                            "id": str(next(self._numbers)),
                            "from": self.people[person],
                            "message": message,
                            "chat_instance": "1",
                            "data": button["callback_data"],
                        }
                        return self.update(callback_query=query)
        raise BotError(400, f"there is no button {label!r}")

    def shares(self, person: int, phone: str, *, of: int | None = None) -> dict[str, Any]:
        """Let somebody press the button that sends their number, or send somebody else's contact."""
        contact = {"phone_number": phone, "first_name": "联系人", "user_id": of if of is not None else person}
        return self.says(person, contact=contact)

    def blocks(self, person: int, *, blocked: bool = True) -> dict[str, Any]:
        """Let somebody block the bot, or allow it again; returns the update."""
        chat = {"id": person, "type": "private", "first_name": self.people[person]["first_name"]}
        (self.blocked.add if blocked else self.blocked.discard)(person)
        kicked, member = (
            {"user": self.me, "status": "kicked", "until_date": 0},
            {"user": self.me, "status": "member"},
        )
        old, new = (member, kicked) if blocked else (kicked, member)
        change = {"chat": chat, "from": self.people[person], "date": _AT}
        return self.update(my_chat_member={**change, "old_chat_member": old, "new_chat_member": new})

    def got(self, chat: int) -> list[dict[str, Any]]:
        """What the bot has written in a chat, oldest first."""
        return [each for each in self.messages.get(chat, []) if each["from"]["id"] == self.me["id"]]

    def texts(self, chat: int) -> list[str]:
        """The words of that."""
        return [each.get("text") or each.get("caption", "") for each in self.got(chat)]

    def buttons(self, chat: int) -> list[str]:
        """What stands on the buttons below the bot's last message."""
        markup = self.got(chat)[-1].get("reply_markup", {})
        rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
        return [button["text"] for row in rows for button in row]
