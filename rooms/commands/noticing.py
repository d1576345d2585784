"""The command by which a leader lets all below know something, and sees who has read it."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from issues import chain, segments
from issues import texts as issue_texts
from issues.effects import Effects
from issues.errors import NotAllowed
from linzhang.profile import Profile
from linzhang.words import say
from models import Notice, Unit
from programme import texts
from programme.notices import aims, reminding, shaping, standing, writing
from programme.notices.aims import Asked, Households
from programme.notices.reckoning import Reach
from programme.polls import results
from rooms import noticed
from rooms.commands import dates
from rooms.commands.call import Call, Misused
from rooms.commands.table import command
from rooms.heard import Heard

_SEND = re.compile(r"(?:send|发出|发送|发)\s*(\d{1,9})号?(?:\s*[,，]?\s*(\S.*))?", re.IGNORECASE)
_STOP = re.compile(r"(?:stop|cancel|drop|取消|停发|停|撤回)\s*(\d{1,9})号?", re.IGNORECASE)
_SHOW = re.compile(r"(?:show|查看|看)?\s*(\d{1,9})号?", re.IGNORECASE)

#: Whom a notice is for, where somebody says so: '给组长、居民：…', 'to block leaders: …'.
_TO = re.compile(r"(?:to\s+|发?给\s*)([^:：\n]{1,60})[:：]\s*(.*)", re.IGNORECASE | re.DOTALL)
_AND = re.compile(r"\s*(?:[、,，&]|\band\b|和)\s*", re.IGNORECASE)

#: A danger that does not wait for the morning: '紧急 大坝危险：…', 'urgent the dam may break: …'.
_URGENT = re.compile(r"(?:urgent|紧急)\s+(.*)", re.IGNORECASE | re.DOTALL)
_WHY = re.compile(r"([^:：\n]{2,200})[:：]\s*(\S.*)", re.DOTALL)

#: When it goes out on a day for which no hour is said.
_HOUR = time(8)

_HOUSEHOLDS: Mapping[str, Households] = dict.fromkeys(
    ("residents", "households", "neighbours", "居民", "住户", "村民", "各户", "邻居"), Households.ALL
) | {
    "party members": Households.PARTY,
    "党员": Households.PARTY,
    "with a smartphone": Households.SMARTPHONE,
    "有智能手机的": Households.SMARTPHONE,
    "without a smartphone": Households.NO_SMARTPHONE,
    "没有智能手机的": Households.NO_SMARTPHONE,
}
_EVERYBODY = ("everybody", "everyone", "all", "大家", "所有人", "全体")
_LEADERS = ("leaders", "各级负责人", "负责人", "各长", "干部")

#: Units and names that one answer lists.
_LISTED = 15


@command("notice broadcast 通知 广播 通告", form=texts.FORM, about=texts.HELP)
async def notice(call: Call) -> Sequence[Effects]:
    """Write a notice, send it, take it back, or see how it stands."""
    heard = call.heard
    await call.leader()
    words = call.words if call.number is None else f"{call.number} {call.words}".strip()
    if not words:
        return [await _listed(heard)]
    done = await about_one(heard, words)
    if done is not None:
        return done
    unit = await unit_of(heard)
    why = ""
    if urgent := _URGENT.fullmatch(words):
        said = _WHY.fullmatch(urgent[1])
        if said is None:
            raise Misused(texts.SAY_WHY_AT_NIGHT, form=texts.FORM_URGENT)
        why, words = said.groups()
    asked, words = await addressed(heard, unit, words)
    return [await draft(heard, unit, words, asked, urgent_why=why)]


async def about_one(heard: Heard, words: str) -> Sequence[Effects] | None:
    """Do what words ask for about a notice that is there; None: they are another's."""
    if asked := _STOP.fullmatch(words):
        return await noticed.stop(heard, int(asked[1]))
    if asked := _SHOW.fullmatch(words):
        return [await _stands(heard, int(asked[1]))]
    if asked := _SEND.fullmatch(words):
        start_at = _when(heard, asked[2]) if asked[2] else None
        if start_at is not None or not asked[2]:
            return await noticed.let_go(heard, int(asked[1]), start_at)
    return None


async def addressed(heard: Heard, unit: Unit, words: str) -> tuple[Asked, str]:
    """To whom words go, and the words without that.

    Raises:
        Misused: Somebody is named whom nobody knows here.
    """
    if found := _TO.fullmatch(words):
        return await _whom(heard, unit, found[1]), found[2]
    return Asked(), words


async def draft(
    heard: Heard,
    unit: Unit,
    words: str,
    asked: Asked,
    *,
    options: Sequence[str] = (),
    days: int = 0,
    urgent_why: str = "",
) -> Effects:
    """Keep a draft of a notice, and show what it comes to.

    Args:
        heard: Where somebody asks for it.
        unit: For which unit.
        words: What is said.
        asked: To whom.
        options: What one can answer, of a poll.
        days: For how long answers count.
        urgent_why: Why it does not wait for the morning; empty: it does.
    """
    assert heard.person is not None
    language = heard.language
    written, reach = await writing.write(
        heard.settings,
        heard.person,
        unit,
        words,
        asked,
        heard.at,
        event_id=heard.inbound.external_id,
        options=options,
        days=days,
        urgent_why=urgent_why,
    )
    words = await shown(heard, written, reach)
    if days:
        words = say(texts.POLL_LASTS, language, draft=words, days=days)
    return heard.retort_words(words, notice=written.id)


async def shown(heard: Heard, written: Notice, reach: Reach) -> str:
    """A draft as whoever wrote it looks it over, and what it comes to."""
    settings, language = heard.settings, heard.language
    words = say(
        texts.DRAFT,
        language,
        number=written.id,
        whom=_counted(reach, settings.territory, language),
        texts=reach.texts,
        segments=reach.segments,
        cost=say(texts.COST, language, price=reach.price) if reach.price is not None and reach.texts else "",
        sample=await shaping.for_phone(
            settings, written, language, heard.at, leads=not aims.of(written.aim).residents
        ),
        send=say(texts.FORM_SEND, language, number=written.id),
        stop=say(texts.FORM_STOP, language, number=written.id),
    )
    most = settings.territory.notices.alone
    if written.urgent_why:
        return f"{words}\n{say(texts.DRAFT_URGENT, language, why=written.urgent_why)}"
    return words if reach.people <= most else f"{words}\n{say(texts.DRAFT_MANY, language, most=most)}"


async def unit_of(heard: Heard) -> Unit:
    """For which unit somebody speaks here: the room's, if they may; else the highest of their own."""
    assert heard.person is not None
    own = await chain.units_of(heard.person, heard.at)
    if heard.unit_id is None:
        return own[0]
    unit = await Unit.get(id=heard.unit_id)
    if await chain.unit_led(heard.person, unit, heard.at) is not None:
        return unit
    below = [each for each in own if each.path.startswith(unit.path)]
    if not below:
        raise NotAllowed(texts.NOT_YOUR_UNIT, unit=unit.name)
    return below[0]


async def _whom(heard: Heard, unit: Unit, whom: str) -> Asked:
    """To whom, in the words of the programme.

    Raises:
        Misused: Somebody is named whom nobody knows here.
    """
    profile = heard.settings.territory
    asked = Asked()
    for part in (each.strip() for each in _AND.split(whom.strip()) if each.strip()):
        word = part.lower()
        if word in _EVERYBODY:
            asked.tiers, asked.households = aims.tiers_below(unit, profile), Households.ALL
        elif word in _LEADERS:
            asked.tiers = aims.tiers_below(unit, profile)
        elif word in _HOUSEHOLDS:
            asked.households = _HOUSEHOLDS[word]
        elif tier := _tier(word, unit, profile):
            asked.tiers = [*(asked.tiers or []), tier]
        else:
            named = await Unit.filter(chain.below(unit.path), name=part, closed_at=None).limit(2)
            if len(named) != 1:
                raise Misused(texts.WHOM_UNKNOWN, whom=part, known=_known(unit, profile, heard.language))
            asked.units.append(named[0])
    return asked


def _tier(word: str, unit: Unit, profile: Profile) -> str | None:
    """The tier below a unit that is called so, or whose leaders are."""
    for key in aims.tiers_below(unit, profile):
        tier = profile.tier(key)
        called = {each.lower() for each in (*tier.leader.values(), *tier.name.values())}
        if word in called or word.removesuffix("s") in called:
            return key
    return None


def _known(unit: Unit, profile: Profile, language: str) -> str:
    leaders = [profile.tier(key).leader[language] for key in aims.tiers_below(unit, profile)]
    others = (texts.KNOWN_LEADERS, texts.KNOWN_RESIDENTS, texts.KNOWN_PARTY, texts.KNOWN_NO_SMARTPHONE)
    comma = say(issue_texts.COMMA, language)
    return comma.join([*leaders, *(say(each, language) for each in others)])


def _counted(reach: Reach, profile: Profile, language: str) -> str:
    """How many of whom: '5 group leaders, 213 residents'."""
    counted = [
        say(texts.WHOM_LEADERS, language, count=count, tier=profile.tier(key).leader[language])
        for key, count in reach.tiers
    ]
    if reach.residents:
        counted.append(say(texts.WHOM_RESIDENTS, language, count=reach.residents))
    return say(issue_texts.COMMA, language).join(counted)


def _when(heard: Heard, words: str) -> datetime | None:
    """The moment that words name: a day, an hour, or both; None: they name none."""
    zone = heard.settings.territory.zone
    now = heard.at.astimezone(zone)
    days, behind = dates.read(words, now.date())
    found = dates.clock(behind.strip()) if behind.strip() else None
    if (behind.strip() and found is None) or (days is None and found is None):
        return None
    hour = found or _HOUR
    moment = datetime.combine(days.first if days else now.date(), hour, zone)
    if days is None and moment <= now:
        moment += timedelta(days=1)
    return moment.astimezone(heard.at.tzinfo)


async def _listed(heard: Heard) -> Effects:
    """The latest notices that concern the leader's units."""
    assert heard.person is not None
    language = heard.own_language
    latest = await standing.latest(await chain.units_of(heard.person, heard.at), _LISTED)
    if not latest:
        return heard.privately(say(texts.NONE_YET, language, form=texts.FORM))
    lines = [
        say(
            texts.LISTED,
            language,
            number=each.id,
            unit=each.unit.name,
            state=say(texts.STATES[each.state], language),
            words=segments.cut(each.words, 30),
        )
        for each in latest
    ]
    form = say(texts.FORM_SHOW, language, number=latest[0].id)
    return heard.privately("\n".join([*lines, say(texts.LIST_END, language, form=form)]))


async def _stands(heard: Heard, number: int) -> Effects:
    """How a notice stands, for the units that the leader answers for."""
    assert heard.person is not None
    language = heard.own_language
    own = await chain.units_of(heard.person, heard.at)
    one = await Notice.get_or_none(standing.concerning(own), id=number).select_related("unit")
    if one is None:
        raise Misused(texts.NO_SUCH, number=number)
    unit = one.unit
    if await chain.unit_led(heard.person, unit, heard.at) is None:
        unit = next(each for each in own if each.path.startswith(one.path))
    whole = (await standing.line(one, unit)).sums
    lines = [
        say(
            texts.STANDING,
            language,
            number=one.id,
            state=say(texts.STATES[one.state], language),
            words=segments.cut(one.words, 40),
        )
    ]
    if whole.leaders:
        facts = {"told": whole.leaders_told, "all": whole.leaders, "read": whole.leaders_read}
        lines.append(say(texts.STANDING_LEADERS, language, passed=whole.passed, **facts))
    if whole.residents:
        facts = {"told": whole.told, "all": whole.residents, "read": whole.read}
        lines.append(say(texts.STANDING_RESIDENTS, language, delivered=whole.delivered, **facts))
    if whole.lost:
        lines.append(say(texts.STANDING_LOST, language, lost=whole.lost))
    if one.options:
        lines += await results.lines(heard.settings, one, unit, language, heard.at, _LISTED)
    for each in (await standing.below(one, unit))[: 0 if one.options else _LISTED]:
        facts = {"read": each.sums.read, "all": each.sums.residents}
        passed = {"passed": each.sums.passed, "leaders": each.sums.leaders}
        lines.append(say(texts.STANDING_UNIT, language, unit=each.unit.name, **facts, **passed))
    lines += await _not_passed(one, unit, language)
    return heard.privately("\n".join(lines))


async def _not_passed(one: Notice, unit: Unit, language: str) -> list[str]:
    """Who has not passed it on yet, in one line; of a secret poll nobody is named."""
    if one.secret:
        return []
    waiting = reminding.waiting(one).filter(chain.below(unit.path))
    count = await waiting.count()
    if not count:
        return []
    people = await waiting.order_by("id").limit(_LISTED).select_related("person", "unit")
    names = say(issue_texts.COMMA, language).join(f"{each.unit.name} {each.person.name}" for each in people)
    if count > len(people):
        names = say(texts.AND_MORE, language, names=names, count=count - len(people))
    return [say(texts.NOT_ANSWERED if one.options else texts.NOT_PASSED, language, names=names)]
