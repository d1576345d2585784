"""Counts what a leader did in a year, from their own deeds alone: it costs no more than they did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from issues import chain
from models import (
    Action,
    CareVisit,
    Course,
    Dispute,
    Help,
    HelpState,
    History,
    Issue,
    Leadership,
    Person,
    Role,
    State,
    Unit,
)
from programme.teaching.lessons import LESSONS
from programme.thanks.merits.quoting import Kindness, thanks

#: Of which time it is told.
YEAR = timedelta(days=365)

#: What the clock does to something that nobody has answered in time.
_PASSED = (Action.ESCALATE, Action.REMIND)


@dataclass(frozen=True, slots=True)
class Merits:
    """What a leader did.

    Attributes:
        person: Who.
        unit: For which they answer.
        since: From when on it is counted.
        answered: Issues that they were the first to answer.
        in_time: Of these, those in which no window had passed by then.
        done: Issues of which they said that they are done.
        closed: Of all these, those that are closed.
        marks: The residents' marks for what they had done, from 1 to 5.
        kindness: Thanks of residents.
        visits: How often they went to somebody who is looked after.
        tasks: Tasks with which they have helped, confirmed.
        reconciled: Disputes that ended with both agreeing.
        lessons: Lessons of the course that they have had; None: they have not begun.
        of_lessons: How many it has.
    """

    person: Person
    unit: Unit
    since: datetime
    answered: int
    in_time: int
    done: int
    closed: int
    marks: Sequence[int]
    kindness: Kindness
    visits: int
    tasks: int
    reconciled: int
    lessons: int | None
    of_lessons: int = len(LESSONS)

    @property
    def mark(self) -> float | None:
        """The mean of the marks."""
        return sum(self.marks) / len(self.marks) if self.marks else None

    @property
    def course_is_finished(self) -> bool:
        """Whether they have had all lessons."""
        return self.lessons == self.of_lessons


async def of_unit(unit: Unit, at: datetime) -> Merits | None:
    """What whoever leads a unit did; None: nobody does."""
    leader = await chain.leader_of(unit, at)
    return await of(leader, unit, at) if leader is not None else None


async def of(person: Person, unit: Unit, at: datetime) -> Merits:
    """What a leader did in the last year, since they answer for their unit.

    Args:
        person: Who.
        unit: Theirs.
        at: Programme time.
    """
    post = await Leadership.filter(
        chain.in_office(at), unit_id=unit.id, person_id=person.id, role=Role.LEADER
    ).first()
    since = max(at - YEAR, post.since) if post is not None else at - YEAR
    deeds = History.filter(actor_id=person.id, at__gte=since)
    answered = dict(await deeds.filter(action=Action.ANSWER).values_list("issue_id", "seq"))
    done = await deeds.filter(action=Action.RESOLVE).values_list("issue_id", flat=True)
    done_ids = {int(str(each)) for each in done}
    # Who says at once that it is done has answered, too.
    touched = sorted({*answered, *done_ids})
    closed = Issue.filter(id__in=touched, state=State.CLOSED)
    marks = Issue.filter(id__in=sorted(done_ids), rating__isnull=False).values_list("rating", flat=True)
    course = await Course.get_or_none(person_id=person.id)
    had = None if course is None else course.lesson - course.waits
    return Merits(
        person=person,
        unit=unit,
        since=since,
        answered=len(answered),
        in_time=len(answered) - len(await _late(answered)),
        done=len(done_ids),
        closed=await closed.count(),
        marks=[int(str(each)) for each in await marks],
        kindness=await thanks(touched, since),
        visits=await CareVisit.filter(visitor_id=person.id, at__gte=since).count(),
        tasks=await Help.filter(
            person_id=person.id, state=HelpState.CONFIRMED, settled_at__gte=since
        ).count(),
        reconciled=await Dispute.filter(mediator_id=person.id, agreed_at__gte=since).count(),
        lessons=had,
    )


async def _late(answered: dict[int, int]) -> set[int]:
    """Of issues that were answered, those in which a window had passed before; by id and step."""
    passed = History.filter(
        issue_id__in=list(answered), action__in=_PASSED, actor_id=None, from_state=str(State.OPEN)
    )
    rows = await passed.values_list("issue_id", "seq")
    return {issue for issue, seq in rows if seq < answered[issue]}
