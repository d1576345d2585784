"""Fetches what came with a message from where the carrier keeps it, and from nowhere else.

Every address is checked before it is called, those to which the carrier sends us on too: it must be the
carrier's API, or one of the hosts on which the carrier keeps media ('Media subresource' and 'Protect media
access' of Twilio's documentation), and its name must not lead into a network that is not the internet. The
account's secret is shown to the API only. This module must never follow an address by itself.
"""

import asyncio
import socket
from base64 import b64encode
from fnmatch import fnmatchcase
from ipaddress import IPv6Address, ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from bridges.contract import Media, Refused, Unavailable
from bridges.downloads import content_of
from linzhang.settings import Twilio

#: Seconds for a whole fetch, whatever it is sent through.
TIMEOUT = 20.0

#: How often the carrier may send us on; it does so once.
_REDIRECTS = 3

#: It is not there, or not yet: the carrier may tell of a medium before it can be had.
_MISSING = frozenset({404, 410})

#: What tells of our account or of the moment, not of the medium.
_LATER = frozenset({401, 403, 408, 425, 429})


class Fetcher:
    """Fetches the media of one account; made inside of a running event loop.

    Args:
        twilio: The account.
        timeout: Seconds for a whole fetch.
    """

    def __init__(self, twilio: Twilio, timeout: float = TIMEOUT) -> None:
        self._api = urlsplit(twilio.api_url)
        self._hosts = [each.partition("/") for each in twilio.media_hosts]
        self._timeout = timeout
        secret = f"{twilio.account_sid}:{twilio.auth_token.get_secret_value()}"
        self._authorization = "Basic " + b64encode(secret.encode()).decode()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=_Resolver(self._api.hostname or "")),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # what is small on the way could be endless here
        )

    async def fetch(self, medium: Media, limit: int) -> bytes:
        """Get a medium; see `bridges.contract.Bridge.fetch`."""
        url = medium.url
        try:
            async with asyncio.timeout(self._timeout):
                for _ in range(_REDIRECTS + 1):
                    answer = await self._ask(url, limit)
                    if isinstance(answer, bytes):
                        return answer
                    url = answer
        except aiohttp.InvalidURL:
            raise Refused("a medium's address is none") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            # The chain is cut: an address can hold what opens it.
            raise Unavailable(f"a medium cannot be had: {type(error).__name__}") from None
        raise Refused("a medium's address leads round in circles")

    async def close(self) -> None:
        """Let go of the connections."""
        await self._session.close()

    async def _ask(self, url: str, limit: int) -> bytes | str:
        """The bytes that are at an address, or the address to which it leads."""
        parts = self._checked(url)
        headers = {"Accept-Encoding": "identity"}
        if self._is_api(parts):
            headers["Authorization"] = self._authorization
        async with self._session.get(url, headers=headers, allow_redirects=False) as answer:
            if answer.status in (301, 302, 303, 307, 308):
                return urljoin(url, answer.headers.get("Location", ""))
            if answer.status in _MISSING:
                raise Unavailable("the carrier does not have this medium", 404)
            if answer.status in _LATER or answer.status >= 500:
                raise Unavailable(
                    f"the carrier does not give a medium out now ({answer.status})", answer.status
                )
            if answer.status != 200:
                raise Refused(f"the carrier does not give it out ({answer.status})", answer.status)
            return await content_of(answer, limit)

    def _checked(self, url: str) -> SplitResult:
        """The parts of an address at which the carrier keeps media.

        Raises:
            Refused: It is another.
        """
        try:
            parts = urlsplit(url)
            is_ours = self._is_api(parts) or self._is_media_host(parts)
        except ValueError:
            is_ours = False
        if not is_ours:
            raise Refused("a medium lies elsewhere than at the carrier")
        return parts

    def _is_api(self, parts: SplitResult) -> bool:
        return (parts.scheme, parts.netloc) == (self._api.scheme, self._api.netloc)

    def _is_media_host(self, parts: SplitResult) -> bool:
        if parts.scheme != "https" or parts.port not in (None, 443) or "@" in parts.netloc:
            return False
        host = (parts.hostname or "").rstrip(".")
        return any(
            fnmatchcase(host, pattern) and parts.path.startswith(f"/{beginning}")
            for pattern, _, beginning in self._hosts
        )


class _Resolver(AbstractResolver):
    """Finds hosts in the internet only: a name that leads into somebody's network leads nowhere.

    What is found is what is connected to, so that no name can lead elsewhere a moment later.

    Args:
        trusted: The host of the API, which an operator has configured and which may be anywhere.
    """

    def __init__(self, trusted: str) -> None:
        self._trusted = trusted
        self._resolver = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host.

        Raises:
            OSError: It has none in the internet.
        """
        found = await self._resolver.resolve(host, port, family)
        if host != self._trusted:
            found = [each for each in found if _is_public(each["host"])]
        if not found:
            raise OSError("the host is not in the internet")
        return found

    async def close(self) -> None:
        """Nothing is held."""
        await self._resolver.close()


def _is_public(address: str) -> bool:
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast
