"""Where somebody who is looked after is asked: by text, or by a call to their phone. Reads; sends nothing."""

from datetime import datetime

from bridges.open311.bridge import NAME as CIVIC_APP
from issues import reaching
from linzhang.settings import Settings
from models import Address, CareRecord, CareWay


async def address_of(settings: Settings, record: CareRecord, at: datetime) -> Address | None:
    """Where they are asked; None: no way is known that they have not closed.

    Somebody who has only a telephone on the wall is called, whatever was wished.
    """
    usable = Address.filter(person_id=record.person_id, stopped_at=None).exclude(bridge=CIVIC_APP)
    own = await usable.order_by("id").select_related("person")
    phone = next((each for each in own if each.bridge == reaching.PHONE), None)
    if record.way is CareWay.CALL and phone is not None:
        return phone
    wall = next((each for each in own if each.fixed_line), None)
    return reaching.likeliest(settings, own, at) or wall


def way(record: CareRecord, address: Address) -> CareWay:
    """How they are really asked there."""
    is_phone = address.bridge == reaching.PHONE
    called = address.fixed_line or (record.way is CareWay.CALL and is_phone)
    return CareWay.CALL if called else CareWay.TEXT
