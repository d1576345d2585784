"""Visits: somebody went to a person who is looked after; who was silent has been seen by that."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from issues import lifecycle, wording
from issues.effects import Effects
from issues.lifecycle import Actor
from linzhang.settings import Settings
from models import (
    Action,
    CareCheck,
    CareRecord,
    CareState,
    CareVisit,
    History,
    Message,
    Person,
    State,
    Unit,
    Voice,
)
from programme.care import recording, seeing

#: States in which a leader has nothing more to do about somebody's silence.
_DONE = (State.RESOLVED, State.CLOSED)


async def log(
    settings: Settings,
    person: Person,
    actor: Actor,
    words: str,
    at: datetime,
    *,
    external_id: str,
    media: Sequence[dict[str, Any]] = (),
) -> list[Effects]:
    """Note that somebody went there; what their leader was asked to knock for is done by it.

    Args:
        settings: The service's.
        person: To whom they went; somebody who is looked after, or was.
        actor: Who went.
        words: How the person was.
        at: Programme time.
        external_id: The platform's id of what they said; the same counts once.
        media: Pictures that came with it.

    Raises:
        NotAllowed: They are none of the few who see the names of that block.
    """
    assert actor.person is not None
    record = await _record(person)
    unit = await Unit.get(id=record.unit_id)
    await seeing.check(actor.person, unit, settings.territory, at)
    if await CareVisit.exists(bridge=actor.bridge, external_id=external_id):
        return []
    check = await _waiting(person)
    visit = await CareVisit.create(
        person=person,
        unit=unit,
        visitor=actor.person,
        at=at,
        words=wording.clean(words).strip(),
        media=list(media),
        issue_id=check.issue_id if check else None,
        bridge=actor.bridge,
        external_id=external_id,
    )
    await _seen(record, check, at)
    if check is None or check.issue_id is None:
        return []
    return await _resolve(settings, check.issue_id, actor, visit, at)


async def by_done(check: CareCheck, at: datetime) -> bool:
    """Note a visit where a leader has finished what they were asked to knock for without saying more.

    Args:
        check: Locked, with its record, person and issue.
        at: Programme time.

    Returns:
        Whether it was so.
    """
    issue = check.issue
    if check.state is not CareState.MISSING or issue is None or issue.state not in _DONE:
        return False
    deed = await History.filter(issue_id=issue.id, action=Action.RESOLVE).order_by("-seq").first()
    if deed is not None and deed.actor_id is not None:
        await CareVisit.create(
            person_id=check.person_id,
            unit_id=check.record.unit_id,
            visitor_id=deed.actor_id,
            at=deed.at,
            words="",
            issue=issue,
            bridge="care",
            external_id=f"done:{check.id}",
        )
    await _seen(check.record, check, at)
    return True


async def of(person: Person, limit: int) -> list[CareVisit]:
    """The last visits to somebody, the latest first."""
    return await CareVisit.filter(person_id=person.id).order_by("-id").limit(limit).select_related("visitor")


async def _record(person: Person) -> CareRecord:
    record = await recording.of(person, lock=True)
    if record is None:
        record = await CareRecord.filter(person_id=person.id).order_by("-id").first()
    if record is None:
        raise recording.unknown(person)
    return record


async def _waiting(person: Person) -> CareCheck | None:
    """The question to them that nobody has answered, of several the one for which somebody knocks."""
    waiting = CareCheck.filter(person_id=person.id, state__in=recording.WAITING).order_by("-issue_id", "-id")
    return await waiting.select_for_update().first()


async def _seen(record: CareRecord, check: CareCheck | None, at: datetime) -> None:
    await CareRecord.filter(id=record.id).update(visited_at=at, silent_at=None)
    if check is not None:
        check.state, check.answer_due = CareState.VISITED, None
        await check.save(update_fields=["state", "answer_due"])


async def _resolve(
    settings: Settings, issue_id: int, actor: Actor, visit: CareVisit, at: datetime
) -> list[Effects]:
    """Let the issue be done, with what was seen as a note among leaders."""
    issue = await lifecycle.lock(issue_id)
    if visit.words or visit.media:
        note = Message(
            author_id=visit.visitor_id,
            voice=Voice.INSIDE,
            bridge=actor.bridge,
            external_id=visit.external_id,
            room_id=actor.room_id,
            text=visit.words,
            media=visit.media,
            said_at=at,
        )
        await lifecycle.note(settings, issue, actor, note, at)
    if issue.state not in (State.OPEN, State.ANSWERED, State.REFERRED):
        return []
    return [await lifecycle.resolve(settings, issue, actor, at)]
