"""The record of what administrators do to the service, and leaders to what went wrong, outside of issues.

What is done to an issue stands in its own history. Rows are never changed, and nobody can change one without
a trace: they are a chain (`linzhang.chaining`), whose end is sealed with a key that is not in the database.
`issues.tampering` looks it over.
"""

from tortoise.transactions import in_transaction

from linzhang import chaining
from linzhang.settings import Settings
from models import AdminAction, AuditHead

#: The width of the columns.
_SUBJECT, _WHO = 128, 128

#: The name of the one row that says where the chain ends.
HEAD = "admin"

#: What the seal of the chain's end is a keyed hash of, besides that end.
_SEAL = "audit head"


async def record(settings: Settings, action: str, subject: str, who: str, detail: str = "") -> None:
    """Keep for ever who did what, in the caller's transaction.

    Whoever else records something waits until that has ended: let it be the last thing in it.

    Args:
        settings: The service's.
        action: What was done.
        subject: To what, such as a bridge's name; never an address.
        who: As the administrator, or the leader, is called.
        detail: What else there is to know; never an address.
    """
    async with in_transaction():
        head = await AuditHead.select_for_update().get(name=HEAD)
        deed = AdminAction(
            seq=head.seq + 1,
            previous=head.digest,
            at=settings.clock.now(),
            who=_kept(who)[:_WHO],
            action=action,
            subject=_kept(subject)[:_SUBJECT],
            detail=_kept(detail),
        )
        deed.digest = digest_of(deed)
        await deed.save()
        head.seq, head.digest = deed.seq, deed.digest
        head.seal = seal_of(settings, head.seq, head.digest)
        await head.save(update_fields=["seq", "digest", "seal"])


async def begin(settings: Settings, who: str) -> None:
    """Seal the chain where that has never been done: what was recorded before there was one, or nothing."""
    if await AuditHead.exists(name=HEAD, seal=""):
        await record(settings, "record sealed", "audit", who)


def digest_of(deed: AdminAction) -> str:
    """The hash that an entry must have."""
    return chaining.link(deed.previous, deed.seq, deed.at, deed.who, deed.action, deed.subject, deed.detail)


def seal_of(settings: Settings, seq: int, digest: str) -> str:
    """The seal that the end of the chain must have."""
    return settings.vault.lookup(_SEAL, f"{seq} {digest}")


def _kept(words: str) -> str:
    """Words as both databases give them back: PostgreSQL takes no NUL."""
    return words.replace("\0", "")
