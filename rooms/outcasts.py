"""Who was put out of a room, so that nothing is done for what they go on to say there.

A ban reaches a remote homeserver later than ours, or never. What its users say meanwhile is refused by our
homeserver in silence ("soft-failed"), shown to nobody, and told to us like anything else: whether it counts
must be known here.
"""

from bridges.contract import Inbound
from linzhang.settings import Settings
from models import Outcast


async def note(settings: Settings, inbound: Inbound) -> None:
    """Remember whom others have put out of a room, and forget it when they are in it again."""
    member, membership = str(inbound.detail.get("member")), inbound.detail.get("membership")
    room_id, lookup = inbound.room, settings.vault.lookup(inbound.bridge, member)
    if membership == "ban" or (membership == "leave" and member != inbound.sender):
        await Outcast.get_or_create(room_id=room_id, lookup=lookup)
    elif membership == "join":
        await Outcast.filter(room_id=room_id, lookup=lookup).delete()


async def is_one(settings: Settings, inbound: Inbound) -> bool:
    """Whether somebody says or does something in a room out of which they were put."""
    lookup = settings.vault.lookup(inbound.bridge, inbound.sender)
    return await Outcast.exists(room_id=inbound.room, lookup=lookup)
