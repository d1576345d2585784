"""Campaigns from door to door in rooms: letting a draft go, by a sign below it or by a word.

Who may do what is for `programme.doors` to say.
"""

from collections.abc import Sequence

from issues.effects import Effects
from models import CampaignState
from programme.doors import opening, texts
from rooms.heard import Heard, ours

#: What the row of a draft says of it, besides its number.
DRAFT = "draft"

#: The command whose sign lets a draft go.
_SURE = "done"


async def drafted(event: Heard) -> int | None:
    """The number of the draft at which an event points; None: it points at none."""
    said = await ours(event.inbound)
    return int(said["campaign"]) if "campaign" in said and said.get("step") == DRAFT else None


async def reacted(event: Heard, number: int, command: str) -> Sequence[Effects]:
    """Take a sign on a draft; pressed twice it says nothing the second time.

    Args:
        event: The reaction.
        number: The draft's.
        command: The name of the command whose sign it is.

    Raises:
        IssueError: It cannot be done; says why.
    """
    if event.person is None or command != _SURE:
        return ()
    return await begin(event, number, twice=True)


async def begin(event: Heard, number: int, *, twice: bool = False) -> Sequence[Effects]:
    """Let a draft go.

    Args:
        event: What asks for it.
        number: The draft's.
        twice: Whether nothing is said where it has gone already.
    """
    assert event.person is not None
    campaign = await opening.lock(number)
    if twice and campaign.state is not CampaignState.DRAFT:
        return ()
    await opening.begin(event.settings, campaign, event.person, event.at)
    return [event.retort(texts.BEGUN, number=number)]


async def stop(event: Heard, number: int) -> Sequence[Effects]:
    """Give a draft up, or end a campaign before its time."""
    assert event.person is not None
    campaign = await opening.lock(number)
    unsent = campaign.state is CampaignState.DRAFT
    await opening.stop(event.settings, campaign, event.person, event.at)
    return [event.retort(texts.DROPPED if unsent else texts.STOPPED, number=number)]
