"""Carries out what is forgotten in rooms: an issue's posts, single events, a ghost's name.

Whatever it does can be done again: what is redacted stays so. A room in which the service is no more is left.
"""

from bridges.contract import Delivered
from bridges.matrix.appservice import LostRoom
from bridges.matrix.bridge import MatrixBridge
from bridges.matrix.connection import Denied
from issues import names
from linzhang.settings import Settings
from models import Issue, Outbox, Person
from rooms import hiding
from rooms.stages import Stages

#: What of the payload's 'do' is carried out here.
DEEDS = frozenset({"wipe", "redact", "rename"})

#: The service, or its homeserver, knows no such event.
_GONE = 404


class Wiping:
    """The deliverer of what is forgotten; see `escalator.delivery.Deliverer`."""

    def __init__(self, settings: Settings, matrix: MatrixBridge, stages: Stages) -> None:
        self._settings = settings
        self._matrix = matrix
        self._stages = stages

    async def deliver(self, row: Outbox) -> Delivered:
        """Do what the row says.

        Raises:
            DeliveryError: See `bridges.contract`.
        """
        if row.payload["do"] == "rename":
            return await self._rename(await Person.get(id=row.payload["person"]))
        try:
            return await self._clear(row)
        except LostRoom:
            return Delivered("", "lost")

    async def _clear(self, row: Outbox) -> Delivered:
        stage = await self._stages.standing_in(row.payload["room"])
        if stage is None:
            return Delivered("", "gone")
        if row.payload["do"] == "wipe":
            return await hiding.hide(await Issue.get(id=row.issue_id), stage, row.key)
        try:
            event_id = row.payload["event"]
            return Delivered(await stage.service.redact(stage.room_id, event_id, txn_id=row.key))
        except Denied as error:
            if error.code != _GONE:
                raise
            return Delivered("", "gone")

    async def _rename(self, person: Person) -> Delivered:
        """Call a ghost as nobody, on each homeserver that has it."""
        name = names.resident(person, self._settings.territory.default_language)
        for homeserver in self._settings.homeservers:
            service = self._matrix.service(homeserver.server_name)
            await service.rename_ghost(homeserver.ghost_id(person.id), name)
        return Delivered("")
