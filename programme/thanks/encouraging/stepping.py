"""What an office does for a leader on its list: a kind word, or something that it records."""

from datetime import datetime

from issues import audit, chain, names, reaching, wording
from issues.effects import Effects
from issues.errors import IssueError, NotAllowed, NotNow
from linzhang.settings import Settings
from linzhang.words import say
from models import Concern, Person, Step, StepKind, Unit
from programme.notices.shaping import has_link
from programme.thanks.encouraging import standing, texts

#: Characters of words to a leader, and of a note.
LONGEST = 300


class Unfit(IssueError):
    """Words cannot go out, or be kept, as they are."""


async def send(
    settings: Settings, by: Person, concern: Concern, words: str, at: datetime, *, event_id: str
) -> Effects:
    """Send a leader a kind word, to them alone; at night it waits for the morning.

    Args:
        settings: The service's.
        by: Who sends it.
        concern: Of whom, with person and unit.
        words: What; empty: what is offered.
        at: Programme time.
        event_id: See `Step`; the same is sent once.

    Returns:
        What is told.

    Raises:
        NotAllowed: They answer for no unit above.
        Unfit: It has a link, or is too long.
        NotNow: The leader cannot be reached in writing.
    """
    led = await _above(by, concern, at)
    profile, person = settings.territory, concern.person
    language = names.language_of(person, profile)
    words = _fit(words) or standing.word(concern, language)
    effects = Effects(f"st{event_id}"[:60], settings.clock.wall())
    who = await names.speaker(by, led, profile, language, at)
    told = say(texts.WORD_FROM, language, words=words, who=who)
    if await reaching.leader(settings, effects, person, told, at) is None:
        raise NotNow(texts.UNREACHABLE, name=person.name)
    is_new = await _keep(settings, by, concern, StepKind.WORD, words, at, event_id)
    return effects if is_new else Effects(effects.cause, effects.wall)


async def note(
    settings: Settings,
    by: Person,
    concern: Concern,
    kind: StepKind,
    words: str,
    at: datetime,
    *,
    event_id: str,
) -> None:
    """Record what was done for a leader; see `send`.

    Raises:
        NotAllowed: They answer for no unit above.
        Unfit: The note is too long.
    """
    await _above(by, concern, at)
    await _keep(settings, by, concern, kind, _fit(words), at, event_id)


async def _above(by: Person, concern: Concern, at: datetime) -> Unit:
    """The unit above that lets somebody take a step: nobody takes one for themselves.

    Raises:
        NotAllowed: They answer for none.
    """
    unit = concern.unit
    parent = await Unit.get_or_none(id=unit.parent_id)
    led = await chain.unit_led(by, parent, at) if parent is not None else None
    if led is None or by.id == concern.person_id:
        raise NotAllowed(texts.NOT_ABOVE, unit=unit.name)
    return led


def _fit(words: str) -> str:
    words = wording.clean(words).strip()
    if has_link(words):
        raise Unfit(texts.NO_LINKS)
    if len(words) > LONGEST:
        raise Unfit(texts.TOO_LONG, most=LONGEST)
    return words


async def _keep(
    settings: Settings, by: Person, concern: Concern, kind: StepKind, words: str, at: datetime, event_id: str
) -> bool:
    """Keep a step, once; returns whether it is new."""
    profile = settings.territory
    made = {
        "person_id": concern.person_id,
        "unit_id": concern.unit_id,
        "path": concern.path,
        "kind": kind,
        "by_id": by.id,
        "at": at,
        "note": words,
        "reasons": standing.reasons(concern, profile, profile.default_language),
    }
    _, is_new = await Step.get_or_create(defaults=made, event_id=event_id)
    if is_new:
        await Concern.filter(post_id=concern.post_id).update(rest_until=at + profile.encouraging.rest)
        subject = f"leader {concern.person_id} of {concern.path}"
        await audit.record(settings, f"step for a leader: {kind}", subject, by.name)
    return is_new
