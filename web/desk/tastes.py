"""How somebody likes their pages: in which language, light or dark, in large type. Kept in their browser."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fastapi import Request, Response

from linzhang.profile import Profile
from models import Person

#: Names of the cookies, and seconds for which browsers keep them: a year.
LANGUAGE: Final = "linzhang_language"
LOOK: Final = "linzhang_look"
SIZE: Final = "linzhang_size"
_KEPT = 365 * 24 * 3600


class Look(StrEnum):
    """Light or dark."""

    AUTOMATIC = "auto"  # as the device is
    LIGHT = "light"
    DARK = "dark"


class Size(StrEnum):
    """How large the type is."""

    NORMAL = "normal"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Tastes:
    """What a browser asks for.

    Attributes:
        language: One of the profile's.
        look: Light or dark.
        size: Of the type.
    """

    language: str
    look: Look
    size: Size


def read(request: Request, profile: Profile, person: Person | None) -> Tastes:
    """The tastes of a request: the browser's own, or else the person's language and what is usual."""
    wished = (request.cookies.get(LANGUAGE), person.language if person else None)
    language = next((each for each in wished if each in profile.languages), profile.default_language)
    look, size = request.cookies.get(LOOK, ""), request.cookies.get(SIZE, "")
    return Tastes(
        str(language),
        Look(look) if look in set(Look) else Look.AUTOMATIC,
        Size(size) if size in set(Size) else Size.NORMAL,
    )


def keep(response: Response, name: str, value: str, *, secure: bool) -> None:
    """Let the browser keep a taste."""
    response.set_cookie(
        name, value, max_age=_KEPT, path="/desk", secure=secure, httponly=True, samesite="lax"
    )
