"""A group of another platform that is tied to a unit's room: what is said in one is shown in the other.

What somebody says in the group is said in the room by their ghost, and then taken as anything that is said
there (`rooms.tied` brings it over): so a report in a block's group is one, and a leader's reply an answer.
Nothing here is delivered; only the effects are written. Names are shown, addresses never.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from tortoise.exceptions import IntegrityError

from attachments.kinds import Family
from bridges.contract import Inbound, Kind, Media
from issues import intake, names, senders, texts, wording
from issues.effects import TIES, Effects
from linzhang import tracing
from linzhang.settings import Settings
from linzhang.words import say
from models import Address, Outbox, Room, TiedChat

#: A name that is a telephone number is none that may be shown.
_NUMBER = re.compile(r"(?:\D*\d){6,}")

#: Characters of a name.
_NAME = 64


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown in a group.

    Attributes:
        text: The words; what came with them is named there.
        media: What came with them, on Matrix; one thing at most.
        below: The words where that itself can be shown in the group.
    """

    text: str
    media: Sequence[Media] = ()
    below: str = ""


def said_by(settings: Settings, name: str, said: str, media: Sequence[Media]) -> Shown:
    """How a group is shown what somebody has said, with their name, or what they have sent."""
    language = settings.territory.default_language
    words = say(texts.SAID_BY, language, name=name, words=said)
    if not media:
        return Shown(words)
    thing = say(texts.FILE_NAMES[Family.stated(media[0].content_type)], language)
    named = say(texts.SAID_BY, language, name=name, words=f"[{thing}] {said}".strip())
    return Shown(named, media[:1], words if said else say(texts.SENT_BY, language, name=name))


async def tie_of(inbound: Inbound) -> TiedChat | None:
    """The tie of the group in which something was said; None: it is tied to no room."""
    found = TiedChat.filter(bridge=inbound.bridge, chat=inbound.room, ended_at=None)
    return await found.order_by("-id").first()


async def bring_in(settings: Settings, tie: TiedChat, inbound: Inbound) -> set[str]:
    """Have something that was said in a group said in the room."""
    if inbound.kind not in (Kind.TEXT, Kind.EDIT):
        return set()
    text = wording.clean(inbound.text)
    if wording.is_blank(text) and not inbound.media:
        return set()
    address = await senders.of(settings, inbound)
    name = wording.clean(str(inbound.detail.get("name", "")))[:_NAME]
    if not address.person.name and name and not _NUMBER.match(name):
        address.person.name = name
        await address.person.save(update_fields=["name"])
    effects = Effects(intake.cause_of(inbound), settings.clock.wall())
    effects.pass_on(
        tie.id,
        address,
        do="in",
        text=text,
        media=[asdict(each) for each in inbound.media],
        external_id=inbound.external_id,
        target=inbound.target,
        edit=inbound.kind is Kind.EDIT,
    )
    return await effects.save_once()


async def bring_out(settings: Settings, room: Room, inbound: Inbound, address: Address | None) -> set[str]:
    """Have something that somebody has said in a room shown in the groups that are tied to it."""
    if inbound.kind not in (Kind.TEXT, Kind.EDIT):
        return set()
    lanes: set[str] = set()
    said = wording.clean(inbound.text)
    if wording.is_blank(said) and not inbound.media:
        return lanes
    language = settings.territory.default_language
    name = names.resident(address.person, language) if address else inbound.sender.lstrip("@").split(":")[0]
    shown = said_by(settings, name, said, inbound.media)
    for tie in await TiedChat.filter(unit_id=room.unit_id, ended_at=None):
        effects = Effects(f"{intake.cause_of(inbound)}.t{tie.id}", settings.clock.wall())
        edit = inbound.kind is Kind.EDIT
        event_id = inbound.target if edit else inbound.external_id
        answers = "" if edit else inbound.target or inbound.thread
        effects.pass_on(tie.id, None, do="out", **asdict(shown), event=event_id, answers=answers, edit=edit)
        lanes |= await effects.save_once()
    return lanes


async def show(
    settings: Settings, unit_id: int, event_id: str, what: Shown, key: str, *, answers: str = ""
) -> None:
    """Have something of the service's own in a unit's room shown in the groups that are tied to it.

    Args:
        settings: The service's.
        unit_id: Whose room.
        event_id: What stands there.
        what: It.
        key: Of the effect that has put it there.
        answers: The event that it answers, or in whose thread it stands.
    """
    wall = settings.clock.wall()
    for tie in await TiedChat.filter(unit_id=unit_id, ended_at=None):
        payload = {
            "do": "out",
            "tie": tie.id,
            **asdict(what),
            "event": event_id,
            "answers": answers,
            "edit": False,
        }
        row = Outbox(
            key=f"{key}.t{tie.id}",
            lane=f"tie:{tie.id}",
            bridge=TIES,
            payload=payload,
            created_at=wall,
            not_before=wall,
            trace=tracing.carried(),
        )
        try:
            await row.save()
        except IntegrityError:
            continue  # the same was put there twice
