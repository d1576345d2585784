"""Making a dispute of an issue, and asking both parties whether they agree to some words."""

from collections.abc import Sequence
from datetime import datetime

from issues import chain, choices, lifecycle, names, numbers, reaching, wording
from issues.effects import Effects
from issues.errors import IssueError, NotNow
from issues.lifecycle import Actor
from issues.standing import IN_HAND
from linzhang import phones
from linzhang.settings import Settings
from linzhang.words import say
from models import Agreement, Dispute, Issue, Person, State
from programme import texts
from programme.notices.shaping import ended

#: Characters of words that two are asked to agree to: two SMS in Chinese.
LONGEST = 100

#: The bridge whose addresses are telephone numbers.
_PHONE = "sms"


class Unfit(IssueError):
    """It cannot be done so."""


async def other_party(settings: Settings, issue: Issue, who: str, *, alone: bool) -> Person:
    """The neighbour whom a leader means, by their name on the roster or, said to us alone, by number.

    Args:
        settings: The service's.
        issue: In which they are the other party.
        who: As the leader wrote it.
        alone: Whether nobody else read that: a number is nothing for a room.

    Raises:
        Unfit: Nobody is known so, or several are, or a number was written where others read it.
    """
    try:
        number = phones.normalise(who, settings.territory.region)
    except phones.NotANumber:
        return await _by_name(issue, who)
    if not alone:
        raise Unfit(texts.NUMBER_IN_A_ROOM)
    address = await numbers.find(settings, _PHONE, number)
    if address is None:
        raise Unfit(texts.NOBODY_BY_NUMBER)
    return address.person


async def _by_name(issue: Issue, name: str) -> Person:
    # Neighbours quarrel with neighbours: the village is far enough.
    block = issue.block or issue.holder
    if block is None:
        raise Unfit(texts.NOBODY_SO, who=name)
    around = (await chain.ancestors(block))[:-1][-3:]
    for unit in [block, *reversed(around)]:
        found = await Person.filter(chain.below(unit.path, "block__path"), name=name).limit(2)
        if len(found) == 1:
            return found[0]
        if found:
            raise Unfit(texts.SEVERAL_SO, who=name)
    raise Unfit(texts.NOBODY_SO, who=name)


async def begin(
    settings: Settings, issue: Issue, other: Person, actor: Actor, at: datetime
) -> Sequence[Effects]:
    """Let an issue be a dispute with somebody, private from now on.

    Args:
        settings: The service's.
        issue: Locked.
        other: The other party.
        actor: The leader who goes between them.
        at: Programme time.

    Raises:
        NotAllowed: They may not act on the issue.
        NotNow: It is over.
        Unfit: The other is who reported it.
    """
    mediator = await _mediator(settings, issue, actor, at)
    if issue.state not in (*IN_HAND, State.RESOLVED):
        raise NotNow(texts.DISPUTE_OVER, number=issue.number)
    if other.id == issue.reporter_id:
        raise Unfit(texts.SAME_PARTY)
    made = {"other_id": other.id, "mediator_id": mediator.id, "since": at}
    await Dispute.update_or_create(defaults=made, issue_id=issue.id)
    return [] if issue.private else [await lifecycle.make_private(settings, issue, actor, at)]


async def propose(
    settings: Settings, issue: Issue, words: str, actor: Actor, at: datetime
) -> Sequence[Effects]:
    """Ask both parties whether they agree to some words; earlier ones are asked no more.

    Args:
        settings: The service's.
        issue: Locked, with its reporter.
        words: What they would agree on.
        actor: The leader who goes between them.
        at: Programme time.

    Raises:
        NotAllowed: They may not act on the issue.
        NotNow: It is over.
        Unfit: It is no dispute yet, the words are missing or too many, or one of the two cannot be reached.
    """
    mediator = await _mediator(settings, issue, actor, at)
    dispute = await Dispute.get_or_none(issue_id=issue.id).select_related("other")
    if dispute is None:
        raise Unfit(texts.NO_DISPUTE, number=issue.number)
    if issue.state not in (*IN_HAND, State.RESOLVED):
        raise NotNow(texts.DISPUTE_OVER, number=issue.number)
    words = wording.clean(words).strip()
    if wording.is_blank(words) or len(words) > LONGEST:
        raise Unfit(texts.AGREEMENT_WORDS, most=LONGEST)
    await Agreement.filter(issue_id=issue.id, ended_at=None).update(ended_at=at)
    agreement = await Agreement.create(issue_id=issue.id, words=words, made_at=at)
    effects = Effects(f"ag{agreement.id}", settings.clock.wall())
    hold_until = settings.territory.quiet.until(at, settings.territory.zone)
    for person, neighbour in ((issue.reporter, dispute.other), (dispute.other, issue.reporter)):
        address = await reaching.address_of(settings, person, at)
        if address is None:
            raise Unfit(texts.PARTY_UNREACHABLE, name=person.name)
        language = names.language_of(person, settings.territory)
        blanks = {
            "leader": await names.speaker(mediator, issue.block, settings.territory, language, at),
            "other": names.resident(neighbour, language),
            "words": ended(words, language),
        }
        pressed = choices.offered(
            say(texts.AGREE_SHOWN, language, **blanks),
            [("1", say(texts.BUTTON_AGREE, language)), ("2", say(texts.BUTTON_DISAGREE, language))],
        )
        told = say(texts.AGREE, language, **blanks)
        effects.tell(address, told, hold_until=hold_until, agreement=agreement.id, **pressed)
    return [effects]


async def _mediator(settings: Settings, issue: Issue, actor: Actor, at: datetime) -> Person:
    if actor.person is None or await chain.right_on(actor.person, issue, at) is None:
        raise await lifecycle.not_yours(settings, issue, at)
    return actor.person
