"""Tokens: keys by which programmes act for a person through the API, each with its rights and units.

The word of a token is shown once, when it is made, and kept nowhere: only its keyed hash is. What a token
may, its owner may at that moment; making and revoking is recorded.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from tortoise.transactions import in_transaction

from issues import audit
from issues.errors import IssueError
from linzhang.settings import Settings
from models import ApiToken, Person, Unit
from web.access import texts
from web.access.scope import Scope, scope_of

#: A token begins so: whoever finds one in a file knows what it is, and scanners of secrets do too.
PREFIX: Final = "lz_"

#: Days for which a token counts, unless its maker says otherwise, and at most.
LASTS, LONGEST = 365, 730

#: How exactly it is kept when a token was last used.
_SEEN: Final = timedelta(minutes=1)

_TOKEN: Final = "api token"  # noqa: S105 - the name under which hashes are made
_BYTES = 32
_LENGTH = 64


class Right(StrEnum):
    """What a token may do. There is none for telephone numbers: the API never gives them."""

    READ_ISSUES = "issues:read"  # issues and what was said in them
    WRITE_ISSUES = "issues:write"  # everything that leaders do to issues
    REPORT_ISSUES = "issues:report"  # report an issue for a resident, and see how that one stands
    READ_UNITS = "units:read"  # units, who leads them, their warning levels
    READ_FIGURES = "figures:read"  # counts


class TooMuch(IssueError):
    """A token is asked for that its owner cannot have."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A programme that has come in by a token.

    Attributes:
        token: Which.
        scope: What its owner may see, and within the token's units.
    """

    token: ApiToken
    scope: Scope

    def may(self, right: Right) -> bool:
        """Whether the token has a right."""
        return right in self.token.rights


async def make(
    settings: Settings,
    scope: Scope,
    name: str,
    rights: Collection[Right],
    who: str,
    *,
    units: Sequence[Unit] = (),
    days: int = LASTS,
) -> tuple[ApiToken, str]:
    """Make a token for somebody; returns it and the word, which nobody can be told again.

    Args:
        settings: The service's.
        scope: Of the person for whom it acts.
        name: What they call it.
        rights: What it may.
        who: Who makes it, for the record.
        units: To which it is limited; none: all of theirs.
        days: For how long it counts.

    Raises:
        TooMuch: It has no name or no right, lasts too long, or is for units that are not theirs.
    """
    if not name.strip() or not rights:
        raise TooMuch(texts.NAMELESS)
    if not 1 <= days <= LONGEST:
        raise TooMuch(texts.WRONG_LENGTH, days=LONGEST)
    if not all(scope.sees(unit) for unit in units):
        raise TooMuch(texts.NOT_YOURS)
    word = PREFIX + secrets.token_urlsafe(_BYTES)
    wall = settings.clock.wall()
    async with in_transaction():
        token = await ApiToken.create(
            lookup=settings.vault.lookup(_TOKEN, word),
            name=name.strip()[:80],
            person=scope.person,
            unit_ids=[unit.id for unit in units],
            rights=sorted(rights),
            made_at=wall,
            expires_at=wall + timedelta(days=days),
        )
        what = " ".join([*token.rights, *(unit.code for unit in units)])
        await audit.record(settings, "token made", subject(token), who, what)
    return token, word


async def find(settings: Settings, word: str) -> ApiToken | None:
    """The token of a word, with its person, if it counts; it is used by this."""
    if not word.startswith(PREFIX) or len(word) > _LENGTH:
        return None
    lookup = settings.vault.lookup(_TOKEN, word)
    token = await ApiToken.get_or_none(lookup=lookup, revoked_at=None).select_related("person")
    wall = settings.clock.wall()
    if token is None or token.expires_at <= wall:
        return None
    if token.last_used_at is None or wall - token.last_used_at >= _SEEN:
        await ApiToken.filter(id=token.id).update(last_used_at=wall)
    return token


async def caller(settings: Settings, token: ApiToken) -> Caller | None:
    """Who comes in by a token; None: its owner leads nothing (any more) of what it is for."""
    scope = await scope_of(settings, token.person)
    if scope is None:
        return None
    if token.unit_ids:
        within = await Unit.filter(id__in=token.unit_ids)
        units = sorted((unit for unit in within if scope.sees(unit)), key=lambda unit: len(unit.path))
        if not units:
            return None
        scope = replace(scope, units=units)
    return Caller(token, scope)


async def revoke(settings: Settings, token: ApiToken, who: str) -> bool:
    """Take a token back; returns whether it was there."""
    async with in_transaction():
        revoked = await ApiToken.filter(id=token.id, revoked_at=None).update(revoked_at=settings.clock.wall())
        if revoked:
            await audit.record(settings, "token revoked", subject(token), who, "")
    return bool(revoked)


async def of(person: Person) -> list[ApiToken]:
    """Somebody's tokens that have not been revoked, the latest first."""
    return await ApiToken.filter(person_id=person.id, revoked_at=None).order_by("-id")


def subject(token: ApiToken) -> str:
    """What a token is called in the record."""
    return f"{token.id} {token.name}"
