"""What is urgent: the whole chain hears at once, and the holder's leader is called.

`urgent` is the transition; the rest is what it has in common with reporting and climbing. See
`issues.lifecycle`.
"""

from datetime import datetime

from issues import chain, names, reaching, segments, telling, texts
from issues.effects import Effects
from issues.lifecycle import common
from issues.lifecycle.law import Actor
from issues.quoting import quoted
from linzhang.profile import Urgency
from linzhang.settings import Settings
from linzhang.words import clock_time, say
from models import Action, History, Issue, Message, Person, State, Unit, Voice

#: After these the holder's leader has been called, and is not called again within the window.
_CALLED = (Action.URGENT, Action.ESCALATE, Action.REMIND, Action.PASS_UP, Action.REJECT)

#: Characters of the resident's words that are read out on the phone.
_READ_OUT = 80


async def urgent(
    settings: Settings, issue: Issue, actor: Actor, at: datetime, *, danger: Urgency | None = None
) -> Effects:
    """Make an issue urgent: a new, short window, and everybody up the chain hears of it.

    Args:
        settings: The service's.
        issue: Locked.
        actor: The reporter, or a leader.
        at: Programme time.
        danger: What the reporter's words tell of; they are told whom to call first.

    Raises:
        NotAllowed: It is neither their own nor one of a unit that they lead.
        NotNow: It is not open.
    """
    if actor.person is None or actor.person.id != issue.reporter_id:
        await common.leader(settings, issue, actor, at)
    effects = await declare(settings, issue, actor, at, danger)
    if danger:
        await tell_reporter(settings, issue, effects, danger, at)
    await sound(settings, issue, effects, at)
    return effects


async def declare(
    settings: Settings, issue: Issue, actor: Actor, at: datetime, danger: Urgency | None
) -> Effects:
    """Only record that an issue is urgent, and start its window anew."""
    common.check_state(settings, issue, Action.URGENT)
    issue.urgent = True
    common.give_to(settings, issue, issue.holder or await chain.root(), at)
    return await common.record(
        settings, issue, Action.URGENT, actor, at, detail=danger.kind if danger else ""
    )


async def was_called(settings: Settings, issue: Issue, at: datetime) -> bool:
    """Whether the holder's leader has been called for this issue within the window."""
    since = at - settings.territory.urgent_window
    called = History.filter(issue_id=issue.id, action__in=_CALLED, to_state=State.OPEN, at__gt=since)
    return issue.urgent and await called.exists()


async def sound(settings: Settings, issue: Issue, effects: Effects, at: datetime) -> None:
    """Show an urgent issue in all rooms from its holder's to the top, and call the holder's leader."""
    if issue.holder is None or issue.answer_due is None:
        return
    line = _line(settings, issue, issue.answer_due, at)
    reached = [issue.holder] if issue.private else await chain.upwards(issue.holder, settings.territory)
    for unit in reached:
        effects.show(issue, unit.id)
        mention = [person.id for person in await chain.actors_of(unit, at)]
        effects.say(issue, unit.id, line, mention=mention)
    for unit_id in await telling.units_shown(issue):
        effects.state(issue, unit_id)
    await call_leader(settings, issue, effects, at)


async def pass_on(settings: Settings, issue: Issue, effects: Effects, at: datetime) -> None:
    """Let an urgent issue's new holder hear of it as the first one did; the post may stand there already."""
    if issue.urgent and issue.holder is not None and issue.answer_due is not None:
        line = _line(settings, issue, issue.answer_due, at)
        mention = [person.id for person in await chain.actors_of(issue.holder, at)]
        effects.say(issue, issue.holder.id, line, mention=mention)
        await call_leader(settings, issue, effects, at)


async def call_leader(settings: Settings, issue: Issue, effects: Effects, at: datetime) -> None:
    """Write to the holder's acting leader in person, and let their phone ring and be read to."""
    person = await _acting_leader(settings, issue, at)
    if person is not None:
        await _call(settings, issue, effects, person, at)


async def call_next(settings: Settings, issue: Issue, effects: Effects, after: Person, at: datetime) -> None:
    """Call the leader above one who has not come to the phone; what is private stays with the holder's.

    Args:
        settings: The service's.
        issue: With its holder fetched.
        effects: Where the words are put.
        after: Whose phone has rung in vain.
        at: Programme time.
    """
    leaders = [] if issue.private else await _acting_leaders(settings, issue, at)
    ids = [person.id for person in leaders]
    above = leaders[ids.index(after.id) + 1 :] if after.id in ids else []
    if above:
        await _call(settings, issue, effects, above[0], at)


async def _call(settings: Settings, issue: Issue, effects: Effects, person: Person, at: datetime) -> None:
    profile = settings.territory
    language = names.language_of(person, profile)
    last = await Message.filter(issue_id=issue.id, voice=Voice.RESIDENT).order_by("-id").first()
    text = say(
        texts.ALARM,
        language,
        number=issue.number,
        name=names.resident(issue.reporter, language),
        place=await names.place(issue.block, profile, language),
        words=segments.cut(quoted(last, language), _READ_OUT),
    )
    await reaching.leader(settings, effects, person, text, at, issue=issue, urgent=True)
    await reaching.ring(settings, effects, person, text, language, issue=issue)


async def tell_reporter(
    settings: Settings, issue: Issue, effects: Effects, danger: Urgency, at: datetime
) -> None:
    """Tell the reporter first of all whom to call, then who has it."""
    profile = settings.territory
    language = names.language_of(issue.reporter, profile)
    text = texts.URGENT
    if issue.block is None:
        text = texts.URGENT_WHERE
    elif issue.private:
        text = texts.URGENT_PRIVATE
    leader = await names.holder(issue.holder, profile, language, at) if issue.holder else ""
    words = say(text, language, emergency=danger.number, number=issue.number, leader=leader)
    await telling.reporter(settings, issue, effects, words, at, awake=True, even_stopped=True)


def _line(settings: Settings, issue: Issue, due: datetime, at: datetime) -> str:
    profile = settings.territory
    time = clock_time(due, at, profile.zone, profile.default_language)
    return say(texts.LINE_URGENT, profile.default_language, number=issue.number, time=time)


async def _acting_leader(settings: Settings, issue: Issue, at: datetime) -> Person | None:
    """Who acts for the holder now, or else for the next unit above that has somebody; never the reporter."""
    return next(iter(await _acting_leaders(settings, issue, at)), None)


async def _acting_leaders(settings: Settings, issue: Issue, at: datetime) -> list[Person]:
    """Who acts for the holder and for each unit above it, each once; never the reporter."""
    units: list[Unit] = await chain.upwards(issue.holder, settings.territory) if issue.holder else []
    acting = [await chain.acting(unit, at) for unit in units]
    people = {each.person.id: each.person for each in acting if each}
    return [person for person in people.values() if person.id != issue.reporter_id]
