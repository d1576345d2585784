"""`linzhang bridges` as an administrator types it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.factories import make_settings, open_database, plant
from tests.telegram.conftest import SECRET, TOKEN


def test_an_administrator_lists_turns_off_and_ties(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = make_settings(tmp_path)
    values: dict[str, Any] = {
        "database_url": settings.database_url,
        "redis_url": settings.redis_url,
        "public_url": settings.public_url,
        "profile": str(settings.profile),
        "seal_keys": [key.get_secret_value() for key in settings.seal_keys],
        "lookup_key": settings.lookup_key.get_secret_value(),
    }
    homeserver = {"server_name": "test", "url": "http://127.0.0.1:1", "as_token": "a", "hs_token": "h"}
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    tables = {
        "[[homeservers]]": homeserver,
        "[telegram]": {"token": TOKEN, "webhook_secret": SECRET, "api_url": "http://127.0.0.1:1"},
    }
    for heading, table in tables.items():
        lines += [heading, *(f"{name} = {json.dumps(value)}" for name, value in table.items())]
    (tmp_path / "linzhang.toml").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setenv("LINZHANG_CONFIG", str(tmp_path / "linzhang.toml"))

    async def prepare() -> str:
        async with open_database(settings):
            return (await plant()).block.code

    code = asyncio.run(prepare())

    def linzhang(*words: str, ends: int = 0) -> str:
        result = CliRunner().invoke(app, ["bridges", *words])
        assert result.exit_code == ends, result.output
        assert TOKEN not in result.output
        return result.output

    assert "telegram" in linzhang("list")
    assert linzhang("disable", "telegram", "--who", "li", "--why", "leaked") == "telegram is off.\n"
    assert "off" in linzhang("list")
    assert linzhang("enable", "telegram", "--who", "li") == "telegram is on.\n"
    assert "第3邻" in linzhang("tie", "telegram", "-1001234567890", code, "--who", "li")
    assert linzhang("untie", "telegram", "-1001234567890", "--who", "li") == "The group is untied.\n"
    assert "cannot be reached" in linzhang("connect", "telegram", ends=2)
    assert "cannot be turned off" in linzhang("disable", "matrix", ends=2)
    assert "there are: matrix, open311, telegram" in linzhang("disable", "pigeon", ends=2)
    log = linzhang("log")
    assert [each in log for each in ("bridge off", "leaked", "bridge on", "chat tied", "chat untied")] == [
        True
    ] * 5
