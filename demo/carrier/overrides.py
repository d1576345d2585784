"""What the fragment of a webhook's address asks for: how often to try again, and how long to wait.

After Twilio's 'Webhook connection overrides': the fragment is no part of what is called or signed. It
must never call anything.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urldefrag

_POLICIES = frozenset({"4xx", "5xx", "ct", "rt", "all"})
_MOST_RETRIES = 5
_LONGEST = 15000


class OverridesProblem(Exception):
    """A fragment that asks for what there is not. 'Error 11243: HTTP retry policy is invalid'."""


@dataclass(frozen=True)
class Overrides:
    """How persistent a webhook is.

    Attributes:
        retries: How many more times it is tried.
        policies: After what: '4xx', '5xx', 'ct' (no connection), 'rt' (no answer in time), 'all'.
        read_timeout: Seconds for one answer; None for the usual.
        total_timeout: Seconds for all tries; None for the usual.
    """

    retries: int = 1
    policies: frozenset[str] = frozenset({"ct"})
    read_timeout: float | None = None
    total_timeout: float | None = None

    def try_again(self, tries: int, failure: str) -> bool:
        """Whether another try follows after so many tries and a failure of this policy."""
        return tries <= self.retries and bool(self.policies & {failure, "all"})


def overrides_of(url: str) -> Overrides:
    """What the fragment of an address asks for; by itself the carrier tries again once, without a connection.

    Raises:
        OverridesProblem: A number or a policy is wrong.
    """
    given = dict(parse_qsl(urldefrag(url).fragment))
    policies = frozenset(given.get("rp", "ct").split(","))
    if not policies <= _POLICIES:
        raise OverridesProblem
    return Overrides(
        retries=_whole(given.get("rc", "1"), 0, _MOST_RETRIES),
        policies=policies,
        read_timeout=_seconds(given.get("rt")),
        total_timeout=_seconds(given.get("tt")),
    )


def _seconds(text: str | None) -> float | None:
    return None if text is None else _whole(text, 100, _LONGEST) / 1000


def _whole(text: str, least: int, most: int) -> int:
    if not text.isdecimal() or not least <= int(text) <= most:
        raise OverridesProblem
    return int(text)
