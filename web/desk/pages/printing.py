"""Cards and posters of leaders: `/desk/print/{code}`, for a unit and all below; and pictures for them.

Numbers of leaders are printed for those to whom the desk would show them, and that is recorded.
"""

import asyncio
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from attachments.kinds import LIMIT, Family
from attachments.made import NotTaken, Use
from attachments.workshop import Workshop
from linzhang.words import Text, say
from models import Look, Portrait, Unit
from papers.fonts import NoFont
from web.access.scope import NotThere
from web.access.visits import Visit, Visiting
from web.desk.files import saved
from web.desk.frame import frame_of
from web.desk.printing import reading
from web.desk.printing.reading import Printed
from web.desk.printing.wording import Wording
from web.desk.texts import printing as texts

routes = APIRouter(prefix="/print")

#: Printing takes seconds of a processor: files are printed one after the other.
_PRINTER = asyncio.Semaphore(1)
_WORKSHOP = Workshop()

#: Names that the page lists.
_LISTED = 150

#: A sheet of cards: as many as a block has households, about.
_SHEET = 10


class Kind(StrEnum):
    """What is printed."""

    CONTACT = "contact"
    WORK = "work"
    POSTER = "poster"


@routes.get("/{code}")
async def page(request: Request, visit: Visiting, code: str) -> Response:
    """What can be printed for a unit."""
    unit = await visit.scope.led(code)
    read = await reading.read(visit.scope, unit)
    profile = visit.settings.territory
    children = Unit.filter(parent_id=unit.id, closed_at=None).order_by("path")
    return frame_of(request).page(
        request,
        "printing/page.html",
        texts,
        visit,
        read=read,
        counts={kind: len(_printed(visit, read.leaders, kind)) for kind in Kind},
        own=next((each for each in read.leaders if each.unit.id == unit.id), None),
        children=await children if read.too_many else [],
        listed=_LISTED,
        sheet=_SHEET,
        has_number=visit.settings.twilio is not None,
        titles={tier.key: tier.leader for tier in profile.tiers},
    )


@routes.get("/{code}/{kind}.pdf")
async def file(
    request: Request,
    visit: Visiting,
    code: str,
    kind: Kind,
    copies: Annotated[int, Query(ge=1, le=_SHEET)] = 1,
    language: Annotated[str, Query(max_length=16)] = "",
) -> Response:
    """Cards or posters as a PDF."""
    unit = await visit.scope.led(code)
    read = await reading.read(visit.scope, unit)
    profile, own_language = visit.settings.territory, frame_of(request).language_of(request, visit)
    here = f"/desk/print/{unit.code}"
    printed = _printed(visit, read.leaders, kind)
    if not printed:
        notice = texts.TOO_MANY if read.too_many else texts.NOBODY
        return frame_of(request).told(here, say(notice, own_language))
    wording = Wording(visit.settings, language if language in profile.languages else profile.default_language)
    title = say(texts.NAMES[kind], own_language)
    try:
        async with _PRINTER:
            content = await asyncio.to_thread(_print, title, kind, printed, wording, copies)
    except NoFont:
        return frame_of(request).told(here, say(texts.NO_LETTERS, own_language))
    if kind is not Kind.WORK:
        whose = [each.person for each in printed if each.phone]
        await Look.bulk_create([Look(at=visit.scope.at, person=visit.person, whose=each) for each in whose])
    return saved(content, "application/pdf", f"{unit.code}-{kind}.pdf", f"{unit.name}_{title}.pdf")


@routes.post("/{code}/picture")
async def take_picture(request: Request, visit: Visiting, code: str) -> Response:
    """Take a picture of the unit's leader, or remove the one that is there."""
    unit = await visit.scope.led(code)
    leader = await _leader(visit, unit)
    form = await request.form()
    try:
        handed_in = form.get("picture")
        content = await handed_in.read(LIMIT + 1) if isinstance(handed_in, UploadFile) else b""
        said = await _remove(leader) if "drop" in form else await _keep(visit, leader, content)
    finally:
        await form.close()
    language = frame_of(request).language_of(request, visit)
    notice = say(said, language, name=leader.person.name, most=LIMIT >> 20)
    return frame_of(request).told(f"/desk/print/{unit.code}", notice)


@routes.get("/{code}/picture.jpg")
async def show_picture(visit: Visiting, code: str) -> Response:
    """The picture of the unit's leader."""
    leader = await _leader(visit, await visit.scope.led(code))
    if leader.picture is None:
        raise NotThere(code)
    return Response(leader.picture, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


async def _leader(visit: Visit, unit: Unit) -> Printed:
    leader = await reading.leader_of(visit.scope, unit)
    if leader is None:
        raise NotThere(unit.code)
    return leader


async def _keep(visit: Visit, leader: Printed, content: bytes) -> Text:
    try:
        if not content or len(content) > LIMIT:
            return texts.PICTURE_WRONG
        made = await _WORKSHOP.make(content, Use.PHONE)
    except NotTaken:
        return texts.PICTURE_WRONG
    if made.family is not Family.PICTURE:
        return texts.PICTURE_WRONG
    kept = {"picture": made.content, "since": visit.scope.at}
    await Portrait.update_or_create(defaults=kept, person_id=leader.person.id)
    return texts.PICTURE_TAKEN


async def _remove(leader: Printed) -> Text:
    await Portrait.filter(person_id=leader.person.id).delete()
    return texts.PICTURE_DROPPED


def _printed(visit: Visit, leaders: Sequence[Printed], kind: Kind) -> list[Printed]:
    """Of whom something of a kind is printed: all leaders work, a block's has residents."""
    bottom = visit.settings.territory.bottom.key
    return [each for each in leaders if kind is Kind.WORK or each.unit.tier == bottom]


def _print(title: str, kind: Kind, printed: Sequence[Printed], wording: Wording, copies: int) -> bytes:
    # What writes PDFs takes a second of a processor to load: no process has to start with it.
    from papers.cards import print_cards
    from papers.posters import print_posters

    if kind is Kind.POSTER:
        return print_posters(title, [wording.poster(each) for each in printed], *wording.languages)
    write = wording.work if kind is Kind.WORK else wording.contact
    cards = [card for card in map(write, printed) for _ in range(copies)]
    return print_cards(title, cards, wording.back() if kind is Kind.WORK else None, *wording.languages)
