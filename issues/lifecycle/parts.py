"""What a resident says whose issue has become part of another one: it counts for that.

Each is one transition in the caller's transaction; see `issues.lifecycle`. The part is locked; the issue
that it is part of is locked here, always in this order.
"""

from datetime import datetime

from issues import telling, together
from issues.effects import Effects
from issues.lifecycle import common
from issues.lifecycle.law import RULES, Actor
from linzhang.settings import Settings
from models import Action, Issue, Message, Voice


async def is_done(part: Issue) -> bool:
    """Whether the issue that another is part of can be said to be not solved."""
    return (await together.whole(part)).state in RULES[Action.REJECT].start


async def lock_whole(part: Issue) -> Issue:
    """The issue that another is part of, locked."""
    return await common.lock((await together.whole(part)).id)


async def add(settings: Settings, part: Issue, actor: Actor, words: Message | None, at: datetime) -> Effects:
    """Further words: kept with the part, and said where the whole is looked after."""
    part.talked_at = at
    effects = await common.record(settings, part, Action.ADD, actor, at)
    if words is not None:
        await common.keep(settings, part, words, Voice.RESIDENT)
        await telling.relay(await together.whole(part), effects, words)
    return effects


async def rejoin(settings: Settings, part: Issue, actor: Actor, words: Message | None, at: datetime) -> Issue:
    """Their 'not solved': the part belongs to the whole again, which is returned locked for the rest."""
    whole = await lock_whole(part)
    if part.closed_at is not None:
        part.closed_at = None
        await common.record(settings, part, Action.MERGE, actor, at, detail=str(whole.number))
    if words is not None:
        await common.keep(settings, part, words, Voice.RESIDENT)
    return whole
