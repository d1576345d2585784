"""What leaders write about doors to the service alone: '走访 3 都好', and '3 都好' right behind our words.

Behind our words a door's number counts with a word that says how it was found; whatever else begins with a
number is a report, as ever. Who leads nothing tells us something else.
"""

import re
from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from bridges.contract import Inbound, Kind
from issues import chain, intake, names, numbers, wording
from issues.effects import Effects
from issues.errors import IssueError
from issues.last_word import last_word
from linzhang.settings import Settings
from models import Address
from programme.doors import reading, saying
from programme.doors.reporting import Source
from programme.doors.saying import Answer, Line

_ABOUT = re.compile(r"(?:走访|入户|doors?\b)\s*[:：]?\s*((?:第|no\.?\s*)?\d.*)?", re.IGNORECASE | re.DOTALL)


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str] | None:
    """Take what somebody has written to the service alone as a word about a door.

    Args:
        settings: The service's.
        inbound: What they wrote.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows; None: it is something else.
    """
    if inbound.kind is not Kind.TEXT or inbound.detail.get("opt_out") or "call" in inbound.detail:
        return None
    text = wording.clean(inbound.text).strip()
    about, behind = _ABOUT.fullmatch(text), _says_how(text)
    if about is None and not behind:
        return None
    address = await numbers.known(settings, inbound.bridge, inbound.sender)
    if address is None or await chain.post_of(address.person, at) is None:
        return None
    last = await _last(address)
    if about is None and last is None:
        return None
    line = Line(
        settings,
        address,
        (about[1] or "").strip() if about is not None else text,
        source_of(inbound),
        names.language_of(address.person, settings.territory),
        at,
        last,
    )
    try:
        async with in_transaction():  # what is refused half-way has changed nothing
            answer = await saying.take(line)
            lanes = {lane for each in answer.effects for lane in await each.save()}
    except IssueError as error:
        answer, lanes = Answer(error.sentence(line.language), last), set()
    effects = Effects(intake.cause_of(inbound), settings.clock.wall())
    effects.tell(address, answer.words, **facts_of(answer))
    return lanes | await effects.save_once()


def source_of(inbound: Inbound) -> Source:
    """Where something was told."""
    return Source(inbound.bridge, inbound.external_id, intake.media_of(inbound))


def facts_of(answer: Answer) -> dict[str, Any]:
    """What the row of an answer says besides, for what is written behind it."""
    return {"campaign": answer.campaign} if answer.campaign is not None else {}


def _says_how(text: str) -> bool:
    told = reading.doors(text)
    return told is not None and reading.found(told.rest, ()).state is not None


async def _last(address: Address) -> int | None:
    """The campaign that our last words to somebody were about; None: they were about something else."""
    row = await last_word(address)
    number = row.payload.get("campaign") if row is not None else None
    return int(number) if number is not None else None
