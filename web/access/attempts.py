"""How often somebody may try to come in with a password: a few times an account, more often an address.

Attempts are rows, so that all processes count alike; each is written before it is made, so that many at once
are no way round.
"""

from datetime import timedelta

from linzhang.settings import Settings
from models import Attempt

#: Attempts in so long a time, of machine time.
WITHIN = timedelta(minutes=15)
OF_ACCOUNT = 5
OF_ADDRESS = 30

#: For how long they are kept.
_KEPT = timedelta(days=1)

#: The names under which hashes are made.
_ACCOUNT, _ADDRESS = "attempt on account", "attempt from address"


async def allowed(settings: Settings, account: str, address: str) -> bool:
    """Note an attempt, and tell whether it may be made.

    Args:
        settings: The service's.
        account: That is tried.
        address: From which it is: of the network.
    """
    wall = settings.clock.wall()
    await Attempt.filter(at__lt=wall - _KEPT).delete()
    limits = {
        settings.vault.lookup(_ACCOUNT, account): OF_ACCOUNT,
        settings.vault.lookup(_ADDRESS, address): OF_ADDRESS,
    }
    await Attempt.bulk_create([Attempt(at=wall, key=key) for key in limits])
    made = {key: await Attempt.filter(key=key, at__gt=wall - WITHIN).count() for key in limits}
    return all(made[key] <= limit for key, limit in limits.items())


async def forget(settings: Settings, account: str) -> None:
    """Forget the attempts on an account, since one was right."""
    await Attempt.filter(key=settings.vault.lookup(_ACCOUNT, account)).delete()
