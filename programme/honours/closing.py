"""Closing a ballot: votes are counted and forgotten, results told with the figures beside them.

What counts is looked at once more: who has moved away since, or has come to lead or stand in at the block
whose leader they chose, does not count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from issues import audit, reaching
from issues import texts as issue_texts
from issues.effects import Effects
from issues.names import language_of
from linzhang.settings import Settings
from linzhang.words import say
from models import (
    HonourBallot,
    HonourCandidate,
    HonourRound,
    HonourState,
    Notice,
    NoticePerson,
    NoticeState,
)
from programme.honours import answers, fairness, periods, texts
from programme.honours.fairness import Vote
from programme.notices import shaping
from programme.polls import secrets


@dataclass(frozen=True, slots=True)
class Beside:
    """The figures of a block's reports in the round's period.

    Attributes:
        in_time: Share of those that were answered in time; None: there were none.
        closed: How many are closed.
        rating: The mean of the residents' marks; None: there were none.
    """

    in_time: float | None = None
    closed: int = 0
    rating: float | None = None


async def close(
    settings: Settings, ballot: HonourBallot, notice: Notice, beside: Mapping[int, Beside], at: datetime
) -> set[str]:
    """Count a ballot whose time is over, tell its results, and forget who has chosen whom.

    Args:
        settings: The service's.
        ballot: With its round and its unit fetched.
        notice: Its notice, locked, with author and unit.
        beside: The figures, by the ids of the candidates' blocks.
        at: Programme time, by day.

    Returns:
        The outbox lanes that have got rows.
    """
    candidates = await candidates_of(ballot)
    votes = await _votes(settings, ballot, notice, candidates, at)
    found = fairness.scores(votes, len(candidates))
    most = max((score.points for score in found), default=0)
    for each, score in zip(candidates, found, strict=True):
        figures = beside.get(each.block_id, Beside())
        each.votes, each.points, each.won = score.votes, score.points, 0 < most == score.points
        each.in_time, each.closed, each.rating = figures.in_time, figures.closed, figures.rating
        await each.save(update_fields=["votes", "points", "won", "in_time", "closed", "rating"])
    await secrets.forget([notice.id])
    notice.state, notice.ended_at, notice.remind_due = NoticeState.OUT, at, None
    notice.out_at = notice.out_at or at
    await notice.save(update_fields=["state", "ended_at", "remind_due", "out_at"])
    effects = Effects(f"hc{ballot.id}", settings.clock.wall())
    winners = [each for each in candidates if each.won]
    language = settings.territory.default_language
    told = [notice.author_id, *(each.person_id for each in winners)]
    words = "\n".join(await results(settings, ballot, language))
    effects.announce(ballot.unit_id, words, mention=list(dict.fromkeys(told)))
    await _congratulate(settings, ballot, notice, winners, effects, at)
    lanes = await effects.save_once()
    names = ", ".join(each.person.name for each in winners) or "nobody"
    subject = f"notice {ballot.round.notice_id} of {ballot.round.path}"
    await audit.record(
        settings, "honours counted", subject, notice.author.name, f"{ballot.unit.code}: {names}"
    )
    return lanes


async def end(settings: Settings, one: HonourRound, at: datetime) -> set[str]:
    """End a round if all its ballots are counted or taken back, and tell so where it was opened for many.

    Args:
        settings: The service's.
        one: Locked, with its announcement and unit.
        at: Programme time.
    """
    if one.state is not HonourState.VOTING or not await is_counted(one):
        return set()
    await secrets.forget([each.id for each in await Notice.filter(honour_ballot__round_id=one.id)])
    one.state, one.over_at = HonourState.OVER, at
    await one.save(update_fields=["state", "over_at"])
    found = HonourBallot.filter(round_id=one.id).order_by("id")
    ballots = await found.select_related("unit", "round", "notice")
    counted = [each for each in ballots if each.notice is not None and each.notice.ended_at is not None]
    if [each.unit_id for each in ballots] == [one.unit_id] or not counted:
        return set()
    language = settings.territory.default_language
    heads = [(await results(settings, each, language))[0] for each in counted]
    words = say(texts.ALL_OVER, language, lines="\n".join(heads), unit=one.unit.name, **_facts(settings, one))
    effects = Effects(f"he{one.id}", settings.clock.wall())
    effects.announce(one.unit_id, words, mention=[one.notice.author_id])
    return await effects.save_once()


async def is_counted(one: HonourRound) -> bool:
    """Whether no ballot of a round waits to be sent, or for its votes."""
    going = Notice.filter(honour_ballot__round_id=one.id, ended_at=None)
    return not await going.exclude(state=NoticeState.STOPPED).exists()


async def candidates_of(ballot: HonourBallot) -> list[HonourCandidate]:
    """The candidates of a ballot, in the order of their digits."""
    found = HonourCandidate.filter(ballot_id=ballot.id).order_by("place")
    return await found.select_related("person", "block")


async def results(settings: Settings, ballot: HonourBallot, language: str) -> Sequence[str]:
    """The results of a ballot that was counted, line by line: who is first, all candidates, how many voted.

    Args:
        settings: The service's.
        ballot: With its round and its unit.
        language: The reader's.
    """
    candidates = await candidates_of(ballot)
    facts = _facts(settings, ballot.round, language) | {"unit": ballot.unit.name}
    winners = [each for each in candidates if each.won]
    names = say(issue_texts.COMMA, language).join(
        say(texts.CANDIDATE, language, name=each.person.name, unit=each.block.name) for each in winners
    )
    head = texts.TIE if len(winners) > 1 else texts.WINNER if winners else texts.NO_WINNER
    lines = [say(head, language, names=names, **facts)]
    for each in sorted(candidates, key=lambda one: (-one.points, one.place)):
        lines.append(
            say(
                texts.RESULT,
                language,
                name=each.person.name,
                unit=each.block.name,
                votes=each.votes,
                points=points(each),
                figures=figures(each, language),
            )
        )
    voted, people = (await turnout([ballot])).get(ballot.id, (0, 0))
    return [*lines, say(texts.TURNOUT, language, voted=voted, people=people)]


def points(candidate: HonourCandidate) -> str:
    """A candidate's points, as people read them: 100 are the word of a block that is quite sure."""
    return f"{candidate.points / 10:.1f}"


def figures(candidate: HonourCandidate, language: str) -> str:
    """What stands beside a name: answered in time, closed, satisfaction."""
    said = []
    if candidate.in_time is not None:
        said.append(say(texts.IN_TIME, language, share=round(100 * candidate.in_time)))
    if candidate.closed:
        said.append(say(texts.CLOSED, language, count=candidate.closed))
    if candidate.rating is not None:
        said.append(say(texts.RATING, language, mark=f"{candidate.rating:.1f}"))
    return say(issue_texts.COMMA, language).join(said) or say(texts.NO_FIGURES, language)


async def turnout(ballots: Sequence[HonourBallot]) -> Mapping[int, tuple[int, int]]:
    """How many have voted of how many who were asked, by the ids of ballots; never who chose whom."""
    by_notice = {each.notice_id: each.id for each in ballots if each.notice_id is not None}
    counted = dict.fromkeys(by_notice.values(), (0, 0))
    for notice_id, ballot_id in by_notice.items():
        asked = NoticePerson.filter(notice_id=notice_id)
        counted[ballot_id] = (await asked.filter(answered_at__isnull=False).count(), await asked.count())
    return counted


async def _votes(
    settings: Settings,
    ballot: HonourBallot,
    notice: Notice,
    candidates: Sequence[HonourCandidate],
    at: datetime,
) -> list[Vote]:
    votes = []
    for asked, choice in await secrets.answers(settings, notice):
        block = await answers.home(settings, asked, ballot, at)
        if block is None or choice > len(candidates):
            continue
        chosen = candidates[choice - 1]
        if chosen.person_id == asked.person_id or not await answers.may_choose(asked, chosen.block, at):
            continue
        person = asked.person
        home = f"h{person.household_id}" if person.household_id is not None else f"p{person.id}"
        votes.append(Vote(block.id, home, choice))
    return votes


async def _congratulate(
    settings: Settings,
    ballot: HonourBallot,
    notice: Notice,
    winners: Sequence[HonourCandidate],
    effects: Effects,
    at: datetime,
) -> None:
    """Say a kind word to whoever was chosen."""
    for each in winners:
        address = await reaching.address_of(settings, each.person, at)
        if address is None:
            continue
        language = language_of(each.person, settings.territory)
        others = [other.person.name for other in winners if other.id != each.id]
        words = say(
            texts.HONOURED_TOGETHER if others else texts.HONOURED,
            language,
            others=say(issue_texts.COMMA, language).join(others),
            unit=ballot.unit.name,
            who=await shaping.speaker(settings, notice, language, at),
            **_facts(settings, ballot.round, language),
        )
        effects.tell(address, words)


def _facts(settings: Settings, one: HonourRound, language: str = "") -> dict[str, object]:
    language = language or settings.territory.default_language
    return {
        "title": settings.territory.bottom.leader[language],
        "period": periods.name(one.period, language),
    }
