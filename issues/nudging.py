"""The nudge: the holder's leader is told in person that an answer is due, before the window ends.

Not a transition: nothing about the issue changes but when the next nudge is.
"""

from datetime import datetime

from issues import chain, links, names, reaching, segments, texts
from issues.effects import Effects
from issues.lifecycle import clocks
from issues.quoting import quoted
from linzhang.settings import Settings
from linzhang.words import duration, say
from models import History, Issue, Message, Person, State, Voice

#: How often a leader is nudged in one window: at its half, and shortly before it ends.
MOST = 2

#: Characters of the resident's last words that a direct message quotes.
_QUOTED = 100


async def nudge(settings: Settings, issue: Issue, at: datetime) -> Effects | None:
    """Nudge the holder's leader, if it is time; None where nobody is told anything now.

    What can wait waits for the morning at night, if the window still runs then.

    Args:
        settings: The service's.
        issue: Locked.
        at: Programme time.
    """
    due, end = issue.nudge_due, issue.answer_due
    if issue.state is not State.OPEN or issue.holder is None or due is None or end is None or due > at:
        return None
    profile = settings.territory
    morning = None if issue.urgent else profile.quiet.until(at, profile.zone)
    if morning is not None or end <= at:
        issue.nudge_due = morning if morning is not None and morning < end else None
        await issue.save(update_fields=["nudge_due"])
        return None
    issue.nudges += 1
    last = clocks.last_nudge(settings, issue)
    issue.nudge_due = last if last is not None and last > at and issue.nudges < MOST else None
    await issue.save(update_fields=["nudges", "nudge_due"])
    acting = await chain.acting(issue.holder, at)
    return await _tell(settings, issue, acting.person, end, at) if acting else None


async def _tell(settings: Settings, issue: Issue, person: Person, end: datetime, at: datetime) -> Effects:
    language = names.language_of(person, settings.territory)
    said = await Message.filter(issue_id=issue.id, voice=Voice.RESIDENT).order_by("-id").first()
    words = quoted(said, language)
    blanks = {"number": issue.number, "left": duration(end - at, language)}
    link = await links.post_of(issue, person)
    chat = say(texts.NUDGE, language, words=segments.cut(words, _QUOTED), link=link, **blanks)
    history = await History.filter(issue_id=issue.id).count()
    cause = f"n{issue.id}.{history}.{issue.nudges}"
    effects = Effects(cause, settings.clock.wall(), patient=not issue.urgent)
    await reaching.leader(
        settings,
        effects,
        person,
        chat.strip(),
        at,
        issue=issue,
        urgent=issue.urgent,
        by_text=segments.say_short(texts.NUDGE_BY_TEXT, language, words, **blanks),
    )
    return effects
