"""How something that was said is quoted in one line: by its words, or else by what it is. Pure."""

from attachments.kinds import Family
from issues import texts
from linzhang.words import say
from models import Message


def quoted(said: Message | None, language: str) -> str:
    """The words of a message, or 'voice message', 'picture' where there are none; empty: nothing was said."""
    if said is None or said.text or not said.media:
        return said.text if said else ""
    return say(texts.FILE_NAMES[Family.stated(str(said.media[0]["content_type"]))], language)
