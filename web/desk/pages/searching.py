"""Search: `/desk/search`. Issues, units, leaders, residents by name, number, code, words or telephone number.

What is looked for may be a telephone number, which stands in no address and no log (DESIGN, rule 7): the
field is always posted, and only what certainly is none goes on into an address that can be kept.
"""

import re
import unicodedata
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from tortoise.expressions import Q

from issues import chain, departments, names, numbers
from issues import texts as issue_texts
from issues.reaching import PHONE
from linzhang import phones
from models import Issue, Leadership, Message, Person, Role, Unit, Voice
from projections import words as full_text
from territory import finding
from web.access.visits import Visit, Visiting
from web.desk.frame import frame_of
from web.desk.queries import sought
from web.desk.texts import searching as texts

routes = APIRouter(prefix="/search")

_HERE = "/desk/search"

#: Entries of each kind that are shown, characters of a search, and of an issue's words.
_SHOWN, _LONGEST, _QUOTED = 10, 80, 80

#: What shows of an issue.
_FETCHED = ("reporter", "block", "holder")

#: Seven digits or more, however they are grouped: a telephone number, or a unit's or a card's code.
_NUMBER = re.compile(r"\+?\d(?:[\s().-]*\d){6,}")


@routes.get("")
async def page(request: Request, visit: Visiting, q: str = "") -> Response:
    """What is found for words; nothing that may be a telephone number is looked for here."""
    wanted = _clean(q)
    if _NUMBER.search(wanted):
        return RedirectResponse(_HERE, 303)
    return await _results(request, visit, wanted, searched=wanted)


@routes.post("")
async def look(request: Request, visit: Visiting, q: Annotated[str, Form()] = "") -> Response:
    """The same from the field on every page."""
    wanted = _clean(q)
    if not _NUMBER.search(wanted):
        return RedirectResponse(f"{_HERE}?q={quote(wanted)}" if wanted else _HERE, 303)
    return await _results(request, visit, wanted, searched="")


async def _results(request: Request, visit: Visit, wanted: str, *, searched: str) -> Response:
    language = frame_of(request).language_of(request, visit)
    profile = visit.settings.territory
    issues = await _issues(visit, wanted)
    units = await _units(visit, wanted)
    leaders = await _leaders(visit, wanted)
    residents = await _residents(visit, wanted)
    return frame_of(request).page(
        request,
        "search.html",
        texts,
        visit,
        wanted=bool(wanted),
        states=issue_texts.STATE_NAMES,
        searched=searched,
        issues=[(issue, await _said(visit, issue)) for issue in issues],
        units=[(unit, await _line_above(unit)) for unit in units],
        leaders=[(post, await names.place(post.unit, profile, language)) for post in leaders],
        residents=[(each, await names.place(each.block, profile, language)) for each in residents],
        title=lambda post: profile.tier(post.unit.tier).leader.get(language, ""),
        tier=lambda unit: profile.tier(unit.tier).name.get(language, ""),
    )


async def _issues(visit: Visit, wanted: str) -> list[Issue]:
    if not wanted:
        return []
    seen = Issue.filter(visit.scope.issues())
    ids: list[int] = []
    digits = wanted.removeprefix("#").strip()
    if digits.isascii() and digits.isdigit() and len(digits) < 10:
        ids += await sought.ids(seen.filter(id=Issue.id_of(int(digits))))
    if not _NUMBER.search(wanted):
        ids += await sought.ids(seen.filter(await full_text.find(wanted)).order_by("-id").limit(_SHOWN))
    found = await sought.fetched(ids, _FETCHED)
    # That words stand in a private issue is told to those only who may read it; its number tells nothing.
    by_number = {issue.id for issue in found[:1] if str(issue.number) == digits}
    return [issue for issue in found if issue.id in by_number or await visit.scope.reads(issue)]


async def _units(visit: Visit, wanted: str) -> list[Unit]:
    if not wanted:
        return []
    within = finding.below(visit.scope.units)
    number = _number(visit, wanted)
    if number and phones.is_given_out(number):
        return []  # it is no code, and must not stand in any statement
    code = re.sub(r"[\s-]", "", wanted)
    exact = await Unit.filter(within, Q(code=wanted) | Q(card_code=code[:16])).limit(2)
    if exact or _NUMBER.search(wanted):
        return exact
    return await finding.units(wanted, within, _SHOWN)


async def _leaders(visit: Visit, wanted: str) -> list[Leadership]:
    posts = Leadership.filter(
        chain.in_office(visit.scope.at), finding.below(visit.scope.units, "unit__path"), role=Role.LEADER
    )
    if _NUMBER.search(wanted):
        person = await _by_number(visit, wanted)
        posts = posts.filter(person_id=person.id if person else None)
    else:
        named = finding.named(Person, wanted, "person__")
        if named is None:
            return []
        posts = posts.filter(named)
    return await posts.select_related("person", "unit").limit(_SHOWN)


async def _residents(visit: Visit, wanted: str) -> list[Person]:
    """People of those blocks only whose leader may be shown their numbers: departments see nobody here."""
    profile = visit.settings.territory
    led = [unit for unit in visit.scope.units if not departments.is_one(unit, profile)]
    if _NUMBER.search(wanted):
        person = await _by_number(visit, wanted)
        if person is None:
            return []
        await person.fetch_related("block")
        return [person] if visit.scope.dials(person.block) else []
    return await finding.people(wanted, finding.below(led, "block__path"), _SHOWN)


async def _by_number(visit: Visit, wanted: str) -> Person | None:
    """Whose telephone number this is; it is compared by its keyed hash, and kept nowhere."""
    number = _number(visit, wanted)
    address = await numbers.find(visit.settings, PHONE, number) if number else None
    return address.person if address else None


def _number(visit: Visit, wanted: str) -> str:
    """A telephone number in E.164; empty: it is none."""
    try:
        return phones.normalise(wanted, visit.settings.territory.region) if _NUMBER.search(wanted) else ""
    except phones.NotANumber:
        return ""


async def _said(visit: Visit, issue: Issue) -> str | None:
    """An issue's first words; None: they are not for whoever looks, and nor is who said them."""
    if not await visit.scope.reads(issue):
        return None
    first = await Message.filter(issue_id=issue.id, voice=Voice.RESIDENT).order_by("id").first()
    return first.text[:_QUOTED] if first else ""


async def _line_above(unit: Unit) -> str:
    return " › ".join(each.name for each in (await chain.ancestors(unit))[-4:-1])


def _clean(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text[:_LONGEST])
    return " ".join("".join(" " if unicodedata.category(c).startswith("C") else c for c in folded).split())
