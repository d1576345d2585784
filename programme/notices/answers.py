"""'1' in answer to a notice: it was read. Everything else that somebody writes is a report, as ever.

What a lone digit means is settled so:

    a question about an issue is open ─► it answers that, and nothing else (`issues.asking`)
    else a notice was sent to them lately, which they have not said that they have read ─► the last such one
    else their last one is read already, and was our last word to them ─► nothing: they say it twice
    else ─► it is not about a notice

'Read' and the like say so even while a question is open: who has one open is asked for that word.
"""

import re
from datetime import datetime

from bridges.contract import Inbound, Kind
from issues import keywords, numbers, urgency, wording
from issues.folding import bare
from issues.last_word import last_word
from issues.vocabulary import Word
from linzhang.settings import Settings
from models import Address, NoticePerson, Question, Reached
from programme.notices import progress, sending

#: Bare words that mean nothing else.
_WORDS = """
    已读 已阅 看过 看过了 看了 看到了 已看 已经看了 阅
    传到了 都传到了 都通知到了 通知到了 大家都知道了 都知道了
    read readit ihavereadit iveread ireadit haveread allknow toldall everybodyknows passedon
"""
_READ = frozenset(_WORDS.split())

#: Words that may be about a notice, if that was our last word to them; and what stands between two.
_NODS = (Word.YES, Word.OKAY, Word.THANKS)
_PAUSE = re.compile(r"[\s,.;!，。；！、~～]+")


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str] | None:
    """Take what somebody has written to the service alone as their answer to a notice.

    Args:
        settings: The service's.
        inbound: What they wrote.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows; None: it is something else.
    """
    text = wording.clean(inbound.text)
    if inbound.kind is not Kind.TEXT or inbound.media or inbound.detail.get("opt_out"):
        return None
    if "call" in inbound.detail or urgency.danger(text, settings.territory):
        return None
    word, digit = bare(text) in _READ, bare(text) == "1"
    nod = _nods(text)
    if not (word or digit or nod):
        return None
    address = await numbers.known(settings, inbound.bridge, inbound.sender)
    if address is None or (not word and await is_asked(address, at)):
        return None
    since = at - settings.territory.notices.answers
    lately = NoticePerson.filter(person_id=address.person_id, told_at__gte=since).order_by("-told_at", "-id")
    last = await lately.first()
    if last is None or (nod and not digit and not await is_our_last_word(address, last)):
        return None
    unread = await lately.filter(state__in=progress.BEFORE_READ).first()
    if unread is None and last.leads:
        unread = await lately.filter(leads=True, passed_at=None).first()
    if unread is not None:
        await progress.read(settings, [unread.id], passed=unread.leads)
        return set()
    return set() if await is_our_last_word(address, last) and last.state is Reached.READ else None


def _nods(text: str) -> bool:
    """Whether a text says no more than that it was heard: 'ok', '好的，知道了', '收到，谢谢'."""
    parts = [keywords.read(part) for part in _PAUSE.split(text) if part]
    return bool(parts) and all(each.word in _NODS and not each.numbers for each in parts)


async def is_asked(address: Address, at: datetime) -> bool:
    """Whether a question about an issue is open, which a digit answers."""
    asked = Question.filter(person_id=address.person_id, kind__in=sending.QUESTIONS, settled_at=None)
    return any(each.due is None or each.due > at for each in await asked)


async def is_our_last_word(address: Address, last: NoticePerson) -> bool:
    """Whether a notice, or a poll, was the last that somebody was told."""
    row = await last_word(address)
    return row is not None and row.payload.get("recipient") == last.id
