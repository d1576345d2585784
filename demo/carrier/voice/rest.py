"""Twilio's REST API for calls, as the SDK and any other client sees it.

Reads requests and writes Twilio's JSON. After Twilio's 'Call resource'. It must never call anybody by
itself: the switchboard does.
"""

import re
from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import FormData

from demo.carrier.addresses import is_url
from demo.carrier.behaviour import call_refusal
from demo.carrier.delivery import API_VERSION
from demo.carrier.errors import CarrierError, UnsupportedParameter
from demo.carrier.exchange import Exchange
from demo.carrier.numbers import is_dialable
from demo.carrier.paging import dates, lies_in, page
from demo.carrier.rest import PREFIX, Authenticated
from demo.carrier.voice.params import rfc2822
from demo.carrier.voice.records import Call, Method
from demo.carrier.voice.switchboard import CallDraft

_NOT_IMITATED = (
    "ApplicationSid", "AsyncAmd", "Byoc", "CallerId", "CallToken", "Record", "SendDigits",
    "SipAuthPassword", "SipAuthUsername",
)  # fmt: skip
"""Parameters that would change what happens, and that would be a lie to ignore."""

_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
_FILTERS = ("To", "From", "ParentCallSid", "Status", *dates("StartTime", "EndTime"))
_LONGEST_RING = 600

router = APIRouter(prefix=PREFIX)


@router.post("/Calls.json")
async def create_call(exchange: Authenticated, request: Request) -> JSONResponse:
    """Call a phone. 'Call resource': Create a Call."""
    form = await request.form()
    draft = _draft(exchange, form)
    return JSONResponse(call_json(exchange, exchange.voice.place(draft)), status_code=201)


@router.get("/Calls.json")
async def list_calls(exchange: Authenticated, request: Request) -> JSONResponse:
    """List calls, newest first. 'Call resource': Retrieve a list of Calls."""
    query = dict(request.query_params)
    calls = exchange.store.calls
    found = [call for call in reversed(calls.values()) if not call.deleted and _matches(call, query)]
    path = f"/{API_VERSION}/Accounts/{exchange.config.account_sid}/Calls.json"
    return JSONResponse(
        page(path, "calls", found, calls, query, _FILTERS, lambda call: call_json(exchange, call))
    )


@router.get("/Calls/{call_sid}.json")
async def fetch_call(exchange: Authenticated, request: Request, call_sid: str) -> JSONResponse:
    """Fetch one call."""
    return JSONResponse(call_json(exchange, find_call(exchange, request, call_sid)))


@router.post("/Calls/{call_sid}.json")
async def update_call(exchange: Authenticated, request: Request, call_sid: str) -> JSONResponse:
    """End a call (Status) or let it go on otherwise (Url or Twiml). 'Call resource': Update."""
    call = find_call(exchange, request, call_sid)
    form = await request.form()
    status, url, twiml = (_text(form, name) for name in ("Status", "Url", "Twiml"))
    if status in ("completed", "canceled"):
        exchange.voice.finish(call, "completed" if status == "completed" else "canceled")
    elif url is not None or twiml is not None:
        if url is not None and not is_url(url):
            raise CarrierError(21205, url)
        exchange.voice.redirect(call, url, _method(form, "Method"), twiml)
    return JSONResponse(call_json(exchange, exchange.store.calls[call_sid]))


@router.delete("/Calls/{call_sid}.json")
async def delete_call(exchange: Authenticated, request: Request, call_sid: str) -> Response:
    """Delete a call that is over."""
    call = find_call(exchange, request, call_sid)
    if not call.is_over:
        raise CarrierError(20009)
    exchange.store.erase(call.sid, "deleted")
    return Response(status_code=204)


def find_call(exchange: Exchange, request: Request, sid: str) -> Call:
    """The call of a path.

    Raises:
        CarrierError: 20404.
    """
    call = exchange.store.calls.get(sid)
    if call is None or call.deleted:
        raise CarrierError(20404, request.url.path)
    return call


def call_json(exchange: Exchange, call: Call) -> dict[str, object]:
    """The Call resource as Twilio writes it; a call that is only initiated counts as queued."""
    account = exchange.config.account_sid
    path = f"/{API_VERSION}/Accounts/{account}/Calls/{call.sid}"
    subresources = (
        "events", "notifications", "payments", "recordings", "siprec", "streams", "transcriptions",
        "user_defined_message_subscriptions", "user_defined_messages",
    )  # fmt: skip
    began = call.answered_at
    return {
        "sid": call.sid,
        "date_created": rfc2822(call.created_at),
        "date_updated": rfc2822(call.updated_at),
        "parent_call_sid": call.parent_sid,
        "account_sid": account,
        "to": call.recipient,
        "to_formatted": call.recipient,
        "from": call.caller_id,
        "from_formatted": call.caller_id,
        "phone_number_sid": None,
        "status": "queued" if call.status == "initiated" else call.status,
        "start_time": None if began is None else rfc2822(began),
        "end_time": None if call.ended_at is None else rfc2822(call.ended_at),
        "duration": None if call.duration is None else str(call.duration),
        "price": None,
        "price_unit": "USD",
        "direction": call.direction,
        "answered_by": exchange.voice.answered_by(call),
        "annotation": None,
        "api_version": API_VERSION,
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": "0",
        "trunk_sid": None,
        "uri": f"{path}.json",
        "subresource_uris": {
            name: f"{path}/{''.join(part.capitalize() for part in name.split('_'))}.json"
            for name in subresources
        },
    }


def _draft(exchange: Exchange, form: FormData) -> CallDraft:
    """The call that a form asks for.

    Raises:
        CarrierError: 21201, 21205, 21208, 21209, 21210, 21211, 21212, 21213, 21217, 21234, 21609, 21626,
            or whatever code the phone's behaviour is.
        UnsupportedParameter: It asks for more than this carrier imitates.
    """
    for name in _NOT_IMITATED:
        if _text(form, name) not in (None, "false"):
            raise UnsupportedParameter(name)
    to, sender = _text(form, "To"), _text(form, "From")
    if to is None:
        raise CarrierError(21201)
    if sender is None:
        raise CarrierError(21213)
    _check_numbers(exchange, to, sender)
    url, twiml = _text(form, "Url"), _text(form, "Twiml")
    if url is None and twiml is None:
        raise CarrierError(21205, "")
    for name, code in (("Url", 21205), ("FallbackUrl", 21205), ("StatusCallback", 21609)):
        address = _text(form, name)
        if address is not None and not is_url(address):
            raise CarrierError(code, address)
    timeout = _text(form, "Timeout") or "60"
    if not timeout.isdecimal() or not 0 < int(timeout) <= _LONGEST_RING:
        raise CarrierError(21208, timeout)
    events = tuple(word for each in form.getlist("StatusCallbackEvent") for word in str(each).split())
    for event in events:
        if event not in _EVENTS:
            raise CarrierError(21626, event)
    detection = _text(form, "MachineDetection")
    if detection not in (None, "Enable", "DetectMessageEnd"):
        raise CarrierError(21234, str(detection))
    return CallDraft(
        to=to,
        sender=sender,
        url=url,
        method=_method(form, "Method"),
        twiml=twiml if url is None else None,
        fallback_url=_text(form, "FallbackUrl"),
        fallback_method=_method(form, "FallbackMethod"),
        status_callback=_text(form, "StatusCallback"),
        status_method=_method(form, "StatusCallbackMethod"),
        status_events=events or ("completed",),
        timeout=int(timeout),
        detects_machines=detection is not None,
    )


def _check_numbers(exchange: Exchange, to: str, sender: str) -> None:
    if not re.fullmatch(r"\+?[0-9 ().-]+", to):
        raise CarrierError(21211, to)
    if not is_dialable(to):
        raise CarrierError(21217, to)
    if not is_dialable(sender):
        raise CarrierError(21212, sender)
    if sender not in exchange.config.numbers:
        raise CarrierError(21210, sender)
    refusal = call_refusal(exchange.store.behaviours.get(to, "normal"))
    if refusal is not None:
        raise CarrierError(refusal, to)


def _text(form: FormData, name: str) -> str | None:
    return str(form.get(name) or "") or None


def _method(form: FormData, name: str) -> Method:
    """An HTTP method of a form, POST when there is none.

    Raises:
        CarrierError: 21209.
    """
    given = (_text(form, name) or "POST").upper()
    if given not in ("GET", "POST"):
        raise CarrierError(21209, given)
    return "GET" if given == "GET" else "POST"


def _matches(call: Call, query: Mapping[str, str]) -> bool:
    """Whether a call is what was asked for; a day of StartTime is that of its creation until it began."""
    status = "queued" if call.status == "initiated" else call.status
    return (
        query.get("To", call.recipient) == call.recipient
        and query.get("From", call.caller_id) == call.caller_id
        and query.get("ParentCallSid", call.parent_sid) == call.parent_sid
        and query.get("Status", status) == status
        and lies_in(call.answered_at or call.created_at, "StartTime", query)
        and lies_in(call.ended_at, "EndTime", query)
    )
