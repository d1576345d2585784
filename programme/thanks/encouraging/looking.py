"""Looks at each leader once a day: whether something says that they may need a word or help.

Goes through the posts by their ids, a batch in a transaction. What it finds is a row (`Concern`), so that a
list costs as much as it shows, however many leaders there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import Subquery

from issues import chain
from linzhang.profile import Encouraging
from linzhang.settings import Settings
from models import (
    Absence,
    Action,
    Address,
    Concern,
    History,
    Leadership,
    Projected,
    Role,
    Session,
    State,
    Step,
    SurveyBlock,
    SurveyState,
)

#: Posts that one transaction looks at.
BATCH = 100

#: How far back a survey counts, and how long before a window that passed an issue may have been reported.
_SURVEY, _REPORTED = timedelta(days=365), timedelta(weeks=13)

#: What the clock does when a window has passed; of what is done it reminds the resident, and nobody else.
_PASSED, _UNDONE = (Action.ESCALATE, Action.REMIND), (State.OPEN, State.ANSWERED)


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of one leader; see `Concern`."""

    silent_since: datetime | None
    missed: int
    content: int | None

    @property
    def say_something(self) -> bool:
        """Whether somebody should have a look."""
        return self.silent_since is not None or self.missed > 0 or self.content is not None


async def look(settings: Settings, reached: int, at: datetime) -> int | None:
    """Look at the next leaders.

    Args:
        settings: The service's.
        reached: Id of the last post that was looked at; 0: it begins.
        at: Programme time.

    Returns:
        Id of the last one now; None: all were looked at.
    """
    profile = settings.territory
    if not reached:
        await _forget(at)
    tiers = [tier.key for tier in profile.tiers if tier.chain]
    posts = Leadership.filter(chain.in_office(at), role=Role.LEADER, id__gt=reached, unit__closed_at=None)
    batch = await (
        posts.filter(unit__tier__in=tiers).order_by("id").limit(BATCH).select_related("unit", "person")
    )
    signs = await _signs(settings, batch, at)
    loud = [post for post in batch if signs[post.id].say_something]
    quiet = [post.id for post in batch if not signs[post.id].say_something]
    await Concern.filter(post_id__in=quiet).delete()
    known = {each.post_id: each for each in await Concern.filter(post_id__in=[post.id for post in loud])}
    rests = await _rests(profile.encouraging, loud, at)
    for post in loud:
        found = signs[post.id]
        concern = known.get(post.id) or Concern(post_id=post.id, since=at)
        concern.person_id, concern.unit_id, concern.path = post.person_id, post.unit_id, post.unit.path
        concern.silent_since, concern.missed, concern.content = (
            found.silent_since,
            found.missed,
            found.content,
        )
        concern.rest_until = rests.get((post.person_id, post.unit_id))
        await concern.save(force_create=post.id not in known)
    return batch[-1].id if len(batch) == BATCH else None


async def _forget(at: datetime) -> None:
    """Take those off who do not answer for their unit any more."""
    gone = await Concern.filter(post__until__lte=at).values("post_id")
    await Concern.filter(post_id__in=[row["post_id"] for row in gone]).delete()


async def _signs(settings: Settings, posts: Sequence[Leadership], at: datetime) -> dict[int, Signs]:
    rules = settings.territory.encouraging
    seen, away = await _seen(settings, posts, at), await _away(posts, at)
    shares = await _shares(posts, at)
    found = {}
    for post in posts:
        last = max(seen.get(post.person_id, post.since), post.since)
        is_silent = last <= at - rules.silent and post.id not in away
        missed = await _missed(post, at - rules.within, at)
        share = shares.get((post.person_id, post.unit_id))
        found[post.id] = Signs(
            silent_since=last if is_silent else None,
            missed=missed if missed >= rules.missed else 0,
            content=round(100 * share) if share is not None and share < rules.content else None,
        )
    return found


async def _seen(settings: Settings, posts: Sequence[Leadership], at: datetime) -> Mapping[int, datetime]:
    """When each of these last did or read something, in chat, by text or on the desk."""
    ids = [post.person_id for post in posts]
    addresses = Address.filter(person_id__in=ids, seen_at__isnull=False)
    moments = [(row["person_id"], row["seen_at"]) for row in await addresses.values("person_id", "seen_at")]
    wall = settings.clock.wall()  # by which the desk reckons
    for row in await Session.filter(person_id__in=ids).values("person_id", "seen_at"):
        moments.append((row["person_id"], at - max(wall - row["seen_at"], timedelta(0))))
    found: dict[int, datetime] = {}
    for who, moment in moments:
        found[who] = max(moment, found.get(who, moment))
    return found


async def _away(posts: Sequence[Leadership], at: datetime) -> set[int]:
    """The posts whose leader has said that they are away."""
    absences = Absence.filter(unit_id__in=[post.unit_id for post in posts], since__lte=at, until__gt=at)
    away = {(row["unit_id"], row["person_id"]) for row in await absences.values("unit_id", "person_id")}
    return {post.id for post in posts if (post.unit_id, post.person_id) in away}


async def _shares(posts: Sequence[Leadership], at: datetime) -> Mapping[tuple[int, int], float]:
    """How many are content with whom, in the last survey of which something may be told of them alone."""
    blocks = SurveyBlock.filter(
        leader_id__in=[post.person_id for post in posts],
        shown=True,
        survey__state=SurveyState.OVER,
        survey__ended_at__gte=at - _SURVEY,
    ).order_by("id")
    rows = await blocks.values("leader_id", "unit_id", "good", "fair", "poor")
    return {
        (row["leader_id"], row["unit_id"]): row["good"] / (row["good"] + row["fair"] + row["poor"])
        for row in rows
    }


async def _missed(post: Leadership, since: datetime, at: datetime) -> int:
    """How many windows have passed since a moment while something was the unit's."""
    about = Projected.filter(chain.below(post.unit.path), week__gte=(at - _REPORTED).date())
    passed = History.filter(
        issue_id__in=Subquery(about.values("issue_id")),
        from_holder_id=post.unit_id,
        action__in=_PASSED,
        from_state__in=[str(each) for each in _UNDONE],
        actor_id=None,
        at__gte=max(since, post.since),
    )
    return await passed.count()


async def _rests(
    rules: Encouraging, posts: Sequence[Leadership], at: datetime
) -> Mapping[tuple[int, int], datetime]:
    """Until when they are off the list of whom somebody has taken a step lately."""
    steps = Step.filter(person_id__in=[post.person_id for post in posts], at__gt=at - rules.rest)
    return {(step.person_id, step.unit_id): step.at + rules.rest for step in await steps.order_by("id")}
