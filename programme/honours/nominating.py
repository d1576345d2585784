"""Nominating the leader of one's own block, with a reason; who did is told to nobody.

A leader of more than a block may nominate the leader of any block of theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from issues import chain, wording
from issues.errors import NotAllowed, NotNow
from linzhang.settings import Settings
from models import HonourNomination, HonourRound, HonourState, NoticeState, Person, Unit
from programme import texts as programme_texts
from programme.honours import texts
from programme.notices.writing import Unfit

#: Characters of a reason.
LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Nominee:
    """Who is nominated.

    Attributes:
        leader: Who.
        block: Whose leader that is.
    """

    leader: Person
    block: Unit


async def own_block(settings: Settings, person: Person, at: datetime) -> Unit | None:
    """The block in which somebody lives, or which they lead."""
    if person.block_id is not None:
        return await Unit.get(id=person.block_id)
    led = await chain.post_of(person, at)
    return led if led is not None and led.tier == settings.territory.bottom.key else None


async def running(block: Unit, at: datetime) -> HonourRound | None:
    """The latest round in which the leader of a block can be nominated now."""
    codes = chain.codes(block.path)
    above = [f"{'/'.join(codes[:depth])}/" for depth in range(1, len(codes))]
    rounds = HonourRound.filter(path__in=above, state=HonourState.NOMINATING, notice__begun_at__isnull=False)
    for each in await rounds.order_by("-id").select_related("notice"):
        ends_at = until(each)
        is_stopped = each.notice.state is NoticeState.STOPPED
        if not is_stopped and ends_at is not None and at < ends_at:
            return each
    return None


def until(one: HonourRound) -> datetime | None:
    """Until when one can nominate in a round, which has its notice; None: it has not been announced."""
    begun = one.notice.begun_at
    return begun + timedelta(days=one.nominate_days) if begun is not None else None


async def nominate(
    settings: Settings, person: Person, reason: str, at: datetime, *, block: Unit | None = None
) -> Nominee:
    """Nominate the leader of a block; whoever does it again has changed their mind.

    Args:
        settings: The service's.
        person: Who.
        reason: Why.
        at: Programme time.
        block: Whose leader; None: their own block's.

    Raises:
        NotAllowed: It is neither their own block nor one of theirs, or it is they themselves.
        NotNow: Nothing can be nominated there now, or nobody leads the block.
        Unfit: There is no reason, or it is too long.
    """
    own = await own_block(settings, person, at)
    block = block or own
    if block is None or block.tier != settings.territory.bottom.key:
        raise NotAllowed(texts.NOT_YOUR_BLOCK)
    is_own = own is not None and own.id == block.id
    if not is_own and await chain.unit_led(person, block, at) is None:
        raise NotAllowed(texts.NOT_YOUR_BLOCK)
    one = await running(block, at)
    if one is None:
        raise NotNow(texts.NO_ROUND)
    leader = await chain.leader_of(block, at)
    if leader is None:
        raise NotNow(texts.NO_LEADER, unit=block.name)
    if leader.id == person.id:
        raise NotAllowed(texts.NOT_YOURSELF)
    reason = wording.clean(reason).strip()
    if wording.is_blank(reason):
        raise Unfit(texts.WHY)
    if len(reason) > LONGEST:
        raise Unfit(programme_texts.OPINION_LONG, most=LONGEST)
    made = {"block_id": block.id, "leader_id": leader.id, "reason": reason, "made_at": at}
    await HonourNomination.update_or_create(defaults=made, round_id=one.id, person_id=person.id)
    return Nominee(leader, block)


async def block_named(person: Person, words: str, at: datetime) -> tuple[Unit | None, str]:
    """The block of theirs with whose name a leader's words begin, and the words behind it.

    Args:
        person: A leader.
        words: As they wrote them.
        at: Programme time.
    """
    head, _, tail = words.strip().partition(" ")
    named = head.strip(":：,，")
    for unit in await chain.units_of(person, at):
        found = await Unit.filter(chain.below(unit.path), name=named, closed_at=None).limit(2)
        if len(found) == 1:
            return found[0], tail.strip()
    return None, words


async def reasons(one: HonourRound, blocks: Sequence[int] | None = None) -> list[HonourNomination]:
    """What was nominated in a round, without looking at by whom; of some blocks only, if they are named."""
    made = HonourNomination.filter(round_id=one.id)
    if blocks is not None:
        made = made.filter(block_id__in=list(blocks))
    return await made.order_by("block__path", "id").select_related("block", "leader")
