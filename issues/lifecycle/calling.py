"""A leader looks up the resident's number to call them: no change, but a row of the history.

See `issues.lifecycle`; who may is narrower than for everything else (DESIGN, rule 7).
"""

from datetime import datetime

from issues import chain, departments, names, numbers, texts
from issues.effects import Effects
from issues.errors import NotNow
from issues.lifecycle import common
from issues.lifecycle.law import Actor
from linzhang.settings import Settings
from linzhang.words import say
from models import Action, Address, Issue


async def look_up(settings: Settings, issue: Issue, actor: Actor, to: Address, at: datetime) -> Effects:
    """Tell a leader the resident's number, in person and as something to press.

    Args:
        settings: The service's.
        issue: Locked.
        actor: Who wants to call.
        to: Theirs on the rooms' platform.
        at: Programme time.

    Raises:
        NotAllowed: They lead neither the resident's block nor a unit above it.
        NotNow: The resident has no telephone that we know of.
    """
    effects, phone = await look_up_phone(settings, issue, actor, at)
    assert actor.person is not None
    language = names.language_of(actor.person, settings.territory)
    name = names.resident(issue.reporter, language)
    effects.dial(to, phone, say(texts.DIAL, language, number=issue.number, name=name))
    return effects


async def look_up_phone(
    settings: Settings, issue: Issue, actor: Actor, at: datetime
) -> tuple[Effects, Address]:
    """Let a leader have the resident's number: where it is told is for the caller to say.

    Args:
        settings: The service's.
        issue: Locked.
        actor: Who wants to call.
        at: Programme time.

    Raises:
        NotAllowed: They lead neither the resident's block nor a unit above it; a department never does.
        NotNow: The resident has no telephone that we know of.
    """
    about = issue.block or issue.holder
    led = await chain.unit_led(actor.person, about, at) if actor.person and about else None
    if led is None or departments.is_one(led, settings.territory):
        raise await common.not_yours(settings, issue, at)
    phone = await numbers.on_phone(settings, issue.address)
    if phone is None:
        raise NotNow(texts.NO_TELEPHONE, number=issue.number)
    return await common.record(settings, issue, Action.CALL, actor, at), phone
