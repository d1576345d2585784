"""Carries out what bridges a room to another network: lets the bridge's bot in, speaks to it, takes it out.

What is said, and when, is decided in `rooms.bridged`.
"""

from bridges.contract import Delivered, Refused, Unavailable
from bridges.matrix.appservice import AppService, LostRoom
from bridges.matrix.bridge import MatrixBridge
from linzhang.networks import Network, Place, Step
from linzhang.settings import Settings
from models import BotRoom, Outbox, RoomBridge, Unit
from rooms import render
from rooms.provision import Provision

#: What of the payload's 'do' is carried out here.
DEEDS = frozenset({"let_in", "join", "leave", "take_out"})

#: What of it is said to a bot.
_TOLD = ("join", "leave")

#: Seconds after which it is looked again whether a bot has come, or has invited the service.
_LOOK_AGAIN = 0.5

#: The power of whoever has none.
_NONE = 0


class Plumbing:
    """The deliverer of what bridges rooms to other networks; see `escalator.delivery.Deliverer`."""

    def __init__(self, settings: Settings, matrix: MatrixBridge, provision: Provision) -> None:
        self._settings = settings
        self._matrix = matrix
        self._provision = provision

    async def deliver(self, row: Outbox) -> Delivered:
        """Do what the row says.

        Raises:
            DeliveryError: See `bridges.contract`.
        """
        bridge = await RoomBridge.get(id=row.payload["bridge"]).select_related("unit")
        network = self._settings.network(bridge.network)
        if network is None:
            return Delivered("", "no such network")
        if row.payload["do"] in _TOLD:
            return await self._tell(row, bridge, network)
        service, room_id = await self._room(bridge.unit)
        if row.payload["do"] == "let_in":
            await service.set_power(room_id, {network.bot: network.power})
            await service.invite(room_id, network.bot)
        else:
            await self._take_out(service, room_id, network)
        return Delivered("")

    async def find(self, row: Outbox) -> Delivered | None:
        """Look for the event of a call of which nobody knows how it ended."""
        if row.payload["do"] not in _TOLD:
            return None  # inviting or taking out twice does no harm
        bridge = await RoomBridge.get(id=row.payload["bridge"]).select_related("unit")
        network = self._settings.network(bridge.network)
        if network is None:
            return None
        service, room_id = await self._place(bridge, network, _step(row, network))
        event_id = await service.find(room_id, row.key)
        return Delivered(event_id) if event_id else None

    async def _tell(self, row: Outbox, bridge: RoomBridge, network: Network) -> Delivered:
        step = _step(row, network)
        service, room_id = await self._place(bridge, network, step)
        _, unit_room = await self._room(bridge.unit)
        content = render.plain(step.words(unit_room, bridge.channel), row.key)
        return Delivered(await service.send(room_id, content, txn_id=row.key))

    async def _place(self, bridge: RoomBridge, network: Network, step: Step) -> tuple[AppService, str]:
        """Where a step is said, with the bot there: whoever is not there yet would not hear it."""
        match step.place:
            case Place.ROOM:
                service, room_id = await self._room(bridge.unit)
            case Place.DIRECT:
                service = self._matrix.service_for(network.bot)
                room_id = await service.direct_room(network.bot)
            case Place.INVITED:
                service, room_id = await self._invited(network)
        if (await service.members(room_id)).get(network.bot) != "join":
            raise Unavailable("The bridge's bot is not there yet.", retry_after=_LOOK_AGAIN)
        return service, room_id

    async def _invited(self, network: Network) -> tuple[AppService, str]:
        """The room into which the bot has last invited the service, which joins it."""
        door = await BotRoom.filter(network=network.name, lost_at=None).order_by("-id").first()
        if door is None:
            raise Unavailable("The bridge's bot has not invited the service yet.", retry_after=_LOOK_AGAIN)
        service = self._matrix.service(door.homeserver)
        try:
            await service.join(door.room_id)
        except Refused as error:
            await BotRoom.filter(id=door.id).update(lost_at=self._settings.clock.wall())
            raise Unavailable("The bridge's bot has taken its invitation back.") from error
        return service, door.room_id

    async def _room(self, unit: Unit) -> tuple[AppService, str]:
        room = await self._provision.room(unit)
        return self._provision.service(room), room.room_id

    async def _take_out(self, service: AppService, room_id: str, network: Network) -> None:
        """Take out the bot and the network's people, and the bot's power."""
        try:
            members = await service.members(room_id)
            for user_id, membership in members.items():
                guest = user_id == network.bot or network.has(user_id) or network.is_itself(user_id)
                if guest and membership in ("join", "invite"):
                    await service.kick(room_id, user_id, "")
            await service.set_power(room_id, {network.bot: _NONE})
        except LostRoom:
            return


def _step(row: Outbox, network: Network) -> Step:
    """Which line of the configuration a row says."""
    number: int = row.payload["step"]
    return (network.join if row.payload["do"] == "join" else network.leave)[number]
