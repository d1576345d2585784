"""Reads what a platform gives out, and no more of it than is taken."""

import aiohttp

from bridges.contract import TooLarge

_PIECE = 64 * 1024


async def content_of(answer: aiohttp.ClientResponse, limit: int) -> bytes:
    """The bytes of an answer.

    Args:
        answer: Whose status has been looked at.
        limit: Bytes that it may have.

    Raises:
        TooLarge: It has more.
    """
    if (answer.content_length or 0) > limit:
        raise TooLarge("a medium is too large")
    content = bytearray()
    async for piece in answer.content.iter_chunked(_PIECE):
        content += piece
        if len(content) > limit:
            raise TooLarge("a medium is too large")
    return bytes(content)
