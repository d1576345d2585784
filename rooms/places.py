"""Where something stands in the rooms, as a link that every Matrix client opens."""

from urllib.parse import quote

from models import Issue, Room, RoomEvent, RoomEventKind, RoomKind


async def post_of(issue: Issue) -> str:
    """A link to the issue's post in its holder's room; empty where it stands in none."""
    rooms = await Room.filter(unit_id=issue.holder_id, kind=RoomKind.ROOM, lost_at=None)
    posts = RoomEvent.filter(issue_id=issue.id, kind=RoomEventKind.POST)
    post = await posts.filter(room_id__in=[room.room_id for room in rooms]).order_by("-id").first()
    return link(post.room_id, post.event_id, rooms[0].homeserver) if post else ""


def link(room_id: str, event_id: str, server_name: str) -> str:
    """A link to an event, as the Matrix specification has it (matrix.to navigation)."""
    return f"https://matrix.to/#/{quote(room_id, safe='!:')}/{quote(event_id, safe='$')}?via={server_name}"
