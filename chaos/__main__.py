"""Runs chaos: `python -m chaos --seed 1 --residents 1000 --minutes 15 --postgres`."""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from pathlib import Path

from chaos import report
from chaos.rules import violations
from chaos.run import run
from chaos.script import write

#: Seconds for which nothing may get on at the end: five times the longest pause of the service.
_PATIENCE = 300.0


def main() -> None:
    """Live a script and say what came of it.

    Raises:
        SystemExit: Something was lost, or came twice, or could not be finished.
    """
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=int(time.time()), help="of all chance (default: the time)"
    )
    parser.add_argument("--residents", type=int, default=1000, help="how many (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=15, help="how long (default: %(default)s)")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    parser.add_argument("--folder", type=Path, help="where everything is kept, to be looked into afterwards")
    arguments = parser.parse_args()
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="linzhang-chaos-"))
    folder.mkdir(parents=True, exist_ok=True)
    script = write(arguments.seed, arguments.residents, arguments.minutes * 60, postgres=arguments.postgres)
    began = time.monotonic()

    def say(words: str) -> None:
        sys.stdout.write(f"{time.monotonic() - began:7.1f} s  {words}\n")
        sys.stdout.flush()

    say(f"seed {script.seed}")
    outcome = asyncio.run(run(script, folder, postgres=arguments.postgres, patience=_PATIENCE, say=say))
    found = violations(outcome.evidence)
    sys.stdout.write("\n".join(report.lines(script, outcome, found)) + "\n")
    if found:
        sys.exit(f"What everybody has kept lies in {folder}.")
    if arguments.folder is None:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
