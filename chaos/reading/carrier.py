"""What the carrier has kept: the texts that phones sent, and those that it took from us.

Reads the carrier's log, a line of JSON for each event, and nothing else.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chaos.evidence import TextIn, TextOut


def read(log: Path) -> tuple[list[TextIn], list[TextOut]]:
    """All texts in the order in which they came to be: those of phones, and ours.

    Args:
        log: The carrier's file.
    """
    messages: list[dict[str, Any]] = []
    told: Counter[str] = Counter()
    accepted: set[str] = set()
    for kind, data in _events(log):
        if kind == "message":
            messages.append(data)
        elif kind == "webhook" and data["purpose"] in ("inbound", "fallback"):
            told[data["message_sid"]] += data["tries"]
            if 200 <= (data["status_code"] or 0) < 300:
                accepted.add(data["message_sid"])
    came = [
        TextIn(each["sid"], each["sender"], each["body"], each["sid"] in accepted, told[each["sid"]])
        for each in messages
        if each["direction"] == "inbound"
    ]
    went = [
        TextOut(each["sid"], each["recipient"], each["body"], _key(each["status_callback"] or ""))
        for each in messages
        if each["direction"] != "inbound"
    ]
    return came, went


def _events(log: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    with log.open(encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            yield event["kind"], event["data"]


def _key(callback: str) -> str:
    """The effect's key, which stands in the address that the carrier calls about a text."""
    return parse_qs(urlsplit(callback).query).get("key", [""])[0]
