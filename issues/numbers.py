"""One phone number on several ways: whoever writes from it by text and by WhatsApp is one person.

Finds and makes addresses; tells nobody anything. Which bridges have phone numbers as addresses, the registry
says; what else they can do is not asked here.
"""

from bridges.calls import WITHHELD
from bridges.registry import phone_bridges
from issues.reaching import PHONE
from linzhang.settings import Settings
from models import Address


async def find(settings: Settings, bridge: str, raw: str) -> Address | None:
    """An address with its person, or else that of the same number on another bridge.

    Args:
        settings: The service's.
        bridge: On which bridge.
        raw: The address itself. A secret: never logged.
    """
    for each in (bridge, *_others(settings, bridge, raw)):
        lookup = settings.vault.lookup(each, raw)
        address = await Address.filter(bridge=each, lookup=lookup).select_related("person").first()
        if address is not None:
            return address
    return None


async def known(settings: Settings, bridge: str, raw: str) -> Address | None:
    """An address with its person, if either it or the same number on another bridge is known.

    Where only the other is, the address is made. The arguments are those of `find`.
    """
    found = await find(settings, bridge, raw)
    return found if found is None or found.bridge == bridge else await _add(settings, found, bridge, raw)


async def on_phone(settings: Settings, address: Address) -> Address | None:
    """The telephone behind an address; None where nobody knows one."""
    raw = settings.vault.open(address.sealed)
    if address.bridge == PHONE:
        return None if raw.startswith(WITHHELD) else address
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
