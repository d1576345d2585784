"""Drawing the whole territory at once, tier by tier, so that nobody waits for a cell later."""

from linzhang.settings import Settings
from models import Border, Origin
from territory.borders import nodes
from territory.borders.drawing import draw_below, draw_down_to
from territory.progress import Progress, silent

#: Units whose children are drawn in one go.
_AT_ONCE = 200


async def draw_all(
    settings: Settings, *, afresh: bool = False, progress: Progress = silent
) -> tuple[int, int]:
    """Draw whatever is missing. The database must be open.

    Args:
        settings: The service's.
        afresh: Whether all that was drawn is drawn anew, by the households as they are now.
        progress: Told of the stage 'borders'.

    Returns:
        How many units have a border then, and how many of these are drawn.
    """
    if afresh:
        await Border.filter(origin=Origin.DRAWN).delete()
    top = await nodes.root(nodes.connection())
    start = await draw_down_to(settings.territory, top) if top else None
    tier = [start] if start else []
    total, done = await nodes.count(nodes.connection(), settings.territory), len(tier)
    while tier:
        found = []
        for first in range(0, len(tier), _AT_ONCE):
            for below in (await draw_below(settings.territory, tier[first : first + _AT_ONCE])).values():
                found += below
                done += len(below)
            progress("borders", done, total)
        tier = found
    return done, await Border.filter(origin=Origin.DRAWN, unit__closed_at=None).count()
