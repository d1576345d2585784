"""How people call the ways in which something comes in and goes out."""

from typing import Final

from linzhang.words import Text, say

#: Other bridges are called as they call themselves.
WAYS: Final = {
    "sms": Text("text message"),
    "matrix": Text("chat room"),
    "voice": Text("telephone"),
    "email": Text("e-mail"),
    "wecom": Text("WeCom"),
    "desk": Text("desk"),
}

#: Names that are the same in every language.
_NAMES: Final = {"whatsapp": "WhatsApp", "telegram": "Telegram"}


def called(bridge: str, language: str) -> str:
    """What a bridge is called."""
    return say(WAYS[bridge], language) if bridge in WAYS else _NAMES.get(bridge, bridge)
