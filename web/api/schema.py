"""What the API gives and takes, and what each thing means: its document and its docs are made of this."""

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Generic, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from models import Action, State, Voice

T = TypeVar("T")

#: Before and after these nothing is in the database, and some databases know no dates.
_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(_DAY.pattern + r"[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")


def _moment(value: object) -> object:
    """Only what RFC 3339 knows: nobody means 1970 by '5'."""
    if isinstance(value, str) and not _MOMENT.fullmatch(value):
        raise ValueError("must be a moment with its zone, such as 2026-11-24T02:00:00Z")
    return value


def _day(value: object) -> object:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("must be a day such as 2026-11-24")
    return value


def _near(moment: datetime) -> datetime:
    return min(max(moment, _FIRST), _LAST)


def _near_day(day: date) -> date:
    return min(max(day, _FIRST.date()), _LAST.date())


#: A moment that is asked for.
Moment = Annotated[AwareDatetime, BeforeValidator(_moment), AfterValidator(_near)]

#: A day that is asked for.
Day = Annotated[date, BeforeValidator(_day), AfterValidator(_near_day)]

#: A unit's code.
Code = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z._-]{1,64}$")]

#: Words of a leader or about a reason; at least one character that is no blank.
Words = Annotated[
    str, StringConstraints(min_length=1, max_length=4000, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")
]


def _whole(value: object) -> object:
    """A whole number is one however JSON writes it: 1042.0 is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


#: An issue's number.
Number = Annotated[int, Field(ge=1001, le=10**12), BeforeValidator(_whole)]


class Given(BaseModel):
    """What the API gives: nothing that is not described."""

    model_config = ConfigDict(extra="forbid")


class Asked(BaseModel):
    """What the API takes: nothing that is not described, and no number for a text."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Wanted(BaseModel):
    """What of something is wanted, in an address: nothing that is not described."""

    model_config = ConfigDict(extra="forbid")


class Page(Given, Generic[T]):
    """A part of a list."""

    items: list[T]
    next: str | None = Field(
        description="Send it as `cursor` to get the next part; null: this is the last.", examples=["412"]
    )


class UnitRef(Given):
    """A unit, in short."""

    code: str = Field(description="Its official code.", examples=["34160210101010101"])
    name: str = Field(examples=["第3邻"])
    tier: str = Field(description="Key of its tier in the territory profile.", examples=["block"])


class Leader(Given):
    """Who answers for a unit. Never with a telephone number."""

    name: str = Field(examples=["陈建国"])
    stands_in_for: str | None = Field(
        description="The leader in whose name they act while that one is away.", examples=[None]
    )


class LevelName(StrEnum):
    """Warning levels, the mildest first."""

    GREEN = "green"
    BLUE = "blue"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


class LoadView(Given):
    """What is piled up at a unit and below it."""

    level: LevelName = Field(
        description="The warning level, by the formula in the profile's table `[warning]`."
    )
    points: float = Field(description="Sum of the weights of the issues in hand.", examples=[3.5])
    open: int = Field(description="How many issues are in hand.", examples=[4])
    overdue: int = Field(description="How many of them have missed a window.", examples=[1])
    urgent: int = Field(description="How many of them are urgent.", examples=[0])
    reopened: int = Field(description="How many of them were said before to be done.", examples=[0])
    households: int = Field(description="How many live there.", examples=[412])
    since: datetime | None = Field(description="Since when it has been at this level.")


class LoadedUnit(UnitRef):
    """A unit, in short, with what is piled up there."""

    load: LoadView


class UnitView(LoadedUnit):
    """A unit."""

    title: str = Field(
        description="What its leader is called, in the programme's language.", examples=["邻长"]
    )
    parent: str | None = Field(
        description="Code of the unit above; null where that is not yours to see.",
        examples=["341602101010101"],
    )
    leader: Leader | None = Field(description="Who answers for it now; null: the post is vacant.")
    latitude: float | None = Field(description="Of its middle, WGS84.", examples=[33.85])
    longitude: float | None = Field(examples=[115.78])
    closed: bool = Field(description="Whether it has become part of another unit.", examples=[False])


class IssueView(Given):
    """An issue."""

    number: int = Field(description="The number that people use.", examples=[1042])
    state: State = Field(description="Where it stands in the loop.", examples=["open"])
    urgent: bool = Field(description="Whether a life or a house is in danger.")
    private: bool = Field(description="Whether only leaders see it.")
    block: UnitRef | None = Field(description="What it is about; null while nobody knows where that is.")
    holder: UnitRef | None = Field(description="Who has to act now.")
    reporter: str | None = Field(
        description="Name of the resident; null where nobody knows it or it is not yours to read.",
        examples=["刘大爷"],
    )
    words: str | None = Field(
        description="What was reported; null where it was told to another leader alone.",
        examples=["楼道灯坏了"],
    )
    opened_at: datetime = Field(examples=["2026-11-24T02:00:00Z"])
    due: datetime | None = Field(
        description="When its holder must have done something; null: nobody must.",
        examples=["2026-11-24T06:00:00Z"],
    )
    answered_at: datetime | None = Field(description="When the resident first heard from a leader.")
    resolved_at: datetime | None = Field(description="When a leader said that it is done.")
    closed_at: datetime | None = Field(description="When it ended.")
    rating: int | None = Field(description="What the resident gave it, 1 to 5.", examples=[5])
    merged_into: int | None = Field(description="Number of the issue that it has become part of.")


class MessageView(Given):
    """Something that was said."""

    at: datetime
    voice: Voice = Field(
        description="`resident`, `leader`: it reaches the resident; `inside`: it stays among leaders."
    )
    author: str | None = Field(description="Name of who said it.")
    bridge: str = Field(description="Through what it came.", examples=["sms"])
    words: str = Field(description="Empty where it was taken back.")
    media: list[str] = Field(description="Content types of what came with it.", examples=[["image/jpeg"]])
    retracted: bool = Field(description="Whether its author took it back.")


class StepView(Given):
    """One step of the history."""

    at: datetime
    action: Action
    actor: str | None = Field(description="Name of who did it; null: the clock.")
    bridge: str = Field(description="Through what.", examples=["matrix"])
    from_state: State | None
    to_state: State
    from_holder: str | None = Field(description="Code of the unit that held it before.")
    to_holder: str | None = Field(description="Code of the unit that held it after.")
    reason: str = Field(description="The reason that was given.")


class StoryView(IssueView):
    """An issue with all that happened and was said."""

    messages: list[MessageView] = Field(description="Oldest first; empty where it is not yours to read.")
    history: list[StepView] = Field(description="Oldest first.")


class SayIn(Asked):
    """Words."""

    words: Words = Field(description="What to say.", examples=["电工下午三点来修。"])


class ReasonIn(Asked):
    """A reason."""

    reason: Words = Field(description="Why; it is kept in the history.", examples=["超出村里权限"])


class ReferIn(ReasonIn):
    """To which department, and why."""

    department: Code = Field(
        description="Code of a department of a unit above the issue.", examples=["341602-water"]
    )


class MergeIn(Asked):
    """Into which issue."""

    into: Number = Field(description="Number of the issue that it becomes part of.", examples=[1040])


class CountsView(Given):
    """What waits to be mended within your units."""

    unplaced: int = Field(description="Issues of which nobody knows where they belong.", examples=[2])
    undelivered: int = Field(
        description="Messages about your issues that could not be delivered.", examples=[1]
    )
    vacant: int = Field(description="Units for which nobody answers.", examples=[3])
    webhooks: int = Field(description="Your addresses of webhooks that were given up.", examples=[0])


class FoundView(Given):
    """What was found."""

    units: list[UnitRef] = Field(description="By code or a part of the name.")
    issues: list[IssueView] = Field(description="By number or words, the latest first.")


class FiguresView(Given):
    """Figures of issues that were received at a unit and below it. Times are in seconds."""

    received: int = Field(examples=[140])
    answered: int = Field(description="How many have had a leader's answer.", examples=[139])
    answered_in_time: int = Field(description="How many had it before a window had passed.", examples=[131])
    late: int = Field(description="How many had none when the first window passed.", examples=[8])
    closed: int = Field(description="The resident agreed, or said nothing.", examples=[120])
    reopened: int = Field(description="How often it was said that they were not solved.", examples=[5])
    referred: int = Field(description="How many a department has had.", examples=[12])
    withdrawn: int = Field(description="How many need nothing.", examples=[2])
    merged: int = Field(description="How many are part of others.", examples=[3])
    unfinished: int = Field(description="How many are still to be closed.", examples=[15])
    closing_rate: float | None = Field(description="From 0 to 1; null: nothing to close.", examples=[0.889])
    answered_in_time_rate: float | None = Field(examples=[0.942])
    satisfaction: float | None = Field(description="Mean of the residents' marks, 1 to 5.", examples=[4.6])
    median_to_answer: float | None = Field(examples=[2700])
    p90_to_answer: float | None = Field(examples=[11400])
    median_to_close: float | None = Field(examples=[93600])
    p90_to_close: float | None = Field(examples=[345600])
    escalations: dict[str, int] = Field(
        description="How often they went up, by the key of the tier to which.", examples=[{"village": 9}]
    )
    ratings: dict[str, int] = Field(description="How many gave which mark.", examples=[{"5": 40, "4": 11}])


class WeekView(Given):
    """The figures of one week."""

    week: date = Field(description="Its Monday.", examples=["2026-11-23"])
    figures: FiguresView


class ChildFiguresView(Given):
    """The figures of a unit below."""

    unit: UnitRef
    figures: FiguresView
