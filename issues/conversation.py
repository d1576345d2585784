"""One text of a resident on its way: who sent it, what it says, and how it is answered.

Shared by the modules that decide what a text is. It holds no rule of its own.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bridges.contract import Inbound
from issues import choices, lifecycle, names
from issues.effects import Effects
from issues.keywords import Said
from issues.last_word import last_word
from issues.lifecycle import Actor
from linzhang.profile import Profile, Urgency
from linzhang.settings import Settings
from linzhang.words import Text, say
from models import Address, Issue, Message, Person

#: For how long, in machine time, a text of ours is what theirs answers.
_LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A text and all that is known of it.

    Attributes:
        settings: The service's.
        inbound: As it came in.
        address: Where it came from, with its person fetched.
        words: As they are kept when they become part of an issue; not saved yet.
        said: The same, taken apart.
        danger: What they tell of, if a life or a house is in danger.
        at: When it was accepted, in programme time.
    """

    settings: Settings
    inbound: Inbound
    address: Address
    words: Message
    said: Said
    danger: Urgency | None
    at: datetime

    @property
    def person(self) -> Person:
        """Who speaks."""
        return self.address.person

    @property
    def text(self) -> str:
        """What they wrote, as it may be shown."""
        return self.words.text

    @property
    def profile(self) -> Profile:
        """The programme."""
        return self.settings.territory

    @property
    def language(self) -> str:
        """In which they are answered."""
        return names.language_of(self.person, self.profile)

    @property
    def actor(self) -> Actor:
        """The person as somebody who acts on their own issues."""
        return Actor(self.person, self.inbound.bridge)

    async def lock(self, issue_id: int) -> Issue:
        """One of their issues for a transition; they are answered where they have written now."""
        issue = await lifecycle.lock(issue_id)
        if not issue.reported_in:
            issue.address = self.address
        return issue

    def effects(self) -> Effects:
        """For what changes no issue."""
        return Effects(cause_of(self.inbound), self.settings.clock.wall())

    def reply(self, text: Text, *, topic: str = "", **values: object) -> Effects:
        """Answer with a text of the catalogue; nothing is said to who has asked for no messages."""
        below = choices.below(text, self.language, **values)
        return self.reply_in_words(say(text, self.language, **values), topic=topic, below=below)

    def reply_in_words(
        self, text: str, *, topic: str = "", below: Mapping[str, Any] | None = None
    ) -> Effects:
        """Answer with a text that is made already, and with what can be pressed; see `issues.choices`."""
        effects = self.effects()
        if self.address.stopped_at is None:
            effects.tell(self.address, text, topic=topic, **(below or {}))
        return effects

    async def last_topic(self) -> str | None:
        """What our last text to them was about, often ''; None: there has been none lately."""
        last = await last_word(self.address)
        lately = self.settings.clock.wall() - _LATELY
        return last.topic if last and last.created_at >= lately else None


def cause_of(inbound: Inbound) -> str:
    """Names the effects of an inbound event that changes no issue."""
    name = f"{inbound.bridge}\0{inbound.external_id}"
    return f"e{hashlib.sha256(name.encode()).hexdigest()[:32]}"
