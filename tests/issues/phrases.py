"""What people text, as tables in text files: each line a meaning, a colon, and texts between strokes."""

from pathlib import Path


def phrases(table: str) -> list[tuple[str, str]]:
    """The texts of a table, each with its meaning before it."""
    lines = (Path(__file__).parent / "tables" / f"{table}.txt").read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines:
        if line and not line.startswith("#"):
            meaning, texts = line.split(": ", 1)
            found += [(meaning, text.strip()) for text in texts.split("|")]
    return found
