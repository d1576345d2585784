"""What a check has found: a line for the operator, and what to do where something is wrong."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from linzhang.settings import Settings


class Verdict(StrEnum):
    """How it is."""

    OK = "OK"
    WARN = "WARN"  # it works, and there is something to look after
    FAIL = "FAIL"  # something does not work, or will not


@dataclass(frozen=True, slots=True)
class Finding:
    """One line.

    Attributes:
        verdict: How it is.
        subject: What was looked at, in a word or two.
        said: What was seen; never a secret.
        todo: What to do about it.
    """

    verdict: Verdict
    subject: str
    said: str
    todo: str = ""


#: Looks at one part of a production configuration, and raises nothing that is to be expected.
Check = Callable[[Settings], Awaitable[Sequence[Finding]]]

#: Seconds that one check may take.
PATIENCE = 30.0


def ok(subject: str, said: str) -> Finding:
    """All is well."""
    return Finding(Verdict.OK, subject, said)


def warn(subject: str, said: str, todo: str) -> Finding:
    """It works, and there is something to look after."""
    return Finding(Verdict.WARN, subject, said, todo)


def fail(subject: str, said: str, todo: str) -> Finding:
    """It does not work."""
    return Finding(Verdict.FAIL, subject, said, todo)


async def look(settings: Settings, subject: str, check: Check) -> Sequence[Finding]:
    """Make a check; one that breaks or hangs is a finding as well."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await check(settings)
    except TimeoutError:
        return [fail(subject, f"no answer within {PATIENCE:.0f} seconds", "See whether it hangs.")]
    except Exception as error:  # its words may hold a secret
        return [
            fail(subject, f"it could not be looked at ({type(error).__name__})", "See whether it is there.")
        ]
