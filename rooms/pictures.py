"""The picture of a room: a roof for each tier from the block upwards, drawn once and kept by each homeserver.

The same tier of the same programme gives the same bytes for ever.
"""

import colorsys
import io

from PIL import Image, ImageDraw
from tortoise.exceptions import IntegrityError

from bridges.contract import Refused
from bridges.matrix.appservice import AppService
from bridges.matrix.bridge import MatrixBridge
from linzhang.settings import Settings
from models import RoomKind, Upload

_SIZE = 256

#: Drawn so much larger, then made small, so that edges are smooth.
_OVERSIZE = 4

_MADE_FOR = "room"
_BRIDGE = "matrix"


class Pictures:
    """Finds a room's picture, or draws and uploads it."""

    def __init__(self, settings: Settings, matrix: MatrixBridge) -> None:
        self._settings = settings
        self._matrix = matrix

    async def of(self, homeserver: str, tier: str, kind: RoomKind) -> str:
        """The 'mxc:' address of the picture of all rooms of a tier; empty: the homeserver takes none.

        Raises:
            DeliveryError: The homeserver cannot be asked.
        """
        source = f"picture:{tier}:{kind}"
        known = await Upload.get_or_none(source=source, made_for=_MADE_FOR, homeserver=homeserver)
        if known is not None:
            return known.uri
        try:
            return await self._upload(self._matrix.service(homeserver), homeserver, source, tier, kind)
        except Refused:
            return ""

    async def _upload(
        self, service: AppService, homeserver: str, source: str, tier: str, kind: RoomKind
    ) -> str:
        keys = [each.key for each in reversed(self._settings.territory.tiers)]
        height = keys.index(tier) if tier in keys else 0
        content = draw(height, len(keys), is_space=kind is RoomKind.SPACE)
        uri = await service.upload(content, "image/png", f"{tier}.png")
        try:
            await Upload.create(
                bridge=_BRIDGE,
                source=source,
                made_for=_MADE_FOR,
                homeserver=homeserver,
                uri=uri,
                content_type="image/png",
                extension="png",
                family="picture",
                size=len(content),
                facts={"w": _SIZE, "h": _SIZE},
            )
        except IntegrityError:  # another worker was a moment faster: all rooms have the same one
            return (await Upload.get(source=source, made_for=_MADE_FOR, homeserver=homeserver)).uri
        return uri


def draw(height: int, tiers: int, *, is_space: bool) -> bytes:
    """A PNG: a house with a roof for each tier below, in the tier's colour; a space's is an outline.

    Args:
        height: How many tiers there are below.
        tiers: How many there are in all.
        is_space: Whether it is for a space.
    """
    edge = _SIZE * _OVERSIZE
    red, green, blue = colorsys.hsv_to_rgb((0.02 + 0.58 * height / max(1, tiers - 1)) % 1, 0.62, 0.72)
    colour = (round(red * 255), round(green * 255), round(blue * 255))
    white = (255, 255, 255)
    back, front = (white, colour) if is_space else (colour, white)
    picture = Image.new("RGB", (edge, edge), back)
    pen = ImageDraw.Draw(picture)
    step = edge * 0.62 / (tiers + 2)
    middle, bottom, half = edge / 2, edge * 0.82, edge * 0.24
    top = bottom - step * 2
    pen.rectangle((middle - half * 0.72, top, middle + half * 0.72, bottom), fill=front)
    pen.rectangle((middle - half * 0.16, bottom - step * 1.2, middle + half * 0.16, bottom), fill=back)
    for roof in range(height + 1):
        at = top - roof * step
        pen.line(
            [(middle - half, at), (middle, at - half * 0.6), (middle + half, at)],
            fill=front,
            width=round(step * 0.55),
            joint="curve",
        )
    small = picture.resize((_SIZE, _SIZE), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()
