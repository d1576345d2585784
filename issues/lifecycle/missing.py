"""Somebody has not answered: an issue that nobody reports, so that their leader knocks at the door.

One transition in the caller's transaction; see `issues.lifecycle`.
"""

from datetime import datetime

from issues import telling
from issues.effects import Effects
from issues.lifecycle import alarm, common
from issues.lifecycle.law import CLOCK
from linzhang.settings import Settings
from models import Action, Address, Issue, Message, Unit, Voice


async def missing(
    settings: Settings, *, address: Address, unit: Unit, words: Message, at: datetime
) -> tuple[Issue, Effects]:
    """Open an urgent issue about somebody's silence; leaders alone see it, and their leader is called.

    Args:
        settings: The service's.
        address: Where they were asked, with its person fetched.
        unit: The block in which they live.
        words: What has happened, in the rooms' language; saved here as the issue's first message.
        at: Programme time.
    """
    issue = Issue(
        block=unit,
        reporter=address.person,
        address=address,
        opened_at=at,
        talked_at=at,
        bridge=address.bridge,
        private=True,
        silent=True,
    )
    common.give_to(settings, issue, unit, at)
    await common.record(settings, issue, Action.REPORT, CLOCK, at)
    await common.keep(settings, issue, words, Voice.RESIDENT)
    effects = await alarm.declare(settings, issue, CLOCK, at, None)
    await telling.handed(settings, issue, effects, at)
    await alarm.sound(settings, issue, effects, at)
    return issue, effects
