"""Which words of residents may be quoted, without their names, on the page of the leader whom they thank.

Thanks, said in an issue that is no secret, by somebody who has not been forgotten, and in words that do not
tell whose they are: no names, no numbers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from issues import keywords, segments
from issues.vocabulary import Word
from models import Message, Voice

#: Words that are quoted, the latest first; characters of one, and the fewest that say more than 'thanks'.
MOST, LONGEST, SHORTEST = 12, 80, 5

_THANKS = re.compile(r"谢|感激|辛苦|\bthank", re.IGNORECASE)
_NOT = re.compile(r"不用谢|不谢|谢绝|不感谢|no thank", re.IGNORECASE)

#: A house, a room or a telephone tell whose words they are.
_TELLS = re.compile(r"[\d０-９]|[一二三四五六七八九十]+(?:号|楼|栋|单元|室|户)")


@dataclass(frozen=True, slots=True)
class Kindness:
    """Thanks of residents.

    Attributes:
        count: How many messages of thanks there are.
        quotes: Of those that may be quoted, the latest.
    """

    count: int
    quotes: Sequence[str]


async def thanks(issue_ids: Sequence[int], since: datetime) -> Kindness:
    """The thanks that were said in some issues.

    Args:
        issue_ids: Which.
        since: From when on, in programme time.
    """
    said = Message.filter(
        issue_id__in=list(issue_ids),
        voice=Voice.RESIDENT,
        retracted_at=None,
        said_at__gte=since,
        issue__private=False,
        issue__silent=False,
        issue__erased_at=None,
    )
    rows = await said.order_by("-id").values("text", "author__name")
    grateful = [(row["text"].strip(), row["author__name"]) for row in rows if is_thanks(row["text"])]
    quotes = [segments.cut(text, LONGEST) for text, name in grateful if may_be_quoted(text, name)]
    return Kindness(len(grateful), list(dict.fromkeys(quotes))[:MOST])


def is_thanks(text: str) -> bool:
    """Whether words thank somebody."""
    if keywords.read(text).word is Word.THANKS:
        return True
    return bool(_THANKS.search(text)) and not _NOT.search(text) and "?" not in text and "？" not in text


def may_be_quoted(text: str, name: str) -> bool:
    """Whether thanks say something, and not whose they are."""
    if len(text) < SHORTEST or keywords.read(text).word is Word.THANKS:
        return False
    return not _TELLS.search(text) and not (name and name in text)
