"""Which bridges a configuration has: the only place that knows them all by name."""

from collections.abc import Mapping, Sequence

from bridges.contract import Bridge
from bridges.matrix.bridge import MatrixBridge
from bridges.sms import channels
from bridges.sms.bridge import SmsBridge
from bridges.sms.channels import Channel
from bridges.sms.voice import VoiceBridge
from bridges.wecom.bridge import WeComBridge
from linzhang.settings import Settings, Twilio


def matrix_bridge(settings: Settings) -> MatrixBridge:
    """The Matrix bridge, which also carries the rooms."""
    return MatrixBridge(settings.homeservers, networks=settings.networks)


def bridges(settings: Settings, matrix: MatrixBridge) -> Mapping[str, Bridge]:
    """All bridges of a configuration, by name."""
    found: list[Bridge] = [matrix]
    url, region = settings.public_url, settings.territory.region
    for twilio, channel in _phone_channels(settings):
        found.append(SmsBridge(twilio, public_url=url, region=region, channel=channel))
    if settings.twilio:
        found.append(VoiceBridge(settings.twilio, public_url=url, region=region))
    if settings.wecom:
        found.append(WeComBridge(settings.wecom, public_url=url))
    return {bridge.name: bridge for bridge in found}


def phone_bridges(settings: Settings) -> Sequence[str]:
    """Names of the bridges whose addresses are phone numbers, so that one number there is one person."""
    return [channel.name for _, channel in _phone_channels(settings)]


def prescribing_bridges(settings: Settings) -> Sequence[str]:
    """Names of the bridges that have approved forms for what they do not take in free words."""
    return [channel.name for _, channel in _phone_channels(settings) if channel.templates]


def _phone_channels(settings: Settings) -> Sequence[tuple[Twilio, Channel]]:
    twilio = settings.twilio
    if twilio is None:
        return []
    return [(twilio, each) for each in (channels.sms(twilio), channels.whatsapp(twilio)) if each]
