"""Issues as rows, many of them and of every kind, to be counted: what happened to each is in a `Story`."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from linzhang.settings import Settings
from models import Action, Address, History, Issue, State, Unit
from tests.factories import MORNING

#: Times that issues took: edges of histograms, so that they are exact.
_TOOK = [timedelta(minutes=30 * halves) for halves in (1, 2, 3, 5, 8, 9, 14, 20, 40)]


@dataclass(frozen=True)
class Story:
    """One issue.

    Attributes:
        block: What it is about.
        at: When it was reported.
        escalated: Whether its window passed, so that it went up to the unit above.
        answered: How long the first answer took; None: there is none.
        rejected: How often the resident said that it is not solved.
        state: How it stands.
        closed: How long it took to be closed; None: it is not.
        rating: The resident's mark.
    """

    block: Unit
    at: datetime
    escalated: bool
    answered: timedelta | None
    rejected: int
    state: State
    closed: timedelta | None
    rating: int | None


def stories(blocks: Sequence[Unit], number: int, days: int) -> list[Story]:
    """Stories of the last days before `MORNING`; the same ones each time."""
    chance = random.Random(14800)
    found = []
    for _ in range(number):
        answered = chance.choice([*_TOOK, None])
        state = chance.choices(
            [State.CLOSED, State.ANSWERED, State.WITHDRAWN, State.MERGED], weights=[8, 2, 1, 1]
        )[0]
        if answered is None and state in (State.CLOSED, State.ANSWERED):
            state = State.OPEN
        closed = answered + chance.choice(_TOOK) if state is State.CLOSED and answered else None
        found.append(
            Story(
                block=chance.choice(list(blocks)),
                at=MORNING - timedelta(days=chance.uniform(0, days)),
                escalated=chance.random() < 0.3,
                answered=answered,
                rejected=chance.choice([0, 0, 0, 1]) if answered else 0,
                state=state,
                closed=closed,
                rating=chance.choice([None, 3, 4, 5]) if closed else None,
            )
        )
    return found


async def receive(settings: Settings, address: Address, told: Sequence[Story]) -> None:
    """Let the issues be there, with their history, and nothing of it shown yet."""
    for story in told:
        above = await Unit.get(id=story.block.parent_id)
        holder = above if story.escalated else story.block
        issue = await Issue.create(
            block=story.block,
            holder=holder,
            reporter=address.person,
            address=address,
            path=story.block.path,
            state=story.state,
            opened_at=story.at,
            talked_at=story.at,
            answered_at=story.at + story.answered if story.answered else None,
            closed_at=story.at + story.closed if story.closed else None,
            answer_due=story.at + timedelta(hours=4) if story.state is State.OPEN else None,
            rating=story.rating,
            stale_at=settings.clock.wall(),
        )
        steps: list[tuple[Action, int | None, int]] = [(Action.REPORT, None, story.block.id)]
        if story.escalated:
            steps.append((Action.ESCALATE, story.block.id, above.id))
        if story.answered:
            steps.append((Action.ANSWER, holder.id, holder.id))
        steps += [(Action.REJECT, holder.id, holder.id)] * story.rejected
        await History.bulk_create(
            History(
                issue=issue,
                seq=seq,
                at=story.at,
                action=action,
                actor=None if action is Action.ESCALATE else address.person,
                from_state="open",
                to_state="open",
                from_holder_id=gave,
                to_holder_id=took,
            )
            for seq, (action, gave, took) in enumerate(steps, start=1)
        )
