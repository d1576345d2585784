"""Addresses that the application gives, before anybody calls them.

It must never look a name up.
"""

from urllib.parse import urlsplit


def is_url(text: str) -> bool:
    """Whether it is a whole address that can be called."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
