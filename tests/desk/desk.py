"""The desk without a browser: the application through its outermost door, and people who come in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from fastapi import FastAPI

from issues import tickets
from linzhang.settings import Settings
from models import Person
from web.access import sessions, visits
from web.app import create_app


@dataclass
class Browser:
    """Somebody's browser on the desk."""

    settings: Settings
    http: httpx.AsyncClient

    async def get(self, address: str) -> httpx.Response:
        """Look at a page, as a browser asks for one."""
        return await self.http.get(address, headers={"Accept": "text/html"})

    async def post(self, address: str, **fields: str) -> httpx.Response:
        """Send a form of ours."""
        return await self.http.post(address, data={visits.FIELD: self.form_word, **fields})

    @property
    def form_word(self) -> str:
        """What forms must show."""
        return sessions.form_word(self.settings, self.http.cookies.get(visits.COOKIE) or "")


@dataclass
class Desk:
    """The desk, and a way to come in."""

    settings: Settings
    app: FastAPI

    @asynccontextmanager
    async def browser(self, person: Person | None = None) -> AsyncIterator[Browser]:
        """A browser; of somebody who has come in by a link, if a person is given."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:1") as http:
            browser = Browser(self.settings, http)
            if person is not None:
                word = await tickets.make(self.settings, person)
                entered = await browser.post(f"/desk/in/{word}")
                assert entered.status_code == 303, entered.text
            yield browser


def desk_for(settings: Settings) -> Desk:
    """The desk of an application with these settings; its database is held open by the caller."""
    return Desk(settings, create_app(settings))
