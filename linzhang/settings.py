"""The one configuration: `LINZHANG_*` environment variables over a TOML file.

The file is named by `LINZHANG_CONFIG`. Everything is checked at start; an error names the setting
and says what to write, and never shows a secret.
"""

import os
import re
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from cryptography.fernet import Fernet
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from linzhang.clock import Clock, FileClock, SystemClock
from linzhang.logs import Format
from linzhang.networks import Network
from linzhang.passes import Passes
from linzhang.profile import Profile, load_profile
from linzhang.vault import Vault


class SettingsError(ValueError):
    """The configuration cannot be used; the message names every wrong setting."""


class Homeserver(BaseModel):
    """A Matrix homeserver on which the service is registered as an application service.

    Attributes:
        server_name: The part behind the colon in its users' ids.
        url: Base URL of its client-server API.
        as_token: What the service shows to the homeserver.
        hs_token: What the homeserver shows to the service.
        bot: Local part of the service's own user.
        ghost_prefix: Local parts that begin so are residents' ghosts.
        patience: Seconds after which a call to it is given up and made again later.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    server_name: str
    url: str
    as_token: SecretStr
    hs_token: SecretStr
    bot: str = "linzhang"
    ghost_prefix: str = "lz_"
    patience: float = Field(default=20.0, gt=0)

    @property
    def bot_id(self) -> str:
        """The Matrix id of the service's own user."""
        return f"@{self.bot}:{self.server_name}"

    def ghost_id(self, person_id: int) -> str:
        """The Matrix id of a person's ghost; it tells nothing but the row's id."""
        return f"@{self.ghost_prefix}{person_id}:{self.server_name}"


class Twilio(BaseModel):
    """The account with the SMS carrier.

    Attributes:
        account_sid: Begins with AC.
        auth_token: Signs the carrier's webhooks and opens its API.
        number: The service's own number in E.164, from which residents are answered.
        whatsapp_number: The service's WhatsApp number in E.164; empty: no WhatsApp.
        whatsapp_templates: For each kind of text ('answer', 'holder', 'solved'; 'any' for those without one
            of their own) and language, the ContentSid of the approved template in which it goes to whom
            WhatsApp takes no free words for. The template has one variable, {{1}}: the whole text.
        api_url: Where the carrier's API is; another address than Twilio's own is for tests.
        media_hosts: Where else the carrier keeps pictures and recordings: names of hosts, '*' for a part of
            one, perhaps with the beginning of a path. Nothing is ever fetched from elsewhere.
        texts_per_second: How many texts a second the carrier takes from the number. So fast, from each
            worker, goes out what nobody waits for, after an outage say; what somebody waits for goes at once.
        mms_countries: ISO 3166 codes of countries to whose phones the number can send pictures; others get
            a link.
        messages_per_second: How many messages each worker hands over in a second at most; empty: as many as
            the carrier takes, which each worker learns from what it refuses.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    account_sid: str = Field(pattern=r"^AC[0-9a-f]{32}$")
    auth_token: SecretStr
    number: str = Field(pattern=r"^\+[1-9][0-9]{6,14}$")
    whatsapp_number: str | None = Field(default=None, pattern=r"^\+[1-9][0-9]{6,14}$")
    whatsapp_templates: dict[str, dict[str, Annotated[str, Field(pattern=r"^HX[0-9a-f]{32}$")]]] = {}
    api_url: str = "https://api.twilio.com"
    media_hosts: list[str] = ["*.twiliocdn.com", "s3-external-1.amazonaws.com/media.twiliocdn.com/"]
    texts_per_second: float = Field(default=10.0, gt=0)
    mms_countries: list[Annotated[str, Field(pattern=r"^[A-Z]{2}$")]] = []
    messages_per_second: float | None = Field(default=None, gt=0)


class WeCom(BaseModel):
    """One application of a corporation on WeCom (企业微信).

    Attributes:
        corp_id: The corporation's id.
        agent_id: The application's number.
        secret: The application's; opens the API.
        token: Signs what WeCom calls us with.
        encoding_aes_key: The 43 characters with which that is encrypted.
        api_url: Where the API is; another address than Tencent's own is for a proxy or for tests.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    corp_id: str = Field(min_length=1)
    agent_id: int
    secret: SecretStr
    token: SecretStr
    encoding_aes_key: SecretStr
    api_url: str = "https://qyapi.weixin.qq.com"

    @field_validator("encoding_aes_key")
    @classmethod
    def _of_32_bytes(cls, key: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[A-Za-z0-9]{43}", key.get_secret_value()):
            raise ValueError("must have 43 letters and digits, as WeCom's page for the application shows it")
        return key


#: How a connection is kept private: from its beginning, from a word on, or not at all.
Tls = Literal["tls", "starttls", "none"]


class Mail(BaseModel):
    """Our mail box, for departments.

    Attributes:
        address: Its address, without '+'.
        plus: Whether the mail server brings what goes to address+anything there too, and lets us send from
            it. Without it answers are known by the ids of what they answer, which nearly all programmes keep.
        smtp_host: Takes mails of ours.
        smtp_port: Its port; 465 for 'tls', 587 for 'starttls'.
        smtp_tls: How that connection is kept private; 'none' only on one machine.
        smtp_user: Who we are there; empty: nobody asks.
        smtp_password: The password there.
        imap_host: Where answers are read; empty: they are not, or come by the webhook.
        imap_port: Its port; 993 for 'tls', 143 for 'starttls'.
        imap_tls: How that connection is kept private.
        imap_user: Who we are there.
        imap_password: The password there.
        imap_folder: The folder into which answers come. It must be ours alone: what is seen there is done.
        poll: Seconds between two looks into it.
        webhook_token: What a mail server shows that brings mails to `POST /email/inbound`; empty: none does.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: str = Field(pattern=r"^[A-Za-z0-9._-]{1,24}@[A-Za-z0-9.-]+$")
    plus: bool = True
    smtp_host: str
    smtp_port: int = 587
    smtp_tls: Tls = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    imap_host: str = ""
    imap_port: int = 993
    imap_tls: Tls = "tls"
    imap_user: str = ""
    imap_password: SecretStr = SecretStr("")
    imap_folder: str = Field(default="INBOX", pattern=r'^[^"\\\r\n]+$')
    poll: float = Field(default=20.0, gt=0)
    webhook_token: SecretStr | None = Field(default=None, min_length=16)


class Telegram(BaseModel):
    """A bot on Telegram.

    Attributes:
        token: What @BotFather has given out; opens the API.
        webhook_secret: What Telegram shows to our webhook: 16 to 256 letters, digits, _ and -.
        api_url: Where the Bot API is; another address than Telegram's own is for a server of one's own or for
            tests.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    token: SecretStr
    webhook_secret: SecretStr
    api_url: str = "https://api.telegram.org"

    @property
    def bot_id(self) -> int:
        """The bot's number, with which its token begins."""
        return int(self.token.get_secret_value().partition(":")[0])

    @field_validator("token")
    @classmethod
    def _is_token(cls, token: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[0-9]{3,15}:[A-Za-z0-9_-]{20,}", token.get_secret_value()):
            raise ValueError("must be the bot's token as @BotFather has written it: 123456789:AbC…")
        return token

    @field_validator("webhook_secret")
    @classmethod
    def _is_secret(cls, secret: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", secret.get_secret_value()):
            raise ValueError("must have 16 to 256 letters, digits, _ and -")
        return secret


class Oidc(BaseModel):
    """The city's own login, by OpenID Connect.

    Attributes:
        issuer: Its address; what it can do stands behind /.well-known/openid-configuration there.
        client_id: Who we are there. Our address for its answers is `public_url`/desk/oidc/back.
        client_secret: What we show to it.
        name: What the button says that leads there, per language, such as '皖事通'.
        scopes: What we ask for.
        claim: Which of its claims names a person: one with a phone number or a Matrix id of the roster.
        bridge: What the claim holds: 'sms', a number as people of the region write it; or 'matrix'.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str = Field(pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/]).+")
    client_id: str = Field(min_length=1)
    client_secret: SecretStr
    name: dict[str, str] = {}
    scopes: str = "openid phone"
    claim: str = "phone_number"
    bridge: Literal["sms", "matrix"] = "sms"


class Settings(BaseSettings):
    """All settings of the service.

    Attributes:
        database_url: 'sqlite:///path/to/file' or 'postgres://user:password@host/name'.
        redis_url: 'redis://host:6379/0'.
        public_url: Where the carrier reaches the application; part of what it signs.
        profile: The territory profile's file.
        seal_keys: Fernet keys for addresses at rest, the sealing one first.
        lookup_key: Key of the hash under which addresses are found; 32 characters or more.
        homeservers: The first is where units without another live.
        twilio: The SMS carrier; empty: no SMS.
        wecom: The application on WeCom; empty: no WeCom.
        telegram: The bot on Telegram; empty: no Telegram.
        networks: Other networks that third parties' Matrix bridges can bring into rooms.
        bridges: A table for each third party's bridge that is to be used, by its name; what stands in it is
            that bridge's own.
        email: Our mail box for departments; empty: no e-mail.
        oidc: The city's own login to the desk; empty: none.
        metrics_token: What Prometheus shows at /metrics; empty: only this machine may ask there.
        log_format: How the log is written: 'json', a line of JSON a record; or 'plain', for people.
        trace_collector: Where OpenTelemetry's traces go by OTLP over HTTP; empty: nothing is traced.
        trace_share: The part of all traces that is kept.
        alive_file: A file that a worker touches every five seconds while it lives, for a container's health
            check.
        clock_file: A file that drives the programme's clock; for demo and tests only.
        lease: Seconds after which a worker that has gone silent loses its effect to another.
        api_requests_per_minute: How many requests one token may send to one process of the application.
        webhook_networks: Networks of the office's own into which webhooks may go, such as '10.1.0.0/16'.
        posts_per_second: How many posts a second one homeserver is given, by each worker, of those that
            nobody waits for, after an outage say: so it has time for what people say meanwhile.
        settle: Seconds to wait before believing the carrier that it never took a message.
    """

    model_config = SettingsConfigDict(env_prefix="LINZHANG_", env_nested_delimiter="__", extra="forbid")

    database_url: str
    redis_url: str
    public_url: str
    profile: Path
    seal_keys: list[SecretStr] = Field(min_length=1)
    lookup_key: SecretStr
    homeservers: list[Homeserver] = Field(min_length=1)
    twilio: Twilio | None = None
    wecom: WeCom | None = None
    telegram: Telegram | None = None
    networks: list[Network] = []
    bridges: dict[str, dict[str, Any]] = Field(default={}, repr=False)
    email: Mail | None = None
    oidc: Oidc | None = None
    metrics_token: SecretStr | None = Field(default=None, min_length=16)
    log_format: Format = "json"
    trace_collector: str | None = Field(default=None, pattern=r"^https?://.+")
    trace_share: float = Field(default=1.0, ge=0, le=1)
    alive_file: Path | None = None
    clock_file: Path | None = None
    lease: float = Field(default=60.0, gt=0)
    settle: float = Field(default=30.0, ge=0)
    posts_per_second: float = Field(default=20.0, gt=0)
    api_requests_per_minute: int = Field(default=300, ge=1)
    webhook_networks: list[str] = []

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if not url.startswith(("sqlite://", "postgres://", "postgresql://")):
            raise ValueError("write sqlite:///path/to/file or postgres://user:password@host/name")
        return url

    @field_validator("seal_keys")
    @classmethod
    def _fernet_keys(cls, keys: list[SecretStr]) -> list[SecretStr]:
        for key in keys:
            try:
                Fernet(key.get_secret_value())
            except ValueError as error:
                raise ValueError("a key must be url-safe base64 of 32 bytes: `linzhang new-key`") from error
        return keys

    @field_validator("lookup_key")
    @classmethod
    def _long_enough(cls, key: SecretStr) -> SecretStr:
        if len(key.get_secret_value()) < 32:
            raise ValueError("must have 32 characters or more")
        return key

    @field_validator("webhook_networks")
    @classmethod
    def _are_networks(cls, networks: list[str]) -> list[str]:
        for network in networks:
            try:
                ip_network(network)
            except ValueError as error:
                raise ValueError("write networks such as 10.1.0.0/16") from error
        return networks

    @field_validator("networks")
    @classmethod
    def _told_apart(cls, networks: list[Network]) -> list[Network]:
        if len({each.name for each in networks}) < len(networks):
            raise ValueError("two networks have the same name")
        return networks

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is given
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over file; nothing else is looked at."""
        sources: list[PydanticBaseSettingsSource] = [init_settings, env_settings]
        config = os.environ.get("LINZHANG_CONFIG")
        if config:
            sources.append(TomlConfigSettingsSource(settings_cls, Path(config)))
        return tuple(sources)

    @cached_property
    def clock(self) -> Clock:
        """The programme's clock."""
        return FileClock(self.clock_file) if self.clock_file else SystemClock()

    @cached_property
    def territory(self) -> Profile:
        """The territory profile."""
        return load_profile(self.profile)

    @cached_property
    def vault(self) -> Vault:
        """What seals and finds addresses."""
        return Vault([key.get_secret_value() for key in self.seal_keys], self.lookup_key.get_secret_value())

    def network(self, name: str) -> Network | None:
        """The network of a name."""
        return next((each for each in self.networks if each.name == name), None)

    def network_of(self, user_id: str) -> Network | None:
        """The network whose puppet a Matrix user is; None: somebody of Matrix itself."""
        return next((each for each in self.networks if each.has(user_id)), None)

    def network_by_bot(self, user_id: str) -> Network | None:
        """The network whose bridge a Matrix user is."""
        return next((each for each in self.networks if each.bot == user_id), None)

    @cached_property
    def passes(self) -> Passes:
        """What writes and reads the passes of links to what came with a `Message`."""
        return Passes(self.lookup_key.get_secret_value(), "passes")

    @cached_property
    def group_passes(self) -> Passes:
        """The same for what an `Outbox` row shows in a group."""
        return Passes(self.lookup_key.get_secret_value(), "passes for groups")


def load_settings() -> Settings:
    """Read the configuration.

    Raises:
        SettingsError: Something is missing or wrong; every such setting stands on a line of its
            own, and no value is shown.
    """
    config = os.environ.get("LINZHANG_CONFIG")
    if config and not Path(config).is_file():
        raise SettingsError(f"LINZHANG_CONFIG names {config}, which is not there.")
    try:
        return Settings()  # type: ignore[call-arg]  # the values come from the environment
    except ValidationError as error:
        lines = [
            f"  LINZHANG_{'__'.join(str(part) for part in item['loc']).upper()}: {item['msg']}"
            for item in error.errors()
        ]
        raise SettingsError("The configuration cannot be used:\n" + "\n".join(lines)) from error
