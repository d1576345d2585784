"""Takes an issue out of a unit's room: the post, its thread, and all that hangs on them.

What was read cannot be made unread; but nobody who comes later, and no client that looks again, sees it.
"""

import hashlib

from bridges.contract import Delivered
from bridges.matrix.connection import Denied
from models import Issue, Message, RoomEvent, RoomEventKind
from rooms.stages import Stage


async def hide(issue: Issue, stage: Stage, key: str) -> Delivered:
    """Redact everything of an issue in a room, and forget that it stood there.

    Can be called again after a crash: what is redacted stays so.

    Raises:
        DeliveryError: See `bridges.contract`.
    """
    shown = await RoomEvent.filter(issue_id=issue.id, room_id=stage.room_id).order_by("id")
    events = dict.fromkeys(event.event_id for event in shown)
    for event in shown:
        if event.kind is RoomEventKind.POST:
            events |= dict.fromkeys(await stage.service.related(stage.room_id, event.event_id))
    said = await Message.filter(issue_id=issue.id, room_id=stage.room_id)
    events |= dict.fromkeys(message.external_id for message in said)
    for event_id in events:
        digest = hashlib.sha256(event_id.encode()).hexdigest()[:16]
        try:
            await stage.service.redact(stage.room_id, event_id, txn_id=f"{key}.{digest}")
        except Denied as error:
            if error.code != 404:
                raise
    await RoomEvent.filter(issue_id=issue.id, room_id=stage.room_id).delete()
    return Delivered("")
