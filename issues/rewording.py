"""What somebody has changed about words of theirs that they had said in private.

What has become of the first words is told; so new words about an issue are added to it, and new words that
had led to nothing are taken as if they had just been said.
"""

from collections.abc import Sequence

from bridges.contract import Kind
from issues import belonging, lifecycle
from issues.conversation import Conversation
from issues.effects import Effects
from models import Message, Voice


async def take(talk: Conversation) -> Sequence[Effects] | None:
    """Take an edit; None: it is none, or is to be taken as new words."""
    if talk.inbound.kind is not Kind.EDIT:
        return None
    before = await Message.get_or_none(bridge=talk.inbound.bridge, external_id=talk.inbound.target)
    if before is None:
        return None
    if before.author_id != talk.person.id or before.voice is not Voice.RESIDENT or before.text == talk.text:
        return ()
    issue = await talk.lock(before.issue_id)
    if not await belonging.needs(issue):
        return ()
    talk.words.media = []  # it came with the first words
    return [await lifecycle.add(talk.settings, issue, talk.words, talk.at, receipt=False)]
