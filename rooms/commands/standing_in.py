"""Commands by which a leader goes away and comes back, and says who stands in."""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from issues import chain, standing_in, texts
from issues.effects import Effects
from linzhang.words import day, say
from models import Person
from rooms.commands import dates
from rooms.commands.call import Call, Misused
from rooms.commands.table import command
from rooms.heard import Heard

_ACCOUNT = re.compile(r"@[^\s:]+:\S+")

#: Words by which standing deputies are dismissed.
_NOBODY = ("none", "nobody", "off", "无", "没有", "取消", "不要")


@command("away 外出 请假 出差 不在", form=texts.FORM_AWAY, about=texts.HELP_AWAY)
async def away(call: Call) -> Sequence[Effects]:
    """The leader is away for some days; somebody stands in."""
    heard = call.heard
    person = await call.leader()
    zone = heard.settings.territory.zone
    days, behind = dates.read(_words(call), heard.at.astimezone(zone).date())
    if days is None:
        raise Misused(texts.WHICH_DAYS, form=call.form)
    deputy = await _named(call, behind, person)
    effects = heard.effects()
    since = datetime.combine(days.first, time(0), zone).astimezone(heard.at.tzinfo)
    until = datetime.combine(days.last + timedelta(days=1), time(0), zone).astimezone(heard.at.tzinfo)
    stand_in = await standing_in.go_away(
        heard.settings,
        effects,
        person,
        deputy=deputy,
        since=max(since, heard.at),
        until=until,
        at=heard.at,
    )
    language = heard.own_language
    words = say(
        texts.AWAY if stand_in else texts.AWAY_VACANT,
        language,
        since=day(since, zone, language),
        until=day(until - timedelta(days=1), zone, language),
        deputy=stand_in.name if stand_in else "",
        form=texts.FORM_BACK,
    )
    return [heard.privately(words, effects=effects)]


@command("back 回来", form=texts.FORM_BACK, about=texts.HELP_BACK, wordy=False)
async def back(call: Call) -> Sequence[Effects]:
    """The leader is there again."""
    heard = call.heard
    person = await call.leader()
    effects = heard.effects()
    await standing_in.come_back(heard.settings, effects, person, heard.at)
    return [heard.privately(say(texts.WELCOME_BACK, heard.own_language), effects=effects)]


@command("deputy 代理", form=texts.FORM_DEPUTY, about=texts.HELP_DEPUTY)
async def deputy(call: Call) -> Sequence[Effects]:
    """Who is the leader's standing deputy; or who is to be."""
    heard = call.heard
    person = await call.leader()
    units = await standing_in.posts_of(person, heard.at)
    now = await chain.deputies_of(units[0], heard.at)
    effects = heard.effects()
    words = _words(call).strip()
    if words.lower() in _NOBODY:
        await standing_in.dismiss(heard.settings, effects, person, now, heard.at)
        now = []
    else:
        named = await _named(call, words, person)
        if named is not None:
            await standing_in.appoint(heard.settings, effects, person, named, heard.at)
            now = await chain.deputies_of(units[0], heard.at)
    return [heard.privately(_told(heard, now), effects=effects)]


def _told(heard: Heard, deputies: Sequence[Person]) -> str:
    language = heard.own_language
    if not deputies:
        return say(texts.NO_DEPUTY, language, form=texts.FORM_DEPUTY)
    comma = say(texts.COMMA, language)
    return say(texts.DEPUTIES, language, names=comma.join(each.name for each in deputies))


def _words(call: Call) -> str:
    """All that stood behind the command: a year is no issue's number here."""
    return call.words if call.number is None else f"{call.number} {call.words}"


async def _named(call: Call, words: str, person: Person) -> Person | None:
    """The person that is mentioned, or named in words; None: nobody is.

    Raises:
        Misused: Nobody is called so, or several are.
    """
    heard = call.heard
    bridge = heard.inbound.bridge
    bots = {homeserver.bot_id for homeserver in heard.settings.homeservers}
    accounts = [each for each in heard.inbound.detail.get("mentions", []) if each not in bots]
    accounts += _ACCOUNT.findall(words)
    name = words.strip(" \t\n\u3000,，。.:：@")
    if accounts:
        found = await standing_in.known_as(heard.settings, bridge, accounts[0])
        people = [found] if found else []
    elif name:
        unit = (await standing_in.posts_of(person, heard.at))[0]
        people = await standing_in.candidates(heard.settings, name, unit, heard.at)
    else:
        return None
    people = [each for each in people if each.id != person.id]
    if len(people) != 1:
        raise Misused(texts.WHICH_PERSON if people else texts.NOBODY_CALLED, name=name or accounts[0])
    return people[0]
