"""'Are you well?': the question, and the gentle second one, as rows of the outbox.

A moment of somebody is unique, and the row of the question and that of the outbox are written together: they
are asked once, however many workers see that it is due.
"""

from datetime import datetime, timedelta

from issues import chain, choices, names
from issues import reaching as leaders
from issues.effects import Effects
from linzhang.settings import Settings
from linzhang.words import Text, say
from models import Address, CareCheck, CareRecord, CareRhythm, CareRound, CareState, CareWay, Person, Unit
from programme.care import reaching, recording, texts, times

#: Before this time they have been asked already: nobody is asked twice within it for two reasons.
_JUST_NOW = timedelta(hours=1)


async def due(settings: Settings, record: CareRecord, at: datetime) -> set[str]:
    """Ask somebody whose moment has come, and set the next one.

    Args:
        settings: The service's.
        record: Locked, with its person fetched; its moment has come.
        at: Programme time.

    Returns:
        The outbox lanes that have got rows.
    """
    profile = settings.territory
    assert record.next_due is not None
    await _follow(record)
    address = await reaching.address_of(settings, record, at)
    if address is None:
        return await _cannot_ask(settings, record, at)
    morning = times.by_day(at, reaching.way(record, address), profile)
    if morning > at:
        record.next_due = morning
        await record.save(update_fields=["next_due", "unit_id", "path"])
        return set()
    moment, record.next_due = record.next_due, times.next_due(record, at, profile)
    await record.save(update_fields=["next_due", "unit_id", "path"])
    return await _ask(settings, record, address, moment, at)


async def in_round(settings: Settings, record: CareRecord, round_: CareRound, at: datetime) -> set[str]:
    """Ask somebody because all are asked; who cannot be, their leader is to look after.

    Args:
        settings: The service's.
        record: Locked, with its person fetched.
        round_: Which.
        at: Programme time, by day.

    Returns:
        The outbox lanes that have got rows.
    """
    address = await reaching.address_of(settings, record, at)
    if address is None:
        return await _tell_leader(settings, record, texts.ROUND_ON_FOOT, f"cf{round_.id}.{record.id}", at)
    return await _ask(settings, record, address, round_.started_at, at, round_)


async def again(settings: Settings, check: CareCheck, at: datetime) -> set[str]:
    """Ask once more, gently.

    Args:
        settings: The service's.
        check: Locked, with its record and person; nobody has answered in time.
        at: Programme time.

    Returns:
        The outbox lanes that have got rows.
    """
    record = check.record
    address = await reaching.address_of(settings, record, at)
    check.state = CareState.AGAIN
    if address is None:
        check.answer_due = at  # no way is left: somebody has to go there
        await check.save(update_fields=["state", "answer_due"])
        return set()
    how = reaching.way(record, address)
    check.answer_due = times.by_day(at + settings.territory.care.patience, how, settings.territory)
    await check.save(update_fields=["state", "answer_due"])
    return await _put(settings, record, address, texts.AGAIN, f"cg{check.id}", check, at)


async def _ask(
    settings: Settings,
    record: CareRecord,
    address: Address,
    moment: datetime,
    at: datetime,
    round_: CareRound | None = None,
) -> set[str]:
    waiting = CareCheck.filter(person_id=record.person_id, state__in=recording.WAITING)
    if await waiting.exists() or await CareCheck.exists(person_id=record.person_id, due=moment):
        return set()  # they are asked already, or their leader is on the way
    if round_ is None and record.asked_at is not None and record.asked_at > at - _JUST_NOW:
        return set()
    how = reaching.way(record, address)
    check = await CareCheck.create(
        record=record,
        person_id=record.person_id,
        due=moment,
        asked_at=at,
        answer_due=times.by_day(at + settings.territory.care.patience, how, settings.territory),
        round=round_,
    )
    await CareRecord.filter(id=record.id).update(asked_at=at)
    text = texts.ROUNDS[round_.occasion] if round_ else texts.ASK
    return await _put(settings, record, address, text, f"cc{check.id}", check, at)


async def _put(
    settings: Settings,
    record: CareRecord,
    address: Address,
    text: Text,
    cause: str,
    check: CareCheck,
    at: datetime,
) -> set[str]:
    """Put a question into the outbox; on a telephone the keys are told by who reads it."""
    profile = settings.territory
    language = names.language_of(record.person, profile)
    unit = await chain.standing(await Unit.get(id=record.unit_id))
    acting = await chain.acting(unit, at)
    who = say(texts.WE, language)
    if acting is not None:
        who = await names.holder(unit, profile, language, at)
    asked = say(text, language, who=who)
    effects = Effects(cause, settings.clock.wall(), patient=True)
    if reaching.way(record, address) is CareWay.CALL:
        effects.call(address, asked, language, care=check.id)
    else:
        buttons = [("1", say(texts.BUTTON_WELL, language)), ("2", say(texts.BUTTON_UNWELL, language))]
        words = say(texts.WITH_KEYS, language, asked=asked)
        effects.tell(address, words, care=check.id, **choices.offered(asked, buttons))
    return await effects.save_once()


async def _cannot_ask(settings: Settings, record: CareRecord, at: datetime) -> set[str]:
    """Ask no more, and tell the leader: they take no texts any more, or their number is gone."""
    record.rhythm, record.next_due = CareRhythm.OFF, None
    await record.save(update_fields=["rhythm", "next_due", "unit_id", "path"])
    return await _tell_leader(settings, record, texts.CANNOT_ASK, f"cn{record.id}.{at:%Y%m%d%H%M}", at)


async def _tell_leader(
    settings: Settings, record: CareRecord, text: Text, cause: str, at: datetime
) -> set[str]:
    unit = await chain.standing(await Unit.get(id=record.unit_id))
    person = await _leader(unit, at)
    if person is None:
        return set()
    effects = Effects(cause, settings.clock.wall())
    language = names.language_of(person, settings.territory)
    words = say(text, language, name=names.resident(record.person, language), unit=unit.name)
    await leaders.leader(settings, effects, person, words, at)
    return await effects.save_once()


async def _leader(block: Unit, at: datetime) -> Person | None:
    """Who answers for a block, or for the next unit above that has somebody."""
    for unit in reversed(await chain.ancestors(block)):
        acting = await chain.acting(unit, at)
        if acting is not None:
            return acting.person
    return None


async def _follow(record: CareRecord) -> None:
    """Let a record be where its person lives now."""
    if record.person.block_id is not None and record.person.block_id != record.unit_id:
        block = await chain.standing(await Unit.get(id=record.person.block_id))
        record.unit_id, record.path = block.id, block.path
