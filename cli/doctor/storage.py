"""Checks of what the service keeps things in: the database, the keys that fit it, Redis, the disk."""

import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import InvalidToken
from redis.asyncio import Redis
from redis.exceptions import RedisError
from tortoise import Tortoise
from tortoise.exceptions import BaseORMException

from cli.doctor.findings import Finding, fail, ok, warn
from linzhang.database import tortoise_config, unapplied
from linzhang.settings import Settings
from models import Address, Inbox, InboxState
from web.health import workers

#: The oldest PostgreSQL that its makers still mend when this was written.
_OLDEST_POSTGRES = 14

#: Seconds by which two clocks may differ: leases, signatures and certificates allow for that much.
_SKEW, _MUCH_SKEW = 2.0, 30.0

#: Bytes that must be free: a film that is made fit takes some hundred megabytes for a minute.
_LITTLE_SPACE, _NO_SPACE = 2 * 2**30, 512 * 2**20


async def database(settings: Settings) -> Sequence[Finding]:
    """Look at the database: whether it answers, what it is, and whether it fits this version."""
    connection = Tortoise.get_connection(next(iter(tortoise_config(settings.database_url)["connections"])))
    sqlite = connection.capabilities.dialect == "sqlite"
    try:
        ask = "SELECT sqlite_version() AS version" if sqlite else "SHOW server_version"
        ((version,),) = [row.values() for row in await connection.execute_query_dict(ask)]
        missing = await unapplied(settings.database_url)
    except (BaseORMException, OSError) as error:
        said = f"it does not answer ({type(error).__name__})"
        return [fail("database", said, "Start it, or correct database_url; its log says why.")]
    found = [ok("database", f"{'SQLite' if sqlite else 'PostgreSQL'} {version}")]
    if sqlite:
        todo = "Use PostgreSQL where web and workers run on several machines."
        found.append(warn("database", "SQLite serves one machine", todo))
    elif int(str(version).split(".")[0]) < _OLDEST_POSTGRES:
        found.append(
            fail("database", f"{version} is too old", f"Use PostgreSQL {_OLDEST_POSTGRES} or later.")
        )
    if missing:
        return [*found, fail("schema", f"it lacks {', '.join(missing)}", "Run `linzhang migrate`.")]
    found.append(ok("schema", "of this version"))
    if not sqlite:
        (row,) = await connection.execute_query_dict("SELECT clock_timestamp() AS now")
        found += skew("database", row["now"], datetime.now(UTC))
    return found


async def keys(settings: Settings) -> Sequence[Finding]:
    """See whether the keys open what is in the database, and find it."""
    kept = await Address.all().order_by("-id").limit(1) + await Address.all().order_by("id").limit(1)
    for each in kept:
        try:
            address = settings.vault.open(each.sealed)
        except InvalidToken:
            todo = "Put the key back with which they were sealed: it may stand behind the new one."
            return [fail("seal_keys", "they do not open the addresses in the database", todo)]
        if settings.vault.lookup(each.bridge, address) != each.lookup:
            todo = "Put the old one back: nobody is recognised with this one."
            return [fail("lookup_key", "it is not the one of this database", todo)]
    return [
        ok("keys", "they open and find the addresses" if kept else "there is no address yet to try them on")
    ]


async def redis(settings: Settings) -> Sequence[Finding]:
    """Look at Redis, without which everything goes on, a second later each."""
    try:
        async with Redis.from_url(settings.redis_url, socket_connect_timeout=5, socket_timeout=5) as client:
            told = await client.info("server")
            seconds, micros = await client.time()
    except (RedisError, OSError) as error:
        said = f"it does not answer ({type(error).__name__}); everything goes on, a second later each"
        return [warn("redis", said, "Start it, or correct redis_url.")]
    there = datetime.fromtimestamp(seconds + micros / 1e6, UTC)
    return [ok("redis", str(told["redis_version"])), *skew("redis", there, datetime.now(UTC))]


async def working(settings: Settings) -> Sequence[Finding]:
    """Look for workers, and for what they could not do."""
    answer = await workers(settings)
    todo = "Start `python -m escalator`, and let a supervisor start it again; its log says why it ended."
    found = [
        ok("workers", answer.detail) if answer.well is not False else fail("workers", answer.detail, todo)
    ]
    failed = await Inbox.filter(state=InboxState.FAILED).count()
    if failed:
        todo = "See `linzhang failed list`, and the worker's log."
        found.append(warn("inbox", f"{failed} events could not be worked on, by an error of ours", todo))
    return found


async def disk(settings: Settings) -> Sequence[Finding]:
    """See whether there is room to make pictures and films fit, and for a database that is a file."""
    places = {tempfile.gettempdir()}
    if settings.database_url.startswith("sqlite://"):
        places.add(str(Path(settings.database_url.removeprefix("sqlite://")).parent))
    found = []
    for place in sorted(places):
        free = shutil.disk_usage(place).free
        said = f"{free / 2**30:.1f} GB free in {place}"
        if free < _NO_SPACE:
            found.append(fail("disk", said, "Make room: films are made fit there."))
        elif free < _LITTLE_SPACE:
            found.append(warn("disk", said, "Make room: films are made fit there."))
        else:
            found.append(ok("disk", said))
    return found


def skew(subject: str, there: datetime, here: datetime) -> Sequence[Finding]:
    """What two clocks say that were read at once."""
    apart = abs((there - here).total_seconds())
    if apart <= _SKEW:
        return []
    todo = "Let both machines set their clocks by NTP."
    return [
        (fail if apart > _MUCH_SKEW else warn)(subject, f"its clock is {apart:.0f} seconds from ours", todo)
    ]
