"""How a campaign stands at a unit and below, and what was learnt, from the sums. Reads; changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tortoise.expressions import Q

from issues import chain
from issues import texts as issue_texts
from linzhang.profile import Profile
from linzhang.settings import Settings
from linzhang.words import say
from models import Campaign, DoorState, DoorTally, DoorVisit, Unit
from programme.doors import counting, listing, questions, seeing, texts
from programme.doors.questions import Question

#: Campaigns that a page lists, and that one answer tells of; units below that it names; words on a page.
LISTED: Final = 50
TOLD: Final = 5
NAMED: Final = 15
WORDS: Final = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of a campaign.

    Attributes:
        unit: Which.
        sums: By their names; see `counting`.
    """

    unit: Unit
    sums: Mapping[str, int] = field(default_factory=dict)

    @property
    def blocks(self) -> int:
        """How many blocks have their list."""
        return self.sums.get(counting.BLOCKS, 0)

    @property
    def begun(self) -> int:
        """In how many of them somebody has been to a door."""
        return self.sums.get(counting.BEGUN, 0)

    @property
    def doors(self) -> int:
        """How many households are on the lists."""
        return self.sums.get(counting.DOORS, 0)

    @property
    def second(self) -> int:
        """To how many of them somebody went more than once."""
        return self.sums.get(counting.SECOND, 0)

    @property
    def troubles(self) -> int:
        """How many issues have come of it."""
        return self.sums.get(counting.TROUBLES, 0)

    @property
    def visited(self) -> int:
        """At how many doors somebody was spoken to."""
        return self.found(DoorState.VISITED)

    @property
    def percent(self) -> int:
        """That of all households, rounded down: all are all."""
        return 100 * self.visited // self.doors if self.doors else 0

    def found(self, state: DoorState) -> int:
        """How many doors were last found so."""
        return self.sums.get(state, 0)

    def chosen(self, question: int, choice: int) -> int:
        """How many have chosen an answer, both counted from 1."""
        return self.sums.get(counting.answer(question, choice), 0)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was answered to a question with choices.

    Attributes:
        question: Which.
        counts: By choice, in their order.
    """

    question: Question
    counts: Sequence[int]


async def line(campaign: Campaign, unit: Unit) -> Line:
    """How it stands at a unit and all below it."""
    tally = await DoorTally.get_or_none(campaign_id=campaign.id, unit_id=unit.id)
    return Line(unit, tally.sums) if tally is not None else Line(unit)


async def below(campaign: Campaign, unit: Unit) -> list[Line]:
    """The same for each unit right below one in which a block has its list."""
    children = await Unit.filter(parent_id=unit.id).order_by("path")
    tallies = DoorTally.filter(campaign_id=campaign.id, unit_id__in=[child.id for child in children])
    sums = {tally.unit_id: tally.sums for tally in await tallies}
    return [Line(child, sums[child.id]) for child in children if child.id in sums]


async def all_below(campaign: Campaign, unit: Unit) -> list[Line]:
    """The same for a unit and every one below it, in the order of the tree."""
    tallies = DoorTally.filter(chain.below(unit.path, "unit__path"), campaign_id=campaign.id)
    found = await tallies.select_related("unit").order_by("unit__path")
    return [Line(each.unit, each.sums) for each in found]


def learnt(campaign: Campaign, at_unit: Line) -> list[Learnt]:
    """What was answered to each question with choices."""
    return [
        Learnt(
            question,
            [at_unit.chosen(place, choice) for choice in range(1, len(question.choices) + 1)],
        )
        for place, question in enumerate(questions.of(campaign), start=1)
        if question.choices
    ]


async def words(
    campaign: Campaign, unit: Unit, units: Sequence[Unit], profile: Profile, limit: int = WORDS
) -> list[DoorVisit]:
    """What was last said at the doors of a unit and below, as far as the leaders of some units read it.

    Args:
        campaign: Which.
        unit: Where.
        units: The reader's.
        profile: The programme's.
        limit: How many at most.

    Returns:
        The latest first, with their doors, blocks and units.
    """
    readable = seeing.words(units, campaign, profile)
    found = DoorVisit.filter(readable, chain.below(unit.path), campaign_id=campaign.id).exclude(words="")
    return await found.order_by("-id").limit(limit).select_related("door__block__unit")


def concerning(units: Sequence[Unit]) -> Q:
    """Of all campaigns, those that somebody who leads these units may look at.

    Their own units' and those of units below; and of units above what was let go: it is for them.
    """
    own, let_go = Q(id__in=[]), Q(path__in=[])
    for unit in units:
        own |= chain.below(unit.path)
        let_go |= Q(path__in=[unit.path[: end + 1] for end, each in enumerate(unit.path) if each == "/"])
    return own | (let_go & Q(begun_at__isnull=False))


async def latest(units: Sequence[Unit], limit: int = LISTED) -> list[Campaign]:
    """The latest of them."""
    found = Campaign.filter(concerning(units)).order_by("-id").limit(limit)
    return await found.select_related("author", "unit")


async def told(settings: Settings, campaign: Campaign, unit: Unit, language: str) -> list[str]:
    """How a campaign stands at a unit, line by line: how far it is, answers, and the units below."""
    whole = await line(campaign, unit)
    comma = say(issue_texts.COMMA, language)
    states = [
        say(texts.COUNTED, language, state=say(texts.STATES[state], language), count=whole.found(state))
        for state in counting.FOUND
        if whole.found(state)
    ]
    said = [
        say(
            texts.STANDING,
            language,
            title=campaign.title,
            day=listing.last_day(settings, campaign, language),
            unit=unit.name,
            visited=whole.visited,
            doors=whole.doors,
            begun=whole.begun,
            blocks=whole.blocks,
        )
    ]
    if states:
        said.append(comma.join(states))
    if whole.troubles:
        said.append(say(texts.STANDING_TROUBLES, language, count=whole.troubles))
    for each in learnt(campaign, whole):
        counts = zip(each.question.choices, each.counts, strict=True)
        listed = [say(texts.COUNTED, language, state=choice, count=count) for choice, count in counts]
        said.append(say(texts.LEARNT, language, question=each.question.words, answers=comma.join(listed)))
    for child in (await below(campaign, unit))[:NAMED]:
        facts = {"visited": child.visited, "doors": child.doors}
        said.append(say(texts.STANDING_UNIT, language, unit=child.unit.name, **facts))
    return said
