"""Targets: made, turned on again and removed by leaders, given up by us when they fail for days.

What is done to one is recorded (`AdminAction`), but never its secret.
"""

from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum
from typing import Final

from tortoise.transactions import in_transaction

from escalator.webhooks import reach, signing, texts
from issues import audit, chain
from issues.errors import IssueError
from linzhang.settings import Settings
from models import Outbox, OutboxState, Person, Unit, WebhookTarget
from projections import changes

#: The deliverer's name.
NAME: Final = "webhook"

#: For how long a target may fail until it is given up; machine time.
PATIENCE: Final = timedelta(days=3)


class Event(StrEnum):
    """What a target can be told."""

    ISSUE = "issue.changed"  # an issue has come, or changed
    LEVEL = "level.changed"  # the warning level of a unit has


class Unfit(IssueError):
    """A target cannot be made as it is asked for."""


async def make(
    settings: Settings, person: Person, unit: Unit, url: str, events: Collection[Event], who: str
) -> tuple[WebhookTarget, str]:
    """Make a target; returns it and its secret, which nobody can be told again.

    Args:
        settings: The service's.
        person: For whom.
        unit: At which unit and below.
        url: Where.
        events: What it is told.
        who: Who makes it, for the record.

    Raises:
        Unfit: The address cannot be called, nothing is to be told, or the unit is not theirs.
    """
    if not await chain.unit_led(person, unit, settings.clock.now()):
        raise Unfit(texts.NOT_YOURS)
    if not events:
        raise Unfit(texts.NO_EVENTS)
    try:
        reach.read(url)
    except ValueError:
        raise Unfit(texts.NO_ADDRESS, example="https://…") from None
    secret = signing.new_secret()
    async with in_transaction():
        target = await WebhookTarget.create(
            url=url,
            secret=settings.vault.seal(secret),
            events=sorted(events),
            unit=unit,
            person=person,
            made_at=settings.clock.wall(),
            read_to=await changes.newest(),
        )
        await audit.record(settings, "webhook made", subject(target), who, f"{unit.code} {url}")
    return target, secret


async def of(person: Person) -> list[WebhookTarget]:
    """Somebody's targets, the latest first."""
    found = WebhookTarget.filter(person_id=person.id, ended_at=None).order_by("-id")
    return await found.select_related("unit")


async def enable(settings: Settings, target: WebhookTarget, who: str) -> None:
    """Tell a target again that was given up: of what happens from now on."""
    async with in_transaction():
        await WebhookTarget.filter(id=target.id).update(
            disabled_at=None, failing_since=None, failures=0, read_to=await changes.newest()
        )
        await audit.record(settings, "webhook on", subject(target), who, "")


async def end(settings: Settings, target: WebhookTarget, who: str) -> None:
    """Remove a target: what still waits is not sent."""
    async with in_transaction():
        await WebhookTarget.filter(id=target.id, ended_at=None).update(ended_at=settings.clock.wall())
        await _take_back(target)
        await audit.record(settings, "webhook ended", subject(target), who, "")


async def give_up(settings: Settings, target: WebhookTarget, why: str) -> None:
    """Tell a target nothing any more, until somebody turns it on again."""
    async with in_transaction():
        given_up = WebhookTarget.filter(id=target.id, disabled_at=None)
        if await given_up.update(disabled_at=settings.clock.wall()):
            await _take_back(target)
            await audit.record(settings, "webhook off", subject(target), NAME, why)


def lane(target_id: int) -> str:
    """The lane of all deliveries to a target: one after the other."""
    return f"{NAME}:{target_id}"


def subject(target: WebhookTarget) -> str:
    """What a target is called in the record."""
    return f"webhook {target.id}"


async def _take_back(target: WebhookTarget) -> None:
    waiting = Outbox.filter(lane=lane(target.id), state=OutboxState.WAITING)
    await waiting.update(state=OutboxState.CANCELLED)
