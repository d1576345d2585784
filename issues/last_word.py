"""What somebody was told last at one of their addresses: what a bare digit of theirs answers."""

from models import Address, Outbox


async def last_word(address: Address) -> Outbox | None:
    """The row of our last text to an address, whether or not it has gone out; None: there has been none."""
    return await Outbox.filter(address_id=address.id).order_by("-id").first()
