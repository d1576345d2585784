"""Addresses as people write them, in the one form in which each bridge hands them in.

Where two spellings mean the same, the same must be found. This module must never write an address into an
error.
"""

import re
from collections.abc import Callable, Mapping

from bridges.sms.channels import SMS, WHATSAPP
from bridges.wecom import incoming as wecom
from linzhang import phones

_EMAIL = re.compile(r"[^@\s<>\"(),:;\\]{1,64}@(?:[^@\s<>\"(),:;\\.]+\.)+[^@\s<>\"(),:;\\.]{2,}")


class NotAnAddress(ValueError):
    """What was given is no address on this bridge."""


def email(written: str) -> str:
    """A mail address in small letters: no mail server that people use tells them apart.

    Raises:
        NotAnAddress: It is none.
    """
    address = written.strip().lower()
    if not _EMAIL.fullmatch(address) or len(address) > 254:  # RFC 5321, 4.5.3.1.3
        raise NotAnAddress("This is no e-mail address: write it as water@example.org.")
    return address


def in_one_form(bridge: str, written: str, region: str) -> str:
    """An address as the bridge would hand it in.

    Args:
        bridge: The bridge's name.
        written: As somebody wrote it.
        region: ISO 3166 code that phone numbers without a country code belong to.

    Raises:
        NotAnAddress: It is none on this bridge; the message does not repeat it.
    """
    if bridge in (SMS, WHATSAPP):
        try:
            return phones.normalise(written, region)
        except phones.NotANumber as error:
            raise NotAnAddress(str(error)) from None
    address = _FORMS.get(bridge, str.strip)(written)
    if not address:
        raise NotAnAddress("There is no address.")
    return address


_FORMS: Mapping[str, Callable[[str], str]] = {"email": email, wecom.NAME: wecom.member}
