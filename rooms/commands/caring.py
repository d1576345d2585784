"""Commands about those who are looked after: who they are, somebody more, a round, a visit.

Names are said to the leader alone; where others read along, nothing is done about a single person.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import time

from tortoise.expressions import Q

from issues import chain
from issues import texts as issue_texts
from issues.effects import Effects
from issues.errors import NotAllowed
from linzhang.words import Text, say
from models import CareKind, CareRecord, CareRhythm, CareWay, Person, Unit
from programme.care import recording, rounds, seeing, shown, standing, texts, visits
from programme.care.recording import Wish
from rooms.commands import dates
from rooms.commands.call import Call, Misused
from rooms.commands.table import command
from rooms.heard import Heard

_ADD = re.compile(r"(?:add|new|添加|增加|登记)\s*[:：]?\s*(.*)", re.IGNORECASE | re.DOTALL)
_END = re.compile(r"(?:end|stop|remove|结束|不再|取消)\s*[:：]?\s*(.*)", re.IGNORECASE | re.DOTALL)
_ROUND = re.compile(r"(?:round|问候|问一遍)\s*[:：]?\s*(.*)", re.IGNORECASE | re.DOTALL)

_CONSENT = re.compile(
    r"[,，;；。]?\s*(?:consent|agreed|本人同意|同意)\s*[:：]\s*(.+)", re.IGNORECASE | re.DOTALL
)

_KINDS = {
    CareKind.ALONE: r"\balone\b|独居|一个人住|空巢",
    CareKind.OLD: r"\b(?:very )?old\b|高龄",
    CareKind.DISABLED: r"\bdisabled\b|残疾",
    CareKind.CHILD: r"\bchild\b(?: left behind)?|留守(?:儿童)?",
    CareKind.OTHER: r"\bother\b|其他",
}
_KIND = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in _KINDS.items()), re.IGNORECASE)

_DAILY = re.compile(r"\bdaily\b|\bevery day\b|每天|天天|每日", re.IGNORECASE)
_WEEKLY = re.compile(
    r"(?:\bweekly\b|\bevery week\b|每周|每星期|每个?礼拜|周|星期)\s*(?:on\s+)?"
    r"(?P<day>mon|tue|wed|thu|fri|sat|sun|[一二三四五六日天])?",
    re.IGNORECASE,
)
_NEVER = re.compile(r"\bnever\b|\boff\b|\bvisited\b|不发|不问|上门", re.IGNORECASE)
_CALL = re.compile(r"\bcall\b|\bby phone\b|打电话|电话", re.IGNORECASE)
_WEEKDAYS: Mapping[str, int] = {
    each: number
    for names in ("mon tue wed thu fri sat sun", "一 二 三 四 五 六 日", "一 二 三 四 五 六 天")
    for number, each in enumerate(names.split())
}

_OCCASIONS: Mapping[str, str] = {
    "heat": r"heat|hot|高温|天热|热",
    "cold": r"cold|寒潮|天冷|降温|冷",
    "storm": r"storm|wind|rain|大风|大雨|台风|暴雨|暴雪",
    "festival": r"festival|holiday|节日|过节|节",
}

#: The hour at which somebody is asked who has named none.
_HOUR = time(8)

#: People whom one answer lists.
_LISTED = 30


@command("care 关照 关爱", form=texts.FORM, about=texts.HELP)
async def care(call: Call) -> Sequence[Effects]:
    """Who is looked after; or one more, one less, or a question to all."""
    heard = call.heard
    person = await call.leader()
    words = call.words.strip()
    if not words:
        return [await _listed(heard, person)]
    if asked := _ROUND.match(words):
        return [await _round(heard, person, asked[1])]
    if asked := _ADD.match(words):
        return [await _add(_alone(heard), person, asked[1])]
    if asked := _END.match(words):
        return [await _end(_alone(heard), person, asked[1].strip())]
    raise Misused(issue_texts.WRITE_IT_SO, form=texts.FORM_ADD)


@command("visited visit 看望 探访 探望", form=texts.FORM_VISITED, about=texts.HELP_VISITED)
async def visited(call: Call) -> Sequence[Effects]:
    """The leader has been there."""
    heard = _alone(call.heard)
    leader = await call.leader()
    if call.number is not None or heard.issue_id is not None:
        whom, words = (await call.own_issue()).reporter, call.words
    else:
        whom, words = await _whom(heard, leader, call.words.strip())
    done = await visits.log(
        heard.settings,
        whom,
        heard.actor,
        words,
        heard.at,
        external_id=heard.inbound.external_id,
        media=heard.message(words).media,
    )
    return [*done, heard.retort(texts.VISIT_LOGGED, name=whom.name)]


async def _listed(heard: Heard, person: Person) -> Effects:
    """Those whose names the leader sees; of units above, how many there are."""
    profile, language, at = heard.settings.territory, heard.own_language, heard.at
    units = await chain.units_of(person, at)
    lines = []
    for unit in units:
        people = await standing.people([unit], unit, profile)
        lines += [shown.line(each, profile, language, at) for each in people[:_LISTED]]
        if not people or len(people) > _LISTED:
            cover = await standing.cover(unit, at)
            facts = {"heard": cover.heard, "silent": cover.silent, "month": cover.month}
            if cover.people:
                lines.append(say(texts.COUNTED, language, unit=unit.name, people=cover.people, **facts))
    if not lines:
        return heard.privately(say(texts.NOBODY_YET, language, add=texts.FORM_ADD))
    end = say(texts.LIST_END, language, add=texts.FORM_ADD, visited=texts.FORM_VISITED)
    return heard.privately("\n".join([*lines, end]))


async def _add(heard: Heard, recorder: Person, words: str) -> Effects:
    language = heard.own_language
    consent = _CONSENT.search(words)
    said = words[: consent.start()] if consent else words
    kind = _KIND.search(said)
    if kind is None or not said[: kind.start()].strip():
        kinds = say(issue_texts.COMMA, language).join(say(each, language) for each in texts.KINDS.values())
        raise Misused(texts.NO_KIND, kinds=kinds, form=texts.FORM_ADD)
    person = await _resident(heard, recorder, said[: kind.start()].strip(" ,，:："))
    wish = _wish(CareKind(str(kind.lastgroup)), said[kind.end() :], consent[1] if consent else "")
    record = await recording.add(heard.settings, recorder, person, wish, heard.at)
    return heard.retort(
        texts.ADDED,
        name=person.name,
        kind=texts.KINDS[record.kind],
        rhythm=shown.rhythm(record, language),
        consent=record.consent,
    )


async def _end(heard: Heard, person: Person, words: str) -> Effects:
    record, why = await _record(heard, person, words)
    locked = await recording.lock(record.id)
    assert locked is not None
    await recording.end(heard.settings, locked, person, why, heard.at)
    return heard.retort(texts.ENDED, name=record.person.name)


async def _round(heard: Heard, person: Person, words: str) -> Effects:
    language = heard.own_language
    unit = await _unit(heard, person)
    fitting = (each for each, said in _OCCASIONS.items() if re.match(said, words.strip(), re.IGNORECASE))
    occasion = next(fitting, None)
    if occasion is None:
        names = say(issue_texts.COMMA, language).join(
            say(each, language) for each in texts.OCCASIONS.values()
        )
        raise Misused(texts.NO_OCCASION, occasions=names, form=texts.FORM_ROUND)
    kind = _KIND.search(words)
    _, count = await rounds.begin(
        heard.settings,
        person,
        unit,
        occasion,
        str(kind.lastgroup) if kind else "",
        heard.at,
        event_id=heard.inbound.external_id,
    )
    name: Text = texts.OCCASIONS[occasion]
    return heard.privately(say(texts.ROUND_BEGUN, language, count=count, unit=unit.name, occasion=name))


def _wish(kind: CareKind, words: str, consent: str) -> Wish:
    """How somebody is to be looked after, in the words behind their name and the kind.

    Raises:
        Misused: Nobody has said how often they are asked.
    """
    hour = _HOUR
    if found := dates.CLOCK.search(words):
        hour = dates.clock(found[0].strip()) or _HOUR
    way = CareWay.CALL if _CALL.search(words) else CareWay.TEXT
    facts = {"kind": kind, "clock": hour.hour * 60 + hour.minute, "consent": consent, "way": way}
    if _DAILY.search(words):
        return Wish(rhythm=CareRhythm.DAILY, **facts)  # type: ignore[arg-type]
    if week := _WEEKLY.search(words):
        day = _WEEKDAYS[(week["day"] or "mon").lower()]
        return Wish(rhythm=CareRhythm.WEEKLY, weekday=day, **facts)  # type: ignore[arg-type]
    if _NEVER.search(words):
        return Wish(rhythm=CareRhythm.OFF, **facts)  # type: ignore[arg-type]
    raise Misused(texts.NO_RHYTHM, form=texts.FORM_ADD)


async def _resident(heard: Heard, leader: Person, name: str) -> Person:
    """The one resident of that name whose block's names the leader sees.

    Raises:
        Misused: There is none, or several are called so.
    """
    profile, lives = heard.settings.territory, Q(id__in=[])
    for unit in await chain.units_of(leader, heard.at):
        if unit.tier == profile.bottom.key:
            lives |= Q(block_id=unit.id)
        elif unit.tier == seeing.neighbourhood(profile):
            lives |= chain.below(unit.path, "block__path")
    found = await Person.filter(lives, name=name).limit(2)
    if len(found) != 1:
        raise _unknown(heard, name)
    return found[0]


async def _record(heard: Heard, leader: Person, words: str) -> tuple[CareRecord, str]:
    """The record of somebody with whose name words begin, and what stands behind.

    Raises:
        Misused: Nobody is called so, or several are.
    """
    units = await chain.units_of(leader, heard.at)
    named = seeing.named(units, heard.settings.territory)
    records = await CareRecord.filter(named, ended_at=None).select_related("person", "unit")
    found = [each for each in records if each.person.name and words.startswith(each.person.name)]
    longest = max((len(each.person.name) for each in found), default=0)
    found = [each for each in found if len(each.person.name) == longest]
    if len(found) != 1:
        raise _unknown(heard, words.split(maxsplit=1)[0] if words else "")
    return found[0], words[longest:].strip(" \n,，:：。")


async def _whom(heard: Heard, leader: Person, words: str) -> tuple[Person, str]:
    """To whom the leader went: who is named, or else the only one for whom somebody knocks."""
    units = await chain.units_of(leader, heard.at)
    named = seeing.named(units, heard.settings.territory)
    silent = await CareRecord.filter(named, ended_at=None, silent_at__isnull=False).select_related("person")
    try:
        record, said = await _record(heard, leader, words)
    except Misused:
        if not words and len(silent) != 1:
            raise Misused(texts.WHOM, form=texts.FORM_VISITED) from None
        if len(silent) != 1:
            raise
        return silent[0].person, words
    return record.person, said


async def _unit(heard: Heard, person: Person) -> Unit:
    """Of which unit somebody speaks here: the room's, if they may; else the highest of their own."""
    if heard.unit_id is not None:
        unit = await Unit.get(id=heard.unit_id)
        if await chain.unit_led(person, unit, heard.at) is not None:
            return unit
    return (await chain.units_of(person, heard.at))[0]


def _alone(heard: Heard) -> Heard:
    """The same, if nobody else reads along.

    Raises:
        NotAllowed: Others do.
    """
    if not heard.is_direct or heard.is_in_the_open:
        raise NotAllowed(texts.ALONE_ONLY)
    return heard


def _unknown(heard: Heard, name: str) -> Misused:
    page = f"{heard.settings.public_url}/desk/care"
    return Misused(texts.NO_SUCH_PERSON, name=name, page=page)
