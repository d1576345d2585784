"""What the rules look at: the carrier's, the homeserver's and the database's own records, as plain values.

Shapes only. Moments of the programme are in UTC with their zone set.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Facts:
    """What whoever has set the stage knows of it.

    Attributes:
        numbers: Phone numbers, by the ids of their rows.
        leaders: Matrix ids of the leaders.
        windows: How long a holder may take to answer, by tier.
        now: What the programme's clock shows, which stands still by now.
        grace: Programme time that may pass between the moment at which a message is said to have come in
            and that at which it is stored: of a crowded machine, as fast as the programme's clock runs.
    """

    numbers: Mapping[int, str]
    leaders: frozenset[str]
    windows: Mapping[str, timedelta]
    now: datetime
    grace: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class TextIn:
    """A text of a resident, as the carrier knows it.

    Attributes:
        accepted: Whether the application has once said that it has it.
        told: How often the application was told of it.
    """

    sid: str
    number: str
    body: str
    accepted: bool
    told: int = 1


@dataclass(frozen=True, slots=True)
class TextOut:
    """A text of ours that the carrier took, in the order in which it did.

    Attributes:
        key: The effect's, from the address that the carrier calls about it.
    """

    sid: str
    number: str
    body: str
    key: str


@dataclass(frozen=True, slots=True)
class Event:
    """A message in a room, in the homeserver's order.

    Attributes:
        root: The event in whose thread it stands; empty: in none.
        replaces: The event that it edits; empty: it is none.
        key: Of the effect, on what the service has sent.
        issue: The number on an issue's post.
    """

    event_id: str
    room_id: str
    sender: str
    body: str
    root: str = ""
    replaces: str = ""
    key: str = ""
    issue: int | None = None

    @property
    def is_post(self) -> bool:
        """Whether it is the root of an issue's thread."""
        return self.issue is not None and not self.replaces and not self.root

    @property
    def is_ghosts(self) -> bool:
        """Whether a resident speaks."""
        return self.sender.startswith("@lz_")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the inbox."""

    id: int
    bridge: str
    external_id: str
    state: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Issue:
    """A row of an issue."""

    id: int
    state: str
    block_id: int | None
    holder_id: int | None
    address_id: int
    private: bool
    answer_due: datetime | None

    @property
    def number(self) -> int:
        """What people call it."""
        return self.id + 1000


@dataclass(frozen=True, slots=True)
class Message:
    """A row of something said."""

    id: int
    issue_id: int
    external_id: str
    voice: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the history."""

    issue_id: int
    seq: int
    at: datetime
    action: str
    from_state: str
    to_state: str
    from_holder_id: int | None
    to_holder_id: int | None
    event_id: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """A row of the outbox.

    Attributes:
        do: What is done in a room; empty outside.
    """

    id: int
    key: str
    lane: str
    bridge: str
    issue_id: int | None
    address_id: int | None
    state: str
    topic: str
    hold_until: datetime | None
    external_id: str
    text: str
    do: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything.

    Attributes:
        pending: Words that wait for the answer to 'which one?'.
        tiers: Of units, by the ids of their rows.
        rooms: The unit whose room it is, by the homeserver's id.
    """

    facts: Facts
    texts_in: Sequence[TextIn] = ()
    texts_out: Sequence[TextOut] = ()
    events: Sequence[Event] = ()
    inbox: Sequence[Entry] = ()
    issues: Sequence[Issue] = ()
    messages: Sequence[Message] = ()
    history: Sequence[Step] = ()
    effects: Sequence[Effect] = ()
    pending: Sequence[str] = ()
    tiers: Mapping[int, str] = field(default_factory=dict)
    rooms: Mapping[str, int] = field(default_factory=dict)

    def steps(self) -> dict[int, list[Step]]:
        """The history of each issue, in its order."""
        found: dict[int, list[Step]] = {}
        for step in sorted(self.history, key=lambda each: (each.issue_id, each.seq)):
            found.setdefault(step.issue_id, []).append(step)
        return found


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that must not be.

    Attributes:
        rule: Which promise is broken, in one word.
        says: What is wrong, with the ids that are needed to look into it.
    """

    rule: str
    says: str
