"""Programmes that come with a token of somebody, to the application through its outermost door."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from fastapi import FastAPI

from linzhang.settings import Settings
from models import ApiToken, Person, Unit
from web.access import tokens
from web.access.scope import scope_of
from web.access.tokens import Right
from web.app import create_app


@dataclass
class Api:
    """The application, and tokens for it."""

    settings: Settings
    app: FastAPI

    async def token(self, person: Person, *rights: Right, units: Sequence[Unit] = ()) -> tuple[ApiToken, str]:
        """A token of somebody; with all rights, if none are given."""
        scope = await scope_of(self.settings, person)
        assert scope is not None
        return await tokens.make(
            self.settings, scope, "a test", rights or tuple(Right), "a test", units=units
        )

    @asynccontextmanager
    async def programme(
        self, person: Person | None = None, *rights: Right, units: Sequence[Unit] = ()
    ) -> AsyncIterator[httpx.AsyncClient]:
        """A programme, with a token of somebody; None: with no token."""
        headers = {"Accept-Language": "en"}
        if person is not None:
            _, word = await self.token(person, *rights, units=units)
            headers["Authorization"] = f"Bearer {word}"
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        address = self.settings.public_url
        async with httpx.AsyncClient(transport=transport, base_url=address, headers=headers) as http:
            yield http


def api_for(settings: Settings) -> Api:
    """The application with these settings; its database is held open by the caller."""
    return Api(settings, create_app(settings))
