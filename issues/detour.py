"""Another way for words that did not arrive: what a phone's chat does not take goes as a text.

WhatsApp takes our own words only for a day after the resident's (error 63016 of Twilio's), and not every
number is on it; a text reaches the same phone at any time. Taken once for each message: where the text fails
too, leaders are told of the text.
"""

from bridges.registry import phone_bridges
from issues import numbers
from issues.effects import Effects
from issues.reaching import PHONE
from linzhang.settings import Settings
from models import Address, Issue, Outbox


async def take(settings: Settings, row: Outbox) -> set[str] | None:
    """Send the same words to the same number as a text, if they went another way.

    Returns:
        The outbox lanes that have got rows; None: there is no other way.
    """
    if row.address_id is None or row.bridge == PHONE:
        return None
    address = await Address.get(id=row.address_id)
    if address.bridge != row.bridge or address.bridge not in phone_bridges(settings):
        return None
    phone = await numbers.on_phone(settings, address)
    if phone is None or phone.stopped_at is not None:
        return None
    effects = Effects(f"d{row.id}", settings.clock.wall())
    if await effects.are_known():
        return set()
    issue = await Issue.get(id=row.issue_id) if row.issue_id is not None else None
    facts = dict(row.payload)
    effects.tell(phone, facts.pop("text"), issue, **facts)
    return await effects.save()
