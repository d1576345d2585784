"""Commands by which the leader of a month or a year is nominated and chosen."""

import re
from collections.abc import Sequence

from issues import chain
from issues.effects import Effects
from linzhang.words import clock_time, say
from models import HonourState
from programme import texts as programme_texts
from programme.honours import closing, nominating, opening, periods, sending, standing, texts
from programme.honours.standing import Phase
from rooms import honoured, noticed
from rooms.commands import noticing
from rooms.commands.call import Call, Misused
from rooms.commands.table import command
from rooms.heard import Heard

_SEND = re.compile(r"(?:send|发出|发送|发)\s*(\d{1,9})号?", re.IGNORECASE)
_STOP = re.compile(r"(?:stop|cancel|drop|取消|停发|停|撤回)\s*(\d{1,9})号?", re.IGNORECASE)
_SHOW = re.compile(r"(?:show|查看|看)?\s*(\d{1,9})号?", re.IGNORECASE)

#: Rounds that one answer lists.
_LISTED = 10


@command("honour honor 评选 评优", form=texts.FORM, about=texts.HELP)
async def honour(call: Call) -> Sequence[Effects]:
    """Open a round, send its ballots, stop it, or see how it stands."""
    heard = call.heard
    await call.leader()
    words = _all(call)
    if not words:
        return [await _listed(heard)]
    today = heard.at.astimezone(heard.settings.territory.zone).date()
    if (period := periods.read(words, today)) is not None:
        return [await _open(heard, period)]
    if asked := _STOP.fullmatch(words):
        return [await _stop(heard, int(asked[1]))]
    if asked := _SHOW.fullmatch(words):
        return [await _stands(heard, int(asked[1]))]
    if asked := _SEND.fullmatch(words):
        return await _send(heard, int(asked[1]))
    raise Misused(texts.PERIOD_UNFIT, form=call.form)


@command("nominate 推荐 提名", form=texts.FORM_NOMINATE, about=texts.HELP_NOMINATE)
async def nominate(call: Call) -> Sequence[Effects]:
    """Nominate the leader of one's own block, or of a block of one's own."""
    heard = call.heard
    person, language = await call.leader(), heard.own_language
    words = _all(call)
    block, reason = await nominating.block_named(person, words, heard.at)
    own = await nominating.own_block(heard.settings, person, heard.at)
    if block is None and own is None:
        raise Misused(texts.WHICH_BLOCK, form=say(texts.FORM_NOMINATE_BLOCK, language, unit="…"))
    nominee = await nominating.nominate(heard.settings, person, reason, heard.at, block=block)
    words = say(texts.NOMINATED, language, name=nominee.leader.name, unit=nominee.block.name)
    return [heard.privately(words)]


def _all(call: Call) -> str:
    """All that stood behind the command: a long number is taken for an issue's."""
    return (call.words if call.number is None else f"{call.number} {call.words}").strip()


async def _open(heard: Heard, period: str) -> Effects:
    assert heard.person is not None
    settings, language = heard.settings, heard.language
    unit = await noticing.unit_of(heard)
    opened, reach = await opening.begin(
        settings, heard.person, unit, period, heard.at, event_id=heard.inbound.external_id
    )
    shown = say(
        texts.OPENED,
        language,
        number=opened.notice_id,
        title=settings.territory.bottom.leader[language],
        period=periods.name(period, language),
        draft=await noticing.shown(heard, opened.notice, reach),
    )
    return heard.retort_words(shown, notice=opened.notice_id)


async def _send(heard: Heard, number: int) -> Sequence[Effects]:
    """Send what of a round waits for it: its announcement, or its ballots."""
    one = await opening.lock(number)
    if one.state is HonourState.NOMINATING:
        return await noticed.let_go(heard, number)
    return await honoured.let_go(heard, number)


async def _stop(heard: Heard, number: int) -> Effects:
    assert heard.person is not None
    await opening.stop(heard.settings, await opening.lock(number), heard.person, heard.at)
    return heard.retort(texts.STOPPED, number=number)


async def _listed(heard: Heard) -> Effects:
    """The latest rounds that concern the leader's units."""
    assert heard.person is not None
    language = heard.own_language
    latest = await standing.latest(await chain.units_of(heard.person, heard.at), _LISTED)
    if not latest:
        return heard.privately(say(texts.NONE_YET, language, form=texts.FORM))
    lines = [
        say(
            texts.LISTED,
            language,
            number=each.notice_id,
            unit=each.unit.name,
            title=heard.settings.territory.bottom.leader[language],
            period=periods.name(each.period, language),
            state=say(texts.STATES[await standing.phase(each, heard.at)], language),
        )
        for each in latest
    ]
    form = say(texts.FORM_SHOW, language, number=latest[0].notice_id)
    return heard.privately("\n".join([*lines, say(programme_texts.LIST_END, language, form=form)]))


async def _stands(heard: Heard, number: int) -> Effects:
    """How a round stands; its results, where they are counted."""
    assert heard.person is not None
    settings, language, zone = heard.settings, heard.own_language, heard.settings.territory.zone
    own = await chain.units_of(heard.person, heard.at)
    one = await standing.concerning(own).filter(notice_id=number).first()
    if one is None:
        raise Misused(texts.NO_SUCH, number=number)
    phase = await standing.phase(one, heard.at)
    lines = [
        say(
            texts.LISTED,
            language,
            number=number,
            unit=one.unit.name,
            title=settings.territory.bottom.leader[language],
            period=periods.name(one.period, language),
            state=say(texts.STATES[phase], language),
        )
    ]
    until = nominating.until(one)
    if phase is Phase.NOMINATING and until is not None:
        time = clock_time(until, heard.at, zone, language)
        lines.append(say(texts.NOMINATIONS, language, count=await standing.nominations(one), time=time))
    if phase is Phase.READY and await chain.unit_led(heard.person, one.unit, heard.at) is not None:
        lines += await sending.lines(one, language)
    ballots = await standing.ballots(one) if phase in (Phase.VOTING, Phase.OVER) else []
    counts = await closing.turnout(ballots)
    for ballot in ballots[:_LISTED]:
        if ballot.notice is None:
            continue
        voted, people = counts[ballot.id]
        if ballot.notice.ended_at is not None:
            lines += await closing.results(settings, ballot, language)
        elif ballot.notice.ends_at is not None:
            time = clock_time(ballot.notice.ends_at, heard.at, zone, language)
            facts = {"voted": voted, "people": people, "time": time}
            lines.append(say(texts.VOTES, language, unit=ballot.unit.name, **facts))
    return heard.privately("\n".join(lines))
