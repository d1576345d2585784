"""A telephone number that a platform vouches for: whoever wrote from an account is whom the roster has by it.

From then on the account is one more address of that person, and what they have said from it is theirs.
"""

from collections.abc import Sequence

from issues import lifecycle, numbers, stale, texts
from issues.conversation import Conversation
from issues.effects import Effects
from issues.inbox import PHONE as NUMBER
from issues.reaching import PHONE
from linzhang import phones
from models import Address, Issue, Message, Person, Question, QuestionKind, Unit


async def take(talk: Conversation) -> Sequence[Effects] | None:
    """Take a telephone number that somebody has handed over; None: it is something else."""
    if talk.inbound.detail.get("not_own_phone"):
        return [talk.reply(texts.PHONE_NOT_OWN)]
    given = talk.inbound.detail.get(NUMBER)
    if given is None:
        return None
    try:
        number = phones.normalise(given, talk.profile.region)
    except phones.NotANumber:
        return [talk.reply(texts.PHONE_NOT_KNOWN)]
    known = await numbers.find(talk.settings, PHONE, number)
    if known is None:
        return [talk.reply(texts.PHONE_NOT_KNOWN)]
    if known.person_id != talk.address.person_id:
        if await _is_known(talk.person):
            return [talk.reply(texts.PHONE_NOT_OWN)]  # an account of one person is not given to another
        await _become(talk, known.person)
    return await _placed(talk) or [talk.reply(texts.WELCOME)]


async def _is_known(person: Person) -> bool:
    """Whether the roster knows somebody, or they have another address."""
    return person.block_id is not None or await Address.filter(person_id=person.id).count() > 1


async def _become(talk: Conversation, person: Person) -> None:
    """Let the account, and all that was said from it, be a person's whom the roster knows."""
    newcomer, address = talk.person, talk.address
    if newcomer.language and not person.language:
        person.language = newcomer.language
        await person.save(update_fields=["language"])
    address.person = person
    await address.save(update_fields=["person_id"])
    await stale.reported_by(talk.settings, newcomer.id)
    await Issue.filter(reporter_id=newcomer.id).update(reporter_id=person.id)
    await Message.filter(author_id=newcomer.id).update(author_id=person.id)
    await Question.filter(person_id=newcomer.id).update(person_id=person.id)


async def _placed(talk: Conversation) -> Sequence[Effects]:
    """Give what waits to be placed to the block in which the person lives."""
    home = await Unit.get_or_none(id=talk.person.block_id or 0)
    if home is None:
        return []
    waiting = Question.filter(person_id=talk.person.id, kind=QuestionKind.WHERE, settled_at=None)
    issues = [await talk.lock(question.issue_id) for question in await waiting.order_by("id")]
    bridge = talk.inbound.bridge
    return [await lifecycle.place(talk.settings, issue, home, talk.at, bridge=bridge) for issue in issues]
