"""Who calls: by `api_key`, which is a token of the API's, in the query, the form, or the usual header."""

from fastapi import Request

from web.access import tokens
from web.access.tokens import Caller, Right
from web.api.access import DESK
from web.api.limits import Limits
from web.open311 import texts
from web.open311.errors import Wrong, settings_of

_NAME = "api_key"


async def caller(request: Request, *rights: Right, key: str = "") -> Caller:
    """Who calls, if they have one of these rights.

    Args:
        request: What asks.
        rights: One of which is needed.
        key: What stands in the form.

    Raises:
        Wrong: They do not, or ask too often.
    """
    settings = settings_of(request)
    limits: Limits = request.app.state.limits
    header = request.headers.get("authorization", "")
    word = key or request.query_params.get(_NAME, "") or header.removeprefix("Bearer ").strip()
    token = await tokens.find(settings, word)
    if token is None:
        raise Wrong(403, texts.NO_KEY, name=_NAME, address=DESK)
    seconds = limits.take(token.id, settings.clock.wall())
    if seconds:
        raise Wrong(429, texts.TOO_MANY, seconds=seconds)
    if not any(right in token.rights for right in rights):
        raise Wrong(403, texts.NO_RIGHT, right=rights[0], address=DESK)
    found = await tokens.caller(settings, token)
    if found is None:
        raise Wrong(403, texts.NO_KEY, name=_NAME, address=DESK)
    return found
