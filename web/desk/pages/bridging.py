"""Bridges: `/desk/admin/bridges`. How each is doing; off and on; tied groups; the record of what was done."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from tortoise.transactions import in_transaction

from bridges import registry
from issues import audit, sealing, switches, traffic
from linzhang.words import Text, say
from models import AdminAction, RoomBridge, TiedChat
from rooms.tied import untie
from web.access.scope import NotThere
from web.access.visits import Administering
from web.desk.frame import frame_of
from web.desk.texts import bridging as texts

routes = APIRouter(prefix="/admin/bridges")

_HERE = "/desk/admin/bridges"

#: How many rows of a list are shown.
_SHOWN = 50

#: Deliverers of the outbox that are no bridges, but can stand still as those can.
_BESIDES = ("rooms", "media", "ties")


@routes.get("")
async def page(request: Request, visit: Administering, before: int | None = None) -> Response:
    """All of it; of the record, what came before a deed."""
    names = [*registry.names(visit.settings), *_BESIDES]
    deeds = AdminAction.exclude(action=sealing.ACTION)
    deeds = deeds if before is None else deeds.filter(id__lt=before)
    ties = TiedChat.filter(ended_at=None).select_related("unit")
    rooms = RoomBridge.filter(until=None).select_related("unit", "by")
    return frame_of(request).page(
        request,
        "admin/bridges.html",
        texts,
        visit,
        stands=await traffic.stands(visit.settings, names),
        ties=await ties.order_by("unit__path", "id").limit(_SHOWN),
        ties_in_all=await TiedChat.filter(ended_at=None).count(),
        rooms=await rooms.order_by("unit__path", "id").limit(_SHOWN),
        rooms_in_all=await RoomBridge.filter(until=None).count(),
        deeds=await deeds.order_by("-id").limit(_SHOWN),
        shown=_SHOWN,
        lately=traffic.LATELY.days,
    )


@routes.post("/{name}")
async def switch(
    request: Request,
    visit: Administering,
    name: str,
    to: Annotated[Literal["on", "off"], Form()],
    why: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Turn a bridge off or on."""
    if name not in registry.names(visit.settings) or name in switches.NEEDED:
        raise NotThere(name)
    turn = switches.turn_off if to == "off" else switches.turn_on
    await turn(visit.settings, name, visit.person.name, why.strip())
    return _told(request, visit, texts.IS_OFF if to == "off" else texts.IS_ON, name)


@routes.post("/ties/{tie_id}")
async def end_tie(request: Request, visit: Administering, tie_id: int) -> Response:
    """Untie a group."""
    tie = await TiedChat.get_or_none(id=tie_id, ended_at=None).select_related("unit")
    if tie is None:
        raise NotThere(str(tie_id))
    async with in_transaction():
        if await untie(visit.settings, tie.bridge, tie.chat):
            detail = f"{tie.chat} {tie.unit.code}"
            await audit.record(visit.settings, "chat untied", tie.bridge, visit.person.name, detail)
    return _told(request, visit, texts.UNTIED, tie.unit.name)


def _told(request: Request, visit: Administering, text: Text, name: str) -> Response:
    frame = frame_of(request)
    language = frame.language_of(request, visit)
    called = say(texts.NAMES[name], language) if name in texts.NAMES else texts.BRANDS.get(name, name)
    return frame.told(_HERE, say(text, language, name=called))
