"""What every webhook has to do: read no more than it takes, and keep what it has understood.

It must never understand a request, nor say what the sender wrote.
"""

import logging

from fastapi import Request

from bridges.contract import Accept, Inbound

log = logging.getLogger(__name__)


async def body_of(request: Request, limit: int) -> bytes | None:
    """The request's body; None where it is too large, and then it is not even read to its end.

    Args:
        request: What came in.
        limit: Bytes that it may have.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)


async def keep(accept: Accept, inbound: Inbound, called: str = "") -> bool:
    """Keep an event, if that can be done now; returns whether it is kept.

    Args:
        accept: Stores it durably.
        inbound: The event.
        called: What the log calls it; its id without, which must not be a secret then.
    """
    try:
        await accept(inbound)
    except Exception as error:
        # Not raised further: a stack's text may hold what the sender wrote.
        log.error("%s was not stored: %s", called or inbound.external_id, type(error).__name__)
        return False
    return True
