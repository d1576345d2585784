"""The command by which leaders tell what they found from door to door, and open a campaign."""

import re
from collections.abc import Sequence
from datetime import timedelta

from issues.effects import Effects
from issues.errors import NotAllowed
from linzhang.words import day, say
from programme.doors import answers, listing, opening, questions, saying, texts
from programme.doors.opening import Wanted
from programme.doors.reporting import Source
from programme.doors.saying import Line
from rooms import canvassed, tasked
from rooms.commands import dates, noticing
from rooms.commands.call import Call, Misused
from rooms.commands.table import command
from rooms.heard import Heard

_NUMBER = r"\s*(\d{1,9})号?"
_OPEN = re.compile(r"(?:open|new|新开|开展|开)[\s:：]+(.+)", re.IGNORECASE | re.DOTALL)
_BEGIN = re.compile(rf"(?:begin|start|开始){_NUMBER}", re.IGNORECASE)
_STOP = re.compile(rf"(?:stop|drop|cancel|停止|停|取消){_NUMBER}", re.IGNORECASE)
#: Days and title, what is to be said, and questions on lines of their own.
_TITLE = re.compile(r"([^:：\n]+)[:：]\s*([^\n]+)(?:\n(.*))?", re.DOTALL)

#: Days that a campaign lasts unless somebody says otherwise.
_DAYS = 7


@command("door doors 走访 入户", form=texts.FORM, about=texts.HELP)
async def door(call: Call) -> Sequence[Effects]:
    """Note what was found at a door, show the list, or open a campaign."""
    heard = call.heard
    await call.leader()
    words = (call.words if call.number is None else f"{call.number} {call.words}").strip()
    if asked := _BEGIN.fullmatch(words):
        return await canvassed.begin(heard, int(asked[1]))
    if asked := _STOP.fullmatch(words):
        return await canvassed.stop(heard, int(asked[1]))
    if asked := _OPEN.fullmatch(words):
        return [await _open(heard, asked[1])]
    if words and (not heard.is_direct or heard.is_in_the_open):
        raise NotAllowed(texts.ALONE_ONLY)
    answer = await saying.take(await _line(heard, words))
    return [*answer.effects, heard.privately(answer.words, **answers.facts_of(answer))]


async def _line(heard: Heard, words: str) -> Line:
    assert heard.address is not None
    shown = await tasked.proof(heard, words)
    source = Source(shown.bridge, heard.inbound.external_id, shown.media)
    return Line(heard.settings, heard.address, words, source, heard.own_language, heard.at)


async def _open(heard: Heard, words: str) -> Effects:
    """Keep a draft, and show what it comes to."""
    assert heard.person is not None
    settings, profile, language = heard.settings, heard.settings.territory, heard.language
    today = heard.at.astimezone(profile.zone).date()
    found = _TITLE.fullmatch(words.strip())
    if found is None:
        raise Misused(texts.OPEN_SO, form=texts.FORM_OPEN)
    days, title = dates.read(found[1], today)
    first, last = (days.first, days.last) if days else (today, today + timedelta(days=_DAYS - 1))
    wanted = Wanted(title, found[2].strip(), questions.read(found[3] or ""), first, last)
    unit = await noticing.unit_of(heard)
    campaign = await opening.write(
        settings, heard.person, unit, wanted, heard.at, event_id=heard.inbound.external_id
    )
    reach = await opening.reach(campaign, profile)
    shown = say(
        texts.DRAFT,
        language,
        number=campaign.id,
        first=day(campaign.from_at, profile.zone, language),
        last=listing.last_day(settings, campaign, language),
        blocks=reach.blocks,
        unit=unit.name,
        households=reach.households,
        sample=listing.for_phone(settings, campaign, "", language),
        begin=say(texts.FORM_BEGIN, language, number=campaign.id),
        stop=say(texts.FORM_STOP, language, number=campaign.id),
    )
    return heard.retort_words(shown, campaign=campaign.id, step=canvassed.DRAFT)
