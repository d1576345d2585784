"""Where something stands: in the rooms, as a link that every Matrix client opens, and on the desk."""

from urllib.parse import quote

from linzhang.settings import Settings
from models import DirectRoom, Issue, Person, Room, RoomEvent, RoomEventKind, RoomKind


async def post_of(issue: Issue, reader: Person) -> str:
    """A link to the issue's post in its holder's room, or in the reader's own; empty where it is in none."""
    posts = RoomEvent.filter(issue_id=issue.id, kind=RoomEventKind.POST).order_by("-id")
    if issue.private:
        alone = await DirectRoom.filter(address__person_id=reader.id, lost_at=None)
        post = await posts.filter(room_id__in=[room.room_id for room in alone]).first()
        return link(post.room_id, post.event_id, alone[0].homeserver) if post else ""
    rooms = await Room.filter(unit_id=issue.holder_id, kind=RoomKind.ROOM, lost_at=None)
    post = await posts.filter(room_id__in=[room.room_id for room in rooms]).first()
    return link(post.room_id, post.event_id, rooms[0].homeserver) if post else ""


def page_of(settings: Settings, issue: Issue) -> str:
    """A link to the issue's page on the desk; who opens it has to come in there."""
    return f"{settings.public_url.rstrip('/')}/desk/issue/{issue.number}"


def link(room_id: str, event_id: str, server_name: str) -> str:
    """A link to an event, as the Matrix specification has it (matrix.to navigation)."""
    return f"https://matrix.to/#/{quote(room_id, safe='!:')}/{quote(event_id, safe='$')}?via={server_name}"


def room(room_id: str, server_name: str) -> str:
    """A link to a room."""
    return f"https://matrix.to/#/{quote(room_id, safe='!:')}?via={server_name}"
