"""Units and people by parts of their names, on both databases."""

import pytest
from tortoise.expressions import Q

from linzhang.settings import Settings
from models import Person, Unit
from territory import finding
from territory.load import load_files
from tests.territory.small import ROOT


@pytest.fixture
async def loaded(settings: Settings) -> None:
    """The example's units and people."""
    await load_files(settings, [ROOT / "data" / "examples" / "bozhou"])
    block = await Unit.filter(tier="block").first()
    for name in ("欧阳小龙", "小龙欧阳", "O'Hara \\ %"):
        await Person.create(name=name, block=block)


@pytest.mark.usefixtures("loaded")
async def test_a_part_of_a_name_finds_and_nothing_that_is_typed_is_read_as_sql() -> None:
    async def people(words: str) -> list[str]:
        return sorted(person.name for person in await finding.people(words, Q(), 10))

    assert await people("小龙") == ["小龙欧阳", "欧阳小龙"]
    assert await people("欧阳小龙") == ["欧阳小龙"]
    assert await people("O'H %") == ["O'Hara \\ %"]
    assert await people("  ") == await people("龙小小") == await people("');--") == []

    async def units(words: str) -> list[str]:
        return [unit.name for unit in await finding.units(words, Q(), 10)]

    village = await Unit.filter(tier="village").first()
    block = await Unit.filter(tier="block").first()
    assert village is not None
    assert block is not None
    assert (await units(village.name))[0] == village.name
    assert block.name in await units(f"{village.name[:2]} {block.name}")
    assert await units(f"没有的村 {block.name}") == []
