"""Links into rooms, which every Matrix client opens by itself (the specification's 'matrix.to')."""

from urllib.parse import quote

from models import Issue, Room, RoomEvent, RoomEventKind, RoomKind

_SITE = "https://matrix.to/#/"


async def post(issue: Issue, unit_id: int | None) -> str:
    """A link to an issue's post in a unit's room; empty where it does not stand there yet."""
    room = await Room.filter(unit_id=unit_id, kind=RoomKind.ROOM, lost_at=None).order_by("-id").first()
    if room is None:
        return ""
    shown = RoomEvent.filter(issue_id=issue.id, room_id=room.room_id)
    event = await shown.filter(kind=RoomEventKind.POST).first()
    if event is None:
        return ""
    where = f"{quote(room.room_id, safe='!:')}/{quote(event.event_id, safe='$')}"
    return f"{_SITE}{where}?via={quote(room.homeserver, safe=':')}"
