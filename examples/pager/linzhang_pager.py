"""A whole bridge: to pagers, whose company speaks JSON. See docs/bridges.md."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hmac import compare_digest
from typing import Any

import httpx
from fastapi import APIRouter, Header, HTTPException
from pydantic import BaseModel

from bridges import contract
from bridges.contract import Capabilities, Delivered, Inbound, Media, Outbound


class Page(BaseModel):
    id: str
    sender: str
    text: str


class Pager:
    name = "pager"
    capabilities = Capabilities(text_limit=80)  # no pictures, no buttons: the core does without

    def __init__(self, api_url: str, token: str) -> None:
        self._secret = f"Bearer {token}"
        self._api = httpx.AsyncClient(base_url=api_url, headers={"Authorization": self._secret})

    def routes(self, accept: contract.Accept) -> APIRouter:
        router = APIRouter()

        @router.post("/pager/inbound")
        async def inbound(page: Page, authorization: str = Header("")) -> bool:
            if not compare_digest(authorization.encode(), self._secret.encode()):
                raise HTTPException(403)
            return await accept(Inbound(self.name, page.id, page.sender, text=page.text))

        return router

    async def deliver(self, outbound: Outbound) -> Delivered:
        page = {"key": outbound.key, "to": outbound.address, "text": outbound.text}
        try:
            answer = await self._api.post("/pages", json=page)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise contract.Unavailable("the pager company is away") from None
        except httpx.HTTPError:
            raise contract.Uncertain("nobody knows whether it was paged") from None
        if answer.status_code in (429, 503):
            raise contract.Unavailable("the pager company is busy", answer.status_code)
        if answer.is_error:
            raise contract.Refused("the pager company does not take it", answer.status_code)
        return Delivered(answer.json()["id"])

    async def find(self, outbound: Outbound, since: datetime, known: Sequence[str]) -> Delivered | None:
        try:
            answer = await self._api.get(f"/pages/{outbound.key}")
        except httpx.HTTPError:
            raise contract.Unavailable("the pager company cannot be asked") from None
        return Delivered(answer.json()["id"]) if answer.is_success else None

    def carries(self, medium: Media, address: str) -> bool:
        return False

    async def fetch(self, medium: Media, limit: int) -> bytes:
        raise contract.Refused("nothing comes with a page")

    async def close(self) -> None:
        await self._api.aclose()


def make(table: Mapping[str, Any], service: contract.Service) -> Pager:
    if not {"api_url", "token"} <= table.keys():
        raise ValueError("write api_url and token")
    return Pager(table["api_url"], table["token"])
