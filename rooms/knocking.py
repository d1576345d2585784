"""Strangers who knock: the service goes into a small direct room with them, listens for a code, and no more.

It goes in only where somebody has been sent a code in the last days. What a stranger can have is little: a
few rooms and a few wrong codes in a day, a few answers in a room; then it leaves, as it does after a day.
"""

from datetime import datetime, timedelta

from bridges.contract import Inbound, Kind
from issues import chain, intake, linking, names, texts
from issues.effects import Effects
from issues.linking import Verdict
from linzhang.settings import Settings
from linzhang.words import Text, say
from models import Address, DirectRoom, Invitation, Knock
from rooms import stale

#: The time within which a stranger's rooms and wrong codes are counted, and a room is left.
_DAY = timedelta(days=1)

#: Rooms, and wrong codes, of one stranger within that time.
ROOMS, WRONG = 3, 5

#: Messages of a stranger in one room that are listened to.
HEARD = 10

#: Strangers' rooms in which the service is at the same time.
AT_ONCE = 200

_ANSWERS = {
    Verdict.WRONG: texts.CODE_WRONG,
    Verdict.USED: texts.CODE_USED,
    Verdict.EXPIRED: texts.CODE_EXPIRED,
}


async def is_let_in(settings: Settings, inbound: Inbound, homeserver: str, at: datetime) -> bool:
    """Whether the service goes into the room of a stranger who invites it; it is noted then."""
    lookup = settings.vault.lookup(inbound.bridge, inbound.sender)
    theirs = Knock.filter(lookup=lookup, at__gt=at - _DAY)
    too_often = await theirs.count() >= ROOMS or await _wrong(lookup, at) >= WRONG
    too_many = await Knock.filter(left_at=None).count() >= AT_ONCE
    if too_often or too_many or not await linking.is_anybody_invited(at):
        return False
    facts = {
        "homeserver": homeserver,
        "lookup": lookup,
        "sealed": settings.vault.seal(inbound.sender),
        "at": at,
        "left_at": None,
    }
    await Knock.update_or_create(facts, room_id=inbound.room)
    return True


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str] | None:
    """Listen to what a stranger says in their room with the service.

    Returns:
        The outbox lanes that have got rows; None: it is no stranger's room.
    """
    knock = await Knock.filter(room_id=inbound.room, left_at=None).select_for_update().first()
    if knock is None:
        return None
    lookup = settings.vault.lookup(inbound.bridge, inbound.sender)
    if inbound.kind is not Kind.TEXT or lookup != knock.lookup:
        return set()
    effects = Effects(intake.cause_of(inbound), settings.clock.wall())
    knock.heard += 1
    code = linking.read_code(inbound.text)
    if code is None:
        encrypted = inbound.detail.get("encrypted")
        _answer(settings, effects, inbound, texts.ENCRYPTED if encrypted else texts.KNOCK_HOW)
    else:
        await _try(settings, effects, inbound, knock, code, at)
    if knock.left_at is None and knock.heard >= HEARD:
        _leave(settings, effects, knock)
    await knock.save()
    return await effects.save()


async def from_known(settings: Settings, inbound: Inbound, address: Address, at: datetime) -> set[str] | None:
    """Answer somebody of the roster who sends a code from an account that is theirs already, or another's.

    Returns:
        The outbox lanes that have got rows; None: they said something else.
    """
    code = linking.read_code(inbound.text) if inbound.kind is Kind.TEXT else None
    _, invitation = await linking.verdict(settings, code, at) if code else (None, None)
    if invitation is None:
        return None
    effects = Effects(intake.cause_of(inbound), settings.clock.wall())
    if invitation.person_id == address.person_id:
        await Invitation.filter(id=invitation.id, used_at=None).update(used_at=at)
        _answer(settings, effects, inbound, texts.CODE_IS_YOURS)
    else:
        _answer(settings, effects, inbound, texts.CODE_OF_ANOTHER)
    return await effects.save()


async def leave_old(settings: Settings, at: datetime, limit: int) -> set[str]:
    """Leave rooms in which nobody has sent a good code for a day.

    Returns:
        The outbox lanes that have got rows.
    """
    lanes: set[str] = set()
    for knock in await Knock.filter(left_at=None, at__lte=at - _DAY).order_by("at").limit(limit):
        effects = Effects(f"knock{knock.id}", settings.clock.wall())
        _leave(settings, effects, knock)
        await knock.save()
        lanes |= await effects.save_once()
    return lanes


async def _try(
    settings: Settings, effects: Effects, inbound: Inbound, knock: Knock, code: str, at: datetime
) -> None:
    if await _wrong(knock.lookup, at) >= WRONG:
        _answer(settings, effects, inbound, texts.CODE_TOO_OFTEN)
        _leave(settings, effects, knock)
        return
    verdict, invitation = await linking.verdict(settings, code, at)
    if verdict is not Verdict.GOOD or invitation is None:
        knock.wrong += 1
        _answer(settings, effects, inbound, _ANSWERS[verdict])
        return
    address = await linking.bind(settings, effects, invitation, inbound.bridge, inbound.sender, at)
    knock.left_at = settings.clock.wall()  # the room is theirs now
    facts = {"address": address, "homeserver": knock.homeserver, "lost_at": None}
    await DirectRoom.update_or_create(facts, room_id=inbound.room)
    person = address.person
    units = await chain.units_of(person, at)
    above = [unit.parent_id for unit in units if unit.parent_id is not None]
    home = [person.block_id] if person.block_id is not None else []
    await stale.mark(settings, [*(unit.id for unit in units), *above, *home])
    profile = settings.territory
    language = names.language_of(person, profile)
    text = texts.ACCOUNT_TIED if units else texts.WELCOME
    words = say(
        text, language, name=person.name, units=say(texts.COMMA, language).join(each.name for each in units)
    )
    effects.greet(address, inbound.room, knock.homeserver, words)


async def _wrong(lookup: str, at: datetime) -> int:
    """How many wrong codes somebody has sent in a day, in whatever rooms."""
    return sum(await Knock.filter(lookup=lookup, at__gt=at - _DAY).values_list("wrong", flat=True))  # type: ignore[arg-type]


def _answer(settings: Settings, effects: Effects, inbound: Inbound, text: Text) -> None:
    words = say(text, settings.territory.default_language)
    effects.retort(inbound.room, inbound.external_id, inbound.thread, words)


def _leave(settings: Settings, effects: Effects, knock: Knock) -> None:
    knock.left_at = settings.clock.wall()
    effects.decline(knock.room_id, knock.homeserver, "")
