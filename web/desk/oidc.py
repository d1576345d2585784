"""The way in by the city's own login, OpenID Connect: `/desk/oidc/go` leads there, `/desk/oidc/back` back.

The protocol is Authlib's: state, nonce, PKCE, and the check of what comes back. Here is only who that is in
the roster. Who the city knows and the roster does not is not let in.
"""

import hashlib
import hmac
import logging
from typing import Any

import httpx
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import FastAPI, Request, Response
from joserfc.errors import JoseError
from starlette.middleware.sessions import SessionMiddleware

from linzhang import phones
from linzhang.settings import Oidc, Settings
from linzhang.words import say
from models import Address, Person, Way
from web.access import visits
from web.access.scope import scope_of
from web.desk import letting_in
from web.desk.frame import Frame, frame_of
from web.desk.texts import access as texts

log = logging.getLogger(__name__)

_BACK = "/desk/oidc/back"

#: Seconds for which it is remembered that somebody has gone there; it stands in their browser, signed.
_AWAY = 600


def oidc_app(settings: Settings, oidc: Oidc, frame: Frame) -> FastAPI:
    """The application below `/desk/oidc`."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings, app.state.frame = settings, frame
    key = hmac.new(settings.lookup_key.get_secret_value().encode(), b"oidc", hashlib.sha256).hexdigest()
    app.add_middleware(
        SessionMiddleware,
        secret_key=key,
        session_cookie="linzhang_oidc",
        max_age=_AWAY,
        path="/desk/oidc",
        https_only=visits.is_secure(settings),
    )
    client = OAuth().register(
        "city",
        client_id=oidc.client_id,
        client_secret=oidc.client_secret.get_secret_value(),
        server_metadata_url=f"{oidc.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": oidc.scopes, "code_challenge_method": "S256"},
    )

    @app.get("/go")
    async def go(request: Request) -> Response:
        """To the city's login."""
        try:
            answer: Response = await client.authorize_redirect(request, f"{settings.public_url}{_BACK}")
        except (httpx.HTTPError, OAuthError, RuntimeError) as error:
            return _refused(request, error)
        return answer

    @app.get("/back")
    async def back(request: Request) -> Response:
        """Back from there."""
        try:
            token = await client.authorize_access_token(request)
            claims: dict[str, Any] = dict(token.get("userinfo") or {})
            if oidc.claim not in claims:
                claims |= dict(await client.userinfo(token=token))
        except (httpx.HTTPError, OAuthError, JoseError, RuntimeError, ValueError) as error:
            return _refused(request, error)
        person = await _person(settings, oidc, claims)
        if person is None or await scope_of(settings, person) is None:
            language = frame_of(request).language_of(request, None)
            return frame_of(request).told("/desk/login", say(texts.NO_POST, language))
        return await letting_in.let_in(request, person, Way.OIDC)

    return app


def _refused(request: Request, error: Exception) -> Response:
    # What the other side says may name people; the kind of error is enough to look into it there.
    log.warning("nobody was let in by the city's login: %s", type(error).__name__)
    frame = frame_of(request)
    return frame.told("/desk/login", say(texts.OIDC_FAILED, frame.language_of(request, None)))


async def _person(settings: Settings, oidc: Oidc, claims: dict[str, Any]) -> Person | None:
    """Who of the roster the city says it is."""
    value = claims.get(oidc.claim)
    if not isinstance(value, str) or claims.get(f"{oidc.claim}_verified") is False:
        return None
    if oidc.bridge == "sms":
        try:
            value = phones.normalise(value, settings.territory.region)
        except phones.NotANumber:
            return None
    lookup = settings.vault.lookup(oidc.bridge, value)
    address = await Address.get_or_none(bridge=oidc.bridge, lookup=lookup).select_related("person")
    return address.person if address else None
