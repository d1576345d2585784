"""Which bridges a configuration has: the only place that knows ours by name.

Those of third parties are found by their entry points; see docs/bridges.md.
"""

from collections.abc import Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points

from bridges.contract import Bridge, MakeBridge, Service
from bridges.email.bridge import EmailBridge
from bridges.email.reading import NAME as EMAIL
from bridges.matrix.bridge import MatrixBridge
from bridges.open311.bridge import Open311Bridge
from bridges.sms import channels
from bridges.sms.bridge import SmsBridge
from bridges.sms.channels import Channel
from bridges.sms.voice import VoiceBridge
from bridges.sms.voice_incoming import NAME as VOICE
from bridges.wecom.bridge import WeComBridge
from linzhang.settings import Settings, SettingsError, Twilio

#: The group of entry points by which packages of third parties bring bridges.
ENTRY_POINTS = "linzhang.bridges"

#: Names of our own bridges, and of other deliverers of the outbox: no third party's can be called so.
TAKEN = (
    "matrix",
    "sms",
    "whatsapp",
    "voice",
    "email",
    "wecom",
    "telegram",
    "open311",
    "rooms",
    "media",
    "ties",
    "desk",
    "api",
    "webhook",
)


def matrix_bridge(settings: Settings) -> MatrixBridge:
    """The Matrix bridge, which also carries the rooms."""
    return MatrixBridge(settings.homeservers, networks=settings.networks)


def bridges(settings: Settings, matrix: MatrixBridge) -> Mapping[str, Bridge]:
    """All bridges of a configuration, by name.

    Raises:
        SettingsError: A table of a third party's bridge names none that is installed, or is wrong.
    """
    found: list[Bridge] = [matrix]
    url, region = settings.public_url, settings.territory.region
    for twilio, channel in _phone_channels(settings):
        found.append(SmsBridge(twilio, public_url=url, region=region, channel=channel))
    if settings.twilio:
        found.append(VoiceBridge(settings.twilio, public_url=url, region=region))
    if settings.email:
        found.append(
            EmailBridge(
                settings.email,
                name=settings.territory.name,
                key=settings.lookup_key.get_secret_value(),
            )
        )
    if settings.wecom:
        found.append(WeComBridge(settings.wecom, public_url=url))
    found.append(Open311Bridge())
    if settings.telegram:
        # aiogram takes two seconds to load: who has no bot need not wait for it.
        from bridges.telegram.bridge import TelegramBridge

        found.append(TelegramBridge(settings.telegram, public_url=url))
    found += third_parties(settings)
    return {bridge.name: bridge for bridge in found}


def third_parties(settings: Settings) -> Sequence[Bridge]:
    """The bridges of third parties: those that have a table `[bridges.<name>]` in the configuration.

    Raises:
        SettingsError: See `bridges`.
    """
    if not settings.bridges:
        return []
    profile = settings.territory
    service = Service(settings.public_url, profile.region, profile.languages)
    installed = {each.name: each for each in entry_points(group=ENTRY_POINTS)}
    return [
        _third_party(name, table, installed.get(name), service) for name, table in settings.bridges.items()
    ]


def _third_party(
    name: str, table: Mapping[str, object], installed: EntryPoint | None, service: Service
) -> Bridge:
    where = f"LINZHANG_BRIDGES__{name.upper()}"
    if name in TAKEN:
        raise SettingsError(f"{where}: a bridge of Linzhang's own is called so.")
    if installed is None:
        raise SettingsError(f"{where}: no installed package brings a bridge of this name.")
    make: MakeBridge = installed.load()
    try:
        bridge = make(table, service)
    except ValueError as error:
        raise SettingsError(f"{where}: {error}") from None
    if bridge.name != name:
        raise SettingsError(
            f"{where}: it calls itself {bridge.name!r}, and must be called as its entry point."
        )
    return bridge


def names(settings: Settings) -> Sequence[str]:
    """Names of all bridges of a configuration; none is made for it."""
    found = ["matrix", *phone_bridges(settings)]
    tables: dict[str, object] = {VOICE: settings.twilio, EMAIL: settings.email}
    tables |= {"wecom": settings.wecom, "telegram": settings.telegram}
    return [*found, *(name for name, table in tables.items() if table), *settings.bridges]


def phone_bridges(settings: Settings) -> Sequence[str]:
    """Names of the bridges whose addresses are phone numbers, so that one number there is one person."""
    return [channel.name for _, channel in _phone_channels(settings)]


def letter_bridges(settings: Settings) -> Sequence[str]:
    """Names of the bridges whose messages are letters, with room for a whole story."""
    return [EMAIL] if settings.email else []


def prescribing_bridges(settings: Settings) -> Sequence[str]:
    """Names of the bridges that have approved forms for what they do not take in free words."""
    return [channel.name for _, channel in _phone_channels(settings) if channel.templates]


def _phone_channels(settings: Settings) -> Sequence[tuple[Twilio, Channel]]:
    twilio = settings.twilio
    if twilio is None:
        return []
    return [(twilio, each) for each in (channels.sms(twilio), channels.whatsapp(twilio)) if each]
