"""The morning's digest: what waits for a leader today, and what was done yesterday.

Reads, and puts words into effects; whose turn it is, and when, is the duty's (`escalator.digests`).
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from issues import listing, names, overlook, reaching, segments, texts
from issues.effects import Effects
from linzhang.settings import Settings
from linzhang.words import say, time_left
from models import Action, History, Issue, Person

#: Issues that a digest lists; the others are counted.
_LISTED = 12


def cause(person: Person, day: date) -> str:
    """Names a person's digest of a day, so that there is one."""
    return f"digest.{person.id}.{day:%Y%m%d}"


async def of(settings: Settings, person: Person, units: Sequence[int], at: datetime) -> Effects | None:
    """What a leader is told this morning; None where nothing waits for them, or nobody can reach them.

    Args:
        settings: The service's.
        person: Who answers for the units now.
        units: Ids of the units.
        at: Programme time.
    """
    issues = await overlook.in_hand(units)
    if not issues:
        return None
    profile = settings.territory
    language = names.language_of(person, profile)
    lines = [say(texts.DIGEST_HEAD, language, count=len(issues))]
    lines += [await listing.line(issue, person, language, at) for issue in issues[:_LISTED]]
    if len(issues) > _LISTED:
        lines.append(say(texts.LIST_MORE, language, count=len(issues) - _LISTED))
    lines += await _yesterday(settings, units, language, at)
    today = at.astimezone(profile.zone).date()
    effects = Effects(cause(person, today), settings.clock.wall(), patient=True)
    numbers = by_text(issues, language, at)
    reached = await reaching.leader(settings, effects, person, "\n".join(lines), at, by_text=numbers)
    return effects if reached else None


async def _yesterday(settings: Settings, units: Sequence[int], language: str, at: datetime) -> list[str]:
    """What was done yesterday, in one line; none where nothing was."""
    zone = settings.territory.zone
    today = datetime.combine(at.astimezone(zone).date(), time(), zone)
    yesterday = datetime.combine(today.date() - timedelta(days=1), time(), zone)
    done = History.filter(from_holder_id__in=units, at__gte=yesterday, at__lt=today)
    answered = await done.filter(action=Action.ANSWER).count()
    resolved = await done.filter(action=Action.RESOLVE).count()
    if not answered and not resolved:
        return []
    return [say(texts.DIGEST_YESTERDAY, language, answered=answered, done=resolved)]


def by_text(issues: Sequence[Issue], language: str, at: datetime) -> str:
    """What waits, in two SMS: as many numbers as fit, with the time that is left."""
    items = [str(issue.number) for issue in issues]
    for index, issue in enumerate(issues):
        due = overlook.due(issue)
        if due is not None:
            items[index] += f" ({time_left(due, at, language)})"
    comma = say(texts.COMMA, language)

    def text(count: int) -> str:
        more = [say(texts.LIST_MORE, language, count=len(items) - count)] if count < len(items) else []
        return say(
            texts.DIGEST_BY_TEXT, language, count=len(items), numbers=comma.join([*items[:count], *more])
        )

    fits = (text(count) for count in range(len(items), 0, -1))
    return next((each for each in fits if segments.length(each).segments <= segments.LIMIT), text(1))
