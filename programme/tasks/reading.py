"""What somebody asks for in one line: '修路 明天8点 要3人 每人50元' is the work, three helpers, 50 for each.

Pure functions of the words; they never raise.
"""

import re
from dataclasses import dataclass

from issues.folding import in_place
from programme.tasks import money

_AMOUNT = r"(\d{1,9}(?:\.\d{1,3})?)"

#: What each gets: '每人50元', '50元一人', '50 each', 'pay 50'.
_PAY = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:每人|每个人|一人|人均)(?:补贴|误工费|补)?[¥￥$]?{_AMOUNT}(?:块钱|元|块)?",
        rf"[¥￥$]?{_AMOUNT}(?:块钱|元|块)?(?:/人|每人|一个人|一人)",
        rf"[¥￥$]?{_AMOUNT}\s*(?:[A-Za-z]{{3}}\s+)?(?:each\b|a head\b|per person\b|per helper\b)",
        rf"(?:each gets|each|pays?)\s+[¥￥$]?{_AMOUNT}\b(?:\s*(?:yuan|CNY|RMB))?",
    )
)
#: How many: '要3人', '3个人', 'need 3', '3 people'.
_NEED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:需要|要|缺|找|来)(\d{1,4})(?:个人|人|名|位|个)?",
        r"(\d{1,4})(?:个人|人|名|位)",
        r"(?:needs?|wants?)\s+(\d{1,4})\b(?:\s*(?:people|persons?|helpers?|leaders?|hands))?",
        r"(\d{1,4})\s+(?:people|persons?|helpers?|leaders?|hands)\b",
    )
)
#: For a unit below: '给张庄组：…', 'for 张庄组: …'.
_FOR = re.compile(r"(?:for\s+|to\s+|发?给\s*)([^:：\n]{1,60})[:：]\s*(.*)", re.IGNORECASE | re.DOTALL)

_BLANKS = re.compile(r"[ \t\u3000]{2,}")
_EDGES = " \t\n\u3000,，;；、"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for.

    Attributes:
        what: What is to be done, where and when.
        need: How many helpers.
        pay: For each, in the smallest unit of the currency.
        unit: Name of a unit below, if one was said.
    """

    what: str
    need: int
    pay: int
    unit: str = ""


def wanted(words: str, currency: str) -> Wanted | None:
    """What a line asks for; None: it does not say what, or what each gets.

    Who does not say how many wants one.
    """
    text, unit = words.strip(), ""
    if addressed := _FOR.fullmatch(text):
        unit, text = addressed[1].strip(), addressed[2]
    amount, text = _take_out(_PAY, text)
    pay = money.minor(amount, currency) if amount else None
    count, text = _take_out(_NEED, text)
    need = int(count) if count else 1
    what = _BLANKS.sub(" ", text).strip(_EDGES)
    if pay is None or need < 1 or not any(each.isalpha() for each in what):
        return None
    return Wanted(what, need, pay, unit)


def _take_out(patterns: tuple[re.Pattern[str], ...], text: str) -> tuple[str, str]:
    """The first number that fits, and the words without it."""
    plain = in_place(text)
    for pattern in patterns:
        if found := pattern.search(plain):
            before, behind = text[: found.start()].rstrip(_EDGES), text[found.end() :].lstrip(_EDGES)
            return found[1], f"{before} {behind}"
    return "", text
