"""What goes from leaders to phones: made fit for the oldest of them, and given out under a pass.

The homeserver keeps what is made, so that the application only hands it on (`web.media`) and opens nothing.
"""

from attachments.made import NotTaken, Use
from bridges.contract import Media, Refused, Unfit
from bridges.matrix.bridge import MatrixBridge
from issues import enclosing
from linzhang.passes import Pass
from linzhang.settings import Settings
from models import Message, Upload
from rooms.uploads import NotYet, Uploads, medium_of

#: How often something that its homeserver does not give out is asked for: some minutes. Words wait behind it.
_ASKED = 8


class Enclosures:
    """Makes what came with leaders' words fit; see `escalator.delivery.Encloser`."""

    def __init__(self, settings: Settings, matrix: MatrixBridge, uploads: Uploads) -> None:
        self._settings = settings
        self._matrix = matrix
        self._uploads = uploads

    async def enclosure(self, message: Message, number: int, attempts: int) -> Media:
        """What goes along, at an address at which a pass is shown; see `escalator.delivery.Encloser`."""
        upload = await self.kept(message, number, attempts)
        until = message.said_at + self._settings.territory.link_lasts
        link = enclosing.link(self._settings, Pass(message.id, number, until))
        return Media(link, upload.content_type, upload.size)

    async def kept(self, message: Message, number: int, attempts: int) -> Upload:
        """What was made of it, as the homeserver keeps it; raises what `enclosure` does."""
        keeper = self._matrix.keeper_of(medium_of(message, number).url).homeserver.server_name
        try:
            return await self._uploads.keep(message, number, Use.PHONE, keeper)
        except NotYet as reason:
            if attempts < _ASKED:
                raise
            raise Unfit(f"it is not given out: {reason}", reason.code) from reason
        except Refused as reason:
            raise Unfit(str(reason), reason.code) from reason
        except NotTaken as reason:
            raise Unfit(f"it is of no kind that is sent: {reason}") from reason
