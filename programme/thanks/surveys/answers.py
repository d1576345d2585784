"""What those answer who were asked whether they are content. It counts once, and is kept beside no name.

What somebody writes is an answer if it is

    what a button says, which names the survey
    a digit from 1 to 3, alone or with words behind, right behind the question on the same address, and no
        question about an issue is open that a digit answers
    one of the words that a question names, right behind it; or while they have not answered, no question
        about an issue is open, and our last word was no notice, which may be a poll with the same words

All else is a report, as ever. Words behind the digit are nobody's: a report would bring them before the very
leader whom they are about.
"""

import re
from datetime import datetime

from tortoise.expressions import F

from bridges.contract import Inbound, Kind
from issues import intake, names, numbers, urgency, wording
from issues.effects import Effects
from issues.folding import bare
from issues.last_word import last_word
from linzhang.settings import Settings
from linzhang.words import Text, say
from models import Address, SurveyBlock, SurveyPerson, SurveyState
from programme.notices.answers import is_asked
from programme.thanks.surveys import texts

#: What a button says: 'survey 12: 1', '调查12选1'.
_PRESSED = re.compile(r"(?:survey|调查)\s*(\d{1,9})\s*[:：选]\s*([1-3])", re.IGNORECASE)

#: '1', '3。', '3，从来不来', '2 he comes late'; not '3天没水了' nor '10'.
_DIGIT = re.compile(r"\s*([1-3１-３])\s*(?:$|[\s,，.。、;；:：!！~～]+(.*))", re.DOTALL)

_WORDS = {
    "1": "满意 很满意 非常满意 挺满意 都满意 1满意 content satisfied verycontent verysatisfied",
    "2": "一般 一般般 还行 还可以 凑合 2一般 soso fair",
    "3": "不满意 很不满意 不太满意 非常不满意 3不满意 notcontent notsatisfied unsatisfied dissatisfied",
}
_BY_WORD = {word: digit for digit, words in _WORDS.items() for word in words.split()}

#: What is said beside an answer and needs none itself.
_NICETIES = frozenset(("", "谢谢", "谢谢您", "谢谢你", "thanks", "thankyou"))

#: To which sum an answer is added.
_SUMS = {"1": "good", "2": "fair", "3": "poor"}


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str] | None:
    """Take what somebody has written to the service alone as their answer to a survey.

    Args:
        settings: The service's.
        inbound: What they wrote.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows; None: it is something else.
    """
    text = wording.clean(inbound.text)
    if inbound.kind is not Kind.TEXT or inbound.media or inbound.detail.get("opt_out"):
        return None
    pressed, digit, word = _PRESSED.fullmatch(text.strip()), _DIGIT.fullmatch(text), _BY_WORD.get(bare(text))
    if not (pressed or digit or word) or urgency.danger(text, settings.territory):
        return None
    address = await numbers.known(settings, inbound.bridge, inbound.sender)
    if address is None:
        return None
    if pressed:
        drawn = await _lock(survey_id=int(pressed[1]), person_id=address.person_id)
        return await _count(settings, drawn, pressed[2], address, inbound, None) if drawn else None
    drawn = await _meant(address, at, is_word=bool(word))
    if drawn is None:
        return None
    if word:
        return await _count(settings, drawn, word, address, inbound, None)
    assert digit is not None
    said = bare(digit[2] or "")
    beside = None if said in _NICETIES or _BY_WORD.get(said) == bare(digit[1]) else texts.ONLY_COUNTED
    return await _count(settings, drawn, bare(digit[1]), address, inbound, beside)


async def _meant(address: Address, at: datetime, *, is_word: bool) -> SurveyPerson | None:
    """The question that a digit or a word answers, locked."""
    row = await last_word(address)
    last = row.payload.get("survey") if row is not None else None
    is_open = await is_asked(address, at)
    if last is not None:
        return await _lock(id=int(last)) if is_word or not is_open else None
    is_notice = row is not None and "recipient" in row.payload
    if not is_word or is_open or is_notice:
        return None
    waiting = SurveyPerson.filter(
        person_id=address.person_id,
        answered=False,
        asked_at__isnull=False,
        survey__state=SurveyState.ASKING,
    )
    newest = await waiting.order_by("-id").first()
    return await _lock(id=newest.id) if newest is not None else None


async def _lock(**which: int) -> SurveyPerson | None:
    drawn = await SurveyPerson.select_for_update().get_or_none(**which)
    if drawn is not None:
        await drawn.fetch_related("survey", "person")
    return drawn


async def _count(
    settings: Settings,
    drawn: SurveyPerson,
    digit: str,
    address: Address,
    inbound: Inbound,
    beside: Text | None,
) -> set[str]:
    """Add an answer to the sums, and say what has to be said of it."""
    answer = beside
    if drawn.survey.state is not SurveyState.ASKING:
        answer = texts.TOO_LATE
    elif not drawn.answered:
        name = _SUMS[digit]
        await SurveyPerson.filter(id=drawn.id).update(answered=True, due=None)
        await SurveyBlock.filter(id=drawn.block_id).update(**{name: F(name) + 1})
    if answer is None:
        return set()
    effects = Effects(intake.cause_of(inbound), settings.clock.wall())
    effects.tell(address, say(answer, names.language_of(drawn.person, settings.territory)), survey=drawn.id)
    return await effects.save_once()
