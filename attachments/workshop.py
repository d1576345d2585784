"""Has files made fit in a process of its own: a decoder that hangs or breaks takes nobody along.

The only way by which the service opens what strangers send. A file that kills the workshop is a file that
is not taken, however often it is tried.
"""

import asyncio
import os
import sys
from pathlib import Path

from attachments.made import Made, NotTaken, Use, unpack

#: Files that are worked on at once: a worker has other things to do.
_AT_ONCE = 2

#: Seconds after which the process is killed, however little it computes.
_PATIENCE = 50.0

#: The folder from which the package can be found.
_HOME = Path(__file__).resolve().parent.parent


class Workshop:
    """Makes files fit, a few at a time."""

    def __init__(self, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._benches = asyncio.Semaphore(_AT_ONCE)

    async def make(self, content: bytes, use: Use) -> Made:
        """A file, made fit.

        Raises:
            NotTaken: It cannot be shown.
        """
        async with self._benches:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "attachments", use),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=_HOME,
                env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
            )
            try:
                async with asyncio.timeout(self._patience):
                    out, _ = await process.communicate(content)
            except TimeoutError:
                raise NotTaken("it takes too long to open") from None
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        if process.returncode != 0:
            raise NotTaken("it cannot be opened")
        return unpack(out)
