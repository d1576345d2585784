"""Which other networks a unit's room is bridged to now, and who has to be there for that: `rooms.bridged`."""

from tortoise.queryset import QuerySet

from linzhang.networks import Network
from linzhang.settings import Settings
from models import RoomBridge


def of(unit_id: int) -> QuerySet[RoomBridge]:
    """The bridges of a unit's room whose bots are wanted in it now."""
    return RoomBridge.filter(unit_id=unit_id, until=None)


async def networks_in(settings: Settings, unit_id: int) -> list[Network]:
    """The networks whose people are in a unit's room."""
    named = [settings.network(each.network) for each in await of(unit_id)]
    return [each for each in named if each is not None]


async def wanted(settings: Settings, unit_id: int) -> dict[str, int]:
    """Who is wanted in a unit's room besides its people, with the power that they need: bridges' bots."""
    return {each.bot: each.power for each in await networks_in(settings, unit_id)}
