"""What became of words to a resident: receipts of the platform, and what leaders hear of failures.

A failure is told once to the room of the unit that holds the issue, so that somebody goes and
knocks; unless the words can go another way to the same phone. It must never send them the same way again:
that is the outbox's to decide.
"""

from attachments.kinds import LIMIT
from bridges.contract import Inbound
from issues import detour, texts
from issues.effects import Effects
from linzhang.settings import Settings
from linzhang.words import say
from models import Issue, Outbox, OutboxState

#: How far along each status is; a late receipt of an earlier one changes nothing. The names are
#: those of Twilio's message status values, which other bridges translate into.
PROGRESS = {"accepted": 1, "queued": 1, "sending": 2, "sent": 3, "delivered": 4, "read": 5}
FAILURES = frozenset({"undelivered", "failed"})

#: The same of calls, whose names are those of Twilio's call status values.
PROGRESS |= {"in-progress": 3, "completed": 4}
FAILURES |= {"no-answer", "busy", "canceled"}

#: Characters of the lost words that leaders are reminded of.
_QUOTED = 120


async def take_receipt(settings: Settings, inbound: Inbound) -> set[str]:
    """Note what the platform says about something that we sent.

    Returns:
        The outbox lanes that have got rows.
    """
    row = await _row_of(inbound)
    status = str(inbound.detail.get("status", ""))
    if row is None or not _is_news(row.receipt, status):
        return set()
    row.receipt = status
    row.receipt_code = inbound.detail.get("code")
    if row.state is OutboxState.CALLING:
        # The call died, but here is the proof that the platform had taken it.
        row.state = OutboxState.SENT
        row.external_id = inbound.target
        row.sent_at = settings.clock.wall()
        row.leased_until = None
    await row.save()
    return await failed(settings, row) if status in FAILURES else set()


async def failed(settings: Settings, row: Outbox, *, unfit: bool = False) -> set[str]:
    """Let words that did not arrive go another way, or else tell the leaders; see `tell_leaders`.

    Returns:
        The outbox lanes that have got rows.
    """
    lanes = None if unfit else await detour.take(settings, row)
    return await tell_leaders(settings, row, unfit=unfit) if lanes is None else lanes


async def tell_leaders(settings: Settings, row: Outbox, *, unfit: bool = False) -> set[str]:
    """Tell the holder's room that words, or what went along with them, did not reach the resident.

    Args:
        settings: The service's.
        row: What carried them.
        unfit: Whether what went along was at fault, and nothing else.

    Returns:
        The outbox lanes that have got rows.
    """
    if row.issue_id is None or row.address_id is None:
        return set()
    issue = await Issue.get(id=row.issue_id)
    if issue.holder_id is None:
        return set()
    language = settings.territory.default_language
    words = str(row.payload.get("enclosed") or row.payload.get("text", ""))
    short = words if len(words) <= _QUOTED else words[: _QUOTED - 1] + "…"
    line = say(texts.LINE_NOT_DELIVERED, language, words=short)
    if unfit:
        line = say(texts.LINE_NOT_ENCLOSED, language, limit=LIMIT // 2**20)
    effects = Effects(f"o{row.id}", settings.clock.wall())
    if await effects.are_known():
        return set()
    effects.say(issue, issue.holder_id, line)
    return await effects.save()


async def _row_of(inbound: Inbound) -> Outbox | None:
    """The row that a receipt is about: by our own key, which is known even where the id is not."""
    key = inbound.detail.get("key")
    rows = Outbox.filter(bridge=inbound.bridge).select_for_update()
    if key:
        return await rows.get_or_none(key=key)
    return await rows.filter(external_id=inbound.target).first()


def _is_news(before: str, status: str) -> bool:
    if before in FAILURES or (before == "delivered" and status in FAILURES):
        return False
    return status in FAILURES or PROGRESS.get(status, 0) > PROGRESS.get(before, 0)
