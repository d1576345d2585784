"""What somebody writes to the service alone, asked of each duty that may have asked them something.

Each duty knows by its own rows whether a digit is meant for it; what is nobody's is a report, as ever.
"""

from datetime import datetime

from bridges.contract import Inbound
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

#: Who is asked, one after the other: those first who count a digit only right behind their own words.
_TAKERS = (
    reconciling.take,
    teaching.take,
    surveys.take,
    tasks.take,
    doors.take,
    care.take,
    honours.take,
    polls.take,
    notices.take,
)


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str] | None:
    """Take something as an answer to what a duty has asked.

    Args:
        settings: The service's.
        inbound: What was written.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows; None: it answers nothing of theirs.
    """
    for taker in _TAKERS:
        taken = await taker(settings, inbound, at)
        if taken is not None:
            return taken
    return None
