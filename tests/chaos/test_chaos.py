"""A short form of `make chaos`: a few residents, and everything breaks at least once."""

import sys
import tempfile
from pathlib import Path

import pytest

from chaos import report
from chaos.rules import violations
from chaos.run import run
from chaos.script import PERIODS, write

pytestmark = pytest.mark.stack

#: One script for ever: a red run is a change's fault, as far as real processes let that be said. Of all seeds
#: it is the one whose blows are over soonest.
SEED, RESIDENTS, SECONDS, WINDOWS = 418, 10, 10.0, 1.5


@pytest.mark.parametrize("database", ["postgres", "sqlite"])
async def test_nothing_is_lost_and_nothing_comes_twice(database: str) -> None:
    postgres = database == "postgres"
    script = write(SEED, RESIDENTS, SECONDS, postgres=postgres, windows=WINDOWS)
    # Not below pytest's folder: PostgreSQL runs as a user of its own, whom another pytest shuts out of there.
    with tempfile.TemporaryDirectory() as folder:
        outcome = await run(script, Path(folder), postgres=postgres, patience=240, say=print)
    found = violations(outcome.evidence)
    told = "\n".join(report.lines(script, outcome, found))
    sys.stdout.write(told)
    assert not found, told
    everything = PERIODS.keys() if postgres else PERIODS.keys() - {"PostgreSQL restarted"}
    assert (+outcome.fallen).keys() == everything, "everything has struck"
