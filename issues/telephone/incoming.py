"""What somebody hears who calls us: the menu, the message, the way to the leader, how their issue stands.

Who presses nothing is led to leave a message, and who leaves one has been heard before anything else is
asked of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from babel import Locale
from babel.lists import format_list

from bridges.calls import Call, Connect, Gather, Hangup, Happened, Record, Say, Step, Turn
from bridges.contract import Inbound, Kind
from issues import names, spoken, whereabouts
from issues.telephone import people, placing, stand
from issues.telephone.people import Contact, OnTheLine
from issues.telephone.places import Place, Spot
from linzhang.settings import Settings
from linzhang.words import Text, name_of, say, written_in
from models import Issue

#: Seconds of a message, and for which a leader's phone rings before the next one does.
MESSAGE_SECONDS = 120
RINGS = 25


@dataclass(frozen=True, slots=True)
class Incoming:
    """A turn of a call to us.

    Attributes:
        settings: The service's.
        call: The turn.
        caller: Who is on the line.
        at: Programme time.
    """

    settings: Settings
    call: Call
    caller: OnTheLine
    at: datetime

    async def greet(self) -> Turn:
        """The line has been picked up."""
        return await self._menu(await self._greeting())

    async def chosen(self) -> Turn:
        """They have pressed a key of the menu."""
        match self.call.digits:
            case "1":
                return Turn(self._message(self._speak()))
            case "2":
                return await self._put_through(0, [])
            case "3":
                return await self._state()
            case "*":
                return await self._in_other_language()
        return await self._menu([self._say(spoken.WRONG_KEY)])

    async def _in_other_language(self) -> Turn:
        """They have chosen the other language: for this call, and for what they are told after it."""
        other = self._other()
        turn = await other.greet()
        return Turn(turn.steps, [chosen_language(self.call, other.caller.language)])

    async def spoken_to(self) -> Turn:
        """They have left a message: it is kept, and now they are told what comes of it."""
        if self.caller.home is not None:
            leader = await people.duty(self.settings, self.caller, self.at)
            return Turn([self._say(spoken.THANKS, leader=leader), Hangup()])
        if self.caller.takes_texts:
            return Turn([self._say(spoken.THANKS_STRANGER), Hangup()])
        # Nobody can ask them later, so they are asked now; the message is safe whatever they do.
        return Turn(self._ask_code(spoken.ASK_CODE, 0))

    async def typed(self, count: int) -> Turn:
        """They have typed the number on the card.

        Args:
            count: How many numbers were wrong before.
        """
        found = await whereabouts.find(self.call.digits, self.settings.territory)
        if found is None:
            again = [] if count else self._ask_code(spoken.CODE_UNKNOWN, count + 1)
            return Turn(again or [self._say(spoken.GOODBYE), Hangup()])
        language, issue = self.caller.language, await placing.waiting(self.caller.person)
        thanks = Say(await placing.told(self.settings, found.unit, issue, language, self.at), language)
        return Turn([thanks, Hangup()], [said(self.call, self.call.digits)])

    async def talked(self, count: int) -> Turn:
        """The leader's phone has rung.

        Args:
            count: Whose of those whom the caller can be put through to.
        """
        if self.call.happened is Happened.TALKED:
            return Turn([self._say(spoken.GOODBYE), Hangup()])
        contacts = await people.contacts(self.settings, self.caller, self.at)
        missing = []
        if count < len(contacts):
            missing = [self._say(spoken.NOT_THERE, leader=await self._name(contacts[count]))]
        return await self._put_through(count + 1, missing)

    async def judged(self, issue_id: int) -> Turn:
        """They have heard how their issue stands, and whether it is solved.

        Args:
            issue_id: Of the issue.
        """
        if self.call.digits not in ("1", "2"):
            return await self._state()
        words = f"{self.call.digits} {Issue(id=issue_id).number}"
        return Turn([self._say(spoken.WRITTEN_DOWN), Hangup()], [said(self.call, words)])

    async def _greeting(self) -> list[Say]:
        if self.caller.home is None:
            return [self._say(spoken.GREETING_STRANGER)]
        leader = await people.duty(self.settings, self.caller, self.at)
        return [self._say(spoken.GREETING, leader=leader)]

    async def _menu(self, first: Sequence[Say]) -> Turn:
        """The menu behind some words, twice; who presses nothing comes to the message."""
        options = await self._options()
        then = self._place(Spot.MENU)
        return Turn(
            [
                Gather([*first, *options], then),
                Gather(options, then),
                *self._message(self._speak()),
            ]
        )

    async def _options(self) -> list[Say]:
        options = [self._danger(), self._say(spoken.OPTION_MESSAGE)]
        contacts = await people.contacts(self.settings, self.caller, self.at)
        if contacts:
            options.append(self._say(spoken.OPTION_TALK, leader=await self._name(contacts[0])))
        if self.caller.person and await people.last_issue(self.caller.person):
            options.append(self._say(spoken.OPTION_STATE))
        other = self._other().caller.language
        if other != self.caller.language:
            options.append(Say(say(spoken.OTHER_LANGUAGE, other, other=name_of(other)), written_in(other)))
        return options

    def _danger(self) -> Say:
        numbers = [" ".join(number) for number in self.settings.territory.emergency.split("/")]
        locale = Locale.parse(written_in(self.caller.language), sep="-")
        return self._say(spoken.DANGER, emergency=format_list(numbers, style="or", locale=locale))

    def _other(self) -> "Incoming":
        """The same turn in the next language."""
        languages = self.settings.territory.languages
        following = languages[(languages.index(self.caller.language) + 1) % len(languages)]
        caller = OnTheLine(self.caller.person, self.caller.home, following, self.caller.takes_texts)
        return Incoming(self.settings, self.call, caller, self.at)

    def _speak(self) -> list[Say]:
        return [self._say(spoken.SPEAK if self.caller.home else spoken.SPEAK_STRANGER)]

    def _message(self, first: Sequence[Say]) -> list[Step]:
        """Leave a message; who says nothing is asked once more."""
        record = Record(MESSAGE_SECONDS, self._place(Spot.MESSAGE))
        return [
            *first,
            record,
            self._say(spoken.SILENCE),
            record,
            self._say(spoken.NOTHING_LEFT),
            Hangup(),
        ]

    def _ask_code(self, text: Text, count: int) -> list[Step]:
        gather = Gather([self._say(text)], self._place(Spot.CODE, count), digits=0)
        return [gather, self._say(spoken.GOODBYE), Hangup()]

    async def _put_through(self, count: int, first: Sequence[Say]) -> Turn:
        """Ring the next phone, or take a message where there is none."""
        contacts = await people.contacts(self.settings, self.caller, self.at)
        if count >= len(contacts):
            return Turn(self._message([*first, self._say(spoken.NOBODY_THERE), *self._speak()]))
        contact = contacts[count]
        connect = Connect(
            address=self.settings.vault.open(contact.address.sealed),
            seconds=RINGS,
            then=self._place(Spot.TALK, count),
            ask=str(Place(Spot.ASK, names.language_of(contact.person, self.settings.territory))),
        )
        return Turn([*first, self._say(spoken.CONNECTING, leader=await self._name(contact)), connect])

    async def _state(self) -> Turn:
        """Read how the last issue stands, and take the answer where one is waited for."""
        issue = await people.last_issue(self.caller.person) if self.caller.person else None
        if issue is None:
            return await self._menu([self._say(spoken.NO_ISSUE)])
        language = self.caller.language
        words = Say(await stand.told(self.settings, issue, language, self.at), written_in(language))
        if not await stand.is_asked_about(issue):
            return await self._menu([words])
        gather = Gather([words, self._say(spoken.IS_IT_SOLVED)], self._place(Spot.STATE, issue.id))
        return Turn([gather, gather, self._say(spoken.GOODBYE), Hangup()])

    async def _name(self, contact: Contact) -> str:
        profile, language = self.settings.territory, self.caller.language
        return await names.speaker(contact.person, contact.unit, profile, language, self.at)

    def _place(self, spot: Spot, count: int = 0) -> str:
        return str(Place(spot, self.caller.language, count))

    def _say(self, text: Text, **values: object) -> Say:
        return Say(self.caller.hears(text, **values), written_in(self.caller.language))


def chosen_language(call: Call, language: str) -> Inbound:
    """In which language a caller wants to be spoken to."""
    return Inbound(
        bridge=call.bridge,
        external_id=f"{call.external_id}:{language}",
        sender=call.person,
        kind=Kind.CALL,
        detail=_detail(call) | {"language": language},
    )


def said(call: Call, words: str) -> Inbound:
    """What somebody has said with keys, as if they had texted it: once in a call, at one place.

    They have been answered on the line, so that nobody needs to be called for that again.
    """
    return Inbound(
        bridge=call.bridge,
        external_id=f"{call.external_id}:{call.place.partition('.')[0]}",
        sender=call.person,
        text=words,
        detail=_detail(call) | {"answered": True},
    )


def _detail(call: Call) -> dict[str, object]:
    flags = {"fixed_line": call.fixed_line, "withheld": call.withheld}
    return {"call": call.external_id} | {name: True for name, holds in flags.items() if holds}
