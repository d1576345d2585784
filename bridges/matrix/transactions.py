"""What a homeserver tells an application service: transactions of events, and questions about names.

Each event is understood, handed to `accept`, and nothing more. The homeserver sends a transaction
again until it is answered with 200, so one that could not be stored must never be.
"""

import hmac
import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from bridges.contract import Accept
from bridges.matrix.events import readers, told
from linzhang.networks import Network
from linzhang.settings import Homeserver

log = logging.getLogger(__name__)

_PREFIX = "/_matrix/app/v1"


class _Rejected(Exception):
    """A request that is not answered with what it asks for."""

    def __init__(self, status: int, errcode: str, reason: str) -> None:
        super().__init__(reason)
        self.answer = JSONResponse({"errcode": errcode, "error": reason}, status)


def router(homeservers: Sequence[Homeserver], accept: Accept, networks: Sequence[Network] = ()) -> APIRouter:
    """The endpoints of the application service API.

    Args:
        homeservers: Who may call; the token tells which one does.
        accept: Stores an event durably; see `bridges.contract.Accept`.
        networks: Whose people are shown in rooms by third parties' bridges.
    """
    routes = APIRouter()

    # Older homeservers leave the prefix out.
    @routes.put(_PREFIX + "/transactions/{txn_id}")
    @routes.put("/transactions/{txn_id}")
    async def transaction(request: Request) -> JSONResponse:
        """Take events, in the order in which they happened."""
        try:
            homeserver = _caller(request, homeservers)
            events, ephemeral = _events(await request.body())
        except _Rejected as rejected:
            return rejected.answer
        try:
            for event in events:
                inbound = told(event, homeserver, homeservers, networks)
                if inbound is not None:
                    await accept(inbound)
            for seen in readers(ephemeral, homeservers):
                await accept(seen)
        except Exception as error:
            # Not raised further: a stack's text may hold what the sender wrote.
            log.error("a transaction of %s was not taken: %s", homeserver.server_name, type(error).__name__)
            return JSONResponse({"errcode": "M_UNKNOWN", "error": "It could not be stored."}, 500)
        return JSONResponse({})

    @routes.post(_PREFIX + "/ping")
    async def ping(request: Request) -> JSONResponse:
        """Tell the homeserver that it reaches us."""
        try:
            _caller(request, homeservers)
        except _Rejected as rejected:
            return rejected.answer
        return JSONResponse({})

    # Ghosts and rooms are made before anybody can ask for them: whatever is asked for is not there.
    @routes.get(_PREFIX + "/users/{name}")
    @routes.get(_PREFIX + "/rooms/{name}")
    @routes.get("/users/{name}")
    @routes.get("/rooms/{name}")
    async def unknown(request: Request) -> JSONResponse:
        """Tell the homeserver that there is no such user or room."""
        try:
            _caller(request, homeservers)
        except _Rejected as rejected:
            return rejected.answer
        return JSONResponse({"errcode": "M_NOT_FOUND", "error": "There is none."}, 404)

    return routes


def _caller(request: Request, homeservers: Sequence[Homeserver]) -> Homeserver:
    """The homeserver whose token the request shows."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        token = request.query_params.get("access_token", "")
    if not token:
        raise _Rejected(401, "M_UNAUTHORIZED", "A token is missing.")
    shown = token.strip().encode()
    found = None
    for homeserver in homeservers:  # all of them, so that the time tells nothing
        if hmac.compare_digest(shown, homeserver.hs_token.get_secret_value().encode()):
            found = homeserver
    if found is None:
        raise _Rejected(403, "M_FORBIDDEN", "The token is wrong.")
    return found


def _events(body: bytes) -> tuple[Sequence[Any], Sequence[Any]]:
    """The transaction's events, and what passes: who types, and who has read what (MSC2409)."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _Rejected(400, "M_NOT_JSON", "The body is not JSON.") from error
    events = content.get("events") if isinstance(content, Mapping) else None
    if not isinstance(content, Mapping) or not isinstance(events, list):
        raise _Rejected(400, "M_BAD_JSON", "The body has no list of events.")
    ephemeral = content.get("ephemeral", content.get("de.sorunome.msc2409.ephemeral"))
    return events, ephemeral if isinstance(ephemeral, list) else []
