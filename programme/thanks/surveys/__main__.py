"""Draws once more: `python -m programme.thanks.surveys FILE` says whether a draw was as announced."""

import json
import sys
from pathlib import Path

from programme.thanks.surveys.drawing import faults


def main(arguments: list[str]) -> int:
    """Look a proof over; returns 0 if all is as it was announced, 1 if not, 2 where no file is named."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    found = faults(json.loads(Path(arguments[0]).read_text(encoding="utf-8")))
    print("\n".join(found) or "The draw is as it was announced.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
