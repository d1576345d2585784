"""Issues that are one matter: which one a merged issue has become part of, and who hears of it.

Reads; changes nothing.
"""

from issues.reading import at_hand
from models import Issue, State

#: What those who ask will want to know of an issue.
_FETCHED = ("reporter", "block", "holder", "address")


async def whole(issue: Issue) -> Issue:
    """The issue that an issue is part of; itself, if it is part of none."""
    while issue.state is State.MERGED and issue.merged_into_id is not None:
        issue = await Issue.get(id=issue.merged_into_id).select_related(*_FETCHED)
    return issue


async def parts(issue: Issue) -> list[Issue]:
    """The issues that have become part of an issue, and of these."""
    merged_here = at_hand(issue.merged)
    if merged_here is not None and not merged_here:
        return []
    found: list[Issue] = []
    level = [issue.id]
    while level:
        merged = Issue.filter(merged_into_id__in=level, state=State.MERGED).order_by("id")
        here = await merged.select_related(*_FETCHED)
        found += here
        level = [each.id for each in here]
    return found


async def heard_by(issue: Issue) -> list[Issue]:
    """An issue and its parts, one for each person: through each, its own reporter hears of the issue."""
    everybody = {each.reporter_id: each for each in [*reversed(await parts(issue)), issue]}
    others = [each for each in everybody.values() if each.id != issue.id]
    return [issue, *sorted(others, key=lambda each: each.id)]
