"""What the service writes into its log, and what each line is about.

In production a record is one line of JSON, for a machine to read; in the demo it is plain. What a record is
about (the issue's number, the row of inbox or outbox, the bridge) stands beside it, wherever in the
programme it was written: whoever begins some work says so once. A phone number is never in it (DESIGN, rule
7): nobody writes one, and what a library or a database says by itself is blackened.
"""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal

from opentelemetry import trace

#: How lines are written.
Format = Literal["json", "plain"]

#: What a line is about: names and short values, no addresses.
Fact = str | int

#: What stands where a number was.
BLACK = "▮▮▮"

#: They write a line per job or per request, with its address.
_CHATTY = ("arq.worker", "httpx", "nio", "twilio", "aiogram")

#: Numbers as people and machines write them: with their country, as eight digits or more in a row (which
#: hits codes of units, too, and rather that), and in groups.
_NUMBER = re.compile(
    r"(?:\+|%2B)\d[\d ()-]{5,18}\d"
    r"|(?<![\w.])\d{8,15}(?!\w)"
    r"|(?<![\w.:-])\(?\d{3,4}\)?[ -]\d{3,4}[ -]?\d{4}(?![\w-])",
    re.IGNORECASE,
)

_about: ContextVar[dict[str, Fact] | None] = ContextVar("about", default=None)


@contextmanager
def about(**facts: Fact) -> Iterator[None]:
    """Say what everything is about that is done inside, besides what was said outside."""
    token = _about.set({**(_about.get() or {}), **facts})
    try:
        yield
    finally:
        _about.reset(token)


def note(**facts: Fact) -> None:
    """Say what the work that is under way has turned out to be about."""
    known = _about.get()
    if known is not None:
        known.update(facts)


def known() -> Mapping[str, Fact]:
    """What is being worked on."""
    return dict(_about.get() or {})


def blackened(text: str) -> str:
    """A text without what may be a phone number."""
    return _NUMBER.sub(BLACK, text)


class PlainFormatter(logging.Formatter):
    """For people: time, level, who, what, and what it is about."""

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter.format`."""
        facts = "".join(f" {name}={value}" for name, value in known().items())
        said = "\n".join([record.getMessage() + facts, *_behind(self, record)])
        return f"{self.formatTime(record)} {record.levelname} {record.name} {blackened(said)}"


class JsonFormatter(logging.Formatter):
    """For machines: one object a line, with `time`, `level`, `logger`, `process`, `message` and the facts.

    Args:
        process: Which of the processes writes.
    """

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter.format`."""
        line: dict[str, Fact] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": self._process,
            "message": blackened(record.getMessage()),
            **known(),
        }
        span = trace.get_current_span().get_span_context()
        if span.is_valid:
            line["trace"] = f"{span.trace_id:032x}"
        stack = "\n".join(_behind(self, record))
        if stack:
            line["exception"] = blackened(stack)
        return json.dumps(line, ensure_ascii=False)


def set_up(process: str, form: Format) -> None:
    """Let everything that this process logs go to its error output in one form.

    Args:
        process: Which of the processes it is, such as 'web'.
        form: Of the lines.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter(process) if form == "json" else PlainFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _behind(formatter: logging.Formatter, record: logging.LogRecord) -> list[str]:
    """The stack of an error, and where it was logged, where somebody has asked for that."""
    found = [formatter.formatException(record.exc_info)] if record.exc_info else []
    return [*found, formatter.formatStack(record.stack_info)] if record.stack_info else found
