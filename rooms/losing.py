"""What follows when the service is in a room no more: nobody there is heard, so nothing open stays there.

Whoever finds out tells it here, once or often. The unit gets another room as soon as something is to be
shown to it; what is in hand there is, at once.
"""

from tortoise.transactions import in_transaction

from issues import standing
from issues.effects import Effects
from linzhang.settings import Settings
from models import BotRoom, DirectRoom, Issue, Room, RoomEvent, RoomEventKind, RoomKind
from rooms import bridged


async def lose(settings: Settings, room_id: str, *, homeserver: str | None = None) -> set[str]:
    """Note that the service is not in a room, and let its open issues be posted in another one.

    Residents' ghosts may still be in the old room and have said something there a moment ago; so the new
    posts are not left to the next words.

    Args:
        settings: The service's.
        room_id: Which room.
        homeserver: Whose service is gone; None: the one whose room it is. Another one's does not matter.

    Returns:
        The outbox lanes that have got rows.
    """
    wall = settings.clock.wall()
    at = {} if homeserver is None else {"homeserver": homeserver}
    async with in_transaction():
        room = await Room.filter(room_id=room_id, lost_at=None, **at).select_for_update().first()
        await DirectRoom.filter(room_id=room_id, lost_at=None, **at).update(lost_at=wall)
        await BotRoom.filter(room_id=room_id, lost_at=None, **at).update(lost_at=wall)
        if room is None:
            return set()
        room.lost_at = wall
        await room.save(update_fields=["lost_at"])
        return await show_again(settings, room)


async def show_again(settings: Settings, room: Room) -> set[str]:
    """Let what is in hand in a room that is lost stand in the unit's next room.

    Returns:
        The outbox lanes that have got rows.
    """
    if room.kind is not RoomKind.ROOM:
        return set()
    effects = Effects(f"lost{room.id}", settings.clock.wall())
    posts = RoomEvent.filter(room_id=room.room_id, kind=RoomEventKind.POST)
    ids = await posts.order_by("id").values_list("issue_id", flat=True)
    for issue in await Issue.filter(id__in=list(ids), holder_id=room.unit_id, state__in=standing.IN_HAND):
        effects.show(issue, room.unit_id)
    await bridged.follow(settings, effects, room.unit_id, settings.clock.now())
    return await effects.save_once()
