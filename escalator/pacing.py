"""How fast goes out what nobody waits for: each row gets a moment of its own, one after the other.

After a long outage a hundred thousand texts and posts are to go out that only the clock has caused. A
carrier takes so many from a number in a second, and keeps the rest in a line of its own, in which a receipt
would stand at the end; a homeserver that posts as fast as it can answers nobody. What somebody waits for is
never paced.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from issues.effects import ROOMS
from linzhang.settings import Settings
from models import Outbox, OutboxState

#: So much of a second's number goes at once after a time of rest.
_BURST = 1.0


class Pacing:
    """The paces of one worker.

    Args:
        rates: By deliverer, how many rows go in a second; who is not named has no pace.
    """

    def __init__(self, rates: Mapping[str, float]) -> None:
        self._rates = rates
        self._next: dict[str, datetime] = {}

    @classmethod
    def of(cls, settings: Settings) -> "Pacing":
        """As the service is configured."""
        rates = {ROOMS: settings.posts_per_second * len(settings.homeservers)}
        if settings.twilio is not None:
            rates |= dict.fromkeys(("sms", "whatsapp"), settings.twilio.texts_per_second)
        return cls(rates)

    async def put_off(self, row: Outbox, wall: datetime) -> bool:
        """Let a row that is due have its moment; returns whether that lies ahead, where it was put off.

        Args:
            row: Locked.
            wall: Machine time.
        """
        rate = self._rates.get(row.bridge)
        if rate is None or not row.patient or row.not_before != row.created_at:
            return False  # it has had its moment, or needs none
        earliest = wall - timedelta(seconds=_BURST)
        mine = max(self._next.get(row.bridge) or await _last_given(row.bridge) or earliest, earliest)
        self._next[row.bridge] = mine + timedelta(seconds=1 / rate)
        if mine <= wall:
            return False
        row.not_before = mine
        await row.save(update_fields=["not_before"])
        return True


async def _last_given(bridge: str) -> datetime | None:
    """The last moment that was given before this worker has begun."""
    waiting = Outbox.filter(bridge=bridge, state=OutboxState.WAITING, patient=True)
    last = await waiting.order_by("-not_before").first()
    return last.not_before if last else None
