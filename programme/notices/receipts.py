"""Who has read a notice in a room: by their chat's receipts, and by the signs that they press.

A receipt says how far somebody has read in a room; one that was given after the notice stood there, or for
the notice itself, is taken to mean it. That they passed it on is only what they say themselves.
"""

from datetime import timedelta

from tortoise.transactions import in_transaction

from bridges.contract import Inbound, Kind
from linzhang.settings import Settings
from models import Address, DirectRoom, NoticePerson, NoticePost, Outbox, Person, PostState, Reached
from programme.notices import progress

#: For how long receipts of a room are looked at for a notice that stands there.
_LATELY = timedelta(days=30)

#: What a receipt is for that is about no thread.
_WHOLE_ROOM = ("", "main")

_UNREAD = (Reached.TOLD, Reached.DELIVERED)


async def seen(settings: Settings, inbound: Inbound) -> None:
    """Take a receipt of a room: whoever gave it has read the notices that stood there."""
    if inbound.kind is not Kind.SEEN or not inbound.room:
        return
    since = settings.clock.wall() - _LATELY
    posts = await NoticePost.filter(room_id=inbound.room, state=PostState.UP, posted_at__gte=since)
    meant = [post.id for post in posts if _means(inbound, post)]
    direct = None if posts else await DirectRoom.get_or_none(room_id=inbound.room, lost_at=None)
    if not meant and direct is None:
        return
    lookup = settings.vault.lookup(inbound.bridge, inbound.sender)
    address = await Address.get_or_none(bridge=inbound.bridge, lookup=lookup)
    if address is None:
        return
    unread = NoticePerson.filter(person_id=address.person_id, state__in=_UNREAD)
    if direct is None:
        unread = unread.filter(post_id__in=meant)
    elif direct.address_id == address.id and inbound.thread in _WHOLE_ROOM:
        unread = unread.filter(address_id=address.id)
    else:
        return
    async with in_transaction():
        ids = [int(str(each)) for each in await unread.values_list("id", flat=True)]
        if ids:
            await progress.read(settings, ids)


def _means(inbound: Inbound, post: NoticePost) -> bool:
    if inbound.target == post.event_id:
        return True
    given = inbound.sent_at
    return bool(inbound.thread in _WHOLE_ROOM and given and post.posted_at and given >= post.posted_at)


async def pressed(settings: Settings, event_id: str, person: Person, *, passed: bool) -> bool:
    """Take a sign on a notice, in a room or alone with the service.

    Args:
        settings: The service's.
        event_id: On what.
        person: Who.
        passed: Whether it says that all theirs know.

    Returns:
        Whether it stands on a notice that is for them.
    """
    mine = NoticePerson.filter(person_id=person.id)
    post = await NoticePost.get_or_none(event_id=event_id) if event_id else None
    if post is None:
        row = await Outbox.filter(external_id=event_id).order_by("-id").first() if event_id else None
        recipient = row.payload.get("recipient") if row is not None else None
        found = await mine.filter(id=recipient).first() if recipient else None
    else:
        # Who reads it in the room of the unit that they lead, and not among their equals, has read it too.
        found = await mine.filter(notice_id=post.notice_id).first()
    if found is None:
        return False
    await progress.read(settings, [found.id], passed=passed)
    return True
