"""Who comes and goes: invitations to the service, its direct rooms, and rooms that it has lost.

The service joins direct rooms with people whom the roster knows. A stranger could invite it into any room
of the world: it goes there only to listen for a code (`rooms.knocking`), if somebody has been sent one.
"""

from datetime import datetime

from bridges.contract import Inbound
from issues import chain, intake, names, texts
from issues.effects import Effects
from linzhang.settings import Homeserver, Settings
from linzhang.words import say
from models import Address, BotRoom, DirectRoom, Knock, Room
from rooms import knocking, losing


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str]:
    """Act on a change of somebody's membership.

    Args:
        settings: The service's.
        inbound: The change.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows.
    """
    member, membership = str(inbound.detail.get("member")), inbound.detail.get("membership")
    ours = {homeserver.bot_id: homeserver.server_name for homeserver in settings.homeservers}
    if membership in ("leave", "ban"):
        if member in ours:
            return await losing.lose(settings, inbound.room, homeserver=ours[member])
        await _gone(settings, inbound, member, by_themselves=inbound.sender in (member, *ours))
    elif membership == "invite" and member in ours and settings.network_by_bot(inbound.sender):
        await _to_a_bot(settings, inbound, ours[member])
    elif membership == "invite" and member in ours:
        return await _invited(settings, inbound, ours[member], at)
    elif membership == "invite" and inbound.sender in ours and inbound.detail.get("direct"):
        address = await _address(settings, inbound.bridge, member)
        if address is not None:
            await _remember(inbound.room, address, ours[inbound.sender])
    return set()


async def changed(settings: Settings, inbound: Inbound) -> set[str]:
    """Act on a change of what a room is: it is looked over soon, and an upgraded one is followed.

    Returns:
        The outbox lanes that have got rows.
    """
    if inbound.sender in {homeserver.bot_id for homeserver in settings.homeservers}:
        return set()
    changes: dict[str, object] = {"stale_at": settings.clock.wall()}
    if "successor" in inbound.detail:
        changes["successor"] = inbound.detail["successor"]
    await Room.filter(room_id=inbound.room, lost_at=None).update(**changes)
    return set()


async def _gone(settings: Settings, inbound: Inbound, member: str, *, by_themselves: bool) -> None:
    """A direct room without the person is lost; in a unit's room whoever was thrown out is missed."""
    if not by_themselves and await _address(settings, inbound.bridge, member):
        await Room.filter(room_id=inbound.room, lost_at=None).update(stale_at=settings.clock.wall())
    lookup = settings.vault.lookup(inbound.bridge, member)
    knocks = Knock.filter(room_id=inbound.room, lookup=lookup, left_at=None)
    await knocks.update(left_at=settings.clock.wall())
    direct = await DirectRoom.filter(room_id=inbound.room, lost_at=None).select_related("address").first()
    if direct is not None and settings.vault.open(direct.address.sealed) == member:
        direct.lost_at = settings.clock.wall()
        await direct.save()


async def _invited(settings: Settings, inbound: Inbound, homeserver: str, at: datetime) -> set[str]:
    """Somebody wants to talk to the service: those whom the roster knows do, the others hear why not."""
    address = await _address(settings, inbound.bridge, inbound.sender)
    effects = Effects(intake.cause_of(inbound), settings.clock.wall())
    profile = settings.territory
    if await Room.exists(successor=inbound.room, lost_at=None):
        return set()  # whoever mends the old one joins
    if not inbound.detail.get("direct"):
        line = say(texts.ONLY_DIRECT, profile.default_language)
        effects.decline(inbound.room, homeserver, line)
    elif (bot := _bot_for(settings, inbound.sender, address, homeserver)).server_name != homeserver:
        # One bot talks with a person, so that order holds, and no homeserver speaks for another's people.
        language = names.language_of(address.person, profile) if address else profile.default_language
        line = say(texts.OTHER_BOT, language, bot=bot.bot_id)
        effects.decline(inbound.room, homeserver, line, join=_is_at_home(settings, inbound.sender))
        if address is not None:
            effects.whisper(address, await _hello(settings, address, at))
    elif address is None and await knocking.is_let_in(settings, inbound, homeserver, at):
        effects.hear(inbound.room, homeserver, say(texts.KNOCK, profile.default_language))
    elif address is None:
        line = say(texts.NOT_IN_ROSTER, profile.default_language)
        effects.decline(inbound.room, homeserver, line, join=_is_at_home(settings, inbound.sender))
    else:
        await _remember(inbound.room, address, homeserver)
        effects.greet(address, inbound.room, homeserver, await _hello(settings, address, at))
    return await effects.save()


def _bot_for(settings: Settings, user_id: str, address: Address | None, asked: str) -> Homeserver:
    """On which homeserver the service talks with somebody: on their own.

    Where it is not there, on the first with whom the roster knows, and with a stranger on the one whose bot
    they have asked.
    """
    own = user_id.partition(":")[2]
    by_name = {each.server_name: each for each in settings.homeservers}
    return by_name.get(own) or (by_name[asked] if address is None else settings.homeservers[0])


def _is_at_home(settings: Settings, user_id: str) -> bool:
    """Whether somebody is on one of our homeservers: a room that they make is small and can be joined."""
    return user_id.partition(":")[2] in {each.server_name for each in settings.homeservers}


async def _hello(settings: Settings, address: Address, at: datetime) -> str:
    leads = await chain.post_of(address.person, at) is not None
    language = names.language_of(address.person, settings.territory)
    return say(texts.HELLO_LEADER if leads else texts.WELCOME, language)


async def _to_a_bot(settings: Settings, inbound: Inbound, homeserver: str) -> None:
    """A bridge's bot wants to be told there what to do; the service goes in when it has something to say."""
    network = settings.network_by_bot(inbound.sender)
    assert network is not None
    facts = {"network": network.name, "homeserver": homeserver, "lost_at": None}
    await BotRoom.update_or_create(facts, room_id=inbound.room)


async def _remember(room_id: str, address: Address, homeserver: str) -> None:
    facts = {"address": address, "homeserver": homeserver, "lost_at": None}
    await DirectRoom.update_or_create(facts, room_id=room_id)


async def _address(settings: Settings, bridge: str, user_id: str) -> Address | None:
    lookup = settings.vault.lookup(bridge, user_id)
    return await Address.filter(bridge=bridge, lookup=lookup).select_related("person").first()
