"""What a carrier is started with, and which of it may change while it runs.

Values only: reading flags is `__main__`'s part, applying changes is `control`'s. It must never hold
state of the traffic.
"""

import re
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from demo.carrier.numbers import is_dialable

HOST = "127.0.0.1"
"""Where every carrier listens."""


class OptOutMode(StrEnum):
    """Who answers STOP, START and HELP.

    After Twilio's 'Customize users' opt-in and opt-out experience with Advanced Opt-Out'.
    """

    ADVANCED = "advanced"  # the carrier blocks, replies, and names the keyword in OptOutType
    DEFAULT = "default"  # the carrier blocks and replies, the webhook carries no OptOutType
    OFF = "off"  # keywords are texts like any other


class Settings(BaseModel):
    """What the control API may change while the carrier runs.

    Attributes:
        sms_url: Where a text to one of the numbers is reported; None records it and tells nobody.
        sms_fallback_url: Tried once when `sms_url` fails, as Twilio's SmsFallbackUrl.
        voice_url: Who is asked how a call to one of the numbers goes on; None lets such calls fail.
        voice_fallback_url: Asked when an answer to such a call cannot be used, as Twilio's
            VoiceFallbackUrl.
        voice_status_url: Told when such a call is over, as a number's StatusCallback.
        whatsapp_url: Where a WhatsApp message to one of the numbers is reported; that of texts when None.
        whatsapp_window: Seconds after a phone's last WhatsApp message in which it can be sent free words,
            where the phone's behaviour minds. WhatsApp's own 24 hours stand in 'Error 63016'.
        templates: Texts of content templates by their sid, with {{1}} and so on for variables.
        media_redirects: Whether the bytes of media lie elsewhere, as Twilio's do: a redirect names a place
            that needs no credentials.
        opt_out: How STOP, START and HELP are handled.
        status_delay: Seconds between two statuses of an outgoing message or call.
        messages_per_second: How many messages the REST API takes in a second; more are refused with 20429.
        webhook_timeout: Seconds until an unanswered webhook counts as failed. Twilio's own 15 stand
            in 'Error 11205: HTTP connection failure'.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sms_url: str | None = None
    sms_fallback_url: str | None = None
    voice_url: str | None = None
    voice_fallback_url: str | None = None
    voice_status_url: str | None = None
    whatsapp_url: str | None = None
    whatsapp_window: float = Field(default=86400.0, ge=0)
    templates: dict[str, str] = {}
    media_redirects: bool = False
    opt_out: OptOutMode = OptOutMode.ADVANCED
    status_delay: float = Field(default=0.01, ge=0)
    webhook_timeout: float = Field(default=15.0, gt=0)
    messages_per_second: float | None = Field(default=None, gt=0)


class CarrierConfig(BaseModel):
    """What stays as it is from the start of a carrier to its end.

    Attributes:
        account_sid: 'AC' and 32 hexadecimal digits: the one account of this carrier.
        auth_token: The account's secret, for basic authentication and for signatures.
        numbers: The account's own phone numbers in E.164, at least one.
        public_url: This server's own address, for the MediaUrl parameters of webhooks.
        messaging_service_sid: 'MG' and 32 hexadecimal digits: one messaging service whose sender
            pool is all of `numbers`; None for an account without one.
        settings: What may change later, as it is at the start and after a reset.
        data: A file to keep everything in, made when missing; None keeps it in memory.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    account_sid: str
    auth_token: str = Field(min_length=1)
    numbers: tuple[str, ...] = Field(min_length=1)
    public_url: str
    messaging_service_sid: str | None = None
    settings: Settings = Settings()
    data: Path | None = None

    @field_validator("account_sid")
    @classmethod
    def _looks_like_an_account(cls, value: str) -> str:
        if not re.fullmatch(r"AC[0-9a-fA-F]{32}", value):
            raise ValueError("account_sid: 'AC' and 32 hexadecimal digits, please")
        return value

    @field_validator("messaging_service_sid")
    @classmethod
    def _looks_like_a_service(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"MG[0-9a-fA-F]{32}", value):
            raise ValueError("messaging_service_sid: 'MG' and 32 hexadecimal digits, please")
        return value

    @field_validator("numbers")
    @classmethod
    def _are_dialable(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for number in value:
            if not is_dialable(number):
                raise ValueError(
                    f"numbers: {number!r} is not a phone number in E.164, such as +8655812345678"
                )
        return value

    def opt_out_scope(self, number: str) -> str:
        """What a STOP sent to `number` blocks: the whole messaging service if there is one.

        After 'Twilio support for opt-out keywords (SMS STOP filtering)'.
        """
        return self.messaging_service_sid or number
