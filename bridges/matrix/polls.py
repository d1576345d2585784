"""Polls as Matrix clients show them (MSC3381), in the form that they understand today: the unstable one.

Builds contents and reads votes. Who may vote, until when, and what the votes come to is not known here: what
a client counts by itself is its room's alone. It must never raise for what somebody else has written.
"""

from collections.abc import Mapping, Sequence
from typing import Any

#: Types of events: a poll, and its end.
START = "org.matrix.msc3381.poll.start"
END = "org.matrix.msc3381.poll.end"

#: Types of votes, as clients send them today and as the specification will have them.
VOTES = ("org.matrix.msc3381.poll.response", "m.poll.response")

#: Where words stand for clients that know extensible events (MSC1767).
_TEXT = "org.matrix.msc1767.text"

#: What a room may see of the votes while the poll goes on: all, as signs below a post are seen.
_OPEN = "org.matrix.msc3381.poll.disclosed"

#: Where the event stands that another one is about.
_ABOUT = "m.reference"


def start(question: str, options: Sequence[str], words: str) -> dict[str, Any]:
    """The content of a poll in which one option can be chosen; their ids are the digits of their places.

    Args:
        question: What is asked.
        options: What can be chosen.
        words: What a client shows that knows no polls.
    """
    answers = [{"id": str(place), _TEXT: option} for place, option in enumerate(options, start=1)]
    poll = {"kind": _OPEN, "max_selections": 1, "question": _said(question), "answers": answers}
    return _said(words) | {START: poll}


def end(poll: str, words: str) -> dict[str, Any]:
    """The content of a poll's end: from now on clients let nobody vote.

    Args:
        poll: The event by which it began.
        words: What a client shows that knows no polls.
    """
    return _said(words) | {"m.relates_to": {"rel_type": _ABOUT, "event_id": poll}, END: {}}


def is_poll(content: Mapping[str, Any]) -> bool:
    """Whether an event's content is a poll's."""
    return START in content


def chosen(content: Mapping[str, Any]) -> str | None:
    """The id of what a vote chooses, the first if it names several; empty: the vote is taken back.

    Returns:
        None: it is none.
    """
    for name in VOTES:
        answers = content.get(name)
        if isinstance(answers, Mapping):
            return _first(answers.get("answers"))
    return _first(content.get("m.selections"))


def voted_on(content: Mapping[str, Any]) -> object:
    """The id of the poll that a vote is about, as the voter has it; None: of none."""
    relation = content.get("m.relates_to")
    is_about = isinstance(relation, Mapping) and relation.get("rel_type") == _ABOUT
    return relation.get("event_id") if isinstance(relation, Mapping) and is_about else None


def _first(answers: object) -> str | None:
    if not isinstance(answers, list):
        return None
    first = answers[0] if answers else ""
    return first if isinstance(first, str) else None


def _said(words: str) -> dict[str, Any]:
    """Words for clients of all kinds: what has a 'body' is shown also by some that know nothing of polls."""
    return {"msgtype": "m.text", "body": words, _TEXT: words}
