"""What somebody wrote themselves in an answer: without what their mail programme has put below it.

Programmes quote in a hundred ways; each rule here stands for one that people really use, in Chinese or in
English. What no rule knows stays: too much is better than somebody's words lost.
"""

import re

_RULE = re.compile(r"\W*##-.*-##\W*")

#: A line from which on everything is the mail that is answered.
_ATTRIBUTIONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # QQ, Foxmail, 163, Outlook: '------------------ 原始邮件 ------------------'
        r"[-_\s]*(?:原始邮件|原始郵件|转发的?邮件|回复的原?邮件|original message|forwarded message)[-_\s]*",
        # Apple Mail, Gmail: 'On 24 Nov 2026, at 10:00, X <x@y> wrote:'
        r"on\s.{4,200}\swrote\s*[:：]",
        # 163: 'At 2026-11-24 10:00:00, "X" <x@y> wrote:'
        r"at\s\d{4}-\d{1,2}-\d{1,2}.{1,200}\swrote\s*[:：]",
        # Apple Mail, Gmail in Chinese: '在 2026年11月24日，上午10:00，X <x@y> 写道：', 'X 于2026年… 写道：'
        r"(?:在|于|於)?.{0,120}\d{4}\s*[-年/.]\s*\d{1,2}.{0,200}(?:写道|寫道|写到)\s*[:：]",
        r".{1,160}<\S+@\S+>.{0,60}(?:写道|寫道|写到|wrote)\s*[:：]",
    )
)

_ATTRIBUTION = 400  # characters that one may have, so that no words of anybody's take long to look at

#: The two first lines of a block of headers, as Outlook and Foxmail put it.
_FROM = re.compile(r"[>\s]*[*]?(?:发件人|寄件者|发自|from)[*]?\s*[:：]", re.IGNORECASE)
_SENT = re.compile(
    r"[>\s]*[*]?(?:发送时间|发送日期|日期|寄件日期|收件人|收件者|主题|主旨|sent|date|to|subject)[*]?\s*[:：]",
    re.IGNORECASE,
)
_HEADERS_WITHIN = 4  # lines, blank ones too, in which the second header must stand

#: A line that only draws a border above such a block.
_BORDER = re.compile(r"\s*[-_=—]{5,}\s*")

_QUOTED = re.compile(r"\s*[>＞]")

#: What telephones and programmes write below people's words.
_SENT_FROM = re.compile(
    r"\s*(?:发自我的|来自我的|从我的.{1,20}(?:发送|发出)|發自我的|发自.{0,10}(?:邮箱|手机)|获取\s*outlook|"
    r"sent from (?:my|mail|outlook)|get outlook for).{0,60}",
    re.IGNORECASE,
)


def own_words(text: str) -> str:
    """What the writer of an answer has written.

    Args:
        text: The whole mail as plain text.
    """
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    words = _unquoted(lines)
    quoted = [number for number, line in enumerate(lines) if _QUOTED.match(line)]
    if not words and quoted:  # some write below what they answer
        words = _unquoted([line for line in lines[quoted[0] :] if not _QUOTED.match(line)])
    return words


def _unquoted(lines: list[str]) -> str:
    kept = [line for line in lines[: _end(lines)] if not _QUOTED.match(line)]
    while kept and (not kept[-1].strip() or _BORDER.fullmatch(kept[-1])):
        kept.pop()
    return "\n".join(line for line in kept if not _SENT_FROM.fullmatch(line)).strip()


def _end(lines: list[str]) -> int:
    """The line from which on nothing is their own."""
    bare = [line.lstrip("> \t\u3000\xa0") for line in lines]
    for number, line in enumerate(lines):
        if line == "--" or _RULE.fullmatch(bare[number]) or _attributes(bare, number):
            return number
        below = lines[number + 1 : number + 1 + _HEADERS_WITHIN]
        if _FROM.match(line) and any(_SENT.match(each) for each in below):
            return number
    return len(lines)


def _attributes(lines: list[str], number: int) -> bool:
    """Whether an attribution begins in a line; programmes break a long one over up to three."""
    if not lines[number].strip():
        return False
    for length in (1, 2, 3):
        parts = lines[number : number + length]
        if _is_attribution(parts):
            # What stands before a whole attribution is somebody's words, not its beginning.
            return not any(_is_attribution(parts[later:]) for later in range(1, len(parts)))
    return False


def _is_attribution(parts: list[str]) -> bool:
    joined = " ".join(part.strip() for part in parts).strip()
    return len(joined) <= _ATTRIBUTION and any(pattern.fullmatch(joined) for pattern in _ATTRIBUTIONS)
