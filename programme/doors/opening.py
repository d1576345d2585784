"""Opening a campaign, letting it go, and stopping it: who may, and what it needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from issues import audit, chain, segments, wording
from issues.errors import NotAllowed, NotFound, NotNow
from linzhang.profile import Profile
from linzhang.settings import Settings
from models import Campaign, CampaignState, Household, Person, Unit
from programme import texts as programme_texts
from programme.doors import listing, texts
from programme.doors.questions import Question
from programme.notices import shaping
from programme.notices.writing import Unfit

#: Characters of a title and of what is to be said, and days that a campaign may last.
TITLE: Final = 20
WORDS: Final = 200
DAYS: Final = 120

#: The last reminder goes out that long before the end, or earlier in a campaign of a few days.
_BEFORE_THE_END: Final = timedelta(days=1)
_LAST_QUARTER: Final = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants.

    Attributes:
        title: What it is called.
        words: What is to be said.
        questions: What is to be asked.
        first: Its first day.
        last: Its last day.
    """

    title: str
    words: str
    questions: Sequence[Question]
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Reach:
    """What a campaign comes to.

    Attributes:
        blocks: In how many blocks.
        households: How many the roster lists there, and people of whom it knows no household.
    """

    blocks: int
    households: int


async def write(
    settings: Settings, author: Person, unit: Unit, wanted: Wanted, at: datetime, *, event_id: str
) -> Campaign:
    """Keep a draft.

    Args:
        settings: The service's.
        author: Who opens it.
        unit: In whose blocks.
        wanted: What.
        at: Programme time.
        event_id: See `Campaign`.

    Raises:
        NotAllowed: The author answers neither for the unit nor for one above it.
        Unfit: Something is missing, too long or a link, it lasts too long, or its days have passed.
    """
    if await chain.unit_led(author, unit, at) is None:
        raise NotAllowed(programme_texts.NOT_YOUR_UNIT, unit=unit.name)
    zone = settings.territory.zone
    campaign = Campaign(
        author=author,
        unit=unit,
        path=unit.path,
        title=" ".join(wording.clean(wanted.title).split()),
        words=wording.clean(wanted.words),
        questions=[dict(each.kept()) for each in wanted.questions],
        from_at=datetime.combine(wanted.first, time(), zone).astimezone(at.tzinfo),
        until_at=datetime.combine(wanted.last + timedelta(days=1), time(), zone).astimezone(at.tzinfo),
        event_id=event_id,
        made_at=at,
    )
    _check(settings, campaign, wanted, at)
    if not (await reach(campaign, settings.territory)).blocks:
        raise Unfit(texts.NO_BLOCKS, unit=unit.name)
    await campaign.save()
    return campaign


async def reach(campaign: Campaign, profile: Profile) -> Reach:
    """What a draft comes to."""
    blocks = Unit.filter(chain.below(campaign.path), tier=profile.bottom.key, closed_at=None)
    listed = Household.filter(chain.below(campaign.path, "block__path"))
    alone = Person.filter(chain.below(campaign.path, "block__path"), household_id=None).exclude(name="")
    return Reach(await blocks.count(), await listed.count() + await alone.count())


async def lock(campaign_id: int) -> Campaign:
    """A campaign for what changes it, with its author and unit.

    Raises:
        NotFound: There is none.
    """
    campaign = await Campaign.select_for_update().get_or_none(id=campaign_id)
    if campaign is None:
        raise NotFound(texts.NO_SUCH, number=campaign_id)
    await campaign.fetch_related("author", "unit")
    return campaign


async def begin(settings: Settings, campaign: Campaign, person: Person, at: datetime) -> None:
    """Let a campaign go: from its first day on each block gets its list.

    Args:
        settings: The service's.
        campaign: Locked; see `lock`.
        person: Who lets it go.
        at: Programme time.

    Raises:
        NotAllowed: They answer neither for its unit nor for one above it.
        NotNow: It has been let go, or dropped.
        Unfit: Its days have passed meanwhile.
    """
    await check_right(campaign, person, at)
    if campaign.state is not CampaignState.DRAFT:
        raise NotNow(texts.BEGUN_ALREADY, number=campaign.id)
    if campaign.until_at <= at:
        raise Unfit(texts.DAYS_PASSED)
    campaign.state, campaign.begun_at, campaign.telling = CampaignState.OPEN, at, True
    campaign.remind_due = reminder(campaign)
    await campaign.save(update_fields=["state", "begun_at", "telling", "remind_due"])
    await _record(settings, campaign, "campaign opened", person)


async def stop(settings: Settings, campaign: Campaign, person: Person, at: datetime) -> None:
    """Drop a draft, or end a campaign before its time; what was found stays.

    Raises:
        NotAllowed: They answer neither for its unit nor for one above it.
        NotNow: It is over.
    """
    await check_right(campaign, person, at)
    if campaign.state not in (CampaignState.DRAFT, CampaignState.OPEN):
        raise NotNow(texts.OVER, title=campaign.title)
    campaign.state, campaign.ended_at = CampaignState.STOPPED, at
    campaign.telling, campaign.remind_due = False, None
    await campaign.save(update_fields=["state", "ended_at", "telling", "remind_due"])
    await _record(settings, campaign, "campaign stopped", person)


def reminder(campaign: Campaign) -> datetime | None:
    """When leaders who have not begun are next reminded: half-way, and near the end; None: no more."""
    start = max(campaign.from_at, campaign.begun_at or campaign.from_at)
    whole = campaign.until_at - start
    near = campaign.until_at - min(_BEFORE_THE_END, whole / _LAST_QUARTER)
    moments = (start + whole / 2, near)
    return moments[campaign.reminded] if campaign.reminded < len(moments) else None


async def check_right(campaign: Campaign, person: Person, at: datetime) -> None:
    """Make sure that somebody answers for a campaign's unit, or for one above it.

    Raises:
        NotAllowed: They do not.
    """
    if await chain.unit_led(person, campaign.unit, at) is None:
        raise NotAllowed(programme_texts.NOT_YOUR_UNIT, unit=campaign.unit.name)


def _check(settings: Settings, campaign: Campaign, wanted: Wanted, at: datetime) -> None:
    if wording.is_blank(campaign.title) or wording.is_blank(campaign.words):
        raise Unfit(texts.INCOMPLETE)
    if len(campaign.title) > TITLE:
        raise Unfit(texts.TITLE_TOO_LONG, most=TITLE)
    if len(campaign.words) > WORDS:
        raise Unfit(texts.WORDS_TOO_LONG, most=WORDS)
    said = [each for question in wanted.questions for each in (question.words, *question.choices)]
    if any(shaping.has_link(each) for each in (campaign.title, campaign.words, *said)):
        raise Unfit(programme_texts.NO_LINKS)
    if wanted.last < wanted.first or (wanted.last - wanted.first).days >= DAYS:
        raise Unfit(texts.DAYS_UNFIT, most=DAYS)
    if campaign.until_at <= at:
        raise Unfit(texts.DAYS_PASSED)
    most = settings.territory.notices.segments
    language = settings.territory.default_language
    taken = segments.length(listing.for_phone(settings, campaign, "", language)).segments
    if taken > most:
        raise Unfit(programme_texts.TOO_LONG, segments=taken, most=most)


async def _record(settings: Settings, campaign: Campaign, what: str, person: Person) -> None:
    """Keep for ever what was done with a campaign."""
    await audit.record(
        settings, what, f"campaign {campaign.id} of {campaign.path}", person.name, campaign.title
    )
