"""Who calls: routes take it as a parameter, `caller: Reads`, and by that say which right they need."""

from typing import Annotated

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from linzhang.settings import Settings
from web.access import tokens
from web.access.tokens import Caller, Right
from web.api import texts
from web.api.limits import Limits
from web.api.problems import Kind, Refusal

#: Where leaders make tokens.
DESK = "/desk/tokens"

#: How the header with a token begins, for whoever has sent none.
HEADER = "Authorization: Bearer"

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A token that a leader has made on the desk, at `/desk/tokens`. It begins with `lz_`.",
)


async def calling(
    request: Request,
    shown: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    wanted: SecurityScopes,
) -> Caller:
    """Who calls, if they have one of the rights that the route asks for.

    Raises:
        Refusal: They may not, or not so often.
    """
    if shown is None:
        headers = {"WWW-Authenticate": "Bearer"}
        raise Refusal(Kind.UNAUTHORISED, texts.NO_TOKEN, headers=headers, header=HEADER, address=DESK)
    return await come_in(request, shown.credentials, *(Right(each) for each in wanted.scopes))


async def come_in(request: Request, word: str, *rights: Right) -> Caller:
    """Who comes with a token's word and needs one of these rights.

    Raises:
        Refusal: See `calling`.
    """
    settings: Settings = request.app.state.settings
    limits: Limits = request.app.state.limits
    token = await tokens.find(settings, word)
    if token is None:
        headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        raise Refusal(Kind.UNAUTHORISED, texts.UNKNOWN_TOKEN, headers=headers, address=DESK)
    seconds = limits.take(token.id, settings.clock.wall())
    if seconds:
        headers = {"Retry-After": str(seconds)}
        raise Refusal(Kind.TOO_MANY, texts.TOO_MANY, headers=headers, seconds=seconds)
    if rights and not any(right in token.rights for right in rights):
        raise Refusal(Kind.FORBIDDEN, texts.NO_RIGHT, right=rights[0], address=DESK)
    caller = await tokens.caller(settings, token)
    if caller is None:
        raise Refusal(Kind.FORBIDDEN, texts.LEADS_NOTHING)
    return caller


ReadsIssues = Annotated[Caller, Security(calling, scopes=[Right.READ_ISSUES])]
WritesIssues = Annotated[Caller, Security(calling, scopes=[Right.WRITE_ISSUES])]
ReadsIssuesOrUnits = Annotated[Caller, Security(calling, scopes=[Right.READ_ISSUES, Right.READ_UNITS])]
ReadsUnits = Annotated[Caller, Security(calling, scopes=[Right.READ_UNITS])]
ReadsFigures = Annotated[Caller, Security(calling, scopes=[Right.READ_FIGURES])]
