"""What keys on the line lead to besides words: a leader takes an issue on, a caller picks their language."""

from datetime import datetime

from bridges.contract import Inbound
from issues import intake, lifecycle, names, senders
from issues.effects import Effects
from issues.errors import IssueError
from issues.lifecycle import Actor
from linzhang.settings import Settings
from models import Issue


async def take_on(settings: Settings, inbound: Inbound, at: datetime) -> set[str]:
    """Let whoever was called accept the issue that the call was about.

    Args:
        settings: The service's.
        inbound: With the issue's number in `detail['accepts']`.
        at: When it was accepted by the inbox, in programme time.

    Returns:
        The outbox lanes that have got rows.
    """
    address = await senders.of(settings, inbound)
    try:
        issue = await lifecycle.lock(Issue.id_of(int(inbound.detail["accepts"])))
        actor = Actor(address.person, inbound.bridge)
        return await (await lifecycle.accept(settings, issue, actor, at)).save()
    except IssueError as error:
        effects = Effects(intake.cause_of(inbound), settings.clock.wall())
        effects.tell(address, error.sentence(names.language_of(address.person, settings.territory)))
        return await effects.save()


async def choose_language(settings: Settings, inbound: Inbound) -> None:
    """Write to a caller in the language of their call, until they write in another one.

    Args:
        settings: The service's.
        inbound: With the language's tag in `detail['language']`.
    """
    person = (await senders.of(settings, inbound)).person
    if inbound.detail["language"] in settings.territory.languages:
        person.language = inbound.detail["language"]
        await person.save(update_fields=["language"])
