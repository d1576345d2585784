"""What Telegram's updates say, in the form that the core understands.

After the Bot API's 'Update' and 'Message'. This module must never fetch anything. Whoever writes to the bot
in private has the number of the chat as address; in a group, the number of their account.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import (
    CallbackQuery,
    ChatMemberUpdated,
    Location,
    Message,
    Update,
    User,
)

from bridges.contract import Inbound, Kind, Media

NAME = "telegram"

#: Before the id of a file that Telegram keeps.
FILE = "telegram:"

_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)

#: What the commands mean that Telegram's own buttons and menus send, in English and in Chinese.
_COMMANDS: Mapping[str, tuple[str, str]] = {
    "/start": ("hello", "您好"),
    "/help": ("help", "帮助"),
    "/status": ("status", "查询"),
    "/new": ("new", "新"),
    "/person": ("person", "找人"),
    "/stop": ("stop", "退订"),
}


def understood(update: Update, bot_id: int) -> Inbound | None:
    """What an update says; None: nothing that concerns us.

    Args:
        update: As Telegram sent it.
        bot_id: Our bot's number: ids of messages count from one for each bot.
    """
    said = update.message or update.edited_message
    if said is not None:
        return _said(said, bot_id, f"{bot_id}.u{update.update_id}" if update.edited_message else "")
    if update.callback_query is not None:
        return _pressed(update.callback_query, bot_id)
    if update.my_chat_member is not None:
        return _member(update.my_chat_member, f"{bot_id}.u{update.update_id}")
    return None


def message_id(bot_id: int, message: Message) -> str:
    """The id of a message, unique for the bot: in private they count for the bot, in groups for the group."""
    place = f".g{message.chat.id}" if message.chat.type in _GROUPS else ""
    return f"{bot_id}{place}.m{message.message_id}"


def _said(message: Message, bot_id: int, edit_id: str) -> Inbound | None:
    sender = message.from_user
    if sender is None or sender.is_bot:
        return None
    in_group = message.chat.type in _GROUPS
    if not in_group and message.chat.type != ChatType.PRIVATE:
        return None
    own_id = message_id(bot_id, message)
    answered = message.reply_to_message
    detail: dict[str, Any] = {}
    if message.contact is not None and not edit_id:
        # Somebody's else's number can be sent just as well: only what Telegram vouches for is their own.
        if message.contact.user_id == sender.id and not in_group:
            detail["phone"] = f"+{message.contact.phone_number.lstrip('+')}"
        else:
            detail["not_own_phone"] = True
    if in_group:
        detail["name"] = sender.full_name
    media = _media(message)
    text = _words(message, sender)
    if not (text or media or detail.keys() - {"name"}):
        return None  # somebody has joined, a title was changed
    return Inbound(
        bridge=NAME,
        external_id=edit_id or own_id,
        sender=str(sender.id),
        kind=Kind.EDIT if edit_id else Kind.TEXT,
        text=text,
        media=media,
        room=str(message.chat.id) if in_group else "",
        target=own_id if edit_id else message_id(bot_id, answered) if answered else "",
        detail=detail,
        sent_at=message.date,
    )


def _pressed(query: CallbackQuery, bot_id: int) -> Inbound | None:
    """A button says its text, as if it had been typed."""
    below = query.message
    if not query.data or (below is not None and below.chat.type != ChatType.PRIVATE):
        return None
    return Inbound(
        bridge=NAME,
        external_id=f"{bot_id}.c{query.id}",
        sender=str(query.from_user.id),
        text=query.data,
        target=f"{bot_id}.m{below.message_id}" if below is not None else "",
        sent_at=datetime.now(UTC),
    )


def _member(change: ChatMemberUpdated, own_id: str) -> Inbound | None:
    """In private: the bot was blocked, or is allowed again."""
    if change.chat.type != ChatType.PRIVATE:
        return None
    blocked = change.new_chat_member.status == ChatMemberStatus.KICKED
    return Inbound(
        bridge=NAME,
        external_id=own_id,
        sender=str(change.from_user.id),
        detail={"opt_out": "STOP" if blocked else "START"},
        sent_at=change.date,
    )


def _words(message: Message, sender: User) -> str:
    text = message.text or message.caption or ""
    if message.chat.type == ChatType.PRIVATE and text.partition(" ")[0].partition("@")[0] in _COMMANDS:
        english, chinese = _COMMANDS[text.partition(" ")[0].partition("@")[0]]
        return chinese if (sender.language_code or "zh").startswith("zh") else english
    if message.sticker is not None:
        return message.sticker.emoji or ""
    if message.venue is not None:
        return f"{message.venue.title}\n{_place(message.venue.location)}"
    if message.location is not None:
        return _place(message.location)
    if message.poll is not None:
        return "\n".join([message.poll.question, *(f"· {each.text}" for each in message.poll.options)])
    return text


def _place(location: Location) -> str:
    return f"📍 {location.latitude}, {location.longitude}"


def _media(message: Message) -> list[Media]:
    if message.photo:
        best = max(message.photo, key=lambda each: each.width * each.height)
        return [Media(FILE + best.file_id, "image/jpeg", best.file_size)]
    if message.video_note:
        note = message.video_note
        return [Media(FILE + note.file_id, "video/mp4", note.file_size, seconds=note.duration)]
    timed = message.voice or message.audio or message.video
    if timed is not None:
        usual = "audio/ogg" if message.voice else "audio/mpeg" if message.audio else "video/mp4"
        return [
            Media(FILE + timed.file_id, timed.mime_type or usual, timed.file_size, seconds=timed.duration)
        ]
    if message.document is not None:
        paper = message.document
        content_type = paper.mime_type or "application/octet-stream"
        return [Media(FILE + paper.file_id, content_type, paper.file_size, name=paper.file_name or "")]
    return []
