"""No secret and no number in any line of the log, whatever comes through the doors, at debug level.

The service runs as in production, web and worker, with every bridge; what it calls is a far side that answers
each request with an error that repeats all that it was told, the secrets too: the worst that could be logged.
"""

import asyncio
import contextlib
import io
import json
import logging
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, SecretStr
from twilio.request_validator import RequestValidator

from bridges.contract import Inbound
from escalator.webhooks import targets
from escalator.webhooks.targets import Event
from escalator.worker import work
from issues import inbox, tickets
from linzhang import logs
from linzhang.passes import Pass
from linzhang.settings import Settings
from models import Inbox, InboxState, Outbox
from tests.desk.desk import Desk
from tests.factories import MORNING, Territory, make_settings, open_database, plant, reachable, resident
from tests.sms.wire import HOST, serving, until
from web.access import tokens, visits
from web.access.scope import scope_of
from web.access.tokens import Right
from web.app import create_app

#: Everybody's numbers here; each is looked for in every form in which people and machines write it.
RESIDENT, STRANGER, LEADER, FRIEND = "+8613800138000", "+8613700137000", "+8613900139000", "+8613600136000"
WEBHOOK_SECRET = "telegrams-webhook-secret"
PASSWORD = "the-leaders-own-password"

LINES_AT_LEAST = 200


class Lines(logging.StreamHandler[io.StringIO]):
    """What this process logs, as production writes it."""

    def __init__(self) -> None:
        super().__init__(io.StringIO())
        self.setFormatter(logs.JsonFormatter("web"))


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The log, set up as the service does it, and then let say everything."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    logs.set_up("web", "json")
    handler = Lines()
    for each in list(root.handlers):
        root.removeHandler(each)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.handlers[:] = before
    root.setLevel(level)


def far_side() -> FastAPI:
    """Refuses everything, and repeats what it was told."""
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "DELETE"])
    async def refuse(request: Request, path: str) -> Response:
        body = (await request.body()).decode(errors="replace")
        said = f"{path} {request.url.query} {dict(request.headers)} {body}"
        wrong = {"errcode": 40001, "errmsg": said, "error": said, "message": said, "description": said}
        return JSONResponse(wrong | {"ok": False, "error_code": 400, "code": 20003, "status": 400}, 400)

    return app


@pytest.fixture
async def settings(tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings with every bridge, each with a secret of its own, and a database that is open."""
    with socket.create_server((HOST, 0)) as listener:
        url = f"http://{HOST}:{listener.getsockname()[1]}"
        made = make_settings(
            tmp_path,
            lookup_key="the-lookup-key-of-this-very-service!",
            homeservers=[
                {
                    "server_name": "test",
                    "url": url,
                    "as_token": "as-token-of-ours",
                    "hs_token": "hs-token-of-ours",
                }
            ],
            twilio={
                "account_sid": "AC" + "0" * 32,
                "auth_token": "twilios-auth-token",
                "number": "+865581234567",
                "whatsapp_number": "+865581234568",
                "api_url": url,
            },
            telegram={
                "token": "123456789:AbCdEfGhIjKlMnOpQrStUvWx",
                "webhook_secret": WEBHOOK_SECRET,
                "api_url": url,
            },
            wecom={
                "corp_id": "ww1",
                "agent_id": 1,
                "secret": "the-applications-secret",
                "token": "wecoms-own-token",
                "encoding_aes_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
                "api_url": url,
            },
            email={
                "address": "report@lz.example.org",
                "smtp_host": HOST,
                "smtp_port": listener.getsockname()[1],
                "smtp_tls": "none",
                "smtp_user": "report",
                "smtp_password": "password-for-smtp",
                "webhook_token": "the-mail-webhooks-token",
            },
            oidc={"issuer": url, "client_id": "linzhang", "client_secret": "oidcs-client-secret"},
            metrics_token="what-prometheus-shows",
        )
        async with serving(far_side(), listener), open_database(made):
            yield made


def secrets_of(model: BaseModel) -> Iterator[str]:
    """Every secret in the settings, whatever table it stands in."""
    for name in type(model).model_fields:
        for value in _each(getattr(model, name)):
            if isinstance(value, SecretStr):
                yield value.get_secret_value()
            elif isinstance(value, BaseModel):
                yield from secrets_of(value)


def _each(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def forms_of(number: str) -> list[str]:
    """How a number may be written."""
    bare, home = number.removeprefix("+"), number.removeprefix("+86")
    grouped = f"{home[:3]} {home[3:7]} {home[7:]}"
    return [number, bare, home, quote(number), grouped, grouped.replace(" ", "-"), quote(grouped)]


async def call_all(settings: Settings, app: FastAPI, territory: Territory) -> list[str]:
    """Come through every door, with what is right and with what is wrong; the words that were made for it."""
    leader = territory.leaders["block"]
    ticket = await tickets.make(settings, leader)
    scope = await scope_of(settings, leader)
    assert scope is not None
    _, token = await tokens.make(settings, scope, "a programme", tuple(Right), "a test")
    opens = settings.passes.write(Pass(1, 0, MORNING.replace(year=2027)))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as http:
        paths: dict[str, dict[str, object]] = app.openapi()["paths"]
        hooks = [path for path in paths if "post" in paths[path] and not path.startswith("/_matrix")]
        for path in hooks:
            for params in _from_the_carrier():
                good = RequestValidator("twilios-auth-token").compute_signature(
                    settings.public_url + path, params
                )
                for signature in (good, "wrong"):
                    headers = {
                        "Content-Type": "application/x-www-form-urlencoded",
                        "X-Twilio-Signature": signature,
                    }
                    await http.post(path, content=urlencode(params).encode(), headers=headers)
        await _chats(http)
        await _programmes(http, token)
        await http.get(f"/m/{opens}")
        for word in ("what-prometheus-shows", "wrong"):
            await http.get("/metrics", headers={"Authorization": f"Bearer {word}"})
    async with Desk(settings, app).browser() as browser:
        await browser.post("/desk/login", name="@chen:test", password=PASSWORD)
        await browser.get("/desk/oidc/go")
        await browser.get(f"/desk/in/{ticket}")
        entered = await browser.post(f"/desk/in/{ticket}")
        assert entered.status_code == 303, entered.text
        await browser.get(f"/desk/in/{ticket}")
        for page in ("/desk/", "/desk/triage", f"/desk/search?words={quote(RESIDENT)}", "/desk/issue/1001"):
            await browser.get(page)
        await browser.post("/desk/issue/1001/call", words=RESIDENT)
        cookie = browser.http.cookies.get(visits.COOKIE) or ""
        form_word = browser.form_word
    return [ticket, token, opens, cookie, form_word]


def _from_the_carrier() -> list[Mapping[str, str]]:
    account = {"AccountSid": "AC" + "0" * 32, "To": "+865581234567"}
    text = {"MessageSid": "SM" + "1" * 32, "Body": f"路灯坏了，请打{FRIEND}", "NumMedia": "0"}
    call = {"CallSid": "CA" + "1" * 32, "CallStatus": "ringing", "Direction": "inbound"}
    return [
        account | text | {"From": RESIDENT},
        account | text | {"From": STRANGER, "MessageSid": "SM" + "2" * 32},
        account
        | text
        | {"From": f"whatsapp:{STRANGER}", "To": "whatsapp:+865581234568", "MessageSid": "SM3"},
        account | call | {"From": RESIDENT},
        account | {"MessageSid": "SM9", "MessageStatus": "failed", "ErrorCode": RESIDENT, "From": RESIDENT},
        {"From": RESIDENT, "Body": "\0", "NumMedia": STRANGER},
        {},
    ]


async def _chats(http: httpx.AsyncClient) -> None:
    """What homeservers, Telegram, WeCom and mail servers bring, and what somebody brings in their name."""
    said = {"type": "m.room.message", "sender": "@chen:test", "room_id": "!r:test", "origin_server_ts": 1}
    events = [said | {"event_id": f"${number}", "content": {"body": RESIDENT}} for number in range(2)]
    events += [said | {"event_id": "$x", "content": RESIDENT}, {"event_id": RESIDENT}]
    for key in ("hs-token-of-ours", "wrong-hs-token"):
        for number, body in enumerate([json.dumps({"events": events}), "{" + RESIDENT]):
            path = f"/_matrix/app/v1/transactions/{key[:5]}{number}"
            await http.put(path, content=body, headers={"Authorization": f"Bearer {key}"})
            await http.put(f"{path}b?access_token={key}", content=body)
    contact = {"phone_number": FRIEND, "first_name": "王", "user_id": 7}
    chat = {"id": 7, "type": "private"}
    sender = {"id": 7, "is_bot": False, "first_name": FRIEND}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": sender, "contact": contact}
    for word in (WEBHOOK_SECRET, "wrong"):
        headers = {"X-Telegram-Bot-Api-Secret-Token": word}
        for body in (json.dumps({"update_id": 1, "message": message}), f'{{"update_id": "{FRIEND}"}}'):
            await http.post("/telegram/webhook", content=body, headers=headers)
    query = {"msg_signature": "x", "timestamp": "1", "nonce": "2", "echostr": FRIEND}
    await http.get("/wecom/callback", params=query)
    await http.post("/wecom/callback", params=query, content=f"<xml><Encrypt>{FRIEND}</Encrypt></xml>")
    for word in ("the-mail-webhooks-token", "wrong"):
        letter = f"From: <{FRIEND}@example.org>\r\nTo: report@lz.example.org\r\n\r\n{FRIEND}"
        await http.post("/email/inbound", content=letter, headers={"Authorization": f"Bearer {word}"})


async def _programmes(http: httpx.AsyncClient, token: str) -> None:
    for word in (token, "lz_wrong"):
        headers = {"Authorization": f"Bearer {word}"}
        for path in ("/api/v1/issues", f"/api/v1/search?words={quote(FRIEND)}", "/api/v1/issues/1001"):
            await http.get(path, headers=headers)
        await http.post("/api/v1/issues/1001/answer", json={"words": FRIEND}, headers=headers)
        form = {"api_key": word, "service_code": "other", "description": FRIEND, "phone": FRIEND}
        await http.post("/open311/v2/requests.json", data=form, headers=headers)
        await http.get(f"/open311/v2/requests.json?api_key={word}", headers=headers)


async def let_work(settings: Settings) -> None:
    """Let a worker, without Redis, try what waits, against a far side that refuses."""
    working = asyncio.create_task(work(settings))
    try:
        await until(_is_tried, "the worker to try everything")
    finally:
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working


async def _is_tried() -> bool:
    if await Inbox.filter(state=InboxState.WAITING, attempts=0).exists():
        return False
    tried = set(await Outbox.filter(attempts__gt=0).distinct().values_list("bridge", flat=True))
    return tried >= {"sms", "telegram", "rooms"}


async def test_no_secret_and_no_number_is_ever_logged(settings: Settings, lines: Lines) -> None:
    territory = await plant()
    leader = territory.leaders["block"]
    await resident(settings, territory.block, number=RESIDENT)
    await reachable(settings, leader, LEADER)
    await reachable(settings, leader, "@chen:test", bridge="matrix")
    friend = await resident(settings, territory.block, name="朋友", number="7", bridge="telegram")
    await reachable(settings, friend.person, "zhangsan", bridge="wecom")
    _, hook = await targets.make(
        settings, leader, territory.block, f"https://{HOST}/hook", [Event.ISSUE], "x"
    )
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        made = await call_all(settings, app, territory)
        # An error of ours over what nobody could have sent.
        broken = Inbound("sms", "SMbroken", STRANGER, text=FRIEND)
        await inbox.store(settings, broken)
        await Inbox.filter(external_id="SMbroken").update(body={"kind": STRANGER, "sent_at": FRIEND})
        await let_work(settings)
    logged = lines.stream.getvalue()
    assert logged.count("\n") >= LINES_AT_LEAST, "the log says nothing, so the test would prove nothing"
    assert "could not be worked on" in logged
    assert "aiosqlite" in logged, "libraries talk, too"
    assert all(made), "everything was made that could be logged"
    forbidden = {*filter(None, secrets_of(settings)), *made, hook, PASSWORD}
    forbidden |= {form for each in (RESIDENT, STRANGER, LEADER, FRIEND) for form in forms_of(each)}
    found = {f"{each}: {line[:300]}" for line in logged.splitlines() for each in forbidden if each in line}
    assert found == set()
