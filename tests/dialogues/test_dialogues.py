"""Every dialogue in zh/ and en/ is lived as its file says, through webhook, worker and homeserver."""

from pathlib import Path

import pytest

from tests.dialogues.living import live
from tests.dialogues.script import FOLDER, load
from tests.dialogues.stage import Stage

pytestmark = [pytest.mark.stack, pytest.mark.asyncio(loop_scope="module")]

FILES = sorted(FOLDER.glob("*/*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
async def test_dialogue(stage: Stage, path: Path) -> None:
    lived = await live(stage, load(path))
    assert not lived.difference, f"\n{lived.difference}"
