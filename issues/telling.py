"""Who is told what about an issue: the reporter, and the rooms in which it stands.

Chooses the reader's language and puts the words into the effects; decides nothing about states.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import takewhile, zip_longest
from types import MappingProxyType
from typing import Any

from bridges.registry import letter_bridges
from issues import chain, choices, names, reaching, texts, together
from issues.effects import ROOMS, Effects
from issues.reading import at_hand
from linzhang.settings import Settings
from linzhang.words import Text, clock_time, say
from models import Action, History, Issue, Message, Outbox, Person, Room, RoomKind, Unit, Voice

#: For how long after their last words a resident is taken to be awake.
AWAKE = timedelta(minutes=30)

#: Time in which somebody who has just left a message puts the receiver down: called back at once, they would
#: be engaged.
HANGS_UP = timedelta(minutes=2)

#: Nothing can be pressed.
_NOTHING: Mapping[str, Any] = MappingProxyType({})

#: The topic of texts that tell who has the issue now: at night only the last of them counts.
HOLDER = "holder"

#: The topic of texts that ask whether it is solved.
SOLVED = "solved"


async def head(settings: Settings, issue: Issue, language: str, at: datetime) -> str:
    """The first line of an issue's post or letter: its number, whose it is, where, and since when.

    Args:
        settings: The service's.
        issue: With its block and reporter fetched.
        language: The reader's.
        at: Programme time, from which 'today' counts.
    """
    profile = settings.territory
    return say(
        texts.POST_HEAD,
        language,
        number=issue.number,
        name=names.resident(issue.reporter, language),
        place=await names.place(issue.block, profile, language),
        time=clock_time(issue.opened_at, at, profile.zone, language),
    )


async def steps_of(issue: Issue) -> list[History]:
    """What has happened to an issue, the first first."""
    steps = at_hand(issue.history)
    return await History.filter(issue_id=issue.id).order_by("seq") if steps is None else steps


async def units_shown(issue: Issue) -> list[int]:
    """Ids of the units in whose rooms the issue stands, in the order in which it reached them.

    A vacant post that it has only passed counts if its unit has a room already: none is made for it.
    """
    history = await steps_of(issue)
    reached = dict.fromkeys(row.to_holder_id for row in history if row.to_holder_id is not None)
    held = {
        row.to_holder_id
        for row, then in zip_longest(history, history[1:])
        if then is None or then.action is not Action.VACANT
    }
    passed = set(reached) - held
    rooms = await Room.filter(unit_id__in=passed, kind=RoomKind.ROOM, lost_at=None) if passed else []
    without_room = passed - {room.unit_id for room in rooms}
    if issue.urgent:
        # What is urgent stands in rooms of units that have not held it.
        shown = await Outbox.filter(issue_id=issue.id, bridge=ROOMS).order_by("id")
        reached |= dict.fromkeys(row.payload["unit"] for row in shown if row.payload["do"] == "show")
    return [unit for unit in reached if unit not in without_room]


async def passed_over(issue: Issue) -> list[int]:
    """Ids of the units whose vacant posts the issue has passed on its last way to a holder."""
    history = await steps_of(issue)
    passed = takewhile(lambda row: row.action is Action.VACANT, reversed(history))
    return [row.from_holder_id for row in passed if row.from_holder_id is not None][::-1]


async def handed(settings: Settings, issue: Issue, effects: Effects, at: datetime) -> list[int]:
    """Give an issue to its new holder, and say in the rooms of vacant posts that it has passed them.

    Returns:
        Ids of the units of these posts.
    """
    if issue.holder is None:
        return []
    language = settings.territory.default_language
    passed = await passed_over(issue)
    shown = await units_shown(issue) if passed and not issue.private else []
    for unit in await Unit.filter(id__in=passed).order_by("-path") if shown else []:
        if unit.id in shown:
            line = say(
                texts.LINE_VACANT, language, unit=unit.name, number=issue.number, parent=issue.holder.name
            )
            effects.show(issue, unit.id)
            effects.say(issue, unit.id, line)
    effects.show(issue, issue.holder.id)
    await reaching.given(settings, issue, effects, at)
    return passed


def heard_by_reporter(issue: Issue, room_id: str) -> bool:
    """Whether the reporter reads what is said in a room."""
    return issue.reported_in != "" and issue.reported_in == room_id


async def reporter(
    settings: Settings,
    issue: Issue,
    effects: Effects,
    text: str,
    at: datetime,
    *,
    message: int = 0,
    topic: str = "",
    awake: bool = False,
    even_stopped: bool = False,
    below: Mapping[str, Any] = _NOTHING,
) -> None:
    """Tell the reporter where they reported: in the room's thread, or at their own address.

    At night it waits for the morning, unless it is urgent or the reporter has just written and so is
    awake. Who has asked for no messages gets none; that a leader's own words did not reach them, the
    leader hears from the outbox. Of an issue about their silence they hear nothing but a leader's words.

    Args:
        settings: The service's.
        issue: With its address fetched.
        effects: Where the words are put.
        text: In the reporter's language.
        at: Programme time.
        message: Id of the leader's message that these words carry, so that it can be stopped.
        topic: See `Effects.tell`.
        awake: Whether this answers what the reporter has said a moment ago.
        even_stopped: See `Effects.tell`.
        below: What can be pressed; see `issues.choices`.
    """
    if issue.silent and not message:
        return
    if issue.reported_in and issue.block_id is not None:
        effects.say(issue, issue.block_id, text, mention=[issue.reporter_id])
        return
    if issue.address.stopped_at is not None and not message and not even_stopped:
        return
    hold_until = None if issue.urgent or awake else await morning(settings, issue, at)
    if awake and issue.address.fixed_line:
        hold_until = at + HANGS_UP
    effects.tell(
        issue.address,
        text,
        issue,
        hold_until=hold_until,
        topic=topic,
        even_stopped=even_stopped,
        message=message,
        **below,
    )


async def everybody(
    settings: Settings,
    issue: Issue,
    effects: Effects,
    text: Text,
    at: datetime,
    *,
    speaker: Person | None = None,
    message: int = 0,
    topic: str = "",
    **values: object,
) -> None:
    """Tell all who hear of an issue something: its reporter, and those whose issues have become part of it.

    Args:
        settings: The service's.
        issue: With its address fetched.
        effects: Where the words are put.
        text: Names the issue's number; in each one's own language.
        at: Programme time.
        speaker: The leader whom it names.
        message: See `reporter`.
        topic: See `Effects.tell`.
        values: For its other blanks.
    """
    profile = settings.territory
    for each in await together.heard_by(issue):
        language = names.language_of(each.reporter, profile)
        if speaker is not None:
            about = issue.block or issue.holder
            values["leader"] = await names.speaker(speaker, about, profile, language, at)
        words = say(text, language, number=issue.number, **values)
        below = choices.below(text, language, number=issue.number, **values)
        await reporter(settings, each, effects, words, at, message=message, topic=topic, below=below)


async def reply(
    settings: Settings, issue: Issue, effects: Effects, text: Text, at: datetime, **values: object
) -> None:
    """Answer the reporter, who has said something a moment ago, with a text that names the issue."""
    language = names.language_of(issue.reporter, settings.territory)
    words = say(text, language, number=issue.number, **values)
    below = choices.below(text, language, number=issue.number, **values)
    await reporter(settings, issue, effects, words, at, awake=True, below=below)


async def relay(issue: Issue, effects: Effects, words: Message) -> None:
    """Pass the reporter's words on to the holder and the block; what is urgent, to everybody who has it."""
    shown = await units_shown(issue)
    reached = shown if issue.urgent else [issue.holder_id, issue.block_id]
    for unit_id in dict.fromkeys(reached):
        spoken_here = unit_id == issue.block_id and heard_by_reporter(issue, words.room_id)
        if unit_id in shown and not spoken_here:
            effects.relay(issue, unit_id, words.id)


async def relay_by_letter(
    settings: Settings, issue: Issue, effects: Effects, words: Message, at: datetime
) -> None:
    """Pass the reporter's words on to a holder who reads letters and no room."""
    reads_letters = letter_bridges(settings)
    acting = await chain.acting(issue.holder, at) if issue.holder and reads_letters else None
    if acting is None:
        return
    box = await reaching.at_work(settings, issue.holder, acting.person, at)
    if box is None or box.bridge not in reads_letters:
        return
    language = names.language_of(acting.person, settings.territory)
    name = names.resident(issue.reporter, language)
    text = say(texts.SAID_BY, language, name=name, words=said(words, language))
    await reaching.leader(settings, effects, acting.person, text, at, issue=issue, address=box)


async def enclosure(
    settings: Settings,
    issue: Issue,
    effects: Effects,
    linked: str,
    at: datetime,
    *,
    enclosed: str,
    message: int,
    number: int,
    alone: bool,
) -> None:
    """Send the reporter what came with a leader's words; in a room it is shown by itself.

    Args:
        settings: The service's.
        issue: With its address fetched.
        effects: Where it is put.
        linked: The text that links it.
        at: Programme time.
        enclosed: The text with which it goes along, where that can be.
        message: Id of the leader's message.
        number: Which of what came with it.
        alone: Whether the leader has said nothing else.
    """
    if issue.reported_in and issue.block_id is not None:
        if alone:
            effects.say(issue, issue.block_id, enclosed, mention=[issue.reporter_id])
        return
    hold_until = None if issue.urgent else await morning(settings, issue, at)
    if issue.address.fixed_line:  # it is read aloud, and nobody can type a link that they hear
        effects.tell(issue.address, enclosed, issue, hold_until=hold_until, message=message)
        return
    effects.tell(
        issue.address,
        linked,
        issue,
        hold_until=hold_until,
        message=message,
        enclosed=enclosed,
        number=number,
    )


async def morning(settings: Settings, issue: Issue, at: datetime) -> datetime | None:
    """Until when words to the reporter can wait; None: they need not, or the reporter is awake.

    Who has a telephone that takes no texts is called, and that only when a call is welcome.
    """
    profile = settings.territory
    hours = profile.no_calls if issue.address.fixed_line else profile.quiet
    until = hours.until(at, profile.zone)
    if until is None:
        return None
    wrote = Message.filter(
        author_id=issue.reporter_id, voice=Voice.RESIDENT, said_at__gte=at - AWAKE, said_at__lte=at
    )
    return None if await wrote.exists() else until


async def reporter_about_holder(
    settings: Settings,
    issue: Issue,
    effects: Effects,
    text: Text,
    at: datetime,
    *,
    awake: bool = False,
    speaker: Person | None = None,
    **more: str,
) -> None:
    """Tell all who hear of an issue something that names its holder, or a speaker, and by when they hear.

    Args:
        settings: The service's.
        issue: With its address fetched; it has a window to answer.
        effects: Where the words are put.
        text: In each one's own language.
        at: Programme time.
        awake: Whether this answers what the reporter has said a moment ago.
        speaker: The leader whom it names instead of the holder.
        more: For its other blanks.
    """
    assert issue.holder is not None
    assert issue.answer_due is not None
    profile = settings.territory
    for each in await together.heard_by(issue):
        language = names.language_of(each.reporter, profile)
        leader = await names.holder(issue.holder, profile, language, at)
        if speaker is not None:
            leader = await names.speaker(speaker, issue.block or issue.holder, profile, language, at)
        time = clock_time(issue.answer_due, at, profile.zone, language)
        words = say(text, language, number=issue.number, leader=leader, time=time, **more)
        spoke = awake and each.id == issue.id
        await reporter(settings, each, effects, words, at, topic=HOLDER, awake=spoke)


async def all_rooms(issue: Issue, effects: Effects, line: str) -> None:
    """Say a line in every room in which the issue stands, and bring its state up to date there."""
    for unit_id in await units_shown(issue):
        effects.say(issue, unit_id, line)
        effects.state(issue, unit_id)


async def other_rooms(
    settings: Settings,
    issue: Issue,
    effects: Effects,
    speaker: Person,
    said_in: int | None,
    words: Message,
    at: datetime,
) -> None:
    """Let the rooms that have not heard an answer know of it, and bring all states up to date."""
    profile = settings.territory
    language = profile.default_language
    name = await names.speaker(speaker, issue.block or issue.holder, profile, language, at)
    led = await chain.right_on(speaker, issue, at)
    if issue.private and led and said_in is None:
        said_in = led.id  # they have said it in the direct room in which it stands for their unit
    line = say(
        texts.LINE_ANSWERED, language, name=name, unit=led.name if led else "", words=said(words, language)
    )
    for unit_id in await units_shown(issue):
        if unit_id != said_in:
            effects.say(issue, unit_id, line)
        effects.state(issue, unit_id)


def said(words: Message, language: str) -> str:
    """A message's words, with a mark for what came with them."""
    if not words.media:
        return words.text
    mark = say(texts.POST_MEDIA, language, count=len(words.media))
    seconds = words.media[0].get("seconds")
    if len(words.media) == 1 and seconds is not None and words.media[0]["content_type"].startswith("audio/"):
        mark = say(texts.POST_VOICE, language, seconds=seconds)
    return f"{words.text}\n{mark}".strip()


async def moved(
    settings: Settings,
    issue: Issue,
    effects: Effects,
    line: str,
    to_reporter: Text,
    at: datetime,
    *,
    came_from: int | None,
    awake: bool = False,
) -> None:
    """Show an issue to its new holder, say so in the rooms it came through, and tell the reporter.

    Args:
        settings: The service's.
        issue: Handed over and recorded.
        effects: Where the words are put.
        line: For the rooms that the issue has left, or for its room where it has not moved.
        to_reporter: Names the new holder.
        at: Programme time.
        came_from: Id of the unit that held it before.
        awake: See `reporter`.
    """
    assert issue.holder is not None
    have_heard = await handed(settings, issue, effects, at)
    for unit_id in await units_shown(issue):
        if unit_id not in have_heard and (unit_id != issue.holder.id or came_from == issue.holder.id):
            # Where it comes back to, its post is there already and rings nobody any more.
            acting = await chain.actors_of(issue.holder, at) if unit_id == issue.holder.id else []
            effects.say(issue, unit_id, line, mention=[person.id for person in acting])
        effects.state(issue, unit_id)
    await reporter_about_holder(settings, issue, effects, to_reporter, at, awake=awake)
