"""What the carrier calls for texts: one address for those that come in, one for the fate of ours.

Each request is limited, verified, understood and handed to `accept`, and nothing more. The carrier is
told that a text arrived only when it is stored; otherwise it tries again or goes to its fallback.
"""

from fastapi import APIRouter, Request, Response

from bridges.contract import Accept
from bridges.sms import incoming
from bridges.sms.channels import Channel
from bridges.sms.requests import Params, Requests
from linzhang.settings import Twilio

_TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'  # "say nothing": answers go out by themselves


def router(twilio: Twilio, channel: Channel, *, public_url: str, region: str, accept: Accept) -> APIRouter:
    """The webhooks.

    Args:
        twilio: The account that may call.
        channel: Whose webhooks.
        public_url: Where the carrier reaches the application; part of what it signs.
        region: ISO 3166 code that numbers without a country code belong to.
        accept: Stores an event durably; see `bridges.contract.Accept`.
    """
    routes = APIRouter()
    requests = Requests(twilio, public_url, accept)

    @routes.post(channel.inbound)
    async def text(request: Request) -> Response:
        """Take a text."""

        async def answer(params: Params) -> Response:
            await requests.store(incoming.text(params, channel, region, twilio.api_url))
            return Response(_TWIML, media_type="text/xml")

        return await requests.take(request, channel.inbound, answer)

    @routes.post(channel.status)
    async def status(request: Request) -> Response:
        """Take a receipt."""

        async def answer(params: Params) -> Response:
            key = incoming.key_of(request.query_params.get("key", ""))
            await requests.store(incoming.receipt(params, channel, key, region))
            return Response(status_code=204)

        return await requests.take(request, channel.status, answer)

    return routes
