"""Who a text is from: one form for phone numbers, and what to do with senders that are none.

A sender is never refused: short codes and names reach the core as they are, so that nothing that
somebody wrote is lost. This module must never log a sender.
"""

import re

from linzhang import phones

_LOOKS_LIKE_A_NUMBER = re.compile(r"\+?[0-9 ().-]+")
_SHORT_CODE = re.compile(r"[0-9]{1,8}")  # 10086 is no subscriber: with a country code it would be one


def sender_of(raw: str, region: str, prefix: str = "") -> str:
    """The address of whoever the carrier names.

    Args:
        raw: The carrier's From or To: E.164, a short code such as '10086', a name such as 'BANK', or a number
            behind the channel's prefix, such as 'whatsapp:+…'.
        region: ISO 3166 code that numbers without a country code belong to.
        prefix: The channel's, which is no part of the address.

    Returns:
        E.164 for a phone number; anything else as it came, without blanks around it.
    """
    raw = raw.strip().removeprefix(prefix).strip()
    if not _LOOKS_LIKE_A_NUMBER.fullmatch(raw) or _SHORT_CODE.fullmatch(raw):
        return raw
    try:
        return phones.normalise(raw, region)
    except phones.NotANumber:
        return raw
