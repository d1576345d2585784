"""Issues, what was said in them, what was asked, and their history."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.people import Address, Person
from models.territory import Unit

#: Added to the row's id to make the number that people use: three digits at least, so that a
#: lone '1' or '2' is always an answer and never an issue.
NUMBER_OFFSET = 1000


class State(StrEnum):
    """Where an issue stands in the loop."""

    OPEN = "open"  # reported; the holder must answer within the window
    ANSWERED = "answered"  # the resident has heard from a leader
    RESOLVED = "resolved"  # a leader says that it is done; the resident is asked
    CLOSED = "closed"  # the resident agreed, or said nothing for the profile's time
    REFERRED = "referred"  # a department has it, and is waited for
    WITHDRAWN = "withdrawn"  # it needs nothing any more
    MERGED = "merged"  # it is part of another issue


class Action(StrEnum):
    """What changed an issue; one per transition."""

    REPORT = "report"
    PLACE = "place"
    ADD = "add"
    ANSWER = "answer"
    SAY = "say"
    CORRECT = "correct"
    RETRACT = "retract"
    RESOLVE = "resolve"
    CONFIRM = "confirm"
    REJECT = "reject"
    PASS_UP = "pass_up"  # noqa: S105 - an action, no password
    ESCALATE = "escalate"
    REMIND = "remind"
    ACCEPT = "accept"
    URGENT = "urgent"
    PRIVATE = "private"
    REFER = "refer"
    RETURN = "return"
    MERGE = "merge"
    SPLIT = "split"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    VACANT = "vacant"
    RATE = "rate"
    CALL = "call"
    UNDO = "undo"
    CALM = "calm"
    REARRANGE = "rearrange"


class Issue(Model):
    """One tracked report.

    Attributes:
        block: The unit it is about: the reporter's block, or the village where no more is known;
            empty while nobody knows where the sender lives.
        holder: The unit that has to act now; empty while nobody knows where the sender lives.
        reporter: Who reported it.
        address: Where the reporter wrote from, and is answered.
        answer_due: When the holder's window ends, in programme time; empty once answered.
        resolve_due: When an answered issue is reminded of or goes up; empty unless answered.
        confirm_due: When the reporter of a resolved issue is asked once more, and then, once reminded,
            when it closes without their word; empty unless resolved.
        nudge_due: When the holder is next nudged before the window ends; empty: no more.
        nudges: How often the holder has been nudged in this window.
        reminded: Whether the holder has been reminded since it has been theirs, or the reporter since
            it is said to be done.
        urgent: Whether a life or a house is in danger.
        private: Whether only leaders may see it: it stands in no room that residents are in.
        silent: Whether its reporter has said nothing: it is about that. They are told nothing of it but a
            leader's own words.
        rating: What the resident gave it, 1 to 5; empty while they have not.
        merged_into: The issue that it has become part of.
        returns_to: Who held it before a department did, and holds it again if that sends it back.
        bridge: Through which bridge it was reported. As its history has it; stored since the board is asked
            for it, and a million issues cannot be looked through.
        reported_in: Matrix room in which it was reported: the reporter is answered there, in its
            thread. Empty: it was reported in private, and the answer goes to `address`.
        climbed: How many tiers above its block it is held; 0 while nobody holds it. Derived, stored so that
            those nearest to home are found first by an index.
        talked_at: When the reporter or a leader last said something.
        path: Of the unit that it is about, or else of its holder; empty while there is neither. Derived,
            stored so that the issues of a subtree are one indexed range (`issues.chain.below`).
        erased_at: When what was said in it was erased, in programme time.
        stale_at: Machine time of the last change that the projections do not show yet; empty: they show all.
    """

    id: int = fields.BigIntField(primary_key=True)
    block: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="issues", null=True, on_delete=fields.RESTRICT
    )
    block_id: int | None
    holder: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="held_issues", null=True, on_delete=fields.RESTRICT
    )
    holder_id: int | None
    reporter: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="issues", on_delete=fields.RESTRICT
    )
    reporter_id: int
    address: fields.ForeignKeyRelation[Address] = fields.ForeignKeyField(
        "linzhang.Address", related_name="issues", on_delete=fields.RESTRICT
    )
    address_id: int
    state = fields.CharEnumField(State, max_length=16, default=State.OPEN)
    opened_at = fields.DatetimeField()
    talked_at = fields.DatetimeField()
    answer_due = fields.DatetimeField(null=True)
    answered_at = fields.DatetimeField(null=True)
    resolve_due = fields.DatetimeField(null=True)
    reminded = fields.BooleanField(default=False)
    bridge = fields.CharField(max_length=32, default="")
    reported_in = fields.CharField(max_length=255, default="")
    confirm_due = fields.DatetimeField(null=True)
    nudge_due = fields.DatetimeField(null=True)
    nudges = fields.IntField(default=0)
    urgent = fields.BooleanField(default=False)
    private = fields.BooleanField(default=False)
    silent = fields.BooleanField(default=False)
    rating = fields.IntField(null=True)
    merged_into: fields.ForeignKeyNullableRelation[Issue] = fields.ForeignKeyField(
        "linzhang.Issue", related_name="merged", null=True, on_delete=fields.RESTRICT
    )
    merged_into_id: int | None
    returns_to: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="awaited_issues", null=True, on_delete=fields.RESTRICT
    )
    returns_to_id: int | None
    resolved_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    path = fields.CharField(max_length=512, default="")
    climbed = fields.IntField(default=0)
    stale_at = fields.DatetimeField(null=True)
    erased_at = fields.DatetimeField(null=True)
    history: fields.ReverseRelation[History]
    messages: fields.ReverseRelation[Message]
    questions: fields.ReverseRelation[Question]
    merged: fields.ReverseRelation[Issue]

    class Meta:
        """The table and its indexes."""

        table = "issue"
        indexes = (
            Index(fields=("state", "answer_due")),
            Index(fields=("state", "resolve_due")),
            Index(fields=("state", "confirm_due")),
            Index(fields=("state", "nudge_due")),
            Index(fields=("reporter_id", "state")),
            Index(fields=("holder_id", "state")),
            Index(fields=("block_id",)),
            Index(fields=("path", "state")),
            Index(fields=("state", "id")),
            Index(fields=("stale_at",)),
            Index(fields=("opened_at",)),
            Index(fields=("erased_at", "closed_at")),
            Index(fields=("bridge", "id")),
            Index(fields=("state", "climbed", "answer_due")),
            Index(fields=("state", "climbed", "resolve_due")),
            Index(fields=("state", "climbed", "confirm_due")),
        )

    @property
    def number(self) -> int:
        """The short number that an old man can read over the phone."""
        return self.id + NUMBER_OFFSET

    @staticmethod
    def id_of(number: int) -> int:
        """The row's id behind a number that people use."""
        return number - NUMBER_OFFSET


class Voice(StrEnum):
    """Whose words a message is."""

    RESIDENT = "resident"
    LEADER = "leader"  # reaches the resident
    INSIDE = "inside"  # stays among leaders


class Message(Model):
    """Something said in an issue.

    Attributes:
        author: Who said it.
        bridge: Through which bridge it came.
        external_id: The platform's id of it, unique per bridge; by it an edit finds its original.
        room_id: The Matrix room it was said in; empty outside rooms.
        media: What came with it, as the `bridges.contract.Media` that were handed in: 'url',
            'content_type', and where they are known 'size', 'name', 'seconds'.
        retracted_at: When its author took it back.
    """

    id = fields.BigIntField(primary_key=True)
    issue: fields.ForeignKeyRelation[Issue] = fields.ForeignKeyField(
        "linzhang.Issue", related_name="messages", on_delete=fields.RESTRICT
    )
    issue_id: int
    author: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="messages", on_delete=fields.RESTRICT
    )
    author_id: int
    voice = fields.CharEnumField(Voice, max_length=16)
    bridge = fields.CharField(max_length=32)
    external_id = fields.CharField(max_length=255)
    room_id = fields.CharField(max_length=255, default="")
    text = fields.TextField()
    media: list[dict[str, Any]] = fields.JSONField(default=list)
    said_at = fields.DatetimeField()
    retracted_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "message"
        unique_together = (("bridge", "external_id"),)
        indexes = (Index(fields=("issue_id", "id")),)


class History(Model):
    """One immutable row per transition: who, when, through which bridge, what, in which room.

    Attributes:
        seq: 1, 2, 3 … within the issue, without a gap.
        actor: Who did it; empty: the clock.
        event_id: The platform's id of the event that led to it, where it was one in a room.
        detail: What does not fit elsewhere, such as the reason given.
        due: Of what the clock did, the deadline for which it did so, in programme time.
    """

    id = fields.BigIntField(primary_key=True)
    issue: fields.ForeignKeyRelation[Issue] = fields.ForeignKeyField(
        "linzhang.Issue", related_name="history", on_delete=fields.RESTRICT
    )
    issue_id: int
    seq = fields.IntField()
    at = fields.DatetimeField()
    action = fields.CharEnumField(Action, max_length=16)
    actor: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="deeds", null=True, on_delete=fields.RESTRICT
    )
    actor_id: int | None
    bridge = fields.CharField(max_length=32, default="")
    room_id = fields.CharField(max_length=255, default="")
    event_id = fields.CharField(max_length=255, default="")
    from_state = fields.CharField(max_length=16, default="")
    to_state = fields.CharField(max_length=16)
    from_holder_id = fields.BigIntField(null=True)
    to_holder_id = fields.BigIntField(null=True)
    detail = fields.TextField(default="")
    due = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "history"
        unique_together = (("issue_id", "seq"),)
        indexes = (Index(fields=("event_id",)), Index(fields=("actor_id", "at")))


class QuestionKind(StrEnum):
    """What a person was last asked, so that a lone '1' is understood."""

    SOLVED = "solved"  # is it solved? 1 yes, 2 no
    WHERE = "where"  # where do you live: block code, or village and name
    RATE = "rate"  # how was it, 1 to 5
    WHICH = "which"  # which of your issues is this about
    REPLY = "reply"  # a leader was told of an issue by text, and may answer with a text


class Question(Model):
    """Something that a person was asked and may answer with one digit or word.

    Attributes:
        due: When it settles itself, in programme time; empty: it waits for ever.
        pending: For `WHICH`, the message that waits to be filed: 'text', 'media', 'bridge',
            'external_id', 'said_at'.
    """

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="questions", on_delete=fields.CASCADE
    )
    person_id: int
    issue: fields.ForeignKeyRelation[Issue] = fields.ForeignKeyField(
        "linzhang.Issue", related_name="questions", on_delete=fields.CASCADE
    )
    issue_id: int
    kind = fields.CharEnumField(QuestionKind, max_length=16)
    asked_at = fields.DatetimeField()
    due = fields.DatetimeField(null=True)
    pending: dict[str, Any] | None = fields.JSONField(null=True)
    settled_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "question"
        indexes = (
            Index(fields=("person_id", "settled_at")),
            Index(fields=("issue_id",)),
            Index(fields=("settled_at", "due")),
        )
