"""What a survey has come to: of its unit, of the units below that people know by name, and of single leaders.

Before it is over nothing is told but how many were asked and have answered. Of fewer answers than
`[surveys] shown_from` nothing is told at all; nor of what could be reckoned by taking the others from a sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from issues import chain
from linzhang.profile import Profile
from linzhang.words import say
from models import Survey, SurveyBlock, SurveyState, Unit
from programme.intervals import Interval
from programme.thanks.surveys import opening, texts
from programme.thanks.surveys.intervals import Stratum, weighted


@dataclass(frozen=True, slots=True)
class Line:
    """What one unit has come to.

    Attributes:
        unit: Which.
        blocks: Its blocks.
        is_shown: Whether more may be told than how many have answered.
        leader: About whom it is, of a block; empty of other units.
    """

    unit: Unit
    blocks: Sequence[SurveyBlock] = field(repr=False)
    is_shown: bool
    leader: str = ""

    @property
    def asked(self) -> int:
        """How many were asked."""
        return sum(each.asked for each in self.blocks)

    @property
    def answered(self) -> int:
        """How many have answered."""
        return sum(answered(each) for each in self.blocks)

    @property
    def interval(self) -> Interval | None:
        """How many are content, as a share; None: that is not told."""
        if not self.is_shown:
            return None
        strata = [Stratum(each.people, answered(each), each.good) for each in self.blocks]
        return weighted(strata)


@dataclass(frozen=True, slots=True)
class Results:
    """What a unit has come to, and what lies below it.

    Attributes:
        whole: The unit.
        units: The units right below it that people know by name.
        leaders: The leaders of its blocks, where there are no such units.
    """

    whole: Line
    units: Sequence[Line]
    leaders: Sequence[Line]


def answered(block: SurveyBlock) -> int:
    """How many of a block have answered."""
    return block.good + block.fair + block.poor


async def of(profile: Profile, survey: Survey, unit: Unit) -> Results:
    """What a survey has come to at a unit.

    Args:
        profile: The programme's.
        survey: Which.
        unit: The survey's own, or one below it that people know by name.
    """
    least, is_over = profile.surveys.shown_from, survey.state is SurveyState.OVER
    blocks = await _blocks(survey, unit)
    is_shown = is_over and sum(answered(each) for each in blocks) >= least
    if is_shown and unit.id != survey.unit_id:
        above = await chain.neighbourhood(await Unit.get(id=unit.parent_id), profile)
        siblings = (await of(profile, survey, above)).units
        is_shown = any(each.unit.id == unit.id and each.is_shown for each in siblings)
    whole = Line(unit, blocks, is_shown)
    named = Unit.filter(parent_id=unit.id, tier__in=opening.tiers(profile)).order_by("path")
    if children := await named:
        parts = [(each, [one for one in blocks if one.path.startswith(each.path)]) for each in children]
        shown = visible([sum(answered(one) for one in part) for _, part in parts], least)
        units = [
            Line(each, part, is_shown and may) for (each, part), may in zip(parts, shown, strict=True) if part
        ]
        return Results(whole, units, [])
    await SurveyBlock.fetch_for_list(blocks, "unit", "leader")
    leaders = [Line(each.unit, [each], is_shown and each.shown, each.leader.name) for each in blocks]
    return Results(whole, [], leaders)


async def _blocks(survey: Survey, unit: Unit) -> list[SurveyBlock]:
    """The blocks of a unit, without their lists, which are long."""
    sums = ("asked", "good", "fair", "poor", "shown")
    found = SurveyBlock.filter(chain.below(unit.path), survey_id=survey.id).order_by("path")
    return await found.only("id", "survey_id", "unit_id", "leader_id", "path", "people", *sums)


async def seen_at(profile: Profile, survey: Survey, units: Sequence[Unit], code: str = "") -> Unit:
    """At which unit whoever leads some units looks at a survey.

    Args:
        profile: The programme's.
        survey: With its unit; it concerns one of the units.
        units: Theirs.
        code: Of the unit that they want to look at: the survey's own, or one at or around theirs that people
            know by name. Another one's, or none, is taken for the usual: the survey's for those above, or
            else the one around their own.
    """
    wanted = await Unit.filter(chain.below(survey.path), code=code).first() if code else None
    if wanted is not None and wanted.tier in opening.tiers(profile) and _concerns(wanted, units):
        return wanted
    if any(survey.path.startswith(own.path) for own in units):
        return survey.unit
    inside = next((own for own in units if own.path.startswith(survey.path)), survey.unit)
    return await chain.neighbourhood(inside, profile)


def seen(lines: Sequence[Line], units: Sequence[Unit]) -> list[Line]:
    """Of several lines, those of units around, at and below somebody's own."""
    return [each for each in lines if _concerns(each.unit, units)]


def _concerns(unit: Unit, units: Sequence[Unit]) -> bool:
    return any(unit.path.startswith(own.path) or own.path.startswith(unit.path) for own in units)


def visible(counts: Sequence[int], least: int) -> list[bool]:
    """Of the parts of a sum that is told, those of which something is told too.

    None of fewer answers than the least; and since who knows the sum could take the others from it, what is
    left over is of so many as well, or of none: else the smallest of the others is not told either.
    """
    shown = [count >= least for count in counts]
    while any(shown):
        left = sum(count for count, may in zip(counts, shown, strict=True) if not may)
        if left == 0 or left >= least:
            break
        smallest = min((count, place) for place, count in enumerate(counts) if shown[place])
        shown[smallest[1]] = False
    return shown


def told(line: Line, language: str) -> str:
    """A line in a sentence, of a survey that is over."""
    facts = {"answered": line.answered, "asked": line.asked}
    interval = line.interval
    if interval is None:
        return say(texts.RESULT_FEW, language, **facts)
    share, low, high = (round(100 * each) for each in (interval.share, interval.low, interval.high))
    return say(texts.RESULT, language, share=share, low=low, high=high, **facts)
