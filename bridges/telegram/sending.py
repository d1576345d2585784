"""Hands messages to Telegram: words with buttons, or what goes along with the words below it.

One call is one attempt; trying again is the outbox's business. Nothing is marked up: a text is shown as it
is. This module must never put an account's number or a text into an error or a log.
"""

from collections.abc import Sequence
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    ReplyParameters,
)

from bridges.contract import Choice, Delivered, Media, Outbound, Refused
from bridges.telegram.connection import explained
from bridges.telegram.incoming import message_id

#: Characters of a message, and of the words below a picture (Bot API, sendMessage and sendPhoto).
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

#: Bytes of what a button says (Bot API, InlineKeyboardButton).
_DATA_LIMIT = 64

#: Bytes of what Telegram fetches by itself (Bot API, 'Sending files').
_PICTURE_LIMIT, _FILE_LIMIT = 5 * 2**20, 20 * 2**20

#: What goes along as what; of papers Telegram fetches PDFs and nothing else.
_SHOWN = {
    "image/jpeg": "photo",
    "image/png": "photo",
    "video/mp4": "video",
    "audio/mpeg": "audio",
    "audio/mp4": "audio",
    "audio/ogg": "voice",
    "application/pdf": "document",
}

#: By this code the outbox knows that the words can go with a link instead (see `issues.remedies`).
_NOT_FETCHED = 63019

#: What Telegram says of a picture whose words are to be changed: they stand below it.
_NO_WORDS = "there is no text in the message to edit"

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | None


def carries(medium: Media, public_url: str) -> bool:
    """Whether Telegram fetches a medium: one of our own links, of a kind and size that it takes."""
    shown = _SHOWN.get(medium.content_type)
    limit = _PICTURE_LIMIT if shown == "photo" else _FILE_LIMIT
    ours = medium.url.startswith(f"{public_url.rstrip('/')}/")
    return shown is not None and ours and medium.size is not None and medium.size <= limit


async def send(bot: Bot, outbound: Outbound) -> Delivered:
    """Hand a message over, or new words for an earlier one; see `bridges.contract.Bridge.deliver`."""
    if outbound.replaces:
        return await _edit(bot, outbound)
    keyboard = _keyboard(outbound.choices)
    reply_to = _number(outbound.answers)
    reply = ReplyParameters(message_id=reply_to, allow_sending_without_reply=True) if reply_to else None
    if not outbound.media:
        with explained():
            sent = await bot.send_message(
                outbound.address,
                outbound.text,
                reply_markup=keyboard,
                reply_parameters=reply,
                link_preview_options=_NO_PREVIEW,
            )
        return _delivered(bot, sent)
    if len(outbound.text) > CAPTION_LIMIT:
        raise Refused("the words are too long to stand below a picture", _NOT_FETCHED)
    (medium,) = outbound.media
    try:
        with explained():
            sent = await _along(bot, outbound, medium, keyboard, reply)
    except Refused as refusal:
        if refusal.code == 400:
            raise Refused("Telegram could not fetch what goes along", _NOT_FETCHED) from None
        raise
    return _delivered(bot, sent)


async def _edit(bot: Bot, outbound: Outbound) -> Delivered:
    where: dict[str, Any] = {"chat_id": outbound.address, "message_id": _number(outbound.replaces)}
    with explained():
        try:
            await bot.edit_message_text(outbound.text, **where, link_preview_options=_NO_PREVIEW)
        except TelegramBadRequest as error:
            if _NO_WORDS not in error.message:
                raise
            await bot.edit_message_caption(**where, caption=outbound.text[:CAPTION_LIMIT])
    return Delivered(outbound.replaces, "edited")


def _number(own_id: str) -> int | None:
    """The number in its chat of a message whose id is as `message_id` makes them."""
    number = own_id.rpartition(".m")[2]
    return int(number) if number.isdecimal() else None


async def _along(
    bot: Bot, outbound: Outbound, medium: Media, keyboard: Keyboard, reply: ReplyParameters | None
) -> Message:
    to, url, words = outbound.address, medium.url, outbound.text
    more: dict[str, Any] = {"reply_markup": keyboard, "reply_parameters": reply}
    match _SHOWN.get(medium.content_type):
        case "photo":
            return await bot.send_photo(to, url, caption=words, **more)
        case "video":
            return await bot.send_video(to, url, caption=words, **more)
        case "voice":
            return await bot.send_voice(to, url, caption=words, **more)
        case "audio":
            return await bot.send_audio(to, url, caption=words, **more)
    return await bot.send_document(to, url, caption=words, **more)


def _keyboard(offered: Sequence[Choice]) -> Keyboard:
    phone = next((each for each in offered if each.phone), None)
    if phone is not None:
        button = KeyboardButton(text=phone.label, request_contact=True)
        return ReplyKeyboardMarkup(keyboard=[[button]], resize_keyboard=True, one_time_keyboard=True)
    rows = [
        [InlineKeyboardButton(text=each.label, callback_data=each.text)]
        for each in offered
        if 0 < len(each.text.encode()) <= _DATA_LIMIT
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _delivered(bot: Bot, sent: Message) -> Delivered:
    return Delivered(message_id(bot.id, sent), "sent")
