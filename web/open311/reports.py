"""A report for a resident: read from a form, stored in the inbox, and found again by its token.

It is an `Inbound` of the bridge 'open311', so nothing of it is lost or done twice: what becomes of it is the
workers' work (`issues.filing`).
"""

import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request

from bridges.contract import Inbound
from bridges.open311.bridge import NAME, TEXT_LIMIT
from issues.inbox import FILED, PHONE
from linzhang import phones
from linzhang.profile import Profile
from models import Inbox, Message, Unit
from web.access.tokens import Caller
from web.open311 import places, services, texts
from web.open311.errors import Wrong, settings_of
from web.open311.services import GENERAL

#: Characters of the shorter fields that are read.
_SHORT = 200

#: Characters of a token.
TOKEN = 80


@dataclass(frozen=True, slots=True)
class Pending:
    """A report on its way.

    Attributes:
        token: By which it is found again.
        number: The issue's that it has become; None: not yet.
    """

    token: str
    number: int | None = None


async def read(request: Request, caller: Caller, form: Mapping[str, str], language: str) -> Inbound:
    """What a form reports.

    Args:
        request: That brought it.
        caller: Who reports.
        form: The fields that are not empty.
        language: In which the service is called.

    Raises:
        Wrong: Something is missing or not as it should be.
    """
    settings = settings_of(request)
    code = form.get("service_code", "")
    if not code:
        raise Wrong(400, texts.MISSING, name="service_code")
    service = await services.named(settings, code, language)
    if service is None:
        raise Wrong(404, texts.NOT_FOUND, name="service_code")
    unit, place = await _where(caller, form)
    description = form.get("description", "")
    if not description.strip():
        raise Wrong(400, texts.MISSING, name="description")
    if len(description) > TEXT_LIMIT:
        raise Wrong(400, texts.TOO_LONG, name="description", limit=TEXT_LIMIT)
    wish = f"【{service.name}】" if service.code != GENERAL else ""
    lines = [f"{wish}{description}", form.get("address_string", "")[:_SHORT], place, _media(form)]
    filed = {"unit": unit.code if unit else "", "name": _name(form)}
    token = _token(request, caller)
    return Inbound(
        bridge=NAME,
        external_id=token,
        sender=_sender(caller, form, token),
        text="\n".join(line for line in lines if line),
        detail={FILED: filed} | _phone(form, settings.territory),
    )


async def find(token: str) -> Pending | None:
    """A report by its token; None: there is none."""
    if not 0 < len(token) <= TOKEN:
        return None
    message = await Message.get_or_none(bridge=NAME, external_id=token).select_related("issue")
    if message is not None:
        return Pending(token, message.issue.number)
    return Pending(token) if await Inbox.exists(bridge=NAME, external_id=token) else None


def of_caller(caller: Caller) -> str:
    """How the tokens of all reports of a caller begin."""
    return f"{caller.token.id}."


def _token(request: Request, caller: Caller) -> str:
    """A new token; the same one for a request that is repeated with its key."""
    key = request.headers.get("idempotency-key", "")
    if not key:
        return of_caller(caller) + secrets.token_hex(16)
    vault = caller.scope.settings.vault
    return of_caller(caller) + vault.lookup("open311 request", f"{caller.token.id}.{key}")[:32]


async def _where(caller: Caller, form: Mapping[str, str]) -> tuple[Unit | None, str]:
    """The unit that is meant, if one can be told, and the point as something to press."""
    profile = caller.scope.settings.territory
    point = _point(form)
    address, code = form.get("address_string", "")[:_SHORT], form.get("address_id", "")
    if point is None and not address and not code:
        raise Wrong(400, texts.NO_PLACE, names="lat + long, address_string, address_id")
    unit = None
    if code:
        unit = await places.by_code(code)
        if unit is None or not caller.scope.sees(unit) or not profile.tier(unit.tier).chain:
            raise Wrong(404, texts.NOT_FOUND, name="address_id")
    if unit is None and address:
        unit = await places.by_name(address, profile)
    if unit is None and point is not None:
        unit = await places.by_point(*point, profile)
    if unit is not None and not caller.scope.sees(unit):
        raise Wrong(400, texts.NOT_HERE, name="lat, long" if point and not address else "address_string")
    return unit, profile.on_map(*point) if point else ""


def _point(form: Mapping[str, str]) -> tuple[float, float] | None:
    if "lat" not in form and "long" not in form:
        return None
    try:
        latitude, longitude = float(form.get("lat", "")), float(form.get("long", ""))
    except ValueError:
        latitude = longitude = math.nan
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Wrong(400, texts.WRONG, name="lat, long", example="33.8447, 115.7790")
    return latitude, longitude


def _phone(form: Mapping[str, str], profile: Profile) -> dict[str, str]:
    given = form.get("phone")
    if not given:
        return {}
    try:
        return {PHONE: phones.normalise(given[:_SHORT], profile.region)}
    except phones.NotANumber:
        raise Wrong(400, texts.WRONG, name="phone", example=phones.example(profile.region)) from None


def _name(form: Mapping[str, str]) -> str:
    """The name as it is said here: in Chinese the family's comes first, and nothing stands between."""
    first, last = form.get("first_name", "").strip(), form.get("last_name", "").strip()
    written_together = not f"{first}{last}".isascii()
    name = f"{last}{first}" if written_together else f"{first} {last}"
    return name.strip()[:60]


def _media(form: Mapping[str, str]) -> str:
    """The address of a picture as words: nothing is fetched from it."""
    given = form.get("media_url", "").strip()
    return given if given.startswith(("https://", "http://")) and len(given) <= 500 else ""


def _sender(caller: Caller, form: Mapping[str, str], token: str) -> str:
    """Who reports, among all of a programme's people: the same one again if the programme says so."""
    who = form.get("account_id") or form.get("device_id") or token
    return f"{caller.token.id}:{who[:_SHORT]}"
