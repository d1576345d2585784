"""The `linzhang` command, as an operator of a town types it."""

import asyncio
import os
import sys

from tests.stack.town import Town


async def linzhang(town: Town, *arguments: str) -> tuple[int, str]:
    """Run a command as the operator does; returns its exit code and what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "cli.main", *arguments),
        env=os.environ | {"LINZHANG_CONFIG": str(town.stack.folder / "linzhang.toml")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert b"Traceback" not in err, err.decode()
    return process.returncode or 0, out.decode()
