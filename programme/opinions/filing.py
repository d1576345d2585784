"""Filing a note of public opinion: it is kept, and stands in the room above, where it rings for nobody."""

from datetime import datetime

from issues import chain, names, wording
from issues.effects import Effects
from issues.errors import IssueError, NotAllowed
from linzhang.settings import Settings
from linzhang.words import say
from models import Opinion, Person, Unit
from programme import texts

#: Characters of one note.
LONGEST = 500


class Unfit(IssueError):
    """It is nothing that can be filed."""


async def file(
    settings: Settings, author: Person, unit: Unit, words: str, at: datetime, *, event_id: str
) -> Effects:
    """Keep a note, once.

    Args:
        settings: The service's.
        author: Which leader files it.
        unit: Whose people think so.
        words: What they think.
        at: Programme time.
        event_id: See `Opinion`.

    Returns:
        What is told of it to the unit above; nothing where it has been filed before, or none is above.

    Raises:
        NotAllowed: The author answers neither for the unit nor for one above it.
        Unfit: There are no words, or too many.
    """
    if await chain.unit_led(author, unit, at) is None:
        raise NotAllowed(texts.NOT_YOUR_UNIT, unit=unit.name)
    words = wording.clean(words).strip()
    if wording.is_blank(words):
        raise Unfit(texts.OPINION_WORDS)
    if len(words) > LONGEST:
        raise Unfit(texts.OPINION_LONG, most=LONGEST)
    made = {"author_id": author.id, "unit_id": unit.id, "path": unit.path, "words": words, "made_at": at}
    opinion, is_new = await Opinion.get_or_create(defaults=made, event_id=event_id)
    effects = Effects(f"op{opinion.id}", settings.clock.wall())
    if is_new and unit.parent_id is not None:
        language = settings.territory.default_language
        who = await names.speaker(author, unit, settings.territory, language, at)
        line = say(texts.OPINION_ABOVE, language, unit=unit.name, who=who, words=words)
        effects.announce(unit.parent_id, line, mention=[])
    return effects
