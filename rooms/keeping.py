"""Carries out what keeps a unit's room as it must be; see `escalator.delivery.Deliverer`.

Whatever it does can be done again: a room is looked at first, and what is right is left alone.
"""

from bridges.contract import Delivered, Unavailable
from bridges.matrix.appservice import LostRoom
from bridges.matrix.bridge import MatrixBridge
from linzhang.settings import Settings
from models import Outbox, Room
from rooms import losing
from rooms.mending import Mender
from rooms.succession import NotYet

#: What of the payload's 'do' is carried out here.
KEEPING = "mend"

#: Attempts in which the service waits to be let into the room that somebody has put in another's place.
_PATIENCE = 4


class Keeping:
    """The deliverer of repairs."""

    def __init__(self, settings: Settings, matrix: MatrixBridge) -> None:
        self._settings = settings
        self._mender = Mender(settings, matrix)
        self._names = {each.server_name for each in settings.homeservers}

    async def deliver(self, row: Outbox) -> Delivered:
        """Look a room over, and mend it.

        Raises:
            DeliveryError: See `bridges.contract`.
        """
        # The room of a unit that is closed stays as it is, for those who want to read it.
        room = await Room.get_or_none(id=row.payload["room"], lost_at=None, unit__closed_at=None)
        if room is None:
            return Delivered("", "gone")
        if room.homeserver not in self._names:
            raise Unavailable("The room's homeserver is not in the configuration.")
        try:
            look = await self._mender.look(room)
            await self._mender.mend(look, call_back=False, patient=row.attempts < _PATIENCE)
        except LostRoom:
            await losing.lose(self._settings, room.room_id)
            return Delivered("", "lost")
        except NotYet as error:
            raise Unavailable("The service is not let into the new room yet.") from error
        return Delivered("")
