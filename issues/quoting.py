"""How something that was said is quoted in one line: by its words, or else by what it is. Pure."""

from issues import texts
from linzhang.words import say
from models import Message

#: What came without words is called by what it is.
_FAMILIES = {"image": "picture", "audio": "sound", "video": "film"}


def quoted(said: Message | None, language: str) -> str:
    """The words of a message, or 'voice message', 'picture' where there are none; empty: nothing was said."""
    if said is None or said.text or not said.media:
        return said.text if said else ""
    kind = str(said.media[0]["content_type"]).partition("/")[0]
    return say(texts.FILE_NAMES[_FAMILIES.get(kind, "paper")], language)
