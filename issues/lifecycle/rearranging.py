"""What happens to an issue when units are moved or merged: it is with the unit that stands there now.

One transition in the caller's transaction, after the units have been changed; see `issues.lifecycle`.
"""

from datetime import datetime

from issues import chain, departments, telling, texts
from issues.effects import Effects
from issues.lifecycle import common
from issues.lifecycle.law import CLOCK
from linzhang.profile import Profile
from linzhang.settings import Settings
from linzhang.words import say
from models import Action, Issue, State, Unit

#: States in which somebody waits for something.
_TOLD = (State.OPEN, State.ANSWERED, State.REFERRED, State.RESOLVED)


async def rearrange(settings: Settings, issue: Issue, at: datetime) -> Effects | None:
    """Let an issue follow its units; None where it stands well already.

    It goes to the unit of its holder's tier above the block that it is about. An open one has the whole
    window there, since nobody there has seen it yet. Of what needs nothing now, nobody is told.
    """
    profile = settings.territory
    came_from = issue.holder_id
    block = await chain.standing(issue.block) if issue.block else None
    referrer = await Unit.get_or_none(id=issue.returns_to_id)
    holder = await _now(issue.holder, block, profile)
    returns_to = await _now(referrer, block, profile)
    if (_id(block), _id(holder), _id(returns_to)) == (issue.block_id, came_from, issue.returns_to_id):
        return None
    if _id(block) != issue.block_id:
        # Their neighbours' room is another one now: they are answered where they themselves read it.
        issue.reported_in = ""
    issue.block = block
    if issue.state is State.OPEN and _id(holder) != came_from:
        common.give_to(settings, issue, holder, at)
    else:
        issue.holder, issue.returns_to_id = holder, _id(returns_to)
    effects = await common.record(settings, issue, Action.REARRANGE, CLOCK, at)
    if issue.holder_id == came_from or issue.state not in _TOLD or issue.holder is None:
        return effects
    line = say(
        texts.LINE_REARRANGED,
        profile.default_language,
        number=issue.number,
        unit=issue.holder.name,
    )
    if issue.state is State.OPEN:
        await telling.moved(settings, issue, effects, line, texts.REARRANGED, at, came_from=came_from)
    else:
        effects.show(issue, issue.holder.id)
        for unit_id in await telling.units_shown(issue):
            if unit_id != issue.holder.id:
                effects.say(issue, unit_id, line)
            effects.state(issue, unit_id)
    return effects


async def _now(unit: Unit | None, block: Unit | None, profile: Profile) -> Unit | None:
    """Who does now what a unit did before."""
    if unit is None:
        return None
    unit = await chain.standing(unit)
    if block is None or departments.is_one(unit, profile):
        return unit
    above = await chain.ancestors(block)
    if unit.id in {each.id for each in above}:
        return unit
    return next((each for each in above if each.tier == unit.tier), block)


def _id(unit: Unit | None) -> int | None:
    return unit.id if unit else None
