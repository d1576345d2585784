"""Who may use the control API, and what its paths name.

It must never know what the control API does.
"""

from typing import Annotated

from fastapi import Depends, HTTPException, Request

from demo.carrier.exchange import Exchange
from demo.carrier.numbers import is_dialable
from demo.carrier.rest import exchange_of
from demo.carrier.webhooks import is_loopback


async def loopback_only(request: Request) -> None:
    """Refuse everybody who is not on this machine, and pages that call us by another name."""
    peer = request.client.host if request.client else None
    if not is_loopback(peer) or not is_loopback(request.url.hostname):
        raise HTTPException(403, "The control API is for this machine only.")


def dialable(number: str) -> str:
    """A phone number of the path.

    Raises:
        HTTPException: 422, it is none.
    """
    if not is_dialable(number):
        raise HTTPException(422, "A phone number in E.164, please, such as +8613800000001.")
    return number


Number = Annotated[str, Depends(dialable)]
Carrier = Annotated[Exchange, Depends(exchange_of)]
