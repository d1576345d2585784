"""What a board shows of each issue, read at once for all that stand on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from issues import chain, names, overlook, segments, texts
from issues.quoting import quoted
from linzhang.profile import Profile
from linzhang.words import say
from models import Issue, Message, Projected, State, Unit
from web.access.scope import Scope

#: Characters of an issue's words that are shown.
_WORDS = 90


@dataclass(frozen=True, slots=True)
class Row:
    """One issue on the board.

    Attributes:
        issue: With reporter, block, holder and address fetched.
        words: Its first words; empty: whoever looks may not read them.
        who: The reporter; empty as well.
        place: Where it is.
        due: When the holder must have done something; None: nobody must.
        is_overdue: Whether a window has passed, and nothing was done since.
        tier: The holder's, in the reader's language.
        bridge: Name of the bridge through which it was reported.
    """

    issue: Issue
    words: str
    who: str
    place: str
    due: datetime | None
    is_overdue: bool
    tier: str
    bridge: str

    @property
    def number(self) -> int:
        """The number that people use."""
        return self.issue.number

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.issue.state

    @property
    def is_hidden(self) -> bool:
        """Whether whoever looks may not read what was said."""
        return not self.words


async def of(scope: Scope, issues: Sequence[Issue], language: str) -> list[Row]:
    """The rows of some issues, in their order.

    Args:
        scope: Of whoever looks.
        issues: With reporter, block, holder and address fetched.
        language: The reader's.
    """
    profile = scope.settings.territory
    readable = [issue for issue in issues if await scope.reads(issue)]
    first = await _first_words(issue.id for issue in readable)
    places = await _places([issue.block for issue in issues if issue.block], profile, language)
    late = await _late(issue.id for issue in issues)
    rows = []
    for issue in issues:
        due = overlook.due(issue)
        words = segments.cut(quoted(first.get(issue.id), language), _WORDS)
        rows.append(
            Row(
                issue=issue,
                words=(words or "…") if issue in readable else "",
                who=names.resident(issue.reporter, language) if issue in readable else "",
                place=places[issue.block_id] if issue.block_id else say(texts.UNKNOWN_PLACE, language),
                due=due,
                is_overdue=issue.id in late or (due is not None and due <= scope.at),
                tier=_tier(issue.holder, profile, language),
                bridge=issue.bridge or issue.address.bridge,
            )
        )
    return rows


def _tier(holder: Unit | None, profile: Profile, language: str) -> str:
    return profile.tier(holder.tier).name[language] if holder else ""


async def _first_words(ids: Iterable[int]) -> dict[int, Message]:
    """The first message of each issue: those of a page are few, so all of theirs are read."""
    found: dict[int, Message] = {}
    for message in await Message.filter(issue_id__in=list(ids)).order_by("id"):
        found.setdefault(message.issue_id, message)
    return found


async def _late(ids: Iterable[int]) -> set[int]:
    """Which of some issues have missed a window, and nothing was done since."""
    late = Projected.filter(issue_id__in=list(ids), overdue=1)
    return {row.issue_id for row in await late}


async def _places(blocks: Sequence[Unit], profile: Profile, language: str) -> dict[int, str]:
    """Where blocks are, by their ids: as `names.place` has it, for all of them at once."""
    codes = {code for block in blocks for code in chain.codes(block.path)}
    above = {unit.code: unit for unit in await Unit.filter(code__in=list(codes))}
    found = {}
    for block in blocks:
        way = [above[code] for code in chain.codes(block.path) if code in above]
        known = next((unit for unit in reversed(way) if profile.tier(unit.tier).space), block)
        found[block.id] = (
            block.name
            if known.id == block.id
            else say(texts.PLACE_IN, language, block=block.name, village=known.name)
        )
    return found
