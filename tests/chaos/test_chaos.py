"""A short form of `make chaos`: a few residents, and everything breaks at least once."""

import sys
from pathlib import Path

import pytest

from chaos import report
from chaos.rules import violations
from chaos.run import run
from chaos.script import PERIODS, write

pytestmark = pytest.mark.stack

#: One script for ever: a red run is a change's fault, as far as real processes let that be said.
SEED, RESIDENTS, SECONDS, WINDOWS = 3, 10, 12.0, 1.5

#: What makes everybody wait for long is left to the long form.
LEFT_OUT = {"all applications killed", "PostgreSQL restarted"}


async def test_nothing_is_lost_and_nothing_comes_twice(tmp_path: Path) -> None:
    script = write(SEED, RESIDENTS, SECONDS, postgres=False, windows=WINDOWS, without=LEFT_OUT)
    outcome = await run(script, tmp_path, postgres=False, patience=240, say=print)
    found = violations(outcome.evidence)
    told = "\n".join(report.lines(script, outcome, found))
    sys.stdout.write(told)
    assert outcome.fallen.keys() == PERIODS.keys() - LEFT_OUT
    assert not found, told
