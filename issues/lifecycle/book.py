"""What transitions of several issues write, collected so that it is written together.

A transition that is given a book writes nothing into the database itself: issues, their history and their
effects go in with `write`, in the transaction in which the issues were locked. An issue stands there once.
"""

from dataclasses import dataclass, field

from issues import reaching
from issues.effects import Effects, save_all
from linzhang import saving
from models import History, Issue


@dataclass
class Book:
    """What is to be written.

    Attributes:
        issues: Those that have changed, by id.
        steps: What has happened to them, in order.
        left: Ids of those that do not wait any more for whoever had them.
        effects: What their transitions do to the outside world, in order.
    """

    issues: dict[int, Issue] = field(default_factory=dict)
    steps: list[History] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    effects: list[Effects] = field(default_factory=list)

    async def write(self) -> set[str]:
        """Write all of it; returns the outbox lanes that have got rows."""
        await saving.save_all(list(self.issues.values()))
        await History.bulk_create(self.steps)
        await reaching.taken_away(self.left)
        return await save_all(self.effects)
