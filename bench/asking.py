"""What is asked of the desk by `bench.desk`: addresses of every kind, over many units, issues and people."""

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from tortoise.functions import Count

from bench.piling import COMMON, RARE
from linzhang.settings import Settings
from models import Issue, Leadership, Person, Role, State, Unit
from territory.borders import reading

#: The tiers whose leaders look at everything.
LOOKING = ("city", "county", "township", "village", "block")

#: Leaders of each tier, and units of each tier that one looks at.
_LEADERS, _UNITS = 12, 30


#: Digits of what the desk takes for a telephone number, so that it stands in no address.
_MAY_BE_PHONE = 7


class Leader(NamedTuple):
    """Somebody who looks.

    Attributes:
        person: Who.
        unit: What they lead.
    """

    person: Person
    unit: Unit


class Question(NamedTuple):
    """One page that is asked for.

    Attributes:
        kind: Under which name it is counted.
        leader: Who asks.
        address: For what.
        typed: What is posted to it, since it may be a telephone number; empty: nothing, it is looked at.
    """

    kind: str
    leader: Leader
    address: str
    typed: str = ""


async def leaders(chance: random.Random) -> dict[str, list[Leader]]:
    """Leaders by the tier of what they lead: those who have much to see as well as those who have little."""
    found = {}
    for tier in LOOKING:
        units = await _some(chance, tier, _LEADERS)
        posts = Leadership.filter(unit_id__in=[unit.id for unit in units], role=Role.LEADER, until=None)
        rows = await posts.select_related("person", "unit").order_by("unit_id")
        found[tier] = [Leader(row.person, row.unit) for row in rows]
    return found


async def questions(
    settings: Settings, people: dict[str, list[Leader]], chance: random.Random
) -> list[Question]:
    """All that is asked, in an order in which no kind follows itself for long."""
    found = [*_boards(people), *await _figures(people, chance), *await _issues(people, chance)]
    found += [*await _searches(people, chance), *_triage(people)]
    found += [*await _units(people, chance), *await _maps(settings, people, chance)]
    chance.shuffle(found)
    return found


async def _some(chance: random.Random, tier: str, number: int) -> list[Unit]:
    """Units of a tier: half of them by chance, half of those with the most issues."""
    ids = [row["id"] for row in await Unit.filter(tier=tier, closed_at=None).order_by("id").values("id")]
    chosen = set(chance.sample(ids, min(number, len(ids))))
    if tier == "block":
        most = Issue.all().annotate(number=Count("id")).group_by("block_id").order_by("-number")
        chosen |= {row["block_id"] for row in await most.limit(number // 2).values("block_id", "number")}
    return await Unit.filter(id__in=list(chosen)).order_by("id")


def _board(**query: str) -> str:
    return f"/desk/board?{urlencode(query)}"


def _boards(people: dict[str, list[Leader]]) -> Iterator[Question]:
    filters = {
        "no filter": {},
        "newest": {"order": "newest", "state": "all"},
        "urgent": {"urgent": "1", "state": "all"},
        "overdue": {"overdue": "1"},
        "private": {"private": "1", "state": "all"},
        "a day old": {"age": "d1", "state": "all"},
        "over a month old": {"age": "over30", "state": "all"},
        "in hand over a month": {"age": "over30"},
        "bridge": {"bridge": "sms", "state": "all"},
        "no such bridge": {"bridge": "telegram", "state": "all"},
        "rating 1": {"rating": "1", "state": "all"},
        "holder's tier": {"tier": "county"},
        "holder's tier, all": {"tier": "county", "state": "all"},
        "referred": {"state": State.REFERRED.value},
        "closed": {"state": State.CLOSED.value},
        "common word": {"q": COMMON, "state": "all"},
        "very common word": {"q": "三天", "state": "all"},
        "rare word": {"q": RARE, "state": "all"},
        "word of nobody": {"q": "恐龙蛋", "state": "all"},
        "words in hand": {"q": f"{COMMON} 村口"},
        "columns": {"view": "columns"},
        "columns of all": {"view": "columns", "state": "all"},
    }
    for tier, those in people.items():
        for name, query in filters.items():
            for each in those:
                yield Question(f"board, {name}", each, _board(**query))
        for each in those if tier != "city" else []:
            # The same units, asked for by whoever leads the city.
            above = people["city"][0]
            for name in ("no filter", "newest", "common word", "rating 1", "columns"):
                yield Question(
                    f"board of a unit, {name}", above, _board(unit=each.unit.code, **filters[name])
                )


async def _figures(people: dict[str, list[Leader]], chance: random.Random) -> list[Question]:
    found = []
    above = people["city"][0]
    for tier in ("city", "county", "township", "village", "section", "group", "block"):
        for unit in await _some(chance, tier, _UNITS):
            for weeks in ("", "?weeks=52"):
                found.append(Question(f"figures, {tier}", above, f"/desk/figures/{unit.code}{weeks}"))
    return found


async def _issues(people: dict[str, list[Leader]], chance: random.Random) -> list[Question]:
    found = []
    last = await Issue.all().order_by("-id").first()
    assert last is not None
    above = people["city"][0]
    for _ in range(100):
        number = Issue(id=chance.randrange(1, last.id)).number
        found.append(Question("issue", above, f"/desk/issue/{number}"))
    for each in people["block"]:
        own = await Issue.filter(block_id=each.unit.id).order_by("-id").limit(2)
        found += [Question("issue", each, f"/desk/issue/{issue.number}") for issue in own]
    return found


async def _searches(people: dict[str, list[Leader]], chance: random.Random) -> list[Question]:
    last = await Person.all().order_by("-id").first()
    assert last is not None
    living = await Person.filter(id__in=[chance.randrange(1, last.id) for _ in range(40)])
    units = await _some(chance, "village", 20) + await _some(chance, "block", 10)
    words = {
        "a whole name": [person.name for person in living],
        "a family name": ["王", "李", "白"],
        "a unit's name": [unit.name for unit in units],
        "a part of a unit's name": [unit.name[:2] for unit in units],
        "a code": [unit.code for unit in units],
        "a card's code": [unit.card_code for unit in units if unit.card_code],
        "a telephone number": [f"138{chance.randrange(10**8):08}" for _ in range(20)],
        "a number": [str(chance.randrange(1000, 100_000)) for _ in range(20)],
        "words": [COMMON, "三天", RARE, "水管 漏水", "恐龙蛋"],
    }
    return [
        _search(f"search, {name}", people[tier][index % len(people[tier])], typed)
        for tier in LOOKING
        for name, those in words.items()
        for index, typed in enumerate(those)
    ]


def _search(kind: str, leader: Leader, typed: str) -> Question:
    if len(typed) >= _MAY_BE_PHONE and typed.isdecimal():
        return Question(kind, leader, "/desk/search", typed)
    return Question(kind, leader, f"/desk/search?{urlencode({'q': typed})}")


def _triage(people: dict[str, list[Leader]]) -> list[Question]:
    return [Question("triage", each, "/desk/triage") for those in people.values() for each in those * 3]


async def _units(people: dict[str, list[Leader]], chance: random.Random) -> list[Question]:
    found = []
    above = people["city"][0]
    for tier in ("city", "county", "township", "village", "section", "group", "block"):
        for unit in await _some(chance, tier, _UNITS):
            found.append(Question(f"unit, {tier}", above, f"/desk/unit/{unit.code}"))
            found.append(Question(f"unit's card, {tier}", above, f"/desk/unit/{unit.code}?part=card"))
    return found


async def _maps(settings: Settings, people: dict[str, list[Leader]], chance: random.Random) -> list[Question]:
    """The map of some units of each tier, and boxes of the city around some blocks, near and far."""
    found = []
    above = people["city"][0]
    for tier in ("city", "county", "township", "village", "section", "group"):
        for unit in (await _some(chance, tier, _UNITS))[:_UNITS]:
            drawn = await reading.feature(settings, unit)
            if drawn is None:
                continue
            found.append(Question(f"map, {tier}", above, f"/desk/map/{unit.code}"))
            west, south, east, north = drawn.box
            zoom = _zoom(max(east - west, north - south))
            found.append(Question(f"cells, {tier}", above, _cells(unit.code, drawn.box, zoom)))
            middle = ((west + east) / 2, (south + north) / 2)
            for name, width in (("of a street", 0.01), ("of a village", 0.05), ("of a township", 0.2)):
                half = width / 2
                box = (middle[0] - half, middle[1] - half, middle[0] + half, middle[1] + half)
                if tier in ("village", "section"):
                    address = _cells(above.unit.code, box, _zoom(width))
                    found.append(Question(f"cells, a box {name}", above, address))
    return found


def _cells(code: str, box: Sequence[float], zoom: float) -> str:
    query = urlencode({"box": ",".join(f"{each:.6f}" for each in box), "zoom": f"{zoom:.1f}"})
    return f"/desk/map/{code}/cells?{query}"


def _zoom(degrees: float) -> float:
    """At which so many degrees fill a screen of about a thousand pixels."""
    zoom, pixels = 0.0, 256 / 360 * degrees
    while pixels < 1000 and zoom < 20:
        zoom, pixels = zoom + 1, pixels * 2
    return zoom
