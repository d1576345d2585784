"""The `linzhang` command on settings of a test, as an operator types it."""

import asyncio
import json
from typing import Any

from typer.testing import CliRunner

from cli.main import app
from linzhang.settings import Settings


def environment(settings: Settings) -> dict[str, str]:
    """The settings as environment variables."""
    values: dict[str, Any] = {
        "database_url": settings.database_url,
        "redis_url": settings.redis_url,
        "public_url": settings.public_url,
        "profile": str(settings.profile),
        "seal_keys": json.dumps([key.get_secret_value() for key in settings.seal_keys]),
        "lookup_key": settings.lookup_key.get_secret_value(),
        "homeservers": json.dumps(
            [
                {
                    "server_name": each.server_name,
                    "url": each.url,
                    "as_token": each.as_token.get_secret_value(),
                    "hs_token": each.hs_token.get_secret_value(),
                }
                for each in settings.homeservers
            ]
        ),
        "clock_file": str(settings.clock_file),
    }
    if settings.twilio is not None:
        values["twilio"] = json.dumps(
            {
                "account_sid": settings.twilio.account_sid,
                "auth_token": settings.twilio.auth_token.get_secret_value(),
                "number": settings.twilio.number,
                "api_url": settings.twilio.api_url,
            }
        )
    return {f"LINZHANG_{name.upper()}": value for name, value in values.items()} | {"LC_ALL": "C.UTF-8"}


async def linzhang(settings: Settings, *words: str) -> tuple[int, str]:
    """Run a command beside what the test serves; its exit code, and what it said."""
    env = environment(settings)
    result = await asyncio.to_thread(CliRunner().invoke, app, list(words), env=env, catch_exceptions=False)
    return result.exit_code, result.output
