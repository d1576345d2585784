"""The ballots of a round: written when nominations are over, and sent by whoever answers for it.

One secret poll for each village. Together they go to many, so that a second pair of eyes looks at all of them
at once where a notice to so many would need one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from issues import chain, segments
from issues import texts as issue_texts
from issues.effects import Effects
from issues.errors import NotNow
from linzhang.profile import Price
from linzhang.settings import Settings
from linzhang.words import say
from models import (
    HonourBallot,
    HonourCandidate,
    HonourRound,
    HonourState,
    Notice,
    NoticeState,
    Person,
    Unit,
)
from programme import texts as programme_texts
from programme.honours import choosing, opening, periods, texts
from programme.honours.choosing import Nominated
from programme.notices import reckoning, writing
from programme.notices.aims import Asked, Households
from programme.notices.writing import Unfit

#: What a row of the outbox calls the round whose ballots it asks to send.
ROUND = "honours"

#: Characters of a candidate on a ballot, and names that an answer tells.
_NAME, _NAMED = 20, 5

_UNSENT = (NoticeState.DRAFT, NoticeState.ASKED)


@dataclass(frozen=True, slots=True)
class Sent:
    """What has come of sending the ballots.

    Attributes:
        people: To how many they go.
        others: Who may be the second pair of eyes; None: none is needed, they go out.
    """

    people: int
    others: Sequence[Person] | None = None


async def write(settings: Settings, one: HonourRound, at: datetime) -> set[str]:
    """Write the ballots of a round whose nominations are over, and ask its author to send them.

    Args:
        settings: The service's.
        one: Locked; see `opening.lock`.
        at: Programme time.

    Returns:
        The outbox lanes that have got rows.
    """
    author = await _author(one, at)
    if author is None:
        one.state, one.over_at = HonourState.STOPPED, at  # nobody is there who could send them
        await one.save(update_fields=["state", "over_at"])
        return set()
    for area in await opening.areas(settings.territory, one.unit):
        await _ballot(settings, one, author, area, at)
    one.state = HonourState.VOTING
    written = await unsent(one)
    if not written:
        one.state, one.over_at = HonourState.OVER, at
    await one.save(update_fields=["state", "over_at"])
    effects = Effects(f"hb{one.id}", settings.clock.wall())
    words = await _asking(settings, one, written, at)
    effects.announce(one.unit_id, words, mention=[author.id], **({ROUND: one.notice_id} if written else {}))
    return await effects.save_once()


async def unsent(one: HonourRound) -> list[Notice]:
    """The ballots of a round that have not been sent."""
    found = Notice.filter(honour_ballot__round_id=one.id, state__in=_UNSENT)
    return await found.order_by("id").select_related("author", "unit")


async def send(settings: Settings, one: HonourRound, person: Person, effects: Effects, at: datetime) -> Sent:
    """Let the ballots of a round go out, or ask for a second pair of eyes.

    Args:
        settings: The service's.
        one: Locked; see `opening.lock`.
        person: Who wants it.
        effects: Where others are asked.
        at: Programme time.

    Raises:
        NotAllowed: They answer neither for the unit nor for one above it, or it was they who opened it.
        NotNow: There are none that wait.
    """
    await opening.check_right(one, person, at)
    waiting = await unsent(one)
    if not waiting:
        raise NotNow(texts.NONE_READY, number=one.notice_id)
    people = sum(each.people for each in waiting)
    waits = False
    for each in waiting:
        notice = await writing.lock(each.id)
        assert notice is not None
        waits |= (await writing.send(settings, notice, person, at, together=people)).waits
    if not waits:
        return Sent(people)
    others = await writing.second_eyes(waiting[0], at)
    await _ask_others(settings, one, waiting, others, effects, at)
    return Sent(people, others)


async def lines(one: HonourRound, language: str) -> Sequence[str]:
    """Who stands on each ballot of a round, by how many they were nominated."""
    comma = say(issue_texts.COMMA, language)
    said = []
    for ballot in await HonourBallot.filter(round_id=one.id).order_by("id").select_related("unit"):
        candidates = HonourCandidate.filter(ballot_id=ballot.id).order_by("place")
        names = [
            say(
                texts.NAME_OF,
                language,
                name=each.person.name,
                unit=each.block.name,
                count=each.nominations,
            )
            for each in await candidates.select_related("person", "block")
        ]
        listed = comma.join(names) or say(texts.NOBODY_NOMINATED, language)
        if len(names) == 1:
            listed = say(texts.ONLY_ONE, language, name=names[0])
        said.append(say(texts.READY_LINE, language, unit=ballot.unit.name, names=listed))
    return said


async def _author(one: HonourRound, at: datetime) -> Person | None:
    """Who opened it, or who answers for the unit now if they do so no more."""
    if await chain.unit_led(one.notice.author, one.unit, at) is not None:
        return one.notice.author
    acting = await chain.acting(one.unit, at)
    return acting.person if acting is not None else None


async def _ballot(settings: Settings, one: HonourRound, author: Person, area: Unit, at: datetime) -> None:
    """Keep who was nominated in a village and, if there are enough, the notice that asks between whom."""
    found = (await choosing.nominated(one, area, at))[: choosing.MOST]
    notice = None
    while len(found) >= choosing.FEWEST and notice is None:
        try:
            notice = await _asked(settings, one, author, area, found, at)
        except Unfit:  # too long for a text, or nobody lives there
            found = found[:-1]
    ballot = await HonourBallot.create(round=one, unit=area, notice=notice)
    for place, each in enumerate(found, start=1):
        await HonourCandidate.create(
            ballot=ballot, place=place, block=each.block, person=each.leader, nominations=each.count
        )


async def _asked(
    settings: Settings,
    one: HonourRound,
    author: Person,
    area: Unit,
    found: Sequence[Nominated],
    at: datetime,
) -> Notice:
    profile = settings.territory
    language, bottom = profile.default_language, profile.bottom
    period = periods.name(one.period, language)
    notice, _ = await writing.write(
        settings,
        author,
        area,
        say(texts.ASK, language, title=bottom.leader[language], period=period),
        Asked(tiers=[bottom.key], households=Households.ALL),
        at,
        event_id=f"honours {one.id} {area.id}",
        options=await _options(found, language),
        days=one.vote_days,
        secret=True,
    )
    return notice


async def _options(found: Sequence[Nominated], language: str) -> Sequence[str]:
    """What candidates are called on a ballot: with their block, and its group where two are alike."""
    said = [_option(each.leader.name, each.block.name, language) for each in found]
    if len(set(said)) == len(said):
        return said
    longer = []
    for each in found:
        above = (await chain.ancestors(each.block))[-2]
        longer.append(_option(each.leader.name, f"{above.name}{each.block.name}", language))
    return longer


def _option(name: str, unit: str, language: str) -> str:
    return segments.cut(say(texts.CANDIDATE, language, name=name, unit=unit), _NAME)


async def _asking(settings: Settings, one: HonourRound, written: Sequence[Notice], at: datetime) -> str:
    """What is said in the unit's room when nominations are over."""
    profile, language = settings.territory, settings.territory.default_language
    facts = _facts(settings, one) | {"lines": "\n".join(await lines(one, language))}
    if not written:
        return say(texts.READY_NONE, language, **facts)
    reaches = [await reckoning.reach(settings, each, at) for each in written]
    price: Price | None = None
    if profile.segment_price is not None:
        price = profile.segment_price.times(sum(each.texts * each.segments for each in reaches))
    return say(
        texts.READY,
        language,
        people=sum(each.people for each in written),
        texts=sum(each.texts for each in written),
        cost=say(programme_texts.COST, language, price=price) if price is not None else "",
        send=say(texts.FORM_SEND, language, number=one.notice_id),
        stop=say(texts.FORM_STOP, language, number=one.notice_id),
        **facts,
    )


async def _ask_others(
    settings: Settings,
    one: HonourRound,
    waiting: Sequence[Notice],
    others: Sequence[Person],
    effects: Effects,
    at: datetime,
) -> None:
    """Ask in the nearest room in which somebody may be the second pair of eyes."""
    nearest = next(iter(others), None)
    if nearest is None:
        return
    language = settings.territory.default_language
    unit = await chain.unit_led(nearest, one.unit, at) or one.unit
    words = say(
        texts.EYES,
        language,
        people=sum(each.people for each in waiting),
        texts=sum(each.texts for each in waiting),
        lines="\n".join(await lines(one, language)),
        send=say(texts.FORM_SEND, language, number=one.notice_id),
        **_facts(settings, one),
    )
    effects.announce(unit.id, words, mention=[nearest.id], **{ROUND: one.notice_id})


def _facts(settings: Settings, one: HonourRound) -> dict[str, object]:
    language = settings.territory.default_language
    return {
        "number": one.notice_id,
        "title": settings.territory.bottom.leader[language],
        "period": periods.name(one.period, language),
    }
