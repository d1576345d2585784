"""Which tasks concern somebody, and who helps. Reads; changes nothing."""

from collections.abc import Sequence

from tortoise.expressions import Q, Subquery

from issues import chain
from models import Help, Person, Task, TaskState, Unit

#: Tasks that a page lists.
LISTED = 50


def concerning(units: Sequence[Unit], person: Person) -> Q:
    """Of all tasks, those of which somebody may know.

    Those that a unit of theirs, or one below it, pays; those for which they are asked, once they are sent;
    those that they help with; and those that are for leaders below theirs.

    Args:
        units: Theirs; at least one.
        person: Who.
    """
    sent = ~Q(state=TaskState.DRAFT)
    found = Q(author_id=person.id) | Q(
        id__in=Subquery(Help.filter(person_id=person.id).values_list("task_id", flat=True))
    )
    for unit in units:
        above = [unit.path[: end + 1] for end, each in enumerate(unit.path) if each == "/"]
        found |= chain.below(unit.path, "payer__path") | (sent & Q(path__in=above))
        found |= sent & chain.below(unit.path)
    return found


async def latest(units: Sequence[Unit], person: Person, limit: int = LISTED) -> list[Task]:
    """The latest of those, the newest first."""
    found = Task.filter(concerning(units, person)).order_by("-id").limit(limit)
    return await found.select_related("author", "payer", "unit")


async def helps(task: Task) -> list[Help]:
    """Who helps with a task, or did."""
    return await Help.filter(task_id=task.id).order_by("id").select_related("person", "settled_by")
