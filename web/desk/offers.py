"""What somebody is offered to do to an issue: what its state allows, and they may.

Only offers; whether it is done the lifecycle says again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from issues import chain, departments, duplicates, standing, untold
from issues.lifecycle import RULES
from models import Action, History, Issue, Message, State, Unit, Voice
from web.access.scope import Scope


class Deed(StrEnum):
    """What can be done on an issue's page; as the commands of the chat are called."""

    ACCEPT = "accept"
    ANSWER = "answer"
    NOTE = "note"
    DONE = "done"
    UNDO = "undo"
    UP = "up"
    REFER = "refer"
    RETURN = "return"
    URGENT = "urgent"
    CALM = "calm"
    MERGE = "merge"
    SPLIT = "split"
    WITHDRAW = "withdraw"
    CALL = "call"


#: The transition that each is; words reach the resident in every state, but of a part in none.
_ACTIONS = {
    Deed.ACCEPT: Action.ACCEPT,
    Deed.DONE: Action.RESOLVE,
    Deed.UNDO: Action.UNDO,
    Deed.UP: Action.PASS_UP,
    Deed.REFER: Action.REFER,
    Deed.RETURN: Action.RETURN,
    Deed.URGENT: Action.URGENT,
    Deed.CALM: Action.CALM,
    Deed.MERGE: Action.MERGE,
    Deed.SPLIT: Action.SPLIT,
    Deed.WITHDRAW: Action.WITHDRAW,
    Deed.CALL: Action.CALL,
}


@dataclass(frozen=True, slots=True)
class Offers:
    """What is offered.

    Attributes:
        deeds: Which.
        up_to: The unit to which it would be passed up.
        departments: Those to which it could be referred.
        alike: Others that may be the same, with their first words.
        apart: The resident's words that could be split off.
    """

    deeds: frozenset[Deed] = frozenset()
    up_to: Unit | None = None
    departments: Sequence[Unit] = ()
    alike: Sequence[tuple[Issue, str]] = ()
    apart: Sequence[Message] = ()


async def of(scope: Scope, issue: Issue) -> Offers:
    """What is offered to somebody who may read an issue.

    Args:
        scope: Theirs.
        issue: With its block and holder fetched.
    """
    profile = scope.settings.territory
    if await chain.right_on(scope.person, issue, scope.at) is None:
        return Offers()
    deeds = {deed for deed, action in _ACTIONS.items() if issue.state in RULES[action].start}
    if issue.state is not State.MERGED:
        deeds |= {Deed.ANSWER, Deed.NOTE}
    else:
        deeds &= {Deed.WITHDRAW, Deed.CALL}
    up_to = await chain.next_holder(issue.holder, profile) if issue.holder and Deed.UP in deeds else None
    there = await departments.of(issue, profile) if Deed.REFER in deeds else []
    there = [each for each in there if each.id != issue.holder_id]
    said = Message.filter(issue_id=issue.id, voice=Voice.RESIDENT).order_by("id")
    apart = (await said)[1:] if Deed.SPLIT in deeds else []
    refused = {
        Deed.ACCEPT: await standing.accepted_by(issue) is not None,
        Deed.UNDO: Deed.UNDO in deeds and not await _can_be_undone(issue),
        Deed.UP: up_to is None,
        Deed.REFER: not there,
        Deed.URGENT: issue.urgent,
        Deed.CALM: not issue.urgent,
        Deed.MERGE: issue.private,
        Deed.SPLIT: not apart,
        Deed.CALL: not scope.dials(issue.block or issue.holder),
    }
    deeds -= {deed for deed, no in refused.items() if no}
    alike = await duplicates.of(scope.settings, issue, scope.at) if Deed.MERGE in deeds else []
    seen = {each.id for each in await Issue.filter(scope.issues(), id__in=[each.id for each in alike])}
    called = [(each, await duplicates.called(each)) for each in alike if each.id in seen]
    return Offers(frozenset(deeds), up_to, there, called, apart)


async def _can_be_undone(issue: Issue) -> bool:
    """Whether 'done' was the last that was done, and nobody has been asked yet."""
    last = await History.filter(issue_id=issue.id).order_by("-seq").first()
    done = last is not None and last.action is Action.RESOLVE and issue.returns_to_id is None
    return done and last is not None and await untold.is_so(issue, last)
