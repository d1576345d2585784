"""The ways on which one account at the carrier reaches phones: texts, and WhatsApp.

Data: what differs between them. Everything else is the same, so that a bridge is made for each.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bridges.contract import Media
from linzhang import phones
from linzhang.settings import Twilio

SMS, WHATSAPP = "sms", "whatsapp"

#: The kind of template for texts whose kind has none of its own.
ANY = "any"


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to phones.

    Attributes:
        name: The bridge's name.
        number: The service's own, in E.164.
        carries: Whether a medium can be sent to a number; else it is linked.
        prefix: What stands before numbers on this way.
        keywords: Whether the carrier itself acts on STOP, START and HELP here.
        templates: By kind of text and language, the sid of the approved form with one variable.
    """

    name: str
    number: str
    carries: Callable[[Media, str], bool]
    prefix: str = ""
    keywords: bool = False
    templates: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def inbound(self) -> str:
        """Path of the webhook for messages."""
        return f"/{self.name}/inbound"

    @property
    def status(self) -> str:
        """Path of the webhook for the fate of our messages."""
        return f"/{self.name}/status"

    def template(self, kind: str, language: str) -> str | None:
        """The sid of the approved form for a text; None: there is none."""
        for each in (kind, ANY):
            found = self.templates.get(each, {}).get(language)
            if found:
                return found
        return None


def sms(twilio: Twilio) -> Channel:
    """Texts, with pictures in the few countries to which the carrier sends them."""
    countries = frozenset(twilio.mms_countries)

    def carries(medium: Media, number: str) -> bool:
        return _fits(medium, _MMS_TYPES, _MMS_LIMIT) and phones.country(number) in countries

    return Channel(SMS, twilio.number, carries, keywords=True)


def whatsapp(twilio: Twilio) -> Channel | None:
    """WhatsApp, which takes media everywhere; None for an account without it."""
    if twilio.whatsapp_number is None:
        return None

    def carries(medium: Media, number: str) -> bool:  # noqa: ARG001 - the shape of a channel
        return _fits(medium, _WHATSAPP_TYPES, _WHATSAPP_LIMIT)

    return Channel(
        WHATSAPP,
        twilio.whatsapp_number,
        carries,
        prefix="whatsapp:",
        templates=twilio.whatsapp_templates,
    )


# 'Accepted content types for media': of those that are ours to send.
_MMS_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "audio/mpeg", "video/mp4", "application/pdf"})
_MMS_LIMIT = 5_000_000
_WHATSAPP_TYPES = _MMS_TYPES - {"image/gif"}
_WHATSAPP_LIMIT = 16_000_000


def _fits(medium: Media, types: frozenset[str], limit: int) -> bool:
    """Whether the carrier can fetch a medium itself, and takes it."""
    is_reachable = medium.url.startswith(("https://", "http://"))
    return is_reachable and medium.content_type in types and (medium.size or 0) <= limit
