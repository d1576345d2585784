"""`linzhang doctor`: checks a production configuration from end to end, and says what to fix.

Nobody is sent anything, and nothing is changed but that a homeserver gets a ghost who is nobody's, by which
it shows that our names are ours.
"""

import asyncio
from collections.abc import Mapping, Sequence

import typer

from cli import running
from cli.doctor import configuration, outside, storage
from cli.doctor.findings import Check, Finding, Verdict, look
from linzhang.database import database
from linzhang.settings import Settings

#: The exit code where something fails.
SICK = 1

#: In the order in which they are told: what the later ones need stands first.
CHECKS: Mapping[str, Check] = {
    "settings": configuration.check,
    "database": storage.database,
    "keys": storage.keys,
    "redis": storage.redis,
    "disk": storage.disk,
    "public_url": outside.way_back,
    "homeservers": outside.homeservers,
    "bridges": outside.platforms,
    "oidc": outside.login,
    "workers": storage.working,
}


def doctor() -> None:
    """Check a production configuration from end to end, and say what to fix.

    The exit code is 1 where something fails, 2 where the configuration cannot be read at all.
    """
    settings = running.settings()
    findings = asyncio.run(examine(settings))
    for each in findings:
        typer.echo(f"{each.verdict:<4}  {each.subject}: {each.said}")
        if each.todo:
            typer.echo(f"      {each.todo}")
    count = {verdict: sum(each.verdict is verdict for each in findings) for verdict in Verdict}
    typer.echo(
        f"{count[Verdict.OK]} well, {count[Verdict.WARN]} to look after, {count[Verdict.FAIL]} to fix."
    )
    if count[Verdict.FAIL]:
        raise typer.Exit(SICK)


async def examine(settings: Settings) -> Sequence[Finding]:
    """Make all checks, side by side; what they find in the order of `CHECKS`."""
    async with database(settings.database_url):
        found = await asyncio.gather(*(look(settings, name, check) for name, check in CHECKS.items()))
    return [each for findings in found for each in findings]
