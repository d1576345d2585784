"""Which bridges a configuration has: the only place that knows them all by name."""

from collections.abc import Mapping

from bridges.contract import Bridge
from bridges.matrix.bridge import MatrixBridge
from bridges.sms.bridge import SmsBridge
from bridges.sms.voice import VoiceBridge
from linzhang.settings import Settings


def matrix_bridge(settings: Settings) -> MatrixBridge:
    """The Matrix bridge, which also carries the rooms."""
    return MatrixBridge(settings.homeservers)


def bridges(settings: Settings, matrix: MatrixBridge) -> Mapping[str, Bridge]:
    """All bridges of a configuration, by name."""
    found: list[Bridge] = [matrix]
    if settings.twilio:
        twilio, url, region = settings.twilio, settings.public_url, settings.territory.region
        found += [
            SmsBridge(twilio, public_url=url, region=region),
            VoiceBridge(twilio, public_url=url, region=region),
        ]
    return {bridge.name: bridge for bridge in found}
