"""What the carrier calls for calls: how one goes on, a recording that is ready, the fate of one of ours.

Each request is limited, verified and understood. What a caller has left is kept before anybody is asked
how the call goes on, so that nothing which comes after it can lose it. Addresses carry places and keys.
"""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from bridges.calls import Call, Happened, Switchboard
from bridges.contract import Accept
from bridges.sms import incoming, twiml, voice_incoming
from bridges.sms.requests import Params, Requests
from linzhang.settings import Twilio

TURN = "/voice/call"
RECORDING = "/voice/recording"
STATUS = "/voice/status"

#: What asks the carrier to try three more times while we do not answer; by itself it tries once. After
#: Twilio's 'Webhook connection overrides'; it is no part of what is called and signed.
PERSISTENT = "#rc=3&rp=5xx,ct,rt"


def turn_address(public_url: str, *, place: str = "", key: str = "") -> str:
    """Where the carrier asks how a call goes on.

    Args:
        public_url: Where the carrier reaches the application.
        place: Where the conversation stands; empty at its beginning.
        key: For a call that we place: the key of the message that it carries.
    """
    query = urlencode({name: value for name, value in (("key", key), ("place", place)) if value})
    return f"{public_url.rstrip('/')}{TURN}" + (f"?{query}" if query else "") + PERSISTENT


def calls(
    twilio: Twilio, *, public_url: str, region: str, accept: Accept, switchboard: Switchboard
) -> APIRouter:
    """The webhooks that ask how calls go on.

    Args:
        twilio: The account that may call.
        public_url: Where the carrier reaches the application; part of what it signs.
        region: ISO 3166 code that numbers without a country code belong to.
        accept: Stores an event durably; see `bridges.contract.Accept`.
        switchboard: Says how calls go on.
    """
    routes = APIRouter()
    requests = Requests(twilio, public_url, accept)

    async def keep(call: Call, params: Params) -> None:
        """Store what has happened, before anything else can go wrong."""
        message = voice_incoming.left(params, call, twilio)
        if message is not None:
            await requests.store(message)
        elif call.happened is Happened.BEGAN and not call.place:
            # Whoever is on the line is answered in any case: the switchboard tells them what is wrong.
            await requests.note(voice_incoming.began(call))

    @routes.post(TURN)
    async def turn(request: Request) -> Response:
        """Say how a call goes on."""
        place, key = (incoming.key_of(request.query_params.get(name, "")) for name in ("place", "key"))

        async def answer(params: Params) -> Response:
            call = voice_incoming.call(params, place, key, region)
            await keep(call, params)
            following = await switchboard.answer(call)
            for inbound in following.keep:
                await requests.store(inbound)
            document = twiml.document(
                following.steps,
                number=twilio.number,
                address=lambda then: turn_address(public_url, place=then, key=key),
                recording_url=f"{public_url.rstrip('/')}{RECORDING}{PERSISTENT}",
            )
            return Response(document, media_type="text/xml")

        return await requests.take(request, TURN, answer)

    @routes.post(RECORDING)
    async def recording(request: Request) -> Response:
        """Take a message whose sound is ready, in case that its caller's line broke before it was told."""

        async def answer(params: Params) -> Response:
            message = voice_incoming.ready(params, twilio)
            if message is not None:
                await requests.store(message)
            return Response(status_code=204)

        return await requests.take(request, RECORDING, answer)

    return routes


def receipts(twilio: Twilio, *, public_url: str, region: str, accept: Accept) -> APIRouter:
    """The webhook for the fate of calls of ours; its arguments are those of `calls`."""
    routes = APIRouter()
    requests = Requests(twilio, public_url, accept)

    @routes.post(STATUS)
    async def status(request: Request) -> Response:
        """Take a receipt."""

        async def answer(params: Params) -> Response:
            key = incoming.key_of(request.query_params.get("key", ""))
            await requests.store(voice_incoming.receipt(params, key, region))
            return Response(status_code=204)

        return await requests.take(request, STATUS, answer)

    return routes
