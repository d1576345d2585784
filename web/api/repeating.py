"""What comes twice with one key is done once: the second is answered as the first was.

A client whose connection broke sends the request again with the same `Idempotency-Key`. The key, what was
done and its answer are one commit; the key counts for a day and for one token.
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Final

from fastapi import Header, Request
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models import ApiAnswer
from web.access.tokens import Caller
from web.api import texts
from web.api.problems import Kind, Refusal
from web.api.schema import IssueView

#: For how long a key is remembered; machine time.
KEPT: Final = timedelta(days=1)

#: The header that carries it.
HEADER: Final = "Idempotency-Key"

Key = Annotated[
    str | None,
    Header(
        alias=HEADER,
        description="A new random text for each request. Who sends the same request again with the same key, "
        "within a day, gets the same answer, and nothing is done twice.",
        pattern=r"^[\x21-\x7e]{1,128}$",
        examples=["3f2a9c1e-7d54-4a51-9b39-5f0b2c6c8a11"],
    ),
]


async def once(
    request: Request, caller: Caller, key: str | None, doing: Callable[[], Awaitable[IssueView]]
) -> IssueView:
    """Do something in a transaction, unless it was done before with this key.

    Args:
        request: What asks for it.
        caller: Who.
        key: What they call it; None: they will not repeat it.
        doing: What to do; returns the answer.

    Raises:
        Refusal: The key was used for something else.
    """
    if key is None:
        async with in_transaction():
            return await doing()
    digest = await _digest(request)
    known = await _known(caller, key, digest)
    if known is not None:
        return known
    wall = caller.scope.settings.clock.wall()
    try:
        async with in_transaction():
            # First of all: who comes at the same time waits here, and finds what we have done.
            row = await ApiAnswer.create(token=caller.token, key=key, digest=digest, body={}, made_at=wall)
            answer = await doing()
            row.body = answer.model_dump(mode="json")
            await row.save(update_fields=["body"])
    except IntegrityError:
        known = await _known(caller, key, digest)
        if known is None:
            raise
        return known
    await ApiAnswer.filter(made_at__lt=wall - KEPT).delete()
    return answer


async def _known(caller: Caller, key: str, digest: str) -> IssueView | None:
    since = caller.scope.settings.clock.wall() - KEPT
    row = await ApiAnswer.get_or_none(token_id=caller.token.id, key=key)
    if row is None:
        return None
    if row.made_at < since:
        await row.delete()
        return None
    if row.digest != digest:
        raise Refusal(Kind.NOT_UNDERSTOOD, texts.KEY_REUSED, header=HEADER)
    return IssueView.model_validate(row.body)


async def _digest(request: Request) -> str:
    asked = f"{request.method} {request.url.path}\n".encode() + await request.body()
    return hashlib.sha256(asked).hexdigest()
