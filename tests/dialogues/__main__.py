"""Shows how dialogues are lived: `python -m tests.dialogues zh/lamp`, to help those who write them.

Prints every text and everything that rooms show. With `--write` it puts what phones got into the
file, and in the rooms' lines that stand there the words that were seen: read the difference before
you keep it. A file in which nothing is seen yet gets everything; cut it down to what matters.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.dialogues.living import Show, live
from tests.dialogues.script import FOLDER, load
from tests.dialogues.stage import make_stage, morning_stack
from tests.stack.town import town_on


def main() -> None:
    """Read the command line and live the dialogues that it names."""
    parser = argparse.ArgumentParser(prog="python -m tests.dialogues", description=__doc__)
    parser.add_argument("names", nargs="+", help="'zh/lamp', or the path of a file")
    parser.add_argument("--write", action="store_true", help="put what was lived into the files")
    given = parser.parse_args()
    asyncio.run(_relive([_path(name) for name in given.names], write=given.write))


async def _relive(paths: list[Path], *, write: bool) -> None:
    dialogues = [load(path) for path in paths]
    with tempfile.TemporaryDirectory() as folder:
        async with town_on(morning_stack(Path(folder) / "stack")) as town:
            stage = await make_stage(town)
            for dialogue in dialogues:
                try:
                    lived = await live(stage, dialogue, curious=True)
                except AssertionError as error:
                    print(f"{dialogue.path}: {error}", file=sys.stderr)
                    continue
                if not write:
                    print(lived.text(Show.WHOLE))
                elif lived.difference:
                    print(lived.difference)
                    is_new = not any(move.expected for move in dialogue.moves)
                    text = lived.text(Show.WHOLE if is_new else Show.REPAIRED)
                    dialogue.path.write_text(text, encoding="utf-8")
            await stage.rooms.close()


def _path(name: str) -> Path:
    path = Path(name)
    return path if path.exists() else FOLDER / f"{name}.txt"


if __name__ == "__main__":
    main()
