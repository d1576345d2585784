"""Words to somebody of another network who cannot be spoken to alone: said in the room, so that it is clear.

They see no threads, so it is a message of its own that names them and quotes what it is about. Others read
it too: whatever is for nobody else to read is not said here.
"""

from bridges.contract import Delivered, OptedOut, Refused, Unavailable
from bridges.matrix.appservice import LostRoom
from bridges.matrix.bridge import MatrixBridge
from issues import chain, names, reaching, texts
from issues.effects import PHONE
from linzhang.settings import Settings
from linzhang.words import say
from models import Address, Issue, Message, Outbox, Room, RoomKind, State, Voice
from rooms import losing, render
from rooms.provision import Provision

#: Characters of what they had said that are quoted.
_QUOTED = 12


class Openly:
    """The deliverer of words to such people; see `escalator.delivery.Deliverer`."""

    def __init__(self, settings: Settings, matrix: MatrixBridge) -> None:
        self._settings = settings
        self._matrix = matrix
        self._provision = Provision(settings, matrix)

    async def deliver(self, row: Outbox) -> Delivered:
        """Say it.

        Raises:
            OptedOut: The person wants no messages.
            Refused: It is not for others to read, or there is no room.
            DeliveryError: See `bridges.contract`.
        """
        address = await Address.get(id=row.address_id).select_related("person")
        network = reaching.in_the_open(self._settings, address)
        assert network is not None
        if address.stopped_at is not None and not row.payload.get("even_stopped"):
            raise OptedOut("The person has asked for no messages.")
        issue = await Issue.get_or_none(id=row.issue_id).select_related("holder")
        if issue is not None and not _is_for_all(issue, address, row):
            raise Refused("Only the person may read it, and others would.")
        room = await self._room(address)
        language = names.language_of(address.person, self._settings.territory)
        content = render.openly(
            row.payload["text"].replace(PHONE, say(texts.PHONE_NOT_HERE, language)),
            row.key,
            name=names.resident(address.person, language),
            user_id=self._settings.vault.open(address.sealed),
            quoted=await _quoted(issue),
            language=language,
            width=network.width,
        )
        content["m.mentions"]["user_ids"] += await self._who_answers(issue, room)
        try:
            event_id = await self._provision.service(room).send(room.room_id, content, txn_id=row.key)
        except LostRoom as error:
            await losing.lose(self._settings, room.room_id)
            raise Unavailable("The room was lost.") from error
        return Delivered(event_id)

    async def find(self, row: Outbox) -> Delivered | None:
        """Look in the room for what may have been said."""
        room = await self._room(await Address.get(id=row.address_id).select_related("person"))
        try:
            event_id = await self._provision.service(room).find(room.room_id, row.key)
        except LostRoom:
            return None
        return Delivered(event_id) if event_id else None

    async def _room(self, address: Address) -> Room:
        """The room of the block where they live, in which they are."""
        home = Room.filter(unit_id=address.person.block_id, kind=RoomKind.ROOM, lost_at=None)
        room = await home.order_by("-id").first()
        if room is None:
            raise Refused("There is no room in which the person is.")
        return room

    async def _who_answers(self, issue: Issue | None, room: Room) -> list[str]:
        """Who has to answer in this room: the card of such an issue, a notice, rings nobody."""
        if issue is None or issue.holder is None or issue.state is not State.OPEN:
            return []
        if issue.holder.id != room.unit_id:
            return []
        acting = await chain.acting(issue.holder, self._settings.clock.now())
        return await self._provision.matrix_ids([acting.person]) if acting else []


def _is_for_all(issue: Issue, address: Address, row: Outbox) -> bool:
    """Whether others may read it: of what is private, nothing but what tells the reporter how it goes on."""
    return not issue.private or (issue.reporter_id == address.person_id and not row.payload.get("message"))


async def _quoted(issue: Issue | None) -> str:
    """The beginning of what they have reported; nothing of what is private."""
    if issue is None or issue.private:
        return ""
    first = await Message.filter(issue_id=issue.id, voice=Voice.RESIDENT).order_by("id").first()
    words = " ".join(first.text.split()) if first else ""
    return words if len(words) <= _QUOTED else f"{words[:_QUOTED]}…"
