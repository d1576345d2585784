"""How WeCom's API is called: with an access token, which is fetched, kept, and fetched anew.

After Tencent's 'Get access_token' (path 91039): it is good for two hours, unless it is taken back earlier;
it is kept by whoever uses it, because fetching it too often is refused. It stands in addresses, which
therefore must never be logged.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import aiohttp

from bridges.contract import DeliveryError, Refused, Unavailable, Uncertain, Unfit
from bridges.downloads import content_of
from bridges.wecom.errors import FAILURES, NO_SUCH_MEDIUM, STALE, broken, explain
from linzhang.settings import WeCom

_EARLIER = 300  # seconds before its end from which a token is not used any more
#: Answers of something in between, which does not know what became of the request behind it.
_NOBODY_KNOWS = frozenset({502, 504})
_GONE = frozenset({403, 404, 410})


class Connection:
    """Calls the API for one application; made inside of a running event loop.

    Args:
        wecom: The application.
        timeout: Seconds for a request; connecting may take half of them, after which it is certain that
            nothing was sent. Media may take three times as long.
    """

    def __init__(self, wecom: WeCom, timeout: float) -> None:
        self._wecom = wecom
        self._api = wecom.api_url.rstrip("/") + "/cgi-bin/"
        self._timeout = aiohttp.ClientTimeout(total=timeout, connect=timeout / 2)
        self._media_timeout = aiohttp.ClientTimeout(total=3 * timeout, connect=timeout / 2)
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        self._token, self._good_until = "", 0.0
        self._fetching = asyncio.Lock()

    async def send(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Hand a message over; returns the answer, whose errcode is 0.

        Raises:
            DeliveryError: See `bridges.contract`.
        """
        return await self._asked("message/send", json=message)

    async def check(self) -> None:
        """Make sure that WeCom lets us in: that there is an access token.

        Raises:
            Unavailable: There is none now.
        """
        await self._access_token("")

    async def upload(self, kind: str, content: bytes, name: str, content_type: str) -> str:
        """Let WeCom keep a medium for three days; returns its id.

        Raises:
            DeliveryError: See `bridges.contract`.
        """
        form = {"content": content, "filename": name, "content_type": content_type}
        try:
            answer = await self._asked("media/upload", file=form, type=kind)
        except DeliveryError as error:
            if isinstance(error, Refused):
                raise
            # Nobody has been told anything yet, so that nothing is in doubt.
            raise Unavailable(str(error), error.code, getattr(error, "retry_after", None)) from None
        return str(answer.get("media_id", ""))

    async def download(self, media_id: str, limit: int) -> bytes:
        """Get a medium that WeCom keeps.

        Raises:
            TooLarge: It has more bytes than `limit`.
            Unavailable: It could not be had now; code 404: WeCom does not have it, or not yet.
        """
        spent = ""
        for _ in range(2):
            token = await self._access_token(spent)
            try:
                params = {"access_token": token, "media_id": media_id}
                async with self._session.get(
                    self._api + "media/get", params=params, timeout=self._media_timeout
                ) as answer:
                    if "json" not in answer.content_type and "text/plain" not in answer.content_type:
                        return await _content(answer, limit)
                    code = _code(await answer.json(content_type=None))
            except FAILURES as error:
                raise Unavailable(str(broken(error))) from None
            if code not in STALE:
                break
            spent = token
        if code in NO_SUCH_MEDIUM:
            raise Unavailable("WeCom does not have this medium", 404)
        raise Unavailable(str(explain(code)), code)

    async def get(self, url: str, limit: int) -> bytes:
        """Get something of our own, to be uploaded.

        Raises:
            TooLarge: It has more bytes than `limit`.
            Unfit: It was taken back, or its time is over.
            Unavailable: It could not be had now.
        """
        try:
            async with self._session.get(url, timeout=self._media_timeout, allow_redirects=False) as answer:
                if answer.status in _GONE:
                    raise Unfit(f"our own link opens nothing any more ({answer.status})", answer.status)
                if answer.status != 200:
                    raise Unavailable(f"our own link does not open ({answer.status})", answer.status)
                return await _content(answer, limit)
        except FAILURES as error:
            raise Unavailable(f"our own link does not open ({type(error).__name__})") from None

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def _asked(
        self,
        path: str,
        *,
        json: Mapping[str, Any] | None = None,
        file: Mapping[str, Any] | None = None,
        **params: str,
    ) -> Mapping[str, Any]:
        """Call the API, once more where the token was stale."""
        spent, code = "", 0
        for _ in range(2):
            token = await self._access_token(spent)
            try:
                async with self._session.post(
                    self._api + path,
                    params={"access_token": token, **params},
                    json=json,
                    data=_form(file) if file else None,
                    timeout=self._media_timeout if file else self._timeout,
                ) as answer:
                    if answer.status in _NOBODY_KNOWS:
                        raise Uncertain(f"nobody knows whether WeCom took it ({answer.status})")
                    if answer.status >= 500:
                        raise Unavailable(f"WeCom takes nothing now ({answer.status})", answer.status)
                    said = await answer.json(content_type=None)
            except FAILURES as error:
                # The chain is cut: the address holds the token, and a trace would show it.
                raise broken(error) from None
            if not isinstance(said, dict):
                raise Uncertain("WeCom's answer was lost")
            code = _code(said)
            if code == 0:
                return said
            if code not in STALE:
                break
            spent = token
        raise explain(code)

    async def _access_token(self, spent: str) -> str:
        """A token that is good, as far as we know, and is not the one that WeCom has just refused.

        Raises:
            Unavailable: There is none now.
        """
        async with self._fetching:
            if self._token and self._token != spent and time.monotonic() < self._good_until:
                return self._token
            params = {"corpid": self._wecom.corp_id, "corpsecret": self._wecom.secret.get_secret_value()}
            try:
                async with self._session.get(
                    self._api + "gettoken", params=params, timeout=self._timeout
                ) as answer:
                    said = await answer.json(content_type=None)
            except FAILURES as error:
                raise Unavailable(str(broken(error))) from None
            code = _code(said)
            if code != 0 or not isinstance(said, dict) or not said.get("access_token"):
                refusal = explain(code)
                retry_after = getattr(refusal, "retry_after", None)
                raise Unavailable(f"there is no access token: {refusal}", code, retry_after)
            self._token = str(said["access_token"])
            self._good_until = time.monotonic() + max(0, int(said.get("expires_in", 7200)) - _EARLIER)
            return self._token


def _form(file: Mapping[str, Any]) -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("media", file["content"], filename=file["filename"], content_type=file["content_type"])
    return form


def _code(said: object) -> int:
    """The code of an answer; what is none of WeCom's counts as busy."""
    code = said.get("errcode", 0) if isinstance(said, dict) else -1
    return code if isinstance(code, int) else -1


async def _content(answer: aiohttp.ClientResponse, limit: int) -> bytes:
    if answer.status != 200:
        raise Unavailable(f"a medium is not given out now ({answer.status})", answer.status)
    return await content_of(answer, limit)
