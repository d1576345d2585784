"""Which of a resident's issues a text belongs to: the quoted one, the one it is clearly about, the last one.

Reads; changes nothing. Where it cannot be told it says so, and somebody asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import Q

from issues import likeness, together
from issues.keywords import chases
from linzhang.settings import Settings
from models import Action, History, Issue, Message, Person, State, Voice

#: States in which an issue still needs something.
UNDONE = (State.OPEN, State.ANSWERED, State.RESOLVED, State.REFERRED)

#: What somebody knows of: an issue about their silence only once a leader has written to them.
_TALKED_OF = Q(silent=False) | Q(state=State.ANSWERED)

#: For how long the last word between the resident and us says what the next one is about.
TALK = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Belonging:
    """Where a text belongs.

    Attributes:
        issue: The issue; None: to none, or nobody can tell.
        unclear: The issues that it may belong to, the last conversation first, where nobody can tell.
    """

    issue: Issue | None = None
    unclear: Sequence[Issue] = ()


async def undone(person: Person) -> list[Issue]:
    """A person's issues that still need something, the last conversation first."""
    states = [*UNDONE, State.MERGED]
    found = Issue.filter(_TALKED_OF, reporter_id=person.id, reported_in="", state__in=states)
    return [issue for issue in await found.order_by("-talked_at", "-id") if await needs(issue)]


async def needs(issue: Issue) -> bool:
    """Whether an issue, or the one that it is part of, still needs something."""
    return (await together.whole(issue)).state in UNDONE


async def quoted(person: Person, numbers: Sequence[int]) -> Issue | None:
    """The person's own issue whose number they quote, or the number of the one that it is part of."""
    ids = [Issue.id_of(number) for number in numbers]
    own = Issue.filter(Q(id__in=ids) | Q(merged_into_id__in=ids, state=State.MERGED), reporter_id=person.id)
    return await own.order_by("-id").first()


async def closed(person: Person, since: datetime) -> list[tuple[datetime, Issue]]:
    """A person's issues that were closed lately, or that are part of such ones, and when; the last first."""
    states = [State.CLOSED, State.MERGED]
    found = []
    own = Issue.filter(_TALKED_OF, reporter_id=person.id, reported_in="", state__in=states)
    for issue in await own.order_by("-id"):
        over = await together.whole(issue)
        if over.state is State.CLOSED and over.closed_at is not None and over.closed_at >= since:
            found.append((over.closed_at, issue))
    return sorted(found, key=lambda each: each[0], reverse=True)


async def story(issue: Issue) -> str:
    """All that the resident and the leaders have told each other about an issue."""
    said = await Message.filter(issue_id=issue.id).exclude(voice=Voice.INSIDE).order_by("id")
    return "\n".join(each.text for each in said)


async def find(settings: Settings, person: Person, text: str, at: datetime) -> Belonging:
    """Where a text belongs that quotes no number.

    Args:
        settings: The service's.
        person: Who wrote it.
        text: What they wrote.
        at: Programme time.
    """
    alive = await undone(person)
    told = [await story(issue) for issue in alive]
    recent = [issue for issue in alive if issue.talked_at >= at - settings.territory.follow_up]
    if likeness.is_another(text, told):
        return Belonging()
    index = likeness.clearly(text, told)
    # One character in common with something long ago is chance.
    if index is not None and (alive[index] in recent or likeness.likeness(text, told[index]) > 1):
        return Belonging(alive[index])
    if not alive or not (recent or chases(text)):
        return Belonging()
    issue = alive[0] if len(alive) == 1 else await last_talk(alive, at)
    return Belonging(issue) if issue else Belonging(unclear=alive)


async def last_talk(issues: Sequence[Issue], at: datetime) -> Issue | None:
    """The one of several issues that the last word between the resident and us was about, a moment ago."""
    by_id = {issue.id: issue for issue in issues}
    words = History.filter(issue_id__in=list(by_id), at__gte=at - TALK).exclude(action=Action.RETRACT)
    last = await words.order_by("-at", "-id").first()
    if last is None:
        return None
    # The clock may have spoken of several at once.
    others = words.filter(at=last.at, actor_id=None).exclude(issue_id=last.issue_id)
    if last.actor_id is None and await others.exists():
        return None
    return by_id[last.issue_id]


async def is_repeated(issue: Issue, words: Message) -> bool:
    """Whether somebody has said the very same in an issue a short while ago."""
    same = Message.filter(issue_id=issue.id, author_id=words.author_id, text=words.text)
    return not words.media and await same.filter(said_at__gte=words.said_at - TALK).exists()


async def gathered(settings: Settings, person: Person, at: datetime) -> Issue | None:
    """The issue of a text that came from the same person a moment ago: the next one is its second part."""
    since = at - settings.territory.gather
    said = Message.filter(author_id=person.id, voice=Voice.RESIDENT, room_id="", said_at__gte=since)
    last = await said.filter(said_at__lte=at).order_by("-id").select_related("issue").first()
    return last.issue if last and await needs(last.issue) else None
