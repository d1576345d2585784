"""The record of what administrators do to the service, and leaders to what went wrong, outside of issues.

What is done to an issue stands in its own history. Rows are never changed.
"""

from linzhang.settings import Settings
from models import AdminAction

#: The width of the columns.
_SUBJECT, _WHO = 128, 128


async def record(settings: Settings, action: str, subject: str, who: str, detail: str = "") -> None:
    """Keep for ever who did what, in the caller's transaction.

    Args:
        settings: The service's.
        action: What was done.
        subject: To what, such as a bridge's name; never an address.
        who: As the administrator, or the leader, is called.
        detail: What else there is to know; never an address.
    """
    await AdminAction.create(
        at=settings.clock.now(), who=who[:_WHO], action=action, subject=subject[:_SUBJECT], detail=detail
    )
