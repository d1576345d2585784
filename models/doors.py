"""Door to door: campaigns, the list of each block, what was found at each door, and the sums of that."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.issues import Issue
from models.people import Person
from models.territory import Household, Unit


class CampaignState(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"  # written; nobody has been told
    OPEN = "open"  # from its first day on leaders have their lists
    ENDED = "ended"  # its time is over, and it has been summed up
    STOPPED = "stopped"  # dropped, or ended before its time


class Campaign(Model):
    """Leaders go from door to door. Times are programme time.

    Attributes:
        author: Who opened it.
        unit: In whose blocks.
        path: That unit's, as it was.
        title: What it is called.
        words: What is to be said at the door.
        questions: What is to be asked, each as 'words' and 'choices'; without choices: in free words.
        from_at: The beginning of its first day.
        until_at: The end of its last day.
        event_id: The form's own word; empty: none.
        made_at: When it was written.
        begun_at: When it was let go.
        telling: Whether not every block has its list yet.
        reached: Path of the last block that has.
        remind_due: When leaders who have not begun are next reminded; empty: they are no more.
        reminded: How often they have been.
        ended_at: When it ended, or was stopped.
    """

    id = fields.BigIntField(primary_key=True)
    author: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="campaigns", on_delete=fields.RESTRICT
    )
    author_id: int
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="campaigns", on_delete=fields.RESTRICT
    )
    unit_id: int
    path = fields.CharField(max_length=512)
    title = fields.CharField(max_length=64)
    words = fields.TextField()
    questions: list[dict[str, Any]] = fields.JSONField(default=list)
    from_at = fields.DatetimeField()
    until_at = fields.DatetimeField()
    state = fields.CharEnumField(CampaignState, max_length=16, default=CampaignState.DRAFT)
    event_id = fields.CharField(max_length=255, default="")
    made_at = fields.DatetimeField()
    begun_at = fields.DatetimeField(null=True)
    telling = fields.BooleanField(default=False)
    reached = fields.CharField(max_length=512, default="")
    remind_due = fields.DatetimeField(null=True)
    reminded = fields.SmallIntField(default=0)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "campaign"
        indexes = (
            Index(fields=("path",)),
            Index(fields=("telling",)),
            Index(fields=("state", "until_at")),
            Index(fields=("remind_due",)),
            Index(fields=("event_id",)),
        )


class CampaignBlock(Model):
    """A block in a campaign, from the moment at which its list was made.

    Attributes:
        path: The block's, as it was.
        doors: How many households are on its list.
        begun_at: When the first visit was told, in programme time; empty: none has been.
        reminded: How many of the campaign's reminders it is past.
        reminded_at: When its leader was last reminded, in programme time.
        stale_at: Machine time since which the sums lack something of it; empty: they have all.
        counted: What it has added to the sums, by their names.
    """

    id = fields.BigIntField(primary_key=True)
    campaign: fields.ForeignKeyRelation[Campaign] = fields.ForeignKeyField(
        "linzhang.Campaign", related_name="blocks", on_delete=fields.RESTRICT
    )
    campaign_id: int
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="campaign_blocks", on_delete=fields.RESTRICT
    )
    unit_id: int
    path = fields.CharField(max_length=512)
    doors = fields.IntField(default=0)
    begun_at = fields.DatetimeField(null=True)
    reminded = fields.SmallIntField(default=0)
    reminded_at = fields.DatetimeField(null=True)
    stale_at = fields.DatetimeField(null=True)
    counted: dict[str, int] = fields.JSONField(default=dict)

    class Meta:
        """The table and its indexes."""

        table = "campaign_block"
        unique_together = (("campaign_id", "unit_id"),)
        indexes = (
            Index(fields=("stale_at",)),
            Index(fields=("campaign_id", "begun_at", "id")),
            Index(fields=("unit_id",)),
        )


class DoorState(StrEnum):
    """What was last found at a door."""

    TODO = "todo"  # nobody has been there
    VISITED = "visited"
    AWAY = "away"  # nobody was at home
    BACK = "back"  # somebody is to come back
    REFUSED = "refused"


class Door(Model):
    """A household on a block's list. It has no name of its own: that is the roster's to say.

    Attributes:
        block: On whose list.
        number: By which its leader calls it: 1, 2, 3 … on that list.
        household: Which; empty: it is somebody of whom no household is known, or the roster only counts.
        person: Who lives there, where no household is known.
        visits: How often somebody went there.
        visited_at: When that was last, in programme time.
        answers: By question the number of what was chosen, from 1; 0: nothing.
    """

    id = fields.BigIntField(primary_key=True)
    block: fields.ForeignKeyRelation[CampaignBlock] = fields.ForeignKeyField(
        "linzhang.CampaignBlock", related_name="listed", on_delete=fields.CASCADE
    )
    block_id: int
    number = fields.SmallIntField()
    household: fields.ForeignKeyNullableRelation[Household] = fields.ForeignKeyField(
        "linzhang.Household", related_name="doors", null=True, on_delete=fields.SET_NULL
    )
    household_id: int | None
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="doors", null=True, on_delete=fields.SET_NULL
    )
    person_id: int | None
    state = fields.CharEnumField(DoorState, max_length=16, default=DoorState.TODO)
    visits = fields.SmallIntField(default=0)
    visited_at = fields.DatetimeField(null=True)
    answers: list[int] = fields.JSONField(default=list)

    class Meta:
        """The table and its indexes."""

        table = "door"
        unique_together = (("block_id", "number"),)
        indexes = (Index(fields=("household_id",)), Index(fields=("person_id",)))


class DoorVisit(Model):
    """Somebody went to a door: one row for each time.

    Attributes:
        campaign: Of which.
        path: The block's, as it was; stored so that the words of a subtree are one indexed range.
        visitor: Who went.
        at: When it was told, in programme time.
        state: What they found.
        answers: See `Door`.
        words: What was said there, and noted.
        media: Pictures, as `Message` has them.
        issue: What was made of a trouble that was found; empty: nothing was.
        bridge: Through which bridge it was told.
        external_id: The platform's id of it, or the form's own word.
    """

    id = fields.BigIntField(primary_key=True)
    door: fields.ForeignKeyRelation[Door] = fields.ForeignKeyField(
        "linzhang.Door", related_name="visited", on_delete=fields.CASCADE
    )
    door_id: int
    campaign: fields.ForeignKeyRelation[Campaign] = fields.ForeignKeyField(
        "linzhang.Campaign", related_name="visits", on_delete=fields.RESTRICT
    )
    campaign_id: int
    path = fields.CharField(max_length=512)
    visitor: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="doors_visited", on_delete=fields.RESTRICT
    )
    visitor_id: int
    at = fields.DatetimeField()
    state = fields.CharEnumField(DoorState, max_length=16)
    answers: list[int] = fields.JSONField(default=list)
    words = fields.TextField(default="")
    media: list[dict[str, Any]] = fields.JSONField(default=list)
    issue: fields.ForeignKeyNullableRelation[Issue] = fields.ForeignKeyField(
        "linzhang.Issue", related_name="door_visits", null=True, on_delete=fields.RESTRICT
    )
    issue_id: int | None
    bridge = fields.CharField(max_length=32)
    external_id = fields.CharField(max_length=255)

    class Meta:
        """The table and its indexes."""

        table = "door_visit"
        unique_together = (("bridge", "external_id", "door_id"),)
        indexes = (Index(fields=("door_id", "id")), Index(fields=("campaign_id", "path", "id")))


class DoorTally(Model):
    """What a campaign has come to at a unit and below it.

    Attributes:
        sums: By their names, as `programme.doors.counting` has them.
    """

    id = fields.BigIntField(primary_key=True)
    campaign: fields.ForeignKeyRelation[Campaign] = fields.ForeignKeyField(
        "linzhang.Campaign", related_name="tallies", on_delete=fields.RESTRICT
    )
    campaign_id: int
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="door_tallies", on_delete=fields.RESTRICT
    )
    unit_id: int
    sums: dict[str, int] = fields.JSONField(default=dict)

    class Meta:
        """The table."""

        table = "door_tally"
        unique_together = (("campaign_id", "unit_id"),)
