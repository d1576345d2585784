"""Rounds in rooms: what somebody presses below one's ballots, and how whoever sends them is answered.

Who may do what is for `programme.honours` to say.
"""

from collections.abc import Sequence

from issues import texts as issue_texts
from issues.effects import ROOMS, Effects
from linzhang.words import say
from models import Outbox
from programme.honours import opening, sending, texts
from programme.honours.sending import ROUND
from rooms.heard import Heard

#: The command whose sign says that ballots are right.
_YES = "done"

#: Names that one answer tells.
_NAMED = 5


async def meant(event: Heard) -> int | None:
    """The round whose ballots are asked for where an event points; None: it is about something else."""
    target = event.inbound.target
    ours = await Outbox.filter(bridge=ROOMS, external_id=target).first() if target else None
    return ours.payload.get(ROUND) if ours is not None else None


async def reacted(event: Heard, number: int, command: str) -> Sequence[Effects]:
    """Take a sign below what asks for a round's ballots.

    Args:
        event: The reaction.
        number: See `meant`.
        command: The name of the command whose sign it is.

    Raises:
        IssueError: They cannot be sent; says why.
    """
    return await let_go(event, number) if command == _YES and event.person is not None else ()


async def let_go(event: Heard, number: int) -> Sequence[Effects]:
    """Send the ballots of a round, or let somebody else look at them first; and say what comes of that.

    Raises:
        IssueError: It cannot be done; says why.
    """
    assert event.person is not None
    effects = event.effects()
    one = await opening.lock(number)
    sent = await sending.send(event.settings, one, event.person, effects, event.at)
    language = event.language
    if sent.others is None:
        stop = say(texts.FORM_STOP, language, number=number)
        words = say(texts.GO_OUT, language, number=number, people=sent.people, stop=stop)
    else:
        names = say(issue_texts.COMMA, language).join(each.name for each in sent.others[:_NAMED])
        text = texts.WAIT if names else texts.WAIT_FOR_NOBODY
        words = say(text, language, number=number, people=sent.people, names=names)
    return [event.retort_words(words, effects=effects)]
