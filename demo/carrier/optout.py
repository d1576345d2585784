"""STOP, START and HELP: the words, and what the carrier answers to them by itself.

After Twilio's 'Customize users' opt-in and opt-out experience with Advanced Opt-Out' and 'Twilio
support for opt-out keywords (SMS STOP filtering)'. It must never keep who opted out: the store does.
"""

from dataclasses import dataclass
from typing import Literal

OptOutType = Literal["STOP", "START", "HELP"]


@dataclass(frozen=True)
class KeywordRule:
    """One family of keywords.

    Attributes:
        words: Exact texts in upper case; a text with anything else in it is no keyword.
        reply: What the phone gets.
    """

    words: frozenset[str]
    reply: str


RULES: dict[OptOutType, KeywordRule] = {
    "STOP": KeywordRule(
        frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}),
        "You have successfully been unsubscribed. You will not receive any more messages from this"
        " number. Reply START to resubscribe.",
    ),
    "START": KeywordRule(
        frozenset({"START", "YES", "UNSTOP"}),
        "You have successfully been re-subscribed to messages from this number. Reply HELP for help."
        " Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    ),
    "HELP": KeywordRule(
        frozenset({"HELP", "INFO"}),
        "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    ),
}
"""Twilio's English default lists and replies."""


def classify(body: str) -> OptOutType | None:
    """The family that `body` is a keyword of, whatever its case and the blanks around it."""
    word = body.strip().upper()
    return next((kind for kind, rule in RULES.items() if word in rule.words), None)


def replies_to(kind: OptOutType, was_opted_out: bool) -> bool:
    """Whether the carrier answers: what changes nothing gets silence, and so does HELP after STOP."""
    return was_opted_out if kind == "START" else not was_opted_out
