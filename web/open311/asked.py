"""Reads what a request asks for; what cannot be read is said with the name of the field."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from fastapi import Request

from linzhang.settings import Settings
from web.open311 import requests, services, texts
from web.open311.errors import Wrong
from web.open311.requests import CLOSED, DAYS, OPEN, Wanted

#: Fields that are read from a form, and characters of each.
_FIELDS, _LONGEST = 40, 20_000

_NUMBER = re.compile(r"[1-9][0-9]{3,11}")
_MOMENT = re.compile(r"[12]\d{3}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:?\d\d)")


async def fields(request: Request) -> dict[str, str]:
    """The fields of a form that say something: an empty one is none, as the specification has it."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise Wrong(400, texts.WRONG, name="Content-Type", example="application/x-www-form-urlencoded")
    async with request.form(max_files=0, max_fields=_FIELDS) as form:
        return {
            name: value.replace("\0", "")[:_LONGEST]
            for name, value in form.items()
            if isinstance(value, str) and value.strip()
        }


async def here(given: Mapping[str, str]) -> None:
    """Make sure that our jurisdiction is meant.

    Raises:
        Wrong: Another one is.
    """
    named = given.get("jurisdiction_id", "")
    if named and named != await services.jurisdiction():
        raise Wrong(404, texts.NOT_FOUND, name="jurisdiction_id")


def number(given: str) -> int:
    """A request's number.

    Raises:
        Wrong: It is none.
    """
    if not _NUMBER.fullmatch(given):
        raise Wrong(404, texts.NOT_FOUND, name="service_request_id")
    return int(given)


def numbers(given: str) -> list[int]:
    """The numbers of requests, between commas; what is no number is no request's."""
    return [int(each.strip()) for each in given.split(",") if _NUMBER.fullmatch(each.strip())]


def wanted(settings: Settings, query: Mapping[str, str]) -> Wanted:
    """Which requests are asked for.

    Raises:
        Wrong: A moment or a status is none, or the time is too long.
    """
    since, until = requests.span(settings, _moment(query, "start_date"), _moment(query, "end_date"))
    if until - since > timedelta(days=DAYS):
        raise Wrong(400, texts.TOO_WIDE, start="start_date", end="end_date", days=DAYS)
    statuses = _several(query, "status")
    if not set(statuses) <= {OPEN, CLOSED}:
        raise Wrong(400, texts.WRONG, name="status", example=f"{OPEN}, {CLOSED}")
    return Wanted(since, until, _several(query, "service_code"), statuses)


def _several(query: Mapping[str, str], name: str) -> list[str]:
    return [each.strip() for each in query.get(name, "").split(",") if each.strip()][:100]


def _moment(query: Mapping[str, str], name: str) -> datetime | None:
    # In a query a plus may have become a blank.
    given = re.sub(r" (\d\d:?\d\d)$", r"+\1", query.get(name, "").strip())
    if not given:
        return None
    try:
        if not _MOMENT.fullmatch(given):
            raise ValueError
        return datetime.fromisoformat(given.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Wrong(400, texts.WRONG, name=name, example="2026-11-24T02:00:00Z") from None
