"""The command by which an office asks some residents about their leaders, and adds a word to the draw."""

import re
from collections.abc import Sequence

from issues import chain, departments
from issues import texts as issue_texts
from issues.effects import Effects
from issues.errors import NotFound
from linzhang.words import clock_time, duration, say
from models import Survey, SurveyState, SurveyWord, Unit
from programme.thanks.surveys import opening, results, standing, texts
from rooms.commands import noticing
from rooms.commands.call import Call, Misused
from rooms.commands.table import command
from rooms.heard import Heard

_OPEN = re.compile(r"(?:open|begin|start|开始|发起)", re.IGNORECASE)
_STOP = re.compile(r"(?:stop|cancel|停止|停|取消)\s*(\d{1,9})号?", re.IGNORECASE)
_WORD = re.compile(r"(?:word|add|加|添)\s*(\d{1,9})号?\s*[:：,，]?\s*(.*)", re.IGNORECASE | re.DOTALL)
_SHOW = re.compile(r"(?:show|查看|看)?\s*(\d{1,9})号?", re.IGNORECASE)

#: Surveys, and lines of one, that one answer lists.
_LISTED, _LINES = 10, 15


@command("survey satisfaction 满意度", form=texts.FORM, about=texts.HELP)
async def survey(call: Call) -> Sequence[Effects]:
    """Open a survey, add a word to its draw, stop it, or see what it has come to."""
    heard = call.heard
    await call.leader()
    words = (call.words if call.number is None else f"{call.number} {call.words}").strip()
    if not words:
        return [await _listed(heard)]
    if _OPEN.fullmatch(words):
        return [await _open(heard)]
    if asked := _STOP.fullmatch(words):
        return [await _stop(heard, int(asked[1]))]
    if asked := _WORD.fullmatch(words):
        return [await _add(heard, int(asked[1]), asked[2])]
    if asked := _SHOW.fullmatch(words):
        return [await _stands(heard, int(asked[1]))]
    raise Misused(issue_texts.WRITE_IT_SO, form=texts.FORM)


async def _open(heard: Heard) -> Effects:
    assert heard.person is not None
    unit = await noticing.unit_of(heard)
    opened = await opening.begin(
        heard.settings, heard.person, unit, heard.at, event_id=heard.inbound.external_id
    )
    return heard.retort(
        texts.OPENED,
        number=opened.id,
        unit=unit.name,
        time=duration(heard.settings.territory.surveys.waits, heard.language),
        stop=say(texts.FORM_STOP, heard.language, number=opened.id),
    )


async def _stop(heard: Heard, number: int) -> Effects:
    assert heard.person is not None
    await opening.stop(heard.settings, await _mine(heard, number), heard.person, heard.at)
    return heard.retort(texts.STOPPED, number=number)


async def _add(heard: Heard, number: int, words: str) -> Effects:
    assert heard.person is not None
    await opening.add_word(await _mine(heard, number), heard.person, words, heard.at)
    return heard.retort(texts.ADDED, number=number)


async def _listed(heard: Heard) -> Effects:
    """The latest surveys that concern the leader's units."""
    language = heard.own_language
    latest = await standing.latest(await _units(heard), _LISTED)
    if not latest:
        return heard.privately(say(texts.NONE_YET, language, form=texts.FORM))
    lines = [
        say(texts.LISTED, language, number=each.id, unit=each.unit.name, state=texts.STATES[each.state])
        for each in latest
    ]
    form = say(texts.FORM_SHOW, language, number=latest[0].id)
    return heard.privately("\n".join([*lines, say(texts.LIST_END, language, form=form)]))


async def _stands(heard: Heard, number: int) -> Effects:
    """What a survey has come to, as far as the leader may know."""
    profile, language, at = heard.settings.territory, heard.own_language, heard.at
    one = await _mine(heard, number, lock=False)
    lines = [say(texts.STANDS, language, number=one.id, unit=one.unit.name, state=texts.STATES[one.state])]
    if one.state is SurveyState.ANNOUNCED and one.draw_at is not None:
        time = clock_time(one.draw_at, at, profile.zone, language)
        count = await SurveyWord.filter(survey_id=one.id).count()
        lines.append(say(texts.STANDS_DRAW, language, time=time, count=count))
    if one.state in (SurveyState.ASKING, SurveyState.OVER):
        lines += await _come_to(heard, one)
    return heard.privately("\n".join(lines))


async def _come_to(heard: Heard, one: Survey) -> list[str]:
    profile, language = heard.settings.territory, heard.own_language
    own = await _units(heard)
    unit = await results.seen_at(profile, one, own)
    found = await results.of(profile, one, unit)
    if one.state is SurveyState.ASKING and one.ends_at is not None:
        time = clock_time(one.ends_at, heard.at, profile.zone, language)
        facts = {"answered": found.whole.answered, "asked": found.whole.asked}
        return [say(texts.STANDS_ASKED, language, time=time, **facts)]
    lines = [say(texts.RESULT_UNIT, language, unit=unit.name, result=results.told(found.whole, language))]
    lines += [
        say(texts.RESULT_UNIT, language, unit=each.unit.name, result=results.told(each, language))
        for each in results.seen(found.units, own)[:_LINES]
    ]
    lines += [
        say(
            texts.RESULT_LEADER,
            language,
            unit=each.unit.name,
            leader=each.leader,
            result=results.told(each, language),
        )
        for each in [one for one in results.seen(found.leaders, own) if one.is_shown][:_LINES]
    ]
    return lines


async def _mine(heard: Heard, number: int, *, lock: bool = True) -> Survey:
    """A survey that concerns the leader's units, with its author and unit."""
    found = Survey.filter(standing.concerning(await _units(heard)), id=number)
    one = await found.select_related("unit", "author").first()
    if one is None:
        raise NotFound(texts.NO_SUCH, number=number)
    return await opening.lock(number) if lock else one


async def _units(heard: Heard) -> list[Unit]:
    """The leader's units, without departments: those are nobody's leaders."""
    assert heard.person is not None
    own = await chain.units_of(heard.person, heard.at)
    return [each for each in own if not departments.is_one(each, heard.settings.territory)]
