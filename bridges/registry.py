"""Which bridges a configuration has: the only place that knows them all by name."""

from collections.abc import Mapping

from bridges.contract import Bridge
from bridges.matrix.bridge import MatrixBridge
from bridges.sms.bridge import SmsBridge
from linzhang.settings import Settings


def matrix_bridge(settings: Settings) -> MatrixBridge:
    """The Matrix bridge, which also carries the rooms."""
    return MatrixBridge(settings.homeservers)


def bridges(settings: Settings, matrix: MatrixBridge) -> Mapping[str, Bridge]:
    """All bridges of a configuration, by name."""
    found: list[Bridge] = [matrix]
    if settings.twilio:
        found.append(
            SmsBridge(settings.twilio, public_url=settings.public_url, region=settings.territory.region)
        )
    return {bridge.name: bridge for bridge in found}
