"""One phone number on several ways: whoever writes from it by text and by WhatsApp is one person.

Finds and makes addresses; tells nobody anything. Which bridges have phone numbers as addresses, the registry
says; what else they can do is not asked here.
"""

from bridges.registry import phone_bridges
from issues.reaching import PHONE
from linzhang.settings import Settings
from models import Address


async def known(settings: Settings, bridge: str, raw: str) -> Address | None:
    """An address with its person, if either it or the same number on another bridge is known.

    Args:
        settings: The service's.
        bridge: On which bridge.
        raw: The address itself. A secret: never logged.
    """
    lookup = settings.vault.lookup(bridge, raw)
    address = await Address.filter(bridge=bridge, lookup=lookup).select_related("person").first()
    if address is not None:
        return address
    for other in _others(settings, bridge, raw):
        lookup = settings.vault.lookup(other, raw)
        same = await Address.filter(bridge=other, lookup=lookup).select_related("person").first()
        if same is not None:
            return await _add(settings, same, bridge, raw)
    return None


async def on_phone(settings: Settings, address: Address) -> Address | None:
    """The telephone behind an address; None where nobody knows one."""
    if address.bridge == PHONE:
        return address
    raw = settings.vault.open(address.sealed)
    if PHONE not in _others(settings, address.bridge, raw):
        return await Address.filter(person_id=address.person_id, bridge=PHONE).order_by("id").first()
    lookup = settings.vault.lookup(PHONE, raw)
    found = await Address.get_or_none(bridge=PHONE, lookup=lookup)
    return found or await _add(settings, address, PHONE, raw)


def _others(settings: Settings, bridge: str, raw: str) -> list[str]:
    """The other bridges on which an address means the same number."""
    bridges = phone_bridges(settings)
    is_number = bridge in bridges and raw.startswith("+")
    return [other for other in bridges if other != bridge] if is_number else []


async def _add(settings: Settings, same: Address, bridge: str, raw: str) -> Address:
    added = await Address.create(
        person_id=same.person_id,
        bridge=bridge,
        lookup=settings.vault.lookup(bridge, raw),
        sealed=settings.vault.seal(raw),
        fixed_line=same.fixed_line,
    )
    await added.fetch_related("person")
    return added
