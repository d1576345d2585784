"""Opening a round, and stopping it: who may, for which time, and where people vote together.

Nothing is sent here: the announcement is a notice, and its author sends it like any other.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from issues import audit, chain
from issues.errors import NotAllowed, NotFound, NotNow
from linzhang.profile import Profile
from linzhang.settings import Settings
from linzhang.words import say
from models import HonourBallot, HonourRound, HonourState, Notice, NoticeState, Person, Unit
from programme import texts as programme_texts
from programme.honours import periods, texts
from programme.notices import writing
from programme.notices.aims import Asked, Households
from programme.notices.reckoning import Reach
from programme.notices.writing import Unfit
from programme.polls import secrets

#: Days for nominations and for votes, unless it is said, and at most.
NOMINATE_DAYS: Final = 7
VOTE_DAYS: Final = 5
MOST_DAYS: Final = 30

#: Places that vote by themselves in one round: a township has some dozens of villages.
MOST_AREAS: Final = 60

#: States in which a notice has an end before it.
_ALIVE = (NoticeState.DRAFT, NoticeState.ASKED, NoticeState.SET, NoticeState.GOING, NoticeState.OUT)


async def begin(
    settings: Settings,
    author: Person,
    unit: Unit,
    period: str,
    at: datetime,
    *,
    event_id: str,
    nominate_days: int = NOMINATE_DAYS,
    vote_days: int = VOTE_DAYS,
    by_text: bool = True,
) -> tuple[HonourRound, Reach]:
    """Open a round: its announcement is written, and waits to be sent.

    Args:
        settings: The service's.
        author: Who opens it.
        unit: Between the leaders of whose blocks one chooses.
        period: Such as '2026-11' or '2026'.
        at: Programme time.
        event_id: See `Notice`.
        nominate_days: For how long one can nominate.
        vote_days: For how long one can vote.
        by_text: Whether residents are told of it, too, and not their leaders alone.

    Raises:
        NotAllowed: They answer neither for the unit nor for one above it.
        Unfit: The period, the days or the unit do not fit.
        NotNow: There is one already.
    """
    profile = settings.territory
    if period not in periods.choices(at.astimezone(profile.zone).date()):
        raise Unfit(texts.PERIOD_UNFIT, form=texts.FORM)
    if not (1 <= nominate_days <= MOST_DAYS and 1 <= vote_days <= MOST_DAYS):
        raise Unfit(texts.DAYS_UNFIT, most=MOST_DAYS)
    if unit.tier == profile.bottom.key or unit.tier not in {tier.key for tier in profile.tiers}:
        raise Unfit(texts.NOT_OF_BLOCKS, unit=unit.name)
    if (count := len(await areas(profile, unit))) > MOST_AREAS:
        raise Unfit(texts.TOO_WIDE, unit=unit.name, count=count, most=MOST_AREAS)
    language = profile.default_language
    called = periods.name(period, language)
    # One after the other, so that nobody opens the same twice.
    await Unit.select_for_update().get(id=unit.id)
    there = HonourRound.filter(unit_id=unit.id, period=period).exclude(state=HonourState.STOPPED)
    there = there.exclude(notice__state=NoticeState.STOPPED)
    if (known := await there.first()) is not None:
        raise NotNow(texts.IS_OPEN, number=known.notice_id, period=called)
    words = say(
        texts.ANNOUNCE,
        language,
        title=profile.bottom.leader[language],
        period=called,
        days=nominate_days,
    )
    asked = Asked(households=Households.ALL if by_text else Households.NONE)
    notice, reach = await writing.write(settings, author, unit, words, asked, at, event_id=event_id)
    opened = await HonourRound.create(
        notice=notice,
        unit=unit,
        path=unit.path,
        period=period,
        nominate_days=nominate_days,
        vote_days=vote_days,
    )
    await audit.record(settings, "honours opened", f"notice {notice.id} of {unit.path}", author.name, period)
    return opened, reach


async def areas(profile: Profile, unit: Unit) -> Sequence[Unit]:
    """Where people vote together: each village of a unit; below the villages, the unit itself."""
    keys = [tier.key for tier in profile.tiers]
    villages = max((place for place, tier in enumerate(profile.tiers) if tier.space), default=-1)
    if villages <= keys.index(unit.tier):
        return [unit]
    return await Unit.filter(chain.below(unit.path), tier=keys[villages], closed_at=None).order_by("path")


async def lock(number: int) -> HonourRound:
    """A round by its number for what changes it, with its announcement and unit.

    Raises:
        NotFound: There is none.
    """
    found = await HonourRound.select_for_update().get_or_none(notice_id=number)
    if found is None:
        raise NotFound(texts.NO_SUCH, number=number)
    await found.fetch_related("notice__author", "notice__unit", "unit")
    return found


async def check_right(one: HonourRound, person: Person, at: datetime) -> None:
    """Make sure that somebody answers for a round's unit, or for one above it.

    Raises:
        NotAllowed: They do not.
    """
    if await chain.unit_led(person, one.unit, at) is None:
        raise NotAllowed(programme_texts.NOT_YOUR_UNIT, unit=one.unit.name)


async def stop(settings: Settings, one: HonourRound, person: Person, at: datetime) -> None:
    """Stop a round, whatever of it is out; what was voted is forgotten.

    Args:
        settings: The service's.
        one: Locked; see `lock`.
        person: Who wants that.
        at: Programme time.

    Raises:
        NotAllowed: They answer neither for the unit nor for one above it.
        NotNow: It is over.
    """
    await check_right(one, person, at)
    if one.state in (HonourState.OVER, HonourState.STOPPED):
        raise NotNow(texts.OVER_ALREADY, number=one.notice_id)
    ballots = [each.notice_id for each in await HonourBallot.filter(round_id=one.id) if each.notice_id]
    alive = Notice.filter(id__in=[one.notice_id, *ballots], state__in=_ALIVE)
    for notice_id in [each.id for each in await alive.order_by("id")]:
        notice = await writing.lock(notice_id)
        if notice is not None and notice.state is not NoticeState.OUT:
            await writing.stop(settings, notice, person, at)
        elif notice is not None and notice.secret and notice.ended_at is None:
            notice.ended_at, notice.remind_due = at, None
            await notice.save(update_fields=["ended_at", "remind_due"])
    await secrets.forget(ballots)
    one.state, one.over_at = HonourState.STOPPED, at
    await one.save(update_fields=["state", "over_at"])
    subject = f"notice {one.notice_id} of {one.path}"
    await audit.record(settings, "honours stopped", subject, person.name, one.period)
