"""Notices that go down the tree: what was written, to whom, who has got and read it, and the sums of that.

A notice that asks something and says what one can answer is a poll.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.people import Address, Person
from models.territory import Unit


class NoticeState(StrEnum):
    """Where a notice stands."""

    DRAFT = "draft"  # written and reckoned; its author has not said that it is to go
    ASKED = "asked"  # it goes to many, and waits for a second pair of eyes
    SET = "set"  # it goes out at its time
    GOING = "going"  # people are being told
    OUT = "out"  # everybody has been told who can be
    STOPPED = "stopped"  # taken back: who had not been told by then is not


class NoticePhase(StrEnum):
    """Whom a notice that goes out is collecting."""

    LEADERS = "leaders"
    RESIDENTS = "residents"
    DONE = "done"


class Notice(Model):
    """One notice.

    Attributes:
        author: Who wrote it.
        unit: For which unit, and so at most to all below it.
        path: That unit's, as it was; stored so that a leader's notices are one indexed range.
        words: What is said.
        aim: To whom, as `programme.notices.aims` has it.
        event_id: The event by which it was written in a room, or the form's own word on the desk.
        made_at: When it was written, in programme time.
        start_at: When it is to go out, in programme time; empty: nobody has said so.
        people: How many it was reckoned to reach.
        texts: How many texts it was reckoned to take at most.
        segments: SMS of one such text.
        approver: The second pair of eyes; empty where none was needed, or none has looked yet.
        begun_at: When it began to go out, in programme time.
        out_at: When the last one was told, in programme time.
        phase: Whom it is collecting.
        reached: Path of the last unit whose people are collected.
        sliced_at: Machine time of the last slice that was handed to the outbox.
        remind_due: When leaders who have not passed it on are next reminded, in programme time.
        options: What one can answer, in the order of the digits that say so; empty: it asks nothing.
        secret: Whether nobody is to learn what somebody answers: it stands in `SecretAnswer`, and in no room.
        days: For how many days after it began to go out answers count.
        ends_at: Until when they do, in programme time; empty: it has not begun, or asks nothing.
        ended_at: When its results were told, in programme time.
        urgent_why: Which danger does not wait for the morning, so that it goes at night, too, and not by one
            alone; empty: none.
    """

    id = fields.BigIntField(primary_key=True)
    author: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="notices", on_delete=fields.RESTRICT
    )
    author_id: int
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="notices", on_delete=fields.RESTRICT
    )
    unit_id: int
    path = fields.CharField(max_length=512)
    words = fields.TextField()
    aim: dict[str, Any] = fields.JSONField()
    state = fields.CharEnumField(NoticeState, max_length=16, default=NoticeState.DRAFT)
    event_id = fields.CharField(max_length=255, default="")
    made_at = fields.DatetimeField()
    start_at = fields.DatetimeField(null=True)
    people = fields.IntField(default=0)
    texts = fields.IntField(default=0)
    segments = fields.IntField(default=0)
    approver: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="approved_notices", null=True, on_delete=fields.RESTRICT
    )
    approver_id: int | None
    begun_at = fields.DatetimeField(null=True)
    out_at = fields.DatetimeField(null=True)
    phase = fields.CharEnumField(NoticePhase, max_length=16, default=NoticePhase.LEADERS)
    reached = fields.CharField(max_length=512, default="")
    sliced_at = fields.DatetimeField(null=True)
    remind_due = fields.DatetimeField(null=True)
    options: list[str] | None = fields.JSONField(null=True)
    secret = fields.BooleanField(default=False)
    days = fields.SmallIntField(default=0)
    ends_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    urgent_why = fields.CharField(max_length=200, default="")

    class Meta:
        """The table and its indexes."""

        table = "notice"
        indexes = (
            Index(fields=("state", "start_at")),
            Index(fields=("path",)),
            Index(fields=("event_id",)),
            Index(fields=("remind_due",)),
            Index(fields=("ends_at",)),
        )


class PostState(StrEnum):
    """How far a notice's post in one room is."""

    WAITING = "waiting"
    QUEUED = "queued"  # it stands in the outbox
    UP = "up"


class NoticePost(Model):
    """A notice as it stands, or is to stand, in one unit's room.

    Attributes:
        unit: In whose room.
        room_id: The room in which it stands.
        event_id: Its event there.
        posted_at: Machine time from which it stands there: receipts are given in that.
        is_poll: Whether clients show it as a poll, in which one votes; not known before it is up.
    """

    id = fields.BigIntField(primary_key=True)
    notice: fields.ForeignKeyRelation[Notice] = fields.ForeignKeyField(
        "linzhang.Notice", related_name="posts", on_delete=fields.RESTRICT
    )
    notice_id: int
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="notice_posts", on_delete=fields.RESTRICT
    )
    unit_id: int
    state = fields.CharEnumField(PostState, max_length=16, default=PostState.WAITING)
    room_id = fields.CharField(max_length=255, default="")
    event_id = fields.CharField(max_length=255, default="")
    posted_at = fields.DatetimeField(null=True)
    is_poll = fields.BooleanField(default=False)

    class Meta:
        """The table and its indexes."""

        table = "notice_post"
        unique_together = (("notice_id", "unit_id"),)
        indexes = (
            Index(fields=("notice_id", "state", "id")),
            Index(fields=("event_id",)),
            Index(fields=("room_id",)),
        )


class Reached(StrEnum):
    """How far a notice has got with one person."""

    WAITING = "waiting"  # their turn has not come
    QUEUED = "queued"  # the text stands in the outbox
    TOLD = "told"  # the platform has taken it
    DELIVERED = "delivered"  # it is on their phone, or in a room that they are in
    READ = "read"
    LOST = "lost"  # it was refused or has not arrived, and nothing more is tried
    NOBODY = "nobody"  # no writing reaches them: somebody must go there


class NoticePerson(Model):
    """One person whom a notice is for: there is one row for each, however often it is looked for.

    Attributes:
        unit: The unit that they lead, or the block in which they live.
        path: That unit's, when they were collected.
        leads: Whether they get it as a leader.
        post: The post by which they get it; empty: it is sent to their address.
        address: Where it is sent; empty: nowhere, or it is a post that they read.
        told_at: When it left, in programme time.
        read_at: When it is known to have been read, in programme time.
        passed_at: When a leader said that all theirs know, in programme time.
        reminded_at: When they were reminded of that, in programme time.
        answer: Which of a poll's options they have chosen last, from 1; empty: none, or it is secret.
        answered_at: When they did, in programme time.
        counted: What the sums have of them: `programme.notices.counting`.
        stale_at: Machine time of the last change that the sums do not have yet; empty: they have all.
    """

    id = fields.BigIntField(primary_key=True)
    notice: fields.ForeignKeyRelation[Notice] = fields.ForeignKeyField(
        "linzhang.Notice", related_name="recipients", on_delete=fields.RESTRICT
    )
    notice_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="noticed", on_delete=fields.CASCADE
    )
    person_id: int
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="noticed", on_delete=fields.RESTRICT
    )
    unit_id: int
    path = fields.CharField(max_length=512)
    leads = fields.BooleanField(default=False)
    post: fields.ForeignKeyNullableRelation[NoticePost] = fields.ForeignKeyField(
        "linzhang.NoticePost", related_name="readers", null=True, on_delete=fields.RESTRICT
    )
    post_id: int | None
    address: fields.ForeignKeyNullableRelation[Address] = fields.ForeignKeyField(
        "linzhang.Address", related_name="noticed", null=True, on_delete=fields.SET_NULL
    )
    address_id: int | None
    state = fields.CharEnumField(Reached, max_length=16, default=Reached.WAITING)
    told_at = fields.DatetimeField(null=True)
    read_at = fields.DatetimeField(null=True)
    passed_at = fields.DatetimeField(null=True)
    reminded_at = fields.DatetimeField(null=True)
    answer = fields.SmallIntField(null=True)
    answered_at = fields.DatetimeField(null=True)
    counted = fields.CharField(max_length=32, default="")
    stale_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "notice_person"
        unique_together = (("notice_id", "person_id"),)
        indexes = (
            Index(fields=("notice_id", "state", "id")),
            Index(fields=("notice_id", "unit_id")),
            Index(fields=("person_id", "id")),
            Index(fields=("post_id",)),
            Index(fields=("stale_at",)),
        )


class NoticeTally(Model):
    """What a notice has come to at a unit and all below it: it costs what a page shows of it.

    Attributes:
        leaders: Leaders whom it is for.
        leaders_told: Of these, those who have been told.
        leaders_read: Of these, those who are known to have read it.
        passed: Of these, those who have said that all theirs know.
        residents: Residents whom it is for.
        told: Of these, those whose text has left.
        delivered: Of these, those on whose phone it is.
        read: Of these, those who have said that they have read it.
        lost: Leaders and residents whom no writing has reached.
        answer1: Leaders and residents who have chosen a poll's first option; and so on.
    """

    id = fields.BigIntField(primary_key=True)
    notice: fields.ForeignKeyRelation[Notice] = fields.ForeignKeyField(
        "linzhang.Notice", related_name="tallies", on_delete=fields.RESTRICT
    )
    notice_id: int
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="notice_tallies", on_delete=fields.RESTRICT
    )
    unit_id: int
    leaders = fields.IntField(default=0)
    leaders_told = fields.IntField(default=0)
    leaders_read = fields.IntField(default=0)
    passed = fields.IntField(default=0)
    residents = fields.IntField(default=0)
    told = fields.IntField(default=0)
    delivered = fields.IntField(default=0)
    read = fields.IntField(default=0)
    lost = fields.IntField(default=0)
    answer1 = fields.IntField(default=0)
    answer2 = fields.IntField(default=0)
    answer3 = fields.IntField(default=0)
    answer4 = fields.IntField(default=0)
    answer5 = fields.IntField(default=0)

    class Meta:
        """The table."""

        table = "notice_tally"
        unique_together = (("notice_id", "unit_id"),)


class SecretAnswer(Model):
    """What somebody has answered to a secret poll, until it is over.

    Attributes:
        token: Keyed hash of the poll and the person (`linzhang.vault`): without the key nobody can say whose
            it is. For the same reason rows have no number and no time by which they could be put in order.
        choice: Which of the options, from 1.
    """

    token = fields.CharField(max_length=64, primary_key=True)
    notice: fields.ForeignKeyRelation[Notice] = fields.ForeignKeyField(
        "linzhang.Notice", related_name="secret_answers", on_delete=fields.RESTRICT
    )
    notice_id: int
    choice = fields.SmallIntField()

    class Meta:
        """The table and its indexes."""

        table = "secret_answer"
        indexes = (Index(fields=("notice_id",)),)
