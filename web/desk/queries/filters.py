"""What somebody wants to see on the board, as it stands in the page's address, so that it can be linked.

What the address has that makes no sense is left out; nothing here reads the database.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from linzhang.profile import Profile
from models import State

#: What may be a telephone number: it must stand in no address (DESIGN, rule 7), and is not looked for here.
_PHONE: Final = re.compile(r"(?:\D*\d){10}")

#: Characters of words and of a unit that are looked at.
_LONGEST: Final = 80


class View(StrEnum):
    """How the board is shown."""

    TABLE = "table"
    COLUMNS = "columns"  # by state


class Order(StrEnum):
    """What stands first."""

    PRESSING = "pressing"  # danger, then what has the least time left; only of what is in hand
    NEWEST = "newest"


class Which(StrEnum):
    """Sets of states that can be asked for beside each single one."""

    IN_HAND = ""  # somebody has to do something
    ALL = "all"


class Age(StrEnum):
    """When it was reported."""

    ANY = ""
    DAY = "d1"
    WEEK = "d7"
    MONTH = "d30"
    OVER_DAY = "over1"
    OVER_WEEK = "over7"
    OVER_MONTH = "over30"

    @property
    def length(self) -> timedelta:
        """How long ago."""
        return timedelta(days=int(self.value.removeprefix("over").removeprefix("d") or 0))

    @property
    def is_over(self) -> bool:
        """Whether before that; otherwise since then."""
        return self.value.startswith("over")


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for.

    Attributes:
        view: How it is shown.
        order: What stands first.
        unit: Code of a unit: there and below.
        tier: Key of the holder's tier.
        state: Which states; one of `Which`, or a state.
        urgent: Only what is urgent.
        overdue: Only what missed a window, and nothing was done since.
        private: Only what only leaders see.
        age: When it was reported.
        bridge: Name of the bridge through which it was reported.
        rating: The mark that the resident gave.
        words: That were said.
    """

    view: View = View.TABLE
    order: Order = Order.PRESSING
    unit: str = ""
    tier: str = ""
    state: Which | State = Which.IN_HAND
    urgent: bool = False
    overdue: bool = False
    private: bool = False
    age: Age = Age.ANY
    bridge: str = ""
    rating: int | None = None
    words: str = ""

    @property
    def count(self) -> int:
        """How many things are filtered by, the state aside."""
        return sum(
            bool(each)
            for each in (
                self.unit,
                self.tier,
                self.urgent,
                self.overdue,
                self.private,
                self.age,
                self.bridge,
                self.rating,
                self.words,
            )
        )

    def but(self, **changes: object) -> "Filters":
        """The same but for something."""
        return replace(self, **changes)  # type: ignore[arg-type]  # fields by their names

    def query(self) -> dict[str, str]:
        """What stands in the address; nothing for what is usual."""
        given = {
            "view": self.view if self.view is not View.TABLE else "",
            "order": self.order if self.order is not Order.PRESSING else "",
            "unit": self.unit,
            "tier": self.tier,
            "state": self.state,
            "urgent": "1" if self.urgent else "",
            "overdue": "1" if self.overdue else "",
            "private": "1" if self.private else "",
            "age": self.age,
            "bridge": self.bridge,
            "rating": str(self.rating or ""),
            "q": self.words,
        }
        return {name: str(value) for name, value in given.items() if value}

    def address(self, **more: str) -> str:
        """The address of the page that shows it."""
        query = urlencode(self.query() | more)
        return f"/desk/board?{query}" if query else "/desk/board"


def read(query: Mapping[str, str], profile: Profile) -> Filters:
    """What the address of a page asks for."""
    tiers = {tier.key for tier in [*profile.tiers, *([profile.department] if profile.department else [])]}
    wanted, rating = query.get("state", ""), query.get("rating", "")
    state: Which | State = Which.IN_HAND
    if wanted in set(Which):
        state = Which(wanted)
    elif wanted in set(State):
        state = State(wanted)
    age = query.get("age", "")
    bridge = query.get("bridge", "")
    words = query.get("q", "").strip()[:_LONGEST]
    return Filters(
        view=View.COLUMNS if query.get("view") == View.COLUMNS else View.TABLE,
        order=Order.NEWEST if query.get("order") == Order.NEWEST else Order.PRESSING,
        unit=query.get("unit", "").strip()[:_LONGEST],
        tier=query["tier"] if query.get("tier") in tiers else "",
        state=state,
        urgent=query.get("urgent") == "1",
        overdue=query.get("overdue") == "1",
        private=query.get("private") == "1",
        age=Age(age) if age in set(Age) else Age.ANY,
        bridge=bridge if bridge.isidentifier() and len(bridge) <= _LONGEST else "",
        rating=int(rating) if rating in set("12345") and rating else None,
        words="" if _PHONE.search(words) else words,
    )
