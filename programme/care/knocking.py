"""Nobody has answered: their leader is to knock at the door, by an urgent issue that leaders alone see."""

from datetime import datetime

from issues import lifecycle, names
from linzhang.settings import Settings
from linzhang.words import clock_time, say
from models import Address, CareCheck, CareRecord, CareState, Message, Unit, Voice
from programme.care import reaching, texts


async def knock(settings: Settings, check: CareCheck, at: datetime) -> set[str]:
    """Let the leader of somebody's block go there: once for each question.

    Args:
        settings: The service's.
        check: Locked, with its record and person; nobody has answered the second time either.
        at: Programme time.

    Returns:
        The outbox lanes that have got rows.
    """
    profile, language = settings.territory, settings.territory.default_language
    record, person = check.record, check.person
    address = await _address(settings, record, at)
    check.state, check.answer_due = CareState.MISSING, None
    await CareRecord.filter(id=record.id).update(silent_at=at)
    if address is None:  # all that was known of how they are reached is gone, and so are they
        await check.save(update_fields=["state", "answer_due"])
        return set()
    address.person = person
    text = say(
        texts.SILENT,
        language,
        name=names.resident(person, language),
        kind=texts.KINDS[record.kind],
        time=clock_time(check.asked_at, at, profile.zone, language),
    )
    words = Message(
        author_id=person.id,
        voice=Voice.RESIDENT,
        bridge=address.bridge,
        external_id=f"care:{check.id}",
        text=text,
        media=[],
        said_at=at,
    )
    unit = await Unit.get(id=record.unit_id).select_related("parent")
    issue, effects = await lifecycle.missing(settings, address=address, unit=unit, words=words, at=at)
    check.issue_id = issue.id
    await check.save(update_fields=["state", "answer_due", "issue_id"])
    return await effects.save()


async def _address(settings: Settings, record: CareRecord, at: datetime) -> Address | None:
    """Where a leader's own words would reach them; also one that they have closed, to know who they are."""
    usable = await reaching.address_of(settings, record, at)
    return usable or await Address.filter(person_id=record.person_id).order_by("id").first()
