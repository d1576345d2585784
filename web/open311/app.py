"""Puts Open311 together: discovery, services, requests, tokens; each in JSON and in XML.

The addresses are the specification's, and so are the names of all fields.
"""

from enum import StrEnum

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.types import ASGIApp

from bridges.contract import Accept
from escalator.waking import Waker
from linzhang import words
from linzhang.settings import Settings
from web.access.tokens import Right
from web.api.access import DESK
from web.api.limits import Limits
from web.api.problems import language_of
from web.desk.bounds import Bounds
from web.desk.headers import Headers
from web.open311 import asked, closing, errors, keys, reports, requests, services, texts
from web.open311.errors import Wrong, say_in, settings_of
from web.open311.forms import written

#: Where Open311 is mounted.
PREFIX = "/open311"

_SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"

#: When what is said here last changed.
_CHANGESET = "2026-11-27T00:00:00Z"


class Form(StrEnum):
    """How an answer is written, as the ending of the address says."""

    JSON = "json"
    XML = "xml"


def open311_app(settings: Settings, waker: Waker, limits: Limits, accept: Accept) -> ASGIApp:
    """The application below `/open311`.

    Args:
        settings: The service's.
        waker: Wakes workers for what is done here.
        limits: Counts the requests of tokens.
        accept: Stores a report durably.
    """
    app = FastAPI(title="Linzhang Open311", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = settings
    app.state.waker = waker
    app.state.limits = limits
    app.state.accept = accept
    errors.handle(app)
    app.get("/discovery.{form}")(discovery)
    app.get("/v2/services.{form}")(service_list)
    app.get("/v2/services/{code}.{form}")(service_definition)
    app.get("/v2/requests.{form}")(request_list)
    app.post("/v2/requests.{form}", status_code=201)(report)
    app.get("/v2/requests/{number}.{form}")(one_request)
    app.post("/v2/requests/{number}.{form}")(update)
    app.get("/v2/tokens/{token}.{form}")(token_of)
    return Headers(Bounds(app))


async def discovery(request: Request, form: Form) -> Response:
    """Where everything is, and how to get a key."""
    settings = settings_of(request)
    profile = settings.territory
    language = language_of(request)
    programme = profile.name.get(language, profile.name[profile.default_language])
    endpoint = {
        "specification": _SPECIFICATION,
        "url": f"{settings.public_url}{PREFIX}/v2",
        "changeset": _CHANGESET,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    desk = f"{settings.public_url}{DESK}"
    content = {
        "changeset": _CHANGESET,
        "contact": say_in(request, texts.CONTACT, programme=programme),
        "key_service": say_in(request, texts.HOW_TO_GET_A_KEY, address=desk),
        "endpoints": [endpoint],
    }
    return written(form, "discovery", content)


async def service_list(request: Request, form: Form) -> Response:
    """What can be reported."""
    await asked.here(request.query_params)
    offered = await services.offered(settings_of(request), language_of(request))
    content = [
        {
            "service_code": each.code,
            "service_name": each.name,
            "description": each.about,
            "metadata": False,
            "type": "batch",
            "keywords": None,
            "group": each.group,
        }
        for each in offered
    ]
    return written(form, "services", content)


async def service_definition(request: Request, code: str, form: Form) -> Response:
    """What a service asks for besides: nothing."""
    await asked.here(request.query_params)
    service = await services.named(settings_of(request), code, language_of(request))
    if service is None:
        raise Wrong(404, texts.NOT_FOUND, name="service_code")
    return written(form, "service_definition", {"service_code": service.code, "attributes": []})


async def request_list(request: Request, form: Form) -> Response:
    """Requests: those with some numbers, or those of some time, service and status."""
    caller = await keys.caller(request, Right.READ_ISSUES, Right.REPORT_ISSUES)
    await asked.here(request.query_params)
    numbers = asked.numbers(request.query_params.get("service_request_id", ""))
    if numbers:
        found = await requests.by_numbers(caller, numbers)
    else:
        found = await requests.listed(caller, asked.wanted(settings_of(request), request.query_params))
    return written(form, "service_requests", await requests.shown(caller, found, language_of(request)))


async def one_request(request: Request, number: str, form: Form) -> Response:
    """One request."""
    caller = await keys.caller(request, Right.READ_ISSUES, Right.REPORT_ISSUES)
    await asked.here(request.query_params)
    found = await requests.by_numbers(caller, asked.numbers(number))
    if not found:
        raise Wrong(404, texts.NOT_FOUND, name="service_request_id")
    return written(form, "service_requests", await requests.shown(caller, found, language_of(request)))


async def report(request: Request, form: Form) -> Response:
    """Report something: a token is answered, since a worker makes the issue of it."""
    given = await asked.fields(request)
    caller = await keys.caller(request, Right.REPORT_ISSUES, key=given.get("api_key", ""))
    await asked.here(given)
    language = language_of(request)
    inbound = await reports.read(request, caller, given, language)
    accept: Accept = request.app.state.accept
    await accept(inbound)
    lowest = settings_of(request).territory.tiers[-1]
    window = words.duration(lowest.answer_window, language)
    notice = say_in(request, texts.NOTICE, time=window)
    content = [
        {
            "token": inbound.external_id,
            "service_notice": notice,
            "account_id": given.get("account_id", "")[:200] or None,
        }
    ]
    return written(form, "service_requests", content, 201)


async def token_of(request: Request, token: str, form: Form) -> Response:
    """The number of what was reported; empty for the moment in which a worker has not made it yet."""
    await asked.here(request.query_params)
    found = await reports.find(token)
    if found is None:
        raise Wrong(404, texts.NOT_FOUND, name="token")
    number = str(found.number) if found.number is not None else None
    return written(form, "service_requests", [{"service_request_id": number, "token": found.token}])


async def update(request: Request, number: str, form: Form) -> Response:
    """Our extension: a department closes or returns what was referred to it, or says something."""
    given = await asked.fields(request)
    caller = await keys.caller(request, Right.WRITE_ISSUES, key=given.get("api_key", ""))
    await asked.here(given)
    lanes = await closing.change(caller, asked.number(number), given)
    waker: Waker = request.app.state.waker
    await waker.outbox(lanes)
    found = await requests.by_numbers(caller, [asked.number(number)])
    return written(form, "service_requests", await requests.shown(caller, found, language_of(request)))
