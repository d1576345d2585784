"""The same on PostgreSQL: borders come in, cells are drawn once, and a box finds them."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from linzhang.database import database, migrate
from models import Border, Unit
from territory import borders
from territory.borders.load import load_borders
from territory.borders.whole import draw_all
from territory.load_units import load_units
from territory.plan import What
from tests.territory.borders.test_load import SQUARE, feature, polygon, write
from tests.territory.small import COUNTY, RURAL, SIZE, settings_for, units


async def test_borders_on_postgres(new_postgres: Callable[[], str], tmp_path: Path) -> None:
    url = new_postgres()
    await migrate(url)
    settings = settings_for(url)
    path = write(tmp_path, feature(polygon(SQUARE), code=COUNTY))
    async with database(url):
        await load_units(settings, units(tmp_path))
        await load_borders(settings, path)
        assert (await load_borders(settings, path)).counts == {What.UNCHANGED: 1}
        village = await Unit.get(code=RURAL)
        asked = [borders.children(settings, village) for _ in range(4)]
        found = [[each.shape for each in each] for each in await asyncio.gather(*asked)]
        assert found == [found[0]] * 4
        assert len(found[0]) == 2
        assert await draw_all(settings) == (SIZE, SIZE - 2)
        assert await Border.all().count() == SIZE
        everything = await borders.within(settings, (115.0, 33.0, 116.0, 35.0), "block")
        assert len(everything.features) == 16
