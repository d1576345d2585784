"""Asks for help, room by room: a line for those who read there, a text to each who has no chat.

A batch is one transaction that ends with how far it has got, so that a worker that dies goes on where it was;
nobody is asked any more once there are enough.
"""

from datetime import datetime

from tortoise.expressions import Q

from issues import chain, choices, names, reaching
from issues.effects import Effects
from issues.reaching import CHAT
from linzhang.settings import Settings
from linzhang.words import say
from models import Address, Person, Task, TaskState, Unit
from programme.tasks import texts, writing

#: Rooms of which one batch sees to the leaders: a hundred or so.
ROOMS_AT_ONCE = 10

#: What a row of the outbox says of a task, besides its number: what a digit or a sign behind it means.
DRAFT, OFFER, TAKEN, PROOF = "draft", "offer", "taken", "proof"

#: What '1' is as a word, so that a press may say it.
_YES = "1"


async def offer(settings: Settings, task: Task, at: datetime) -> tuple[int, set[str]]:
    """Ask the next batch.

    Args:
        settings: The service's.
        task: Locked; see `writing.lock`.
        at: Programme time; not at night.

    Returns:
        How many rooms were seen to, and the outbox lanes that have got rows.
    """
    rooms = await _rooms(settings, task) if task.state is TaskState.OPEN else []
    lanes: set[str] = set()
    for room in rooms:
        lanes |= await _ask_in(settings, task, room, at)
    if rooms:
        task.reached = rooms[-1].path
    task.offering = len(rooms) == ROOMS_AT_ONCE
    await task.save(update_fields=["offering", "reached"])
    return len(rooms), lanes


async def _rooms(settings: Settings, task: Task) -> list[Unit]:
    """The next units in whose rooms leaders stand; the task's own first, whatever it is."""
    above_others = [tier.key for tier in settings.territory.tiers[:-1]]
    further = Unit.filter(Q(tier__in=above_others) | Q(id=task.unit_id), chain.below(task.path))
    return await further.filter(closed_at=None, path__gt=task.reached).order_by("path").limit(ROOMS_AT_ONCE)


async def _ask_in(settings: Settings, task: Task, room: Unit, at: datetime) -> set[str]:
    tiers = [tier.key for tier in settings.territory.tiers]
    below = await Unit.filter(parent_id=room.id, tier__in=tiers, closed_at=None).order_by("id")
    effects = Effects(f"ta{task.id}.{room.id}", settings.clock.wall())
    there: list[int] = []
    for unit in [room, *below] if room.id == task.unit_id else below:
        acting = await chain.acting(unit, at)
        if acting is None or acting.person.id == task.author_id:
            continue
        address = await reaching.address_of(settings, acting.person, at)
        if address is None:
            continue
        if address.bridge == CHAT and unit.id != room.id:
            there.append(acting.person.id)
        else:
            await _ask(settings, task, effects, acting.person, address, at)
    if there:
        language = settings.territory.default_language
        words = say(texts.IN_ROOM, language, offer=await writing.offer(settings, task, language, at))
        effects.announce(room.id, words, mention=there, task=task.id, step=OFFER)
    return await effects.save_once()


async def _ask(
    settings: Settings, task: Task, effects: Effects, person: Person, address: Address, at: datetime
) -> None:
    language = names.language_of(person, settings.territory)
    offered = await writing.offer(settings, task, language, at)
    text = texts.ALONE if address.bridge == CHAT else texts.ON_PHONE
    below = choices.offered(offered, [(_YES, say(texts.BUTTON_TAKE, language))])
    effects.tell(address, say(text, language, offer=offered), task=task.id, step=OFFER, **below)
