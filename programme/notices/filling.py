"""Collects whom a notice is for: one row for each person, unit by unit, in the order of the tree.

One batch is one transaction that ends with how far it has got, so that a worker that dies goes on where it
was; and a person is unique within a notice, so that none is there twice. Leaders come first: who leads a unit
and lives in another gets it as a leader. What is answered in secret stands in no room, but is sent to each.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bridges.open311.bridge import NAME as CIVIC_APP
from issues import chain, reaching
from issues.reaching import CHAT
from linzhang.settings import Settings
from models import Address, Notice, NoticePerson, NoticePhase, NoticePost, Person, Reached, Unit
from programme.notices import aims
from programme.notices.aims import Aim

#: Units whose people one batch collects: a few hundred people at most.
UNITS = 20


async def fill(settings: Settings, notice: Notice, at: datetime) -> int:
    """Collect the next batch.

    Args:
        settings: The service's.
        notice: Locked, with its unit fetched.
        at: Programme time.

    Returns:
        How many units were gone through.
    """
    aim = aims.of(notice.aim)
    leaders = notice.phase is NoticePhase.LEADERS
    units = await _units(settings, notice, aim, leaders=leaders) if leaders or aim.residents else []
    if units:
        people = await (_leaders(units, at) if leaders else _residents(units, aim))
        found = [(unit, person) for unit, person in people if person.id != notice.author_id]
        await _keep(settings, notice, found, at, leaders=leaders)
        notice.reached = units[-1].path
    if len(units) < UNITS:
        notice.reached = ""
        notice.phase = NoticePhase.RESIDENTS if leaders else NoticePhase.DONE
    await notice.save(update_fields=["reached", "phase"])
    return len(units)


async def _units(settings: Settings, notice: Notice, aim: Aim, *, leaders: bool) -> list[Unit]:
    tiers = list(aim.tiers) if leaders else [settings.territory.bottom.key]
    further = Unit.filter(aim.units(), tier__in=tiers, closed_at=None, path__gt=notice.reached)
    return await further.order_by("path").limit(UNITS).select_related("parent")


async def _leaders(units: Sequence[Unit], at: datetime) -> list[tuple[Unit, Person]]:
    """Who answers for the units now; a vacant post has nobody."""
    acting = [(unit, await chain.acting(unit, at)) for unit in units]
    return [(unit, somebody.person) for unit, somebody in acting if somebody is not None]


async def _residents(blocks: Sequence[Unit], aim: Aim) -> list[tuple[Unit, Person]]:
    by_id = {block.id: block for block in blocks}
    people = await Person.filter(aim.people(), block_id__in=list(by_id)).order_by("id")
    return [(by_id[person.block_id], person) for person in people if person.block_id is not None]


async def _keep(
    settings: Settings,
    notice: Notice,
    found: Sequence[tuple[Unit, Person]],
    at: datetime,
    *,
    leaders: bool,
) -> None:
    best = await _addresses(settings, [person for _, person in found], at)
    in_rooms = {
        person.id: _room_of(notice, unit)
        for unit, person in found
        if leaders and not notice.secret and (address := best.get(person.id)) and address.bridge == CHAT
    }
    posts = await _posts(notice, in_rooms.values())
    wall = settings.clock.wall()
    rows = []
    for unit, person in found:
        address = best.get(person.id)
        in_room = person.id in in_rooms
        rows.append(
            NoticePerson(
                notice_id=notice.id,
                person_id=person.id,
                unit_id=unit.id,
                path=unit.path,
                leads=leaders,
                post_id=posts[in_rooms[person.id]] if in_room else None,
                address_id=address.id if address and not in_room else None,
                state=Reached.WAITING if address else Reached.NOBODY,
                stale_at=wall,
            )
        )
    if rows:
        await NoticePerson.bulk_create(rows, ignore_conflicts=True)


async def _addresses(settings: Settings, people: Sequence[Person], at: datetime) -> dict[int, Address]:
    """Where each of them is most likely to read it."""
    usable = Address.filter(person_id__in=[each.id for each in people], stopped_at=None)
    usable = usable.exclude(bridge=CIVIC_APP)  # where nobody is told anything
    theirs: dict[int, list[Address]] = {}
    for address in await usable.order_by("id"):
        theirs.setdefault(address.person_id, []).append(address)
    best = {who: reaching.likeliest(settings, own, at) for who, own in theirs.items()}
    return {who: address for who, address in best.items() if address is not None}


def _room_of(notice: Notice, unit: Unit) -> int:
    """In which unit's room a leader reads it: among their equals, but not above the notice's own unit."""
    above = unit.parent
    is_below = above is not None and above.path.startswith(notice.path)
    return int(above.id if above is not None and is_below else unit.id)


async def _posts(notice: Notice, units: Iterable[int]) -> dict[int, int]:
    """Ids of the posts in the rooms of these units, which are made where there are none yet."""
    ids = sorted(set(units))
    if not ids:
        return {}
    await NoticePost.bulk_create(
        [NoticePost(notice_id=notice.id, unit_id=each) for each in ids], ignore_conflicts=True
    )
    found = await NoticePost.filter(notice_id=notice.id, unit_id__in=ids)
    return {post.unit_id: post.id for post in found}
