"""The story of an issue, as lines: what was said and what happened, for whoever gets it next.

Reads; changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime

from issues import names, telling, texts
from linzhang.settings import Settings
from linzhang.words import clock_time, say
from models import Action, History, Issue, Message, Person, Unit, Voice

#: Lines that are told: the first, then the last ones.
_SHOWN = 20


async def lines(settings: Settings, issue: Issue, said: Sequence[Message], language: str) -> list[str]:
    """What has happened and been said so far, oldest first; of what is too long the first and the last.

    Args:
        settings: The service's.
        issue: Whose story.
        said: What was said in it and belongs into it, with the authors fetched.
        language: In which it is told.
    """
    profile = settings.territory
    now = settings.clock.now()
    happened = await History.filter(issue_id=issue.id).select_related("actor").order_by("seq")
    units = {unit.id: unit.name for unit in await Unit.filter(id__in=_unit_ids(happened))}
    told = []
    for message in said:
        if message.retracted_at is None:
            text = _OF_VOICE[message.voice]
            name = await _name(settings, issue, message.author, message.voice, message.said_at, language)
            time = clock_time(message.said_at, now, profile.zone, language)
            words = telling.said(message, language)
            told.append((message.said_at, say(text, language, time=time, name=name, words=words)))
    for row in happened:
        text_of_action = _OF_ACTION.get(row.action)
        if row.action is Action.PASS_UP and not row.detail:
            text_of_action = texts.STORY_PASSED_UP_SILENTLY
        if text_of_action and not (row.action is Action.ESCALATE and row.from_holder_id is None):
            voice = Voice.LEADER if row.action is not Action.REJECT else Voice.RESIDENT
            told.append(
                (
                    row.at,
                    say(
                        text_of_action,
                        language,
                        time=clock_time(row.at, now, profile.zone, language),
                        name=await _name(settings, issue, row.actor, voice, row.at, language)
                        if row.actor
                        else "",
                        unit=units.get(row.from_holder_id or 0, ""),
                        parent=units.get(row.to_holder_id or 0, ""),
                        reason=row.detail,
                    ),
                )
            )
    told.sort(key=lambda each: each[0])
    found = [text for _, text in told]
    if len(found) > _SHOWN:
        found = [found[0], "…", *found[-(_SHOWN - 2) :]]
    return found


_OF_VOICE = {
    Voice.RESIDENT: texts.STORY_REPORT,
    Voice.LEADER: texts.STORY_ANSWER,
    Voice.INSIDE: texts.STORY_NOTE,
}
_OF_ACTION = {
    Action.ESCALATE: texts.STORY_ESCALATED,
    Action.PASS_UP: texts.STORY_PASSED_UP,
    Action.REFER: texts.STORY_REFERRED,
    Action.RETURN: texts.STORY_RETURNED,
    Action.REARRANGE: texts.STORY_REARRANGED,
    Action.REJECT: texts.STORY_REJECTED,
    Action.ACCEPT: texts.STORY_ACCEPTED,
    Action.RESOLVE: texts.STORY_RESOLVED,
    Action.LAPSE: texts.STORY_LAPSED,
    Action.RATE: texts.STORY_RATED,
    Action.VACANT: texts.STORY_VACANT,
}


async def _name(
    settings: Settings, issue: Issue, person: Person, voice: Voice, at: datetime, language: str
) -> str:
    if voice is Voice.RESIDENT:
        return names.resident(person, language)
    return await names.speaker(person, issue.block, settings.territory, language, at)


def _unit_ids(happened: Sequence[History]) -> set[int]:
    both = {row.from_holder_id for row in happened} | {row.to_holder_id for row in happened}
    return {each for each in both if each is not None}
