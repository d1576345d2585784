"""Fetches what the application wants to attach to an outgoing message.

After Twilio's 'Message resource' (MediaUrl: 5 MB in all). It must never fetch from beyond the
loopback interface, nor keep what it fetched.
"""

from urllib.parse import urlsplit

import httpx

from demo.carrier.webhooks import is_loopback

MEDIA_LIMIT = 5 * 1024 * 1024
"""Bytes of one medium."""

_TIMEOUT = 15.0


class MediaProblem(Exception):
    """A medium that cannot be sent.

    Attributes:
        code: 11200 when it could not be fetched, 11751 when it is too big.
    """

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


async def fetch(url: str) -> tuple[str, bytes]:
    """The content type and the bytes of what is at `url`.

    Raises:
        MediaProblem: It answered with something else than 200, or with too much.
        httpx.HTTPError: It did not answer.
        OSError: It is not on this machine.
    """
    if not is_loopback(urlsplit(url).hostname):
        raise OSError("the carrier reaches the loopback interface only")
    async with (
        httpx.AsyncClient(trust_env=False, timeout=_TIMEOUT) as client,
        client.stream("GET", url) as response,
    ):
        if response.status_code != 200:
            raise MediaProblem(11200)
        content = bytearray()
        async for piece in response.aiter_bytes():
            content += piece
            if len(content) > MEDIA_LIMIT:
                raise MediaProblem(11751)
        kind = response.headers.get("content-type", "application/octet-stream")
    return str(kind).partition(";")[0].strip(), bytes(content)
