"""`linzhang doctor`: what is wrong is said, with what to do; what is well is said, too.

The whole of a service that is well stands in tests/stack/test_commands.py, with a real homeserver and Redis.
"""

import asyncio
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from tortoise import connections

from cli.doctor.outside import certificate_ends
from demo.certificates import self_signed
from linzhang.settings import Settings
from tests.factories import make_settings, open_database, plant, resident
from tests.operations.terminal import linzhang
from tests.sms.wire import account, serving
from web.app import create_app


async def test_it_says_what_to_fix_and_what_is_well(tmp_path: Path, carrier_url: str) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    public_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = make_settings(tmp_path, public_url=public_url, twilio=account(carrier_url))
    async with open_database(settings):
        territory = await plant()
        await resident(settings, territory.block)
        async with serving(create_app(settings), listener):
            code, said = await linzhang(settings, "doctor")
    lines = said.splitlines()
    assert code == 1
    for line in (
        "OK    settings: every one can be used",
        "WARN  settings: a file drives the clock",
        "OK    schema: of this version",
        "OK    keys: they open and find the addresses",
        f"OK    public_url: we answer at {public_url}",
        "FAIL  homeserver test: registering: the homeserver cannot be reached",
        "FAIL  workers: no worker lives: what comes in and goes out waits",
    ):
        assert line in lines, said
    assert any(line.startswith("WARN  redis: it does not answer") for line in lines)
    assert (
        f"let the number's 'a call comes in' go to POST {public_url}/voice/call; it goes to nowhere." in said
    )
    assert (
        lines[lines.index("WARN  settings: a file drives the clock") + 1]
        .strip()
        .startswith("Remove clock_file")
    )
    assert lines[-1].endswith("2 to fix.")
    secrets = [settings.lookup_key, settings.seal_keys[0]]
    assert not any(each.get_secret_value() in said for each in secrets)


async def test_keys_that_do_not_fit_the_database_and_tables_that_are_missing(settings: Settings) -> None:
    territory = await plant()
    await resident(settings, territory.block)
    other = {"seal_keys": [SecretStr(Fernet.generate_key().decode())]}
    _, said = await linzhang(settings.model_copy(update=other), "doctor")
    assert "FAIL  seal_keys: they do not open the addresses in the database" in said
    _, said = await linzhang(settings.model_copy(update={"lookup_key": SecretStr("x" * 32)}), "doctor")
    assert "FAIL  lookup_key: it is not the one of this database" in said
    await connections.all()[0].execute_script("DELETE FROM tortoise_migrations WHERE name LIKE '0018%'")
    _, said = await linzhang(settings, "doctor")
    assert "FAIL  schema: it lacks 0018_webhooks\n      Run `linzhang migrate`." in said
    assert f"FAIL  public_url: {settings.public_url} does not answer (ConnectError" in said


async def test_it_looks_when_the_certificate_of_public_url_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = self_signed(tmp_path, "localhost")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "localhost", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with server:
        ends = await certificate_ends("localhost", port)
    assert ends - datetime.now(UTC) > timedelta(days=3600)
