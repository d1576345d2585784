"""Puts into words what stands on cards and posters."""

from collections.abc import Sequence

from linzhang import phones
from linzhang.profile import Profile
from linzhang.settings import Settings
from linzhang.words import Text, duration, say
from papers.card import Back, Card
from territory.cards import grouped
from web.desk.printing.reading import Printed
from web.desk.texts import printing as texts


class Wording:
    """What is printed, in one language.

    Args:
        settings: The service's.
        language: In which.
    """

    def __init__(self, settings: Settings, language: str) -> None:
        self._profile: Profile = settings.territory
        self._number = settings.twilio.number if settings.twilio else ""
        self._language = language

    @property
    def languages(self) -> tuple[str, str]:
        """Tags of the language of the words, and of the names."""
        return self._language, self._profile.default_language

    def contact(self, leader: Printed) -> Card:
        """The card that a leader gives to the households of their block."""
        return self._card(
            leader,
            self._say(texts.CONTACT_HEADING, programme=self._programme),
            foot=[self._reach(leader), self._promise(leader)],
        )

    def poster(self, leader: Printed) -> Card:
        """The poster on the doors of a block."""
        return self._card(
            leader,
            self._say(texts.POSTER_HEADING, leader=self._title(leader)),
            foot=[
                self._reach(leader),
                self._promise(leader),
                self._say(texts.IN_DANGER, number=self._profile.emergency),
            ],
        )

    def work(self, leader: Printed) -> Card:
        """The card by which a leader shows who they are. Nobody's number stands on it."""
        card = self._card(leader, self._say(texts.WORK_HEADING, programme=self._programme), foot=[])
        return card._replace(
            phone="",
            scan="",
            code=leader.unit.code,
            code_name=self._say(texts.UNIT_CODE),
            foot=[self._say(texts.WORK_FOOT)],
        )

    def back(self) -> Back | None:
        """The back of work cards: what a leader is there for; None: the programme does not say."""
        if not self._profile.duties:
            return None
        return Back(
            self._say(texts.DUTIES, leader=self._profile.bottom.leader[self._language]),
            [(each.name[self._language], each.about[self._language]) for each in self._profile.duties],
            self._say(texts.NO_MONEY),
        )

    def _card(self, leader: Printed, heading: str, foot: Sequence[str]) -> Card:
        code = leader.unit.card_code or ""
        return Card(
            heading=heading,
            role=self._title(leader),
            name=leader.person.name,
            place=" ".join(leader.place),
            phone=phones.readable(leader.phone, self._profile.region),
            code=grouped(code),
            code_name=self._say(texts.BLOCK_CODE, block=self._profile.bottom.name[self._language]),
            scan=self._scan(code),
            scan_note=self._say(texts.SCAN),
            foot=foot,
            picture=leader.picture,
        )

    def _scan(self, code: str) -> str:
        """What opens a text to us that begins with the block's code, on phones of all makes."""
        return f"SMSTO:{self._number}:{code} " if self._number and code else ""

    def _reach(self, leader: Printed) -> str:
        if not self._number:
            return self._say(texts.CALL_ME, leader=self._title(leader))
        number = phones.readable(self._number, self._profile.region)
        return self._say(texts.TEXT_US, number=number)

    def _promise(self, leader: Printed) -> str:
        window = self._profile.tier(leader.unit.tier).answer_window
        return self._say(texts.PROMISE, time=duration(window, self._language))

    def _title(self, leader: Printed) -> str:
        return self._profile.tier(leader.unit.tier).leader[self._language]

    @property
    def _programme(self) -> str:
        return self._profile.name[self._language]

    def _say(self, text: Text, **values: object) -> str:
        return say(text, self._language, **values)
