"""Lets a homeserver keep what came with a message: fetched, made fit, uploaded, and remembered.

Whatever was uploaded once is found again by where it came from, so that a second attempt, a second room
or another worker uses the same. Nothing is shown here.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from tortoise.exceptions import IntegrityError

from attachments.kinds import LIMIT
from attachments.made import Made, Use
from attachments.workshop import Workshop
from bridges.contract import Bridge, Media, Unavailable
from bridges.matrix.appservice import AppService
from bridges.matrix.bridge import MatrixBridge
from models import Message, Upload

_MEDIA = {each.name for each in fields(Media)}


class NotYet(Unavailable):
    """Where it came from, it cannot be had now; code 404: it is not there, or not yet."""


def medium_of(message: Message, number: int) -> Media:
    """What came with a message, as the bridge handed it in."""
    return Media(**{name: fact for name, fact in message.media[number].items() if name in _MEDIA})


class Uploads:
    """Uploads what came with messages.

    Args:
        matrix: To whose homeservers.
        bridges: From whose platforms, by name.
    """

    def __init__(self, matrix: MatrixBridge, bridges: Mapping[str, Bridge]) -> None:
        self._matrix = matrix
        self._bridges = bridges
        self._workshop = Workshop()

    async def keep(self, message: Message, number: int, use: Use, homeserver: str) -> Upload:
        """Make sure that a homeserver keeps something that came with a message.

        Args:
            message: With which it came.
            number: Which of what came with it, from 0.
            use: What it is to be made fit for.
            homeserver: Name of the one that is to keep it.

        Raises:
            NotTaken: It is of a kind that is not taken, or broken.
            TooLarge: It has too many bytes.
            Refused: It is not given out.
            NotYet: It cannot be had now.
            Unavailable: The homeserver cannot take it now.
        """
        medium = medium_of(message, number)
        known: dict[str, Any] = {"source": medium.url, "made_for": use, "homeserver": homeserver}
        found = await Upload.get_or_none(**known)
        if found:
            return found
        made = await self._workshop.make(await self._fetched(message, medium), use)
        service = self._matrix.service(homeserver)
        facts = _facts(made) | await _poster(service, made)
        upload = Upload(
            bridge=message.bridge,
            uri=await service.upload(made.content, made.content_type, f"file.{made.extension}"),
            content_type=made.content_type,
            extension=made.extension,
            family=made.family,
            size=len(made.content),
            facts=facts,
            **known,
        )
        try:
            await upload.save()
        except IntegrityError:  # another worker was a moment faster
            return await Upload.get(**known)
        return upload

    async def _fetched(self, message: Message, medium: Media) -> bytes:
        bridge = self._bridges.get(message.bridge)
        if bridge is None:
            raise NotYet(f"There is no bridge {message.bridge!r} in the configuration.")
        try:
            return await bridge.fetch(medium, LIMIT)
        except Unavailable as error:
            raise NotYet(str(error), error.code, error.retry_after) from error


def _facts(made: Made) -> dict[str, Any]:
    facts = {"w": made.width, "h": made.height, "duration": made.duration, "waveform": made.waveform or None}
    return {name: fact for name, fact in facts.items() if fact is not None}


async def _poster(service: AppService, made: Made) -> dict[str, Any]:
    """A film's first picture, which clients show until it is played."""
    if not made.poster:
        return {}
    uri = await service.upload(made.poster, "image/jpeg", "poster.jpg")
    return {"poster": uri, "poster_size": len(made.poster)}
