"""The loop: every transition an issue can make, its rule, who may make it, and what it tells whom.

`law` is the whole law. Each transition runs in the caller's transaction on an issue that `lock` has
locked, appends one row to its history, and leaves its effects in an `Effects`. Nothing here calls
anything outside the database.
"""

from issues.lifecycle.alarm import urgent
from issues.lifecycle.book import Book
from issues.lifecycle.calling import look_up, look_up_phone
from issues.lifecycle.clock import overdue
from issues.lifecycle.common import lock, not_yours
from issues.lifecycle.law import CLOCK, RULES, Actor, Rule, Who
from issues.lifecycle.leaders import accept, answer, correct, note, pass_up, resolve, retract, undo
from issues.lifecycle.missing import missing
from issues.lifecycle.rearranging import rearrange
from issues.lifecycle.referring import hand_back, refer
from issues.lifecycle.residents import add, make_private, place, report
from issues.lifecycle.sorting import calm, merge, split, take_off
from issues.lifecycle.verdicts import confirm, rate, reject, withdraw

__all__ = [
    "CLOCK",
    "RULES",
    "Actor",
    "Book",
    "Rule",
    "Who",
    "accept",
    "add",
    "answer",
    "calm",
    "confirm",
    "correct",
    "hand_back",
    "lock",
    "look_up",
    "look_up_phone",
    "make_private",
    "merge",
    "missing",
    "not_yours",
    "note",
    "overdue",
    "pass_up",
    "place",
    "rate",
    "rearrange",
    "refer",
    "reject",
    "report",
    "resolve",
    "retract",
    "split",
    "take_off",
    "undo",
    "urgent",
    "withdraw",
]
