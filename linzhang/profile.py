"""The territory profile: one programme's tiers, windows, titles, hours and languages, as data.

A programme is a TOML file in `profiles/`; the code has no city in it. The profile is checked when
it is read, and an error names the field.
"""

import re
import tomllib
from datetime import time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from linzhang.calendar import Calendar
from linzhang.quiet import Quiet


class ProfileError(ValueError):
    """The profile's file is missing or says something impossible; the message says what to do."""


class Tier(BaseModel):
    """One level of the territory.

    Attributes:
        key: Its name in tables and files: 'block', 'group' …
        name: What people call it, per language.
        leader: The title of the person who answers for it, per language.
        chain: Whether issues are held here and climb through it.
        answer_window: Time in which the holder must answer.
        resolve_window: Time from an answer until a reminder, and again until it goes up.
        space: Whether a unit of this tier also has a Matrix space around its subtree's rooms.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(pattern=r"^[a-z][a-z_]{1,30}$")
    name: dict[str, str]
    leader: dict[str, str]
    chain: bool = True
    answer_window: timedelta = timedelta(hours=4)
    resolve_window: timedelta = timedelta(hours=72)
    space: bool = False

    @field_validator("answer_window", "resolve_window")
    @classmethod
    def _window_is_positive(cls, window: timedelta) -> timedelta:
        if window <= timedelta(0):
            raise ValueError("a window must be longer than nothing, such as 'PT4H' for four hours")
        return window


class Urgency(BaseModel):
    """A danger for life or house, and the words by which people report it.

    Attributes:
        kind: 'fire', 'gas' …
        number: Whom to call first, told to residents as it stands.
        words: Per language; a text that holds one is urgent. '…' in one stands for anything in the same
            clause: '煤气…漏'.
        unless: Per language; what holds such a word and is no alarm: 'fire extinguisher'.
        alone: Per language; what is an alarm only when it is all that somebody says: 'help me'.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str = Field(pattern=r"^[a-z][a-z_]{1,30}$")
    number: str
    words: dict[str, list[str]]
    unless: dict[str, list[str]] = {}
    alone: dict[str, list[str]] = {}


class Duty(BaseModel):
    """One of the duties of a leader, as it stands on the back of their work card.

    Attributes:
        name: A word or two, per language.
        about: A sentence, per language.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: dict[str, str]
    about: dict[str, str]


class Price(BaseModel):
    """What something costs.

    Attributes:
        amount: How much.
        currency: ISO 4217 code, such as 'USD'.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    amount: Decimal = Field(ge=0)
    currency: str = Field(pattern=r"^[A-Z]{3}$")

    def times(self, count: int) -> "Price":
        """The price of several."""
        return Price(amount=self.amount * count, currency=self.currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class Households(BaseModel):
    """How many households a unit of the lowest tier has.

    Attributes:
        fewest: At least.
        most: At most.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    fewest: int = Field(default=1, ge=0)
    most: int = Field(ge=1)

    @model_validator(mode="after")
    def _some_fit(self) -> "Households":
        if self.fewest > self.most:
            raise ValueError("fewest must not be more than most")
        return self


class Naming(StrEnum):
    """How drawn units of a tier are called."""

    PARTS = "parts"  # after directions where they are few, or else numbered: 东片, 第三片
    PLACES = "places"  # after families and streets: 张庄组
    NUMBERED = "numbered"  # after the unit above, and numbered: 张庄第3邻


class Drawn(BaseModel):
    """How many units of a tier a rehearsal draws.

    Attributes:
        key: Of one of the profile's tiers.
        rural: Below what is rural.
        urban: Below what lies in a town.
        named: How they are called.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    rural: int = Field(ge=0)
    urban: int = Field(ge=0)
    named: Naming


class Drawing(BaseModel):
    """What `linzhang territory generate` draws below the real divisions, for rehearsals.

    Attributes:
        urban_endings: How the names of the lowest real divisions end that lie in a town.
        tiers: The lowest tiers of the profile, top-down.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    urban_endings: list[str] = []
    tiers: list[Drawn] = Field(min_length=1)


class WarningLevels(BaseModel):
    """How much an issue weighs, and how much makes which warning level: see `projections.levels`.

    Attributes:
        base: Points of every issue in hand.
        per_day: Points for each whole day since it was reported.
        days: For how many days at most.
        urgent: Points while it is urgent.
        window: Points for each window that passed without what it asked for.
        windows: For how many windows at most.
        reopened: Points for each time that it was said to be done, and was not.
        household_unit: Households in which one point is one: about a block's. Where nobody has counted, a
            unit of the lowest tier has so many.
        exponent: How fast the points that a unit bears grow with its households: 0 not at all, 1 as they do.
        blue: From how many points on, for so many households as a block has.
        yellow: The same.
        orange: The same.
        red: The same.
        calm: For how long a level must be left before another rise to it is told of.
        again: How long a leader who has heard of units below is not told of further ones.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: float = Field(default=1, ge=0)
    per_day: float = Field(default=0.1, ge=0)
    days: int = Field(default=10, ge=0)
    urgent: float = Field(default=3, ge=0)
    window: float = Field(default=1, ge=0)
    windows: int = Field(default=6, ge=0)
    reopened: float = Field(default=1.5, ge=0)
    household_unit: int = Field(default=10, ge=1)
    exponent: float = Field(default=0.5, ge=0, le=1)
    blue: float = Field(default=0.5, gt=0)
    yellow: float = Field(default=1.5, gt=0)
    orange: float = Field(default=3, gt=0)
    red: float = Field(default=6, gt=0)
    calm: timedelta = timedelta(hours=6)
    again: timedelta = timedelta(minutes=30)

    @model_validator(mode="after")
    def _levels_rise(self) -> "WarningLevels":
        if not self.blue < self.yellow < self.orange < self.red:
            raise ValueError("blue, yellow, orange and red must each need more than the one before")
        return self


class Limit(BaseModel):
    """How many private messages of one sender are worked on within a time.

    Attributes:
        messages: So many. Not fewer than 30: an old woman who tells a story in 15 texts, and whose phone
            sends each of them twice, must not meet it.
        within: In so long.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    messages: int = Field(ge=30)
    within: timedelta = Field(gt=timedelta(0))


class Floods(BaseModel):
    """What is too much from one number or one account: see `issues.floods`.

    Attributes:
        limits: Each counts. The first is faster than anybody types, for ten minutes on end; the second more
            than anybody has to say in a day.
        strangers: How many answers in an hour go to somebody of whom nobody knows where they live.
        again: How long a sender who was told that it is too much is not told again.
        let: For how long no limit counts for whom somebody has let through.
        out: For how long nothing is worked on from whom somebody has kept out.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    limits: list[Limit] = [
        Limit(messages=40, within=timedelta(minutes=10)),
        Limit(messages=150, within=timedelta(days=1)),
    ]
    strangers: int = Field(default=20, ge=5)
    again: timedelta = timedelta(days=1)
    let: timedelta = timedelta(days=1)
    out: timedelta = timedelta(days=30)


class Retention(BaseModel):
    """How long what people have said is kept: see `escalator.retention`. Nothing is erased unasked.

    Attributes:
        words: After this time the words and media of an issue that is over are erased, and whoever is known
            only by what they reported is forgotten with the last of them; empty: never.
        copies: After this time the copies of what came in and went out are emptied that the inbox and the
            outbox keep beside the issues; empty: never.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: timedelta | None = Field(default=None, ge=timedelta(days=30))
    copies: timedelta | None = Field(default=None, ge=timedelta(days=30))


class Notices(BaseModel):
    """How notices go down the tree: see `programme.notices`.

    Attributes:
        pace: Texts and posts of notices that leave in a second. What else is sent goes its way beside them.
        in_flight: How many of them may be on their way at once, so that the others do not wait for a carrier
            that has become slow.
        alone: To how many people somebody may send one alone; what goes to more needs a second pair of eyes.
        segments: SMS that one text may take.
        remind_after: How long after a notice went out leaders are reminded of it who have not passed it on.
        answers: For how long a lone '1' is taken to say that a notice was read.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    pace: float = Field(default=10, gt=0)
    in_flight: int = Field(default=20, ge=1)
    alone: int = Field(default=500, ge=0)
    segments: int = Field(default=4, ge=1, le=10)
    remind_after: timedelta = Field(default=timedelta(hours=24), gt=timedelta(0))
    answers: timedelta = Field(default=timedelta(days=7), gt=timedelta(0))


class Care(BaseModel):
    """How people are asked whether they are well: see `programme.care`.

    Attributes:
        patience: Time for an answer: after it they are asked once more, and after it again somebody knocks.
        pace: How many are asked in a second. What else is sent goes its way beside that.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    patience: timedelta = Field(default=timedelta(hours=2), ge=timedelta(minutes=10))
    pace: int = Field(default=10, ge=1)


class Tasks(BaseModel):
    """What leaders are paid for tasks: see `programme.tasks`.

    Attributes:
        currency: In which, as an ISO 4217 code.
        most_each: What one helper may get at most: whoever asks for more has made a slip.
        most_helpers: How many helpers one task may have.
        alone: What a task may pay in all where whoever asked for it confirms it, too; what pays more needs a
            second pair of eyes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")
    most_each: Decimal = Field(default=Decimal(1000), ge=0)
    most_helpers: int = Field(default=200, ge=1)
    alone: Decimal = Field(default=Decimal(2000), ge=0)


class Surveys(BaseModel):
    """How residents are asked about their leaders: see `programme.thanks.surveys`.

    Attributes:
        margin: Half the width of the interval for which as many are drawn as it takes, as a share of 1.
        least: How many of each block are drawn at least.
        shown_from: From how many answers on something is told of a single leader, or of a unit.
        waits: From when a survey is announced until its draw: others can add words of their own meanwhile.
        lasts: For how long answers count.
        remind_after: How long after they were asked those are reminded, once, who have not answered.
        again: How long after one was opened the next one can be opened for the same unit.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    margin: float = Field(default=0.05, ge=0.005, le=0.2)
    least: int = Field(default=6, ge=1)
    shown_from: int = Field(default=5, ge=3)
    waits: timedelta = Field(default=timedelta(days=1), ge=timedelta(hours=1))
    lasts: timedelta = Field(default=timedelta(days=7), ge=timedelta(days=1))
    remind_after: timedelta = Field(default=timedelta(days=2), ge=timedelta(hours=12))
    again: timedelta = Field(default=timedelta(days=30), ge=timedelta(0))


class Encouraging(BaseModel):
    """Which leaders are to be encouraged or helped: see `programme.thanks.encouraging`.

    Attributes:
        silent: Nothing was heard of them for so long.
        missed: So many windows have passed while something was theirs,
        within: in so long.
        content: Fewer residents than this share are content with them, by their last survey.
        rest: How long they are off the list when something was done.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    silent: timedelta = Field(default=timedelta(days=30), ge=timedelta(days=1))
    missed: int = Field(default=3, ge=1)
    within: timedelta = Field(default=timedelta(days=28), ge=timedelta(days=1))
    content: float = Field(default=0.5, ge=0, le=1)
    rest: timedelta = Field(default=timedelta(days=14), ge=timedelta(0))


class Profile(BaseModel):
    """A programme of neighbourhood government, as data.

    Attributes:
        name: The programme's name per language.
        region: ISO 3166 code for phone numbers written without a country code.
        timezone: IANA name of the zone in which people are told times.
        languages: Language tags, the default first.
        emergency: The number to call when a life is in danger, told to residents as it stands.
        calendar: The hours that count towards windows.
        quiet: The hours in which what can wait is not sent.
        no_calls: The hours in which nobody is called for what can wait.
        urgent: Dangers that reach the whole chain at once.
        denials: Per language; such a word right before a danger denies it: '没着火'.
        calm: Per language; such a word before a danger in the same clause makes it a memory, a fear or a
            supposition: '去年', '怕', 'if'.
        urgent_window: Time in which an urgent issue must be answered.
        nudge_before: How long before the end of a window the holder is nudged a second time; the
            first time is at its half.
        digest_at: Local time of the leaders' morning digest.
        unseen_after: How long a leader may not have opened their chat before they are told by text.
        gather: Texts that come within this time after each other are one.
        which_window: How long an unclear text waits for the answer to 'which one?'; then it joins the last
            conversation.
        confirm_window: How long a resident is waited for after 'it is done'; then it closes.
        follow_up: For how long after the last word a new text still belongs to an open issue.
        reopen: For how long after it was closed 'not solved' opens an issue again.
        link_lasts: For how long a link to a leader's picture opens it.
        segment_price: What one SMS to a resident costs at the programme's carrier, for the documentation.
        place_endings: How names of places end where people may leave it out: 'village', '村委会'.
        map_link: Address of a place on a map, with {lat} and {lon} in degrees where they belong.
        tiers: Top-down.
        households: How many a unit of the lowest tier has; empty: that is not counted.
        drawing: How large a rehearsal's territory is; empty: none can be drawn.
        warning: How much makes which warning level of a unit.
        retention: How long words are kept.
        floods: How much from one sender is too much.
        duties: What a leader is there for; empty: work cards have no back.
        notices: How fast notices go out, and to how many without a second pair of eyes.
        care: How people are asked whether they are well.
        tasks: What leaders are paid for tasks, and in which currency.
        surveys: How residents are asked about their leaders.
        encouraging: Which leaders are to be encouraged or helped.
        department: The tier of those who take what is beyond the chain; its units hang below the unit
            that they work for, and their codes and names are in the same files as all units'.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: dict[str, str]
    region: str = Field(pattern=r"^[A-Z]{2}$")
    timezone: str
    languages: list[str] = Field(min_length=1)
    emergency: str
    calendar: Calendar = Calendar()
    quiet: Quiet = Quiet()
    no_calls: Quiet = Quiet()
    urgent: list[Urgency] = []
    denials: dict[str, list[str]] = {}
    calm: dict[str, list[str]] = {}
    urgent_window: timedelta = timedelta(minutes=30)
    nudge_before: timedelta = timedelta(minutes=15)
    digest_at: time = time(8)
    unseen_after: timedelta = timedelta(days=1)
    gather: timedelta = timedelta(seconds=30)
    which_window: timedelta = timedelta(minutes=10)
    confirm_window: timedelta = timedelta(days=3)
    follow_up: timedelta = timedelta(hours=24)
    reopen: timedelta = timedelta(days=7)
    link_lasts: timedelta = timedelta(days=7)
    segment_price: Price | None = None
    place_endings: list[str] = []
    map_link: str = "https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=18/{lat}/{lon}"
    tiers: list[Tier] = Field(min_length=2)
    department: Tier | None = None
    duties: list[Duty] = []
    households: Households | None = None
    drawing: Drawing | None = None
    warning: WarningLevels = WarningLevels()
    floods: Floods = Floods()
    notices: Notices = Notices()
    care: Care = Care()
    tasks: Tasks = Tasks()
    surveys: Surveys = Surveys()
    encouraging: Encouraging = Encouraging()
    retention: Retention = Retention()

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"'{name}' is not a time zone; write one such as 'Asia/Shanghai'") from error
        return name

    @field_validator("map_link")
    @classmethod
    def _map_has_places(cls, link: str) -> str:
        if not re.fullmatch(r"https://(?:[^{}]|\{lat\}|\{lon\})+", link):
            raise ValueError("write an https address with {lat} and {lon} in it, and no other braces")
        return link

    @model_validator(mode="after")
    def _tiers_fit(self) -> "Profile":
        keys = [tier.key for tier in self.tiers]
        if len(set(keys)) != len(keys):
            raise ValueError("tiers: every key may stand only once")
        if not self.tiers[-1].chain:
            raise ValueError("tiers: the last tier takes the residents' reports, so it must be in the chain")
        if self.department and (self.department.chain or self.department.key in keys):
            raise ValueError("department: needs a key of its own, and chain = false")
        drawn = [tier.key for tier in self.drawing.tiers] if self.drawing else []
        if drawn and (drawn != keys[-len(drawn) :] or len(drawn) == len(keys)):
            raise ValueError("drawing: must name the lowest tiers, top-down, and leave one above them")
        for tier in self._all_tiers:
            for language in self.languages:
                if language not in tier.name or language not in tier.leader:
                    raise ValueError(f"tiers: '{tier.key}' has no name or leader in '{language}'")
        for number, duty in enumerate(self.duties, start=1):
            for language in self.languages:
                if language not in duty.name or language not in duty.about:
                    raise ValueError(f"duties: the {number}. has no name or about in '{language}'")
        return self

    @property
    def default_language(self) -> str:
        """The language of whoever has not shown another."""
        return self.languages[0]

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which people are told times."""
        return ZoneInfo(self.timezone)

    @property
    def _all_tiers(self) -> list[Tier]:
        return [*self.tiers, *([self.department] if self.department else [])]

    @property
    def bottom(self) -> Tier:
        """The tier of the neighbours' own unit: the block."""
        return self.tiers[-1]

    def on_map(self, latitude: float, longitude: float) -> str:
        """A link to a place on a map."""
        return self.map_link.format(lat=f"{latitude:.5f}", lon=f"{longitude:.5f}")

    def tier(self, key: str) -> Tier:
        """The tier with this key.

        Raises:
            KeyError: The profile has none.
        """
        for tier in self._all_tiers:
            if tier.key == key:
                return tier
        raise KeyError(key)

    def level(self, key: str) -> int:
        """How many tiers stand above this one."""
        return self.tiers.index(self.tier(key))


def load_profile(path: Path) -> Profile:
    """Read a profile from its TOML file.

    Raises:
        ProfileError: The file is not there, is not TOML, or a field is wrong; it says which.
    """
    try:
        return Profile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise ProfileError(f"There is no territory profile at {path}; see profiles/ for examples.") from error
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{path} is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "profile"
        raise ProfileError(f"{path}: {where}: {first['msg']}") from error
