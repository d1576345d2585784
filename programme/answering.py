"""What somebody writes to the service alone, asked of each duty that may have asked them something.

Each duty knows by its own rows whether a digit is meant for it; what is nobody's is a report, as ever.
"""

from datetime import datetime

from bridges.contract import Inbound
from issues import numbers
from issues.last_word import last_word
from linzhang.settings import Settings
from programme.care import answers as care
from programme.doors import answers as doors
from programme.honours import answers as honours
from programme.notices import answers as notices
from programme.polls import answers as polls
from programme.reconciling import answers as reconciling
from programme.tasks import answers as tasks
from programme.teaching import answers as teaching
from programme.thanks.surveys import answers as surveys

#: Those who count a digit only right behind their own words.
_RIGHT_BEHIND = (reconciling.take, teaching.take, surveys.take, tasks.take, doors.take)

#: Those who go down the tree, and count one for as long as they are the last of theirs.
_SENT_DOWN = (honours.take, polls.take, notices.take)


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str] | None:
    """Take something as an answer to what a duty has asked.

    Args:
        settings: The service's.
        inbound: What was written.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows; None: it answers nothing of theirs.
    """
    # Who was asked this morning whether they are well, and has just got a poll, answers the poll.
    sent = await _has_just_been_sent(settings, inbound)
    later = (*_SENT_DOWN, care.take) if sent else (care.take, *_SENT_DOWN)
    for taker in (*_RIGHT_BEHIND, *later):
        taken = await taker(settings, inbound, at)
        if taken is not None:
            return taken
    return None


async def _has_just_been_sent(settings: Settings, inbound: Inbound) -> bool:
    """Whether a notice, or a poll, was the last that somebody was told."""
    address = await numbers.known(settings, inbound.bridge, inbound.sender)
    row = await last_word(address) if address is not None else None
    return row is not None and "recipient" in row.payload
