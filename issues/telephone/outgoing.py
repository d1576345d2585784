"""What somebody hears whom we call: the words of an outbox row, and what they can answer with keys.

Read twice to whoever presses nothing, so that an answering machine keeps them. What is asked in writing
is asked here too: whoever has only a telephone answers with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from bridges.calls import Call, Gather, Hangup, Happened, Record, Say, Step, Turn
from bridges.contract import Inbound
from issues import names, spoken, standing, whereabouts
from issues.effects import PHONE
from issues.telephone import placing
from issues.telephone.incoming import MESSAGE_SECONDS, said
from issues.telephone.places import Place, Spot
from linzhang import phones
from linzhang.settings import Settings
from linzhang.words import Text, say, written_in
from models import Address, Outbox, Question, QuestionKind, State


class Answer(IntEnum):
    """What can be answered to the words of a call; stands in the place to which the keys lead."""

    NOTHING = 0
    TAKE_ON = 1  # a leader may take the issue on
    SOLVED = 2
    RATE = 3
    WHERE = 4
    WHICH = 5
    WELL = 6


#: What is said behind the words, the keys that answer, and the key that reads them again.
_KEYS: dict[Answer, tuple[Sequence[Text], str, str]] = {
    Answer.NOTHING: ((spoken.AGAIN,), "", "1"),
    Answer.TAKE_ON: ((spoken.AGAIN, spoken.TAKE_ON), "2", "1"),
    Answer.SOLVED: ((spoken.IS_IT_SOLVED,), "12", "0"),
    Answer.RATE: ((spoken.HOW_WAS_IT,), "12345", "0"),
    Answer.WHERE: ((spoken.TYPE_CODE,), "", ""),
    Answer.WHICH: ((spoken.WHICH_IS_IT,), "123", "0"),
    Answer.WELL: ((spoken.ARE_YOU_WELL,), "12", "0"),
}

_ASKED = {
    QuestionKind.SOLVED: Answer.SOLVED,
    QuestionKind.RATE: Answer.RATE,
    QuestionKind.WHERE: Answer.WHERE,
}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A turn of a call that we have placed.

    Attributes:
        settings: The service's.
        call: The turn.
        row: What the call carries, with its address, person and issue fetched.
        at: Programme time.
    """

    settings: Settings
    call: Call
    row: Outbox
    at: datetime

    async def picked_up(self) -> Turn:
        """Somebody or something has picked up."""
        answer = await self._answer()
        words = await self._words(answer)
        return Turn([self._say(spoken.FOR_YOU), *words, *words, *self._end(answer)])

    async def pressed(self, answer: Answer) -> Turn:
        """They have heard the words and pressed a key.

        Args:
            answer: What they could answer, even if it has been answered meanwhile.
        """
        _, keys, again = _KEYS[answer]
        if self.call.digits not in tuple(keys):
            wrong = [] if self.call.digits == again else [self._say(spoken.WRONG_KEY)]
            return Turn([*wrong, *await self._words(answer), *self._end(answer)])
        number = self.row.issue.number if self.row.issue else 0
        if answer is Answer.TAKE_ON:
            return Turn([self._say(spoken.TAKEN_ON, number=number), Hangup()], [self._taken_on(number)])
        # Another issue may have been asked about since the phone rang.
        words = f"{self.call.digits} {number}" if answer is Answer.SOLVED else self.call.digits
        return Turn([self._say(spoken.WRITTEN_DOWN), Hangup()], [said(self.call, words)])

    async def said_where(self) -> Turn:
        """They have typed the number on the card, or said where they live."""
        if self.call.happened is Happened.RECORDED:
            return Turn([self._say(spoken.WRITTEN_DOWN), Hangup()])
        found = await whereabouts.find(self.call.digits, self.settings.territory)
        if found is None:
            again = [*await self._words(Answer.WHERE), *self._end(Answer.WHERE)]
            return Turn([self._say(spoken.CODE_UNKNOWN), *again])
        thanks = await placing.told(self.settings, found.unit, self.row.issue, self._language, self.at)
        return Turn([Say(thanks, self._language), Hangup()], [said(self.call, self.call.digits)])

    async def _answer(self) -> Answer:
        issue, person = self.row.issue, self.row.address.person if self.row.address else None
        if person is None:
            return Answer.NOTHING
        asked = Question.filter(person_id=person.id, settled_at=None).order_by("-id")
        if self.row.payload.get("care") is not None:
            return Answer.WELL
        if issue is None:
            return Answer.WHICH if await asked.filter(kind=QuestionKind.WHICH).exists() else Answer.NOTHING
        if person.id != issue.reporter_id:
            waits = issue.state is State.OPEN and await standing.accepted_by(issue) is None
            return Answer.TAKE_ON if waits else Answer.NOTHING
        question = await asked.filter(issue_id=issue.id, kind__in=_ASKED).first()
        return _ASKED[question.kind] if question else Answer.NOTHING

    async def _words(self, answer: Answer) -> list[Step]:
        words = Say(await self._text(), written_in(self._language))
        prompts = [words, *(self._say(text) for text in _KEYS[answer][0])]
        if answer is Answer.WHERE:
            return [Gather(prompts, self._place(Spot.HOME), digits=0)]
        return [Gather(prompts, self._place(Spot.WORDS, answer))]

    async def _text(self) -> str:
        """The words, with a phone number figure by figure where they have one."""
        text = str(self.row.payload.get("text", ""))
        phone = await Address.get_or_none(id=self.row.payload.get("phone_of") or 0)
        if phone is None:
            return text
        number = phones.readable(self.settings.vault.open(phone.sealed), self.settings.territory.region)
        return text.replace(PHONE, " ".join(figure for figure in number if figure.isdecimal()))

    def _end(self, answer: Answer) -> list[Step]:
        if answer is Answer.WHERE:
            record = Record(MESSAGE_SECONDS, self._place(Spot.HOME))
            return [self._say(spoken.SPEAK_PLACE), record, self._say(spoken.GOODBYE), Hangup()]
        return [self._say(spoken.GOODBYE), Hangup()]

    def _taken_on(self, number: int) -> Inbound:
        return Inbound(
            bridge=self.call.bridge,
            external_id=f"{self.call.external_id}:accept",
            sender=self.call.person,
            detail={"call": self.call.external_id, "accepts": number},
        )

    @property
    def _language(self) -> str:
        """In which the words are; a text for somebody who has only a telephone is in their own."""
        written = self.row.payload.get("language")
        if written in self.settings.territory.languages:
            return str(written)
        assert self.row.address is not None
        return names.language_of(self.row.address.person, self.settings.territory)

    def _place(self, spot: Spot, count: int = 0) -> str:
        return str(Place(spot, self._language, count))

    def _say(self, text: Text, **values: object) -> Say:
        return Say(say(text, self._language, **values), written_in(self._language))
