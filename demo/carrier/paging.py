"""Lists of Twilio's REST API: pages, and the dates that they are filtered by.

After Twilio's 'Twilio API responses' (paging). It must never know what is listed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar
from urllib.parse import urlencode

_DAY = "YYYY-MM-DD"

_PAGE_SIZE = 50
_PAGE_SIZE_LIMIT = 1000


class Listed(Protocol):
    """Something with a sid."""

    @property
    def sid(self) -> str:
        """What the API calls it."""


Item = TypeVar("Item", bound=Listed)


def page(
    path: str,
    key: str,
    found: Sequence[Item],
    order: Mapping[str, object],
    query: Mapping[str, str],
    filters: Sequence[str],
    shown: Callable[[Item], dict[str, object]],
) -> dict[str, object]:
    """One page of a list.

    A page token names an item and a side of it, so that what comes in meanwhile moves nothing: 'PA'
    and a sid is the page after it, 'PB' the page before it.

    Args:
        path: Of the list.
        key: What the items are called in the answer.
        found: All items that match, newest first.
        order: All sids there are, oldest first.
        query: What was asked.
        filters: The names in the query that every page's address repeats.
        shown: The JSON of one item.
    """
    size = min(_number(query.get("PageSize"), _PAGE_SIZE, 1), _PAGE_SIZE_LIMIT)
    number = _number(query.get("Page"), 0, 0)
    token = query.get("PageToken", "")
    places = {sid: place for place, sid in enumerate(order)}
    start = number * size
    if token[2:] in places:
        newer = sum(1 for item in found if places[item.sid] > places[token[2:]])
        here = any(item.sid == token[2:] for item in found)
        start = newer + here if token.startswith("PA") else max(0, newer - size)
    on_it = found[start : start + size]
    repeated = {name: query[name] for name in filters if name in query}

    def uri(page: int, page_token: str | None = None) -> str:
        tail = {} if page_token is None else {"PageToken": page_token}
        return path + "?" + urlencode({**repeated, "PageSize": size, "Page": page, **tail})

    more = start + size < len(found)
    return {
        "first_page_uri": uri(0),
        "next_page_uri": uri(number + 1, f"PA{on_it[-1].sid}") if more and on_it else None,
        "previous_page_uri": uri(number - 1, f"PB{on_it[0].sid}") if number and on_it else None,
        "uri": uri(number, token or None),
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": number * size + max(0, len(on_it) - 1),
        key: [shown(item) for item in on_it],
    }


def lies_in(moment: datetime | None, name: str, query: Mapping[str, str]) -> bool:
    """Whether a moment is what `name`, `name<` and `name>` of a query ask for.

    The dates are YYYY-MM-DD, which stands for the whole day, or YYYY-MM-DDThh:mm:ssZ, which stands for
    that second; both ends belong to a range. The plain name is always a whole day, because the SDK
    writes every date with a time, and Twilio's examples ask it for a day in that way.
    """
    on = _span(query.get(name, "")[: len(_DAY)])
    before, after = _span(query.get(f"{name}<")), _span(query.get(f"{name}>"))
    if on is None and before is None and after is None:
        return True
    if moment is None:
        return False
    if on is not None and not on[0] <= moment < on[1]:
        return False
    if before is not None and not moment < before[1]:
        return False
    return after is None or after[0] <= moment


def dates(*names: str) -> tuple[str, ...]:
    """The filters of dates with these names."""
    return tuple(name + sign for name in names for sign in ("", "<", ">"))


def _span(text: str | None) -> tuple[datetime, datetime] | None:
    """The first moment of a date or second, and the first one after it; None if it is neither."""
    if not text:
        return None
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        return None
    if start.tzinfo is None:
        start = start.replace(tzinfo=UTC)
    return start, start + (timedelta(days=1) if len(text) == len(_DAY) else timedelta(seconds=1))


def _number(text: str | None, default: int, least: int) -> int:
    """A number of the query; the default when it is none."""
    return max(least, int(text)) if text is not None and text.isdecimal() else default
