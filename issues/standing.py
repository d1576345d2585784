"""How an issue stands, as its history tells: who has taken it on, why it is closed.

Reads; what is derived here is not stored.
"""

from models import Action, History, Issue, Person, State

#: States in which somebody has to do something.
IN_HAND = (State.OPEN, State.ANSWERED, State.REFERRED)


async def accepted_by(issue: Issue) -> Person | None:
    """Who has said that they are on it, since it has been its holder's; None: nobody."""
    history = await History.filter(issue_id=issue.id).order_by("-seq").select_related("actor")
    for row in history:
        if row.action is Action.ACCEPT:
            return row.actor
        if row.from_holder_id != row.to_holder_id:
            return None
    return None


async def withdrawn_by(issue: Issue) -> Person | None:
    """Who has said that it needs nothing; None: nobody has."""
    said = History.filter(issue_id=issue.id, action=Action.WITHDRAW).order_by("-seq")
    last = await said.select_related("actor").first()
    return last.actor if last else None


async def has_lapsed(issue: Issue) -> bool:
    """Whether it was closed without the resident's word."""
    closing = History.filter(issue_id=issue.id, action__in=(Action.CONFIRM, Action.LAPSE))
    last = await closing.order_by("-seq").first()
    return last is not None and last.action is Action.LAPSE
