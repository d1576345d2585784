"""Care: who is looked after, with their consent; how they are asked, who is silent, who went there."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.issues import Issue
from models.people import Person
from models.territory import Unit


class CareKind(StrEnum):
    """Why somebody is looked after."""

    ALONE = "alone"  # lives alone
    OLD = "old"  # very old
    DISABLED = "disabled"
    CHILD = "child"  # whose parents work far away
    OTHER = "other"


class CareRhythm(StrEnum):
    """How often somebody is asked whether they are well."""

    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"  # they are visited, and asked in rounds alone


class CareWay(StrEnum):
    """How somebody is asked."""

    TEXT = "text"
    CALL = "call"


class CareRecord(Model):
    """Somebody who is looked after from a day until another. There is none without their consent.

    Attributes:
        person: Who.
        unit: The block in which they live, and whose leader looks after them.
        path: That block's; stored so that the records of a subtree are one indexed range.
        why: In a short sentence; it stays with the few who see names.
        recorder: Who has recorded it.
        consent: How they, or who speaks for them, agreed.
        consent_at: When, in programme time.
        weekday: Of a weekly rhythm, Monday is 0; else empty.
        clock: Minutes after midnight at which they want to be asked, in the programme's zone.
        next_due: When they are next asked, in programme time; empty: they are not.
        asked_at: When they were last asked, in programme time.
        heard_at: When they last gave a sign of life after having been asked, in programme time.
        silent_at: Since when their leader has been asked to knock, in programme time; empty: nobody need.
        visited_at: When somebody last went there, in programme time.
        ended_at: When it ended, in programme time; empty while it lasts.
        ended_why: In a few words.
    """

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="care_records", on_delete=fields.CASCADE
    )
    person_id: int
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="care_records", on_delete=fields.RESTRICT
    )
    unit_id: int
    path = fields.CharField(max_length=512)
    kind = fields.CharEnumField(CareKind, max_length=16)
    why = fields.CharField(max_length=255, default="")
    recorder: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="recorded_care", on_delete=fields.RESTRICT
    )
    recorder_id: int
    since = fields.DatetimeField()
    consent = fields.CharField(max_length=255)
    consent_at = fields.DatetimeField()
    rhythm = fields.CharEnumField(CareRhythm, max_length=16)
    weekday = fields.IntField(null=True)
    clock = fields.IntField(default=8 * 60)
    way = fields.CharEnumField(CareWay, max_length=16, default=CareWay.TEXT)
    next_due = fields.DatetimeField(null=True)
    asked_at = fields.DatetimeField(null=True)
    heard_at = fields.DatetimeField(null=True)
    silent_at = fields.DatetimeField(null=True)
    visited_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    ended_why = fields.CharField(max_length=255, default="")

    class Meta:
        """The table and its indexes."""

        table = "care_record"
        indexes = (
            Index(fields=("next_due",)),
            Index(fields=("path", "ended_at")),
            Index(fields=("unit_id",)),
            Index(fields=("person_id",)),
        )


class CareRound(Model):
    """An extra question to all who are looked after in a unit and below: in a heat wave, at a festival.

    Attributes:
        path: The unit's, as it was.
        occasion: Why, as `programme.care.texts.ROUNDS` has it.
        kind: Whom alone it is for; empty: everybody.
        starter: Who began it.
        event_id: The event by which it was begun in a room, or the form's own word on the desk.
        started_at: When, in programme time.
        reached: Id of the last record that was gone through.
        done_at: When everybody had been asked, in programme time; empty until then.
    """

    id = fields.BigIntField(primary_key=True)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="care_rounds", on_delete=fields.RESTRICT
    )
    unit_id: int
    path = fields.CharField(max_length=512)
    occasion = fields.CharField(max_length=16)
    kind = fields.CharField(max_length=16, default="")
    starter: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="care_rounds", on_delete=fields.RESTRICT
    )
    starter_id: int
    event_id = fields.CharField(max_length=255)
    started_at = fields.DatetimeField()
    reached = fields.BigIntField(default=0)
    done_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "care_round"
        unique_together = (("starter_id", "event_id"),)
        indexes = (Index(fields=("done_at",)), Index(fields=("path",)))


class CareState(StrEnum):
    """What has become of one question."""

    ASKED = "asked"
    AGAIN = "again"  # a gentle second try
    MISSING = "missing"  # no answer: their leader is to knock
    WELL = "well"  # they answered, or wrote something else: they are there
    UNWELL = "unwell"  # they said that they are not well: it is an issue of theirs
    VISITED = "visited"  # somebody went there
    DROPPED = "dropped"  # nobody waits for the answer any more


class CareCheck(Model):
    """One person is asked whether they are well: one row for each moment, however often it is looked for.

    Attributes:
        due: The moment that was chosen for it, in programme time.
        asked_at: When it was asked, in programme time.
        answer_due: When the next thing is done if there is no answer, in programme time; empty: nothing is.
        answered_at: When there was one, in programme time.
        issue: What their leader was asked to knock for.
        round: The round that it is part of; empty: it is of their own rhythm.
    """

    id = fields.BigIntField(primary_key=True)
    record: fields.ForeignKeyRelation[CareRecord] = fields.ForeignKeyField(
        "linzhang.CareRecord", related_name="checks", on_delete=fields.CASCADE
    )
    record_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="care_checks", on_delete=fields.CASCADE
    )
    person_id: int
    due = fields.DatetimeField()
    state = fields.CharEnumField(CareState, max_length=16, default=CareState.ASKED)
    asked_at = fields.DatetimeField()
    answer_due = fields.DatetimeField(null=True)
    answered_at = fields.DatetimeField(null=True)
    issue: fields.ForeignKeyNullableRelation[Issue] = fields.ForeignKeyField(
        "linzhang.Issue", related_name="care_checks", null=True, on_delete=fields.RESTRICT
    )
    issue_id: int | None
    round: fields.ForeignKeyNullableRelation[CareRound] = fields.ForeignKeyField(
        "linzhang.CareRound", related_name="checks", null=True, on_delete=fields.RESTRICT
    )
    round_id: int | None

    class Meta:
        """The table and its indexes."""

        table = "care_check"
        unique_together = (("person_id", "due"),)
        indexes = (
            Index(fields=("state", "answer_due")),
            Index(fields=("person_id", "state")),
            Index(fields=("record_id", "id")),
            Index(fields=("issue_id",)),
        )


class CareVisit(Model):
    """Somebody went to a person who is looked after.

    Attributes:
        unit: The block in which they lived then.
        visitor: Who went.
        at: When it was said, in programme time.
        words: How they were.
        media: Pictures, as `Message` has them.
        issue: The issue for which it was; empty: for none.
        bridge: Through which bridge it was said.
        external_id: The platform's id of it, unique per bridge.
    """

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="care_visits", on_delete=fields.CASCADE
    )
    person_id: int
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="care_visits", on_delete=fields.RESTRICT
    )
    unit_id: int
    visitor: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="visits_made", on_delete=fields.RESTRICT
    )
    visitor_id: int
    at = fields.DatetimeField()
    words = fields.TextField(default="")
    media: list[dict[str, Any]] = fields.JSONField(default=list)
    issue: fields.ForeignKeyNullableRelation[Issue] = fields.ForeignKeyField(
        "linzhang.Issue", related_name="care_visits", null=True, on_delete=fields.RESTRICT
    )
    issue_id: int | None
    bridge = fields.CharField(max_length=32)
    external_id = fields.CharField(max_length=255)

    class Meta:
        """The table and its indexes."""

        table = "care_visit"
        unique_together = (("bridge", "external_id"),)
        indexes = (Index(fields=("person_id", "id")), Index(fields=("visitor_id", "at")))
