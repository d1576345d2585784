"""Rounds in which the leader of a month or a year is nominated and chosen, and what has come of them.

For whom somebody has voted is not here, but in `SecretAnswer`.
"""

from __future__ import annotations

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.notices import Notice
from models.people import Person
from models.territory import Unit


class HonourState(StrEnum):
    """How far a round is; its notices tell the rest."""

    NOMINATING = "nominating"  # its announcement is written, and may be out
    VOTING = "voting"  # its ballots are written, and may be out
    OVER = "over"
    STOPPED = "stopped"


class HonourRound(Model):
    """One round.

    Attributes:
        notice: Its announcement, whose author has opened it; its number is the round's.
        unit: For the blocks of which unit.
        path: That unit's, as it was.
        period: The month, such as '2026-11', or the year, such as '2026'.
        nominate_days: For how many days after the announcement began to go out one can nominate.
        vote_days: For how many days one can vote.
        over_at: When it was over or stopped, in programme time.
    """

    id = fields.BigIntField(primary_key=True)
    notice: fields.OneToOneRelation[Notice] = fields.OneToOneField(
        "linzhang.Notice", related_name="honour_round", on_delete=fields.RESTRICT
    )
    notice_id: int
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="honour_rounds", on_delete=fields.RESTRICT
    )
    unit_id: int
    path = fields.CharField(max_length=512)
    period = fields.CharField(max_length=7)
    nominate_days = fields.SmallIntField()
    vote_days = fields.SmallIntField()
    state = fields.CharEnumField(HonourState, max_length=16, default=HonourState.NOMINATING)
    over_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "honour_round"
        indexes = (Index(fields=("state",)), Index(fields=("path",)))


class HonourNomination(Model):
    """Somebody has nominated a block's leader. Who did is shown to nobody.

    Attributes:
        person: Who; one nomination each in a round, the last one.
        block: Whose leader.
        leader: Who that was.
        reason: Why, in their own words.
        made_at: When, in programme time.
    """

    id = fields.BigIntField(primary_key=True)
    round: fields.ForeignKeyRelation[HonourRound] = fields.ForeignKeyField(
        "linzhang.HonourRound", related_name="nominations", on_delete=fields.RESTRICT
    )
    round_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="nominations", on_delete=fields.CASCADE
    )
    person_id: int
    block: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="nominations", on_delete=fields.RESTRICT
    )
    block_id: int
    leader: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="nominated", on_delete=fields.RESTRICT
    )
    leader_id: int
    reason = fields.TextField()
    made_at = fields.DatetimeField()

    class Meta:
        """The table and its indexes."""

        table = "honour_nomination"
        unique_together = (("round_id", "person_id"),)
        indexes = (Index(fields=("person_id",)),)


class HonourBallot(Model):
    """Those of one village between whom one chooses.

    Attributes:
        unit: Whose people choose.
        notice: The notice that asks them; empty: too few were nominated there.
    """

    id = fields.BigIntField(primary_key=True)
    round: fields.ForeignKeyRelation[HonourRound] = fields.ForeignKeyField(
        "linzhang.HonourRound", related_name="ballots", on_delete=fields.RESTRICT
    )
    round_id: int
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="honour_ballots", on_delete=fields.RESTRICT
    )
    unit_id: int
    notice: fields.OneToOneNullableRelation[Notice] = fields.OneToOneField(
        "linzhang.Notice", related_name="honour_ballot", null=True, on_delete=fields.RESTRICT
    )
    notice_id: int | None

    class Meta:
        """The table."""

        table = "honour_ballot"
        unique_together = (("round_id", "unit_id"),)


class HonourCandidate(Model):
    """Somebody who can be chosen, and what has come of it.

    Attributes:
        place: The digit that chooses them.
        block: Whose leader they were when the ballot was written.
        nominations: How many had nominated them.
        votes: How many people have chosen them, once it is over.
        points: By which they are ranked (`programme.honours.fairness`), in thousandths.
        won: Whether nobody has more.
        in_time: Share of the block's reports of the period that were answered in time; empty: none.
            This and the next two are as they stood when the results were told, and stay beside the name so.
        closed: How many of them were closed.
        rating: The mean of the residents' marks, from 1 to 5; empty: none.
    """

    id = fields.BigIntField(primary_key=True)
    ballot: fields.ForeignKeyRelation[HonourBallot] = fields.ForeignKeyField(
        "linzhang.HonourBallot", related_name="candidates", on_delete=fields.RESTRICT
    )
    ballot_id: int
    place = fields.SmallIntField()
    block: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="candidacies", on_delete=fields.RESTRICT
    )
    block_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="candidacies", on_delete=fields.RESTRICT
    )
    person_id: int
    nominations = fields.IntField(default=0)
    votes = fields.IntField(default=0)
    points = fields.IntField(default=0)
    won = fields.BooleanField(default=False)
    in_time = fields.FloatField(null=True)
    closed = fields.IntField(default=0)
    rating = fields.FloatField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "honour_candidate"
        unique_together = (("ballot_id", "place"),)
        indexes = (Index(fields=("person_id",)),)
