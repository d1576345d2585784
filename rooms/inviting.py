"""Inviting a leader to tie a chat account of their own to their post: a code by text (`issues.linking`)."""

import secrets

from tortoise.transactions import in_transaction

from issues import linking
from issues.effects import Effects
from linzhang.settings import Settings
from models import Person, Unit
from rooms import roster


async def invite(settings: Settings, person: Person, unit: Unit) -> tuple[bool, set[str]]:
    """Send a unit's leader a code.

    Returns:
        Whether they have a phone that takes texts, and the outbox lanes that have got rows.
    """
    async with in_transaction():
        effects = Effects(f"invite{secrets.token_hex(8)}", settings.clock.wall())
        bot = await roster.bot_of(settings, unit)
        sent = await linking.invite(settings, effects, person, bot, settings.clock.now())
        return sent, await effects.save()
