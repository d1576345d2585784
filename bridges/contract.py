"""What a bridge is: the one contract that SMS, Matrix, Telegram and third parties implement.

A bridge verifies and normalises what comes in, and delivers what goes out. It knows nothing of
issues, units or leaders, and the core never asks which platform a bridge is: only what it can do.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from fastapi import APIRouter


class Kind(StrEnum):
    """What an inbound event is."""

    TEXT = "text"  # somebody said something, perhaps with media
    REACTION = "reaction"  # an emoji on an earlier message
    VOTE = "vote"  # somebody has chosen in a poll of ours: `text` is the id of what; empty: nothing any more
    EDIT = "edit"  # new words for an earlier message of the same sender
    REDACTION = "redaction"  # an earlier message was taken back
    MEMBERSHIP = "membership"  # somebody joined, left, was invited or removed
    STATE = "state"  # what a room is was changed: its name, who may do what, that another is in its place
    RECEIPT = "receipt"  # the platform tells the fate of something we sent
    SEEN = "seen"  # somebody has read something, up to `target`: they are there; noted, and not kept
    NOTICE = "notice"  # the bot of a bridge to another network has said something: nobody's words
    CALL = "call"  # somebody is on the line; kept, so that what they leave is known to be theirs


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, sound or film that came with a message or goes with one.

    Attributes:
        url: Where the platform keeps it.
        content_type: Its MIME type as the platform states it.
        size: Bytes, where the platform states them.
        name: File name, where there is one.
        seconds: How long a sound or a film is, where the platform states it.
    """

    url: str
    content_type: str
    size: int | None = None
    name: str = ""
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Inbound:
    """Something that came in, in the one form that the core understands.

    Attributes:
        bridge: Name of the bridge it came through.
        external_id: The platform's own id of it; with `bridge` it is unique for ever.
        sender: The sender's address on the platform. A secret: never logged. Empty where the platform
            names only the call in which it was said, in `detail['call']`: it is the caller's.
        kind: What it is.
        text: The words, the emoji of a reaction, or what is chosen in a poll; NUL removed, otherwise as
            they were sent.
        media: What came with the words.
        room: The platform's id of the group room, where it was said in one.
        thread: Id of the thread's root message, where it was said in a thread.
        target: Id of the message that it answers, edits, takes back, reacts to, votes in or reports on.
        detail: Facts that only some kinds have: a receipt's 'status' and 'code', a membership's
            'member', 'membership' and whether the room is 'direct', and the 'name' of a member from another
            network; what of a room's 'state' was changed and the room that is its 'successor'; the 'call' in
            which it was said and
            whether it was 'answered' there; 'fixed_line' where the sender's telephone takes no texts,
            'withheld' where nobody can be reached at the sender's address; whom words mention as
            'mentions'; the 'phone' that the platform vouches to be the sender's own, in E.164, or that it is
            'not_own_phone'; the 'name' that somebody of whom we know nothing has in a group; the 'place'
            that was sent, as latitude and longitude; what has no words for us: 'encrypted', a 'sticker', a
            'poll'; what the words answer, as 'about': see `Outbound.about`; how many things were attached
            that could not be taken, as 'left'; that it is 'filed' by a programme for somebody, and where.
        sent_at: When the platform says it was sent; empty where it does not say.
    """

    bridge: str
    external_id: str
    sender: str
    kind: Kind = Kind.TEXT
    text: str = ""
    media: Sequence[Media] = ()
    room: str = ""
    thread: str = ""
    target: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that a person can press instead of typing it.

    Attributes:
        text: What a press says: it comes in as the `text` of an `Inbound`, as if it had been typed.
        label: What stands on it, in the person's language.
        phone: Whether a press hands over the person's own telephone number instead, as `detail['phone']`; a
            platform that cannot vouch for it leaves the choice out.
    """

    text: str
    label: str
    phone: bool = False


@dataclass(frozen=True, slots=True)
class Outbound:
    """Words for one person.

    Attributes:
        key: Names the effect; the same key always means the same message.
        address: Whom it goes to, on the bridge's platform. A secret: never logged.
        text: What to say.
        media: What goes with it.
        language: Tag of the language of the text.
        kind: Which of the kinds of text it is, such as 'answer' or 'solved'; empty: one of the others.
        prescribed: Whether the platform has refused the text as it is, so that it must go in a form
            that the platform has approved for its kind; who has none refuses it.
        choices: What the words ask to choose from; only for a bridge that has `Capabilities.choices`. Where
            there are none, the words themselves say what to type.
        answers: In a group, the platform's id of the message that it answers; empty: of none.
        replaces: In a group, the platform's id of our message in whose place it comes; empty: of none.
        subject: What stands above a letter; only for a bridge that has `Capabilities.letters`.
        about: The matter that the words belong to, in letters and digits, such as '1024': the same one
            keeps a conversation together where the platform has such, and comes back in the 'about' of what
            is answered there. Empty: none.
    """

    key: str
    address: str
    text: str
    media: Sequence[Media] = ()
    language: str = ""
    kind: str = ""
    prescribed: bool = False
    choices: Sequence[Choice] = ()
    answers: str = ""
    replaces: str = ""
    subject: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The platform has taken a message.

    Attributes:
        external_id: The platform's id of it.
        status: Its state in the platform's words, such as 'queued'.
    """

    external_id: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do; the core adapts to this and to nothing else.

    Attributes:
        text_limit: Characters that one message may have; what is longer is handed over in parts.
        media: Whether pictures can be sent; to whom and which, `Bridge.carries` says.
        threads: Whether messages can stand in threads.
        edits: Whether a sent message can be changed.
        receipts: Whether the platform reports delivery.
        phone_numbers: Whether its addresses are phone numbers, so that the same one on another such
            platform is the same person.
        groups: Whether a group can be tied to a unit's room: what is said there comes in with its `room`, and
            an `Outbound` can be addressed to it.
        choices: Whether people can press what they choose instead of typing it.
        letters: Whether a message is a letter: it has a subject, and room for a whole story.
    """

    text_limit: int
    media: bool = False
    threads: bool = False
    edits: bool = False
    receipts: bool = False
    phone_numbers: bool = False
    choices: bool = False
    groups: bool = False
    letters: bool = False


#: The status of something of which nobody can tell whether the platform has taken it, and which is not to be
#: said twice: what `find` returns where a platform can neither be asked nor given a key.
UNKNOWN = "unknown"


class DeliveryError(Exception):
    """A message was not delivered. The text never holds an address.

    Attributes:
        code: The platform's own code, where it has one.
    """

    def __init__(self, reason: str, code: int | None = None) -> None:
        super().__init__(reason)
        self.code = code


class Refused(DeliveryError):
    """The platform will never take this message: do not try again."""


class Unfit(Refused):
    """What was to be sent along cannot be: not the way is wrong, but the picture, sound or film itself."""


class TooLarge(Unfit):
    """A picture, sound or film has more bytes than are taken."""


class OptedOut(Refused):
    """The person has told the platform that they want no messages."""


class Unavailable(DeliveryError):
    """The platform has certainly not taken the message, but may later: try again.

    Attributes:
        retry_after: Seconds that the platform asks to wait, where it says so.
    """

    def __init__(self, reason: str, code: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(reason, code)
        self.retry_after = retry_after


class Unasked(Unavailable):
    """The platform has been silent, so it was not even asked: that is no attempt.

    Attributes:
        silent: Seconds for which it has been.
    """

    retry_after: float

    def __init__(self, reason: str, retry_after: float, silent: float) -> None:
        super().__init__(reason, retry_after=retry_after)
        self.silent = silent


class Uncertain(DeliveryError):
    """The call ended so that nobody knows whether the message was taken: ask before trying again."""


@dataclass(frozen=True, slots=True)
class Service:
    """What a bridge may know of the service that it belongs to.

    Attributes:
        public_url: Where platforms reach the application's webhooks.
        region: ISO 3166 code that phone numbers without a country code belong to, such as 'CN'.
        languages: Tags of the languages that people are written to in, the default one first.
    """

    public_url: str
    region: str
    languages: Sequence[str]


#: Stores an inbound event durably and returns whether it is new. When it has returned, the
#: platform may be told that the event was accepted; when it raises, it must not be.
Accept = Callable[[Inbound], Awaitable[bool]]


class Bridge(Protocol):
    """One platform."""

    @property
    def name(self) -> str:
        """The bridge's name, as it stands in the tables."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What the platform can do."""
        ...

    def routes(self, accept: Accept) -> APIRouter:
        """The bridge's webhooks; each verifies, normalises and calls `accept`, and nothing more."""
        ...

    async def deliver(self, outbound: Outbound) -> Delivered:
        """Send a message.

        Raises:
            Refused: It will never be taken.
            Unavailable: It was not taken; it may be later.
            Uncertain: It may have been taken.
        """
        ...

    async def find(self, outbound: Outbound, since: datetime, known: Sequence[str]) -> Delivered | None:
        """Look on the platform for a message whose `deliver` ended uncertainly.

        Args:
            outbound: What was to be sent.
            since: Machine time of the first attempt.
            known: External ids of other messages, which this one cannot be.

        Raises:
            Unavailable: The platform could not be asked.
        """
        ...

    def carries(self, medium: Media, address: str) -> bool:
        """Whether a message to this address can take a medium along, from where it lies."""
        ...

    async def fetch(self, medium: Media, limit: int) -> bytes:
        """Get what came with a message from where the platform keeps it, and from nowhere else.

        Args:
            medium: As it came in an `Inbound`.
            limit: Bytes that it may have.

        Raises:
            TooLarge: It has more.
            Refused: It is not the platform's, or will never be given out.
            Unavailable: It could not be had now; code 404: the platform does not have it, or not yet.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


#: What a third party registers as an entry point of the group 'linzhang.bridges': makes the bridge of that
#: name from its table `[bridges.<name>]` of the configuration. Raises `ValueError` where that is wrong, with
#: a sentence that names what; it must not call anybody.
MakeBridge = Callable[[Mapping[str, Any], Service], Bridge]


@runtime_checkable
class Listener(Bridge, Protocol):
    """A bridge that nobody calls, and that therefore looks for itself what has come in."""

    async def listen(self, accept: Accept) -> None:
        """Take in what comes, until cancelled; raises nothing else. Several may do so at once."""
        ...


@runtime_checkable
class Connects(Protocol):
    """A bridge that can itself tell its platform where our webhooks are."""

    async def connect(self) -> str:
        """Tell it, whether or not it knows already.

        Returns:
            What we are called there.

        Raises:
            DeliveryError: It does not know us, or cannot be reached.
        """
        ...


@runtime_checkable
class Checks(Protocol):
    """A bridge that can ask its platform whether all is well; nobody is sent anything."""

    async def check(self) -> None:
        """Make sure that the platform answers and knows us; cheap enough for once a minute.

        Raises:
            DeliveryError: It does not.
        """
        ...

    async def review(self) -> Sequence[str]:
        """Look at how we are set up there, after `check`.

        Returns:
            What is not as it must be, with what to do about it; a sentence each.

        Raises:
            DeliveryError: It cannot be asked.
        """
        ...
