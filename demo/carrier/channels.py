"""The two ways of texting, and the addresses of each: plain numbers by SMS, 'whatsapp:' before them.

After Twilio's 'WhatsApp API overview' (channel addresses). It must never decide who can be reached.
"""

from typing import Literal

Channel = Literal["sms", "whatsapp"]

_WHATSAPP = "whatsapp:"


def channel_of(address: str) -> Channel:
    """Which way an address is reached."""
    return "whatsapp" if address.startswith(_WHATSAPP) else "sms"


def number_of(address: str) -> str:
    """The bare number of an address."""
    return address.removeprefix(_WHATSAPP)


def address_on(channel: Channel, number: str) -> str:
    """The address of a number on a channel."""
    return _WHATSAPP + number if channel == "whatsapp" else number
