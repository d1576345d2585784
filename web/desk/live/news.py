"""What is told of a change, to whom: issues of one's units, and levels of units that one sees.

Only that something has changed, never what was said: the page then asks for it, and is given what its reader
may read.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from issues import chain
from models import Change, ChangeKind, Issue, Level, Unit
from web.access.scope import Scope


@dataclass(frozen=True, slots=True)
class News:
    """One change, with what is needed to tell whom it concerns.

    Attributes:
        id: Of its line in the feed.
        kind: What has changed.
        path: Of the unit that it happened at.
        holder_id: The unit that has the issue, if it is one.
        data: What is told.
    """

    id: int
    kind: ChangeKind
    path: str
    holder_id: int | None
    data: dict[str, Any]

    def concerns(self, scope: Scope) -> bool:
        """Whether somebody sees what has changed."""
        return any(self.path.startswith(unit.path) or self.holder_id == unit.id for unit in scope.units)

    def event(self) -> str:
        """The same as an event of the stream (HTML standard, 9.2)."""
        data = json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))
        return f"id: {self.id}\nevent: {self.kind}\ndata: {data}\n\n"


async def of(changes: Sequence[Change]) -> list[News]:
    """The news of some lines of the feed, in their order: an issue as it is now."""
    issue_ids = [each.issue_id for each in changes if each.issue_id is not None]
    issues = {each.id: each for each in await Issue.filter(id__in=issue_ids)} if issue_ids else {}
    unit_ids = [each.unit_id for each in changes if each.unit_id is not None]
    codes = {each.id: each.code for each in await Unit.filter(id__in=unit_ids)} if unit_ids else {}
    news = []
    for change in changes:
        issue = issues.get(change.issue_id or 0)
        if change.kind is ChangeKind.ISSUE and issue is not None:
            told = {"number": issue.number, "units": chain.codes(change.path), "state": issue.state}
            news.append(News(change.id, change.kind, change.path, issue.holder_id, told))
        elif change.kind is ChangeKind.LEVEL and change.unit_id in codes and change.level is not None:
            told = {"unit": codes[change.unit_id], "level": Level(change.level).name.lower()}
            news.append(News(change.id, change.kind, change.path, None, told))
    return news
