"""What became of a notice's texts and posts: the outbox and the platforms tell, and the rows keep it.

Notes it and nothing more: that a lost text is sent again, or elsewhere, is decided where it is for all texts.
"""

from bridges.contract import Delivered, Inbound
from issues import undelivered
from issues.effects import AS_POLL, Effects
from linzhang.settings import Settings
from models import NoticePerson, NoticePost, NoticeState, Outbox, PostState, Reached, Room, RoomKind
from programme import texts
from programme.notices import shaping
from programme.polls import closing

#: States from which the next may follow: what is known does not become less.
_BEFORE_TOLD = (Reached.WAITING, Reached.QUEUED)
_BEFORE_DELIVERED = (*_BEFORE_TOLD, Reached.TOLD, Reached.LOST)
BEFORE_READ = (*_BEFORE_DELIVERED, Reached.DELIVERED, Reached.NOBODY)

#: From here on the statuses of platforms mean that it is there; and that it was read.
_ARRIVED, _READ = 4, 5


async def sent(settings: Settings, row: Outbox, delivered: Delivered) -> set[str]:
    """The far side has taken a row of the outbox; in the transaction that notes it.

    Returns:
        The outbox lanes that have got rows: where clients have no poll to show, signs stand below it by which
        it is answered.
    """
    at, wall = settings.clock.now(), settings.clock.wall()
    event_id, is_poll = delivered.external_id, delivered.status == AS_POLL
    if (post_id := row.payload.get("post")) is not None:
        room = await Room.filter(unit_id=row.payload["unit"], kind=RoomKind.ROOM, lost_at=None).first()
        await NoticePost.filter(id=post_id).update(
            state=PostState.UP,
            room_id=room.room_id if room else "",
            event_id=event_id,
            posted_at=wall,
            is_poll=is_poll,
        )
        readers = NoticePerson.filter(post_id=post_id, state__in=_BEFORE_TOLD)
        await readers.update(state=Reached.DELIVERED, told_at=at, stale_at=wall)
        if room is None or not event_id:
            return set()
        if is_poll:
            return await _closed_if_late(settings, post_id)
        return await _with_signs(settings, post_id, room.room_id, event_id)
    if (recipient := row.payload.get("recipient")) is not None:
        told = NoticePerson.filter(id=recipient, state__in=_BEFORE_TOLD)
        await told.update(state=Reached.TOLD, told_at=at, stale_at=wall)
    return set()


async def _with_signs(settings: Settings, post_id: int, room_id: str, event_id: str) -> set[str]:
    post = await NoticePost.get(id=post_id).select_related("notice")
    effects = Effects(f"ps{post_id}", settings.clock.wall())
    for sign, _ in zip(shaping.SIGNS, post.notice.options or (), strict=False):
        effects.press(room_id, event_id, sign)
    return await effects.save_once()


async def _closed_if_late(settings: Settings, post_id: int) -> set[str]:
    """Close a poll that has come to stand in a room when it was over already, or taken back."""
    post = await NoticePost.get(id=post_id).select_related("notice")
    notice = post.notice
    if notice.state is NoticeState.STOPPED:
        return await closing.close(settings, [post], texts.POLL_TAKEN_BACK)
    return await closing.close(settings, [post], texts.POLL_CLOSED) if notice.ended_at is not None else set()


async def refused(settings: Settings, row: Outbox, *, tried_on: bool) -> None:
    """The far side will never take a row.

    Args:
        settings: The service's.
        row: Of the outbox.
        tried_on: Whether the same is tried in another way.
    """
    wall = settings.clock.wall()
    if (post_id := row.payload.get("post")) is not None:
        await NoticePost.filter(id=post_id).update(state=PostState.UP, posted_at=wall)
        readers = NoticePerson.filter(post_id=post_id, state__in=_BEFORE_TOLD)
        await readers.update(state=Reached.LOST, stale_at=wall)
    elif (recipient := row.payload.get("recipient")) is not None:
        state = Reached.TOLD if tried_on else Reached.LOST
        mine = NoticePerson.filter(id=recipient, state__in=(*_BEFORE_TOLD, Reached.TOLD))
        await mine.update(state=state, stale_at=wall)


async def receipt(settings: Settings, inbound: Inbound, *, tried_on: bool) -> None:
    """The platform tells the fate of something that it has taken.

    Args:
        settings: The service's.
        inbound: The receipt, after `undelivered.take_receipt` has taken it.
        tried_on: Whether that has led to another attempt.
    """
    row = await undelivered.row_of(inbound)
    recipient = row.payload.get("recipient") if row is not None else None
    if row is None or recipient is None:
        return
    status = str(inbound.detail.get("status", ""))
    if status in undelivered.FAILURES:
        if row.receipt in undelivered.FAILURES:
            await refused(settings, row, tried_on=tried_on)
        return
    how_far = undelivered.PROGRESS.get(status, 0)
    wall = settings.clock.wall()
    if how_far >= _READ:
        await read(settings, [int(recipient)])
    elif how_far >= _ARRIVED:
        mine = NoticePerson.filter(id=recipient, state__in=_BEFORE_DELIVERED)
        await mine.update(state=Reached.DELIVERED, stale_at=wall)


async def read(settings: Settings, ids: list[int], *, passed: bool = False) -> int:
    """Note that some have read it.

    Args:
        settings: The service's.
        ids: Of their rows.
        passed: Whether they say, as leaders, that all theirs know.

    Returns:
        Of how many that was not known.
    """
    at, wall = settings.clock.now(), settings.clock.wall()
    mine = NoticePerson.filter(id__in=ids)
    news = await mine.filter(state__in=BEFORE_READ).update(state=Reached.READ, read_at=at, stale_at=wall)
    if passed:
        news += await mine.filter(leads=True, passed_at=None).update(passed_at=at, stale_at=wall)
    return int(news)
