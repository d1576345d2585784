"""What people write to the service alone while a round runs: a nomination, or their vote.

A nomination begins with its word, '推荐' or 'nominate', alone or with whom one means right behind it, and
counts only while nominations are open where they live. A vote is an answer to a secret poll
(`programme.polls.answers`). All else is a report, as ever.
"""

import re
from datetime import datetime

from bridges.contract import Inbound, Kind
from issues import chain, names, numbers, urgency, wording
from issues.effects import Effects
from issues.errors import IssueError
from issues.folding import in_place
from linzhang.settings import Settings
from linzhang.words import say
from models import Address, HonourBallot, HonourCandidate, Leadership, NoticePerson, Person, Unit
from programme.honours import nominating, texts
from programme.polls import answers as polls
from programme.polls.answers import Said

#: 'nominate: she …', '推荐 她…', '我推荐我们邻长，她…'; whom somebody means stands right behind the word.
_NOMINATE = re.compile(
    r"(?:我们?|咱们?)?(?:想|要)?(?:推荐|提名|nominate)([^\s:：,，。.!！]{0,12})(?:[\s:：,，。.!！]+(.*))?",
    re.IGNORECASE | re.DOTALL,
)

#: What people put before the title of their leader.
_OURS = re.compile(r"(?:我们?|咱们?|俺们?)?(?:的|家|这里的)?")

#: Characters of a text that may be a nomination.
_LONGEST = 400


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str] | None:
    """Take what somebody has written as a nomination, or as their vote.

    Args:
        settings: The service's.
        inbound: What they wrote.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows; None: it is something else.
    """
    nominated = await _nomination(settings, inbound, at)
    if nominated is not None:
        return nominated
    said = await polls.heard(settings, inbound, at)
    if said is None or not said.asked.notice.secret:
        return None
    if not polls.is_running(said.asked.notice, at):
        return await polls.told_it_is_over(settings, inbound, said)
    refusal = await _refusal(settings, said, at)
    if refusal is None:
        await polls.choose(settings, said.asked, said.choice)
        return set()
    return await _tell(settings, inbound, said.address, refusal, about=said.asked.id)


async def may_choose(asked: NoticePerson, block: Unit, at: datetime) -> bool:
    """Whether somebody may vote for a block's leader: who leads the block or stands in there may not.

    Args:
        asked: Their row of the ballot.
        block: Whose leader.
        at: Programme time.
    """
    posts = Leadership.filter(chain.in_office(at), unit_id=block.id, person_id=asked.person_id)
    return not await posts.exists()


async def home(settings: Settings, asked: NoticePerson, ballot: HonourBallot, at: datetime) -> Unit | None:
    """The block to which somebody belongs who was asked to vote, if it is still one of the ballot's.

    Args:
        settings: The service's.
        asked: Their row, with the person fetched.
        ballot: With its unit fetched.
        at: Programme time.
    """
    block = await nominating.own_block(settings, asked.person, at)
    return block if block is not None and block.path.startswith(ballot.unit.path) else None


async def _refusal(settings: Settings, said: Said, at: datetime) -> str | None:
    """Why somebody's vote does not count, in their language; None: it does."""
    ballot = await HonourBallot.get(notice_id=said.asked.notice_id).select_related("unit")
    language = names.language_of(said.asked.person, settings.territory)
    if await home(settings, said.asked, ballot, at) is None:
        return say(texts.OUT_OF_HERE, language, unit=ballot.unit.name)
    candidate = await HonourCandidate.get(ballot_id=ballot.id, place=said.choice).select_related("block")
    is_own = candidate.person_id == said.asked.person_id
    if is_own or not await may_choose(said.asked, candidate.block, at):
        return say(texts.NOT_FOR_YOURSELF, language)
    return None


async def _nomination(settings: Settings, inbound: Inbound, at: datetime) -> set[str] | None:
    text = in_place(wording.clean(inbound.text).strip())
    if inbound.kind is not Kind.TEXT or inbound.media or len(text) > _LONGEST:
        return None
    found = _NOMINATE.fullmatch(text)
    if found is None or urgency.danger(text, settings.territory):
        return None
    address = await numbers.known(settings, inbound.bridge, inbound.sender)
    if address is None:
        return None
    await address.fetch_related("person")
    block = await nominating.own_block(settings, address.person, at)
    if block is None or await nominating.running(block, at) is None:
        return None
    leader = await chain.leader_of(block, at)
    titles = {*settings.territory.bottom.leader.values(), leader.name if leader is not None else ""}
    whom = _OURS.sub("", found[1], count=1)
    if found[1] and whom and whom.lower() not in {each.lower() for each in titles}:
        return None
    language = _spoken(settings, address.person, text)
    try:
        nominee = await nominating.nominate(
            settings, address.person, _without(found[2] or "", titles), at, block=block
        )
    except IssueError as error:
        return await _tell(settings, inbound, address, error.sentence(language))
    words = say(texts.NOMINATED, language, name=nominee.leader.name, unit=nominee.block.name)
    return await _tell(settings, inbound, address, words)


def _spoken(settings: Settings, person: Person, text: str) -> str:
    """The language in which somebody is answered: in that of their words, unless they have asked for one."""
    spoken = None if person.language_chosen else wording.language(text, settings.territory)
    return spoken or names.language_of(person, settings.territory)


def _without(reason: str, titles: set[str]) -> str:
    """A reason without whom it is about in front of it: '陈建国，每天都来看我'."""
    for title in titles:
        head, behind = reason[: len(title)], reason[len(title) :]
        if title and head.lower() == title.lower() and not behind[:1].isalnum():
            return behind.strip(" \t:：,，")
    return reason


async def _tell(
    settings: Settings, inbound: Inbound, address: Address, words: str, *, about: int | None = None
) -> set[str]:
    effects = Effects(f"hn.{inbound.bridge}.{inbound.external_id}", settings.clock.wall())
    if about is None:
        effects.tell(address, words)
    else:
        effects.tell(address, words, recipient=about)  # who chooses once more still answers the ballot
    return await effects.save_once()
