"""A real Synapse as a child process, with all it keeps in one folder that can be deleted.

It stands in for the homeserver that a city runs, in the demo and in tests. It listens on the
loopback interface only, and must never hold a rule of the service.
"""

import asyncio
import hashlib
import hmac
import json
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx

from demo.certificates import self_signed
from demo.children import Child, ChildError, why_taken

HOST = "127.0.0.1"

#: What a demo never wants to meet: many people on one machine are no attack.
_NO_LIMIT = {"per_second": 10_000, "burst_count": 10_000}

#: Homeservers on one machine find each other again at once after one of them was away, where real ones
#: wait for ten minutes and more, and nobody waits long for one that is not there.
_IMPATIENT = {
    "client_timeout": "10s",
    "max_short_retries": 1,
    "max_long_retries": 1,
    "destination_min_retry_interval": "1s",
    "destination_retry_multiplier": 1,
    "destination_max_retry_interval": "1s",
}


class HomeserverError(ChildError):
    """Synapse cannot start, or refused."""


def server_name(federation_port: int) -> str:
    """The name of a homeserver that others reach at this port; 0: no others do."""
    return f"localhost:{federation_port}" if federation_port else "localhost"


class EmbeddedHomeserver:
    """A Synapse that lives in a folder.

    It can be started, stopped and killed any number of times; it finds its data again.

    Attributes:
        server_name: The part behind the colon in its users' ids.
        url: Base URL of its client-server API.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        *,
        federation_port: int = 0,
        registrations: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Lay out a Synapse; nothing is started or written yet.

        Args:
            folder: Where it keeps everything.
            port: Where clients reach it.
            federation_port: Where other homeservers on this machine reach it; 0: it knows no others. The
                port is a part of the server's name, and stays the same as long as the folder is used.
            registrations: Of the application services that it serves.
        """
        self.server_name = server_name(federation_port)
        self.url = f"http://{HOST}:{port}"
        self._folder = folder
        self._port = port
        self._federation_port = federation_port
        self._registrations = registrations
        self._child = Child(
            "the homeserver",
            self._command(),
            folder / "homeserver.out",
            self._is_ready,
            cwd=folder,
        )

    @property
    def pid(self) -> int:
        """Its process' id; 0: it does not run."""
        return self._child.pid

    async def start(self) -> None:
        """Start Synapse and return when it answers.

        Raises:
            ChildError: The port is taken, or Synapse has ended or does not answer.
        """
        await self.stop()
        self._require_free_ports()
        self._write_config()
        if not self._signing_key.exists():
            await asyncio.to_thread(self._generate_keys)
        await self._child.start()

    async def stop(self) -> None:
        """Ask Synapse to stop, and wait until it has; nothing happens where none runs."""
        await self._child.stop()

    async def kill(self) -> None:
        """Take Synapse away without a warning, as a power cut does."""
        await self._child.kill()

    def freeze(self) -> None:
        """Let Synapse stand still: whoever asks it something waits, as at a machine that is overloaded."""
        self._child.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let Synapse go on."""
        self._child.signal(signal.SIGCONT)

    async def keep_alive(self, note: Callable[[str], None]) -> None:
        """Start Synapse again whenever it ends, until cancelled."""
        await self._child.keep_alive(note)

    async def register_user(self, localpart: str, password: str, display_name: str = "") -> str:
        """Make an account for a person; one that is there already stays as it is.

        Returns:
            The Matrix id.

        Raises:
            HomeserverError: Synapse refused.
        """
        endpoint = f"{self.url}/_synapse/admin/v1/register"
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            nonce = (await http.get(endpoint)).json()["nonce"]
            proof = "\0".join((nonce, localpart, password, "notadmin")).encode()
            body = {
                "nonce": nonce,
                "username": localpart,
                "displayname": display_name or localpart,
                "password": password,
                "admin": False,
                "mac": hmac.new(self._shared_secret().encode(), proof, hashlib.sha1).hexdigest(),
            }
            answer = await http.post(endpoint, json=body)
        if answer.is_error and answer.json().get("errcode") != "M_USER_IN_USE":
            raise HomeserverError(f"Synapse did not register {localpart}: {answer.text}")
        return f"@{localpart}:{self.server_name}"

    async def _is_ready(self) -> bool:
        """Whether our own Synapse answers, not another one that took the port a moment ago."""
        try:
            async with httpx.AsyncClient(timeout=2, trust_env=False) as http:
                keys = (await http.get(f"{self.url}/_matrix/key/v2/server")).json().get("verify_keys", {})
        except (httpx.HTTPError, ValueError):
            return False
        algorithm, version, _ = self._signing_key.read_text(encoding="ascii").split()
        return f"{algorithm}:{version}" in keys

    @property
    def _config(self) -> Path:
        return self._folder / "homeserver.yaml"

    @property
    def _signing_key(self) -> Path:
        return self._folder / "signing.key"

    @property
    def _log(self) -> Path:
        return self._folder / "homeserver.log"

    def _shared_secret(self) -> str:
        """The key to the registration of users, made at the first start."""
        path = self._folder / "registration_secret"
        if not path.exists():
            path.write_text(secrets.token_urlsafe(32))
            path.chmod(0o600)
        return path.read_text()

    def _write_config(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        registration_files = [
            self._write(f"registration-{index}.yaml", content)
            for index, content in enumerate(self._registrations)
        ]
        log_config = self._write("log.yaml", self._logging())
        self._write(self._config.name, self._settings(registration_files, log_config))

    def _write(self, name: str, content: dict[str, Any]) -> str:
        """Write a file of YAML, of which JSON is a part."""
        path = self._folder / name
        path.write_text(json.dumps(content, indent=1))
        path.chmod(0o600)
        return str(path)

    def _settings(self, registration_files: Sequence[str], log_config: str) -> dict[str, Any]:
        listener = {
            "type": "http",
            "port": self._port,
            "bind_addresses": [HOST],
            "resources": [{"names": ["client", "federation"]}],
        }
        return self._federation() | {
            "server_name": self.server_name,
            "public_baseurl": self.url,
            "listeners": [listener, *self._federation_listeners()],
            "database": {"name": "sqlite3", "args": {"database": str(self._folder / "homeserver.db")}},
            "log_config": log_config,
            "signing_key_path": str(self._signing_key),
            "media_store_path": str(self._folder / "media"),
            "pid_file": str(self._folder / "homeserver.pid"),
            "trusted_key_servers": [],
            "report_stats": False,
            "enable_registration": False,
            "registration_shared_secret": self._shared_secret(),
            "bcrypt_rounds": 4,  # nobody attacks these passwords, and every log-in waits for them
            "app_service_config_files": list(registration_files),
            "presence": {"enabled": False},
            "caches": {"global_factor": 0.25},
            "event_cache_size": "2K",
            "rc_message": _NO_LIMIT,
            "rc_registration": _NO_LIMIT,
            "rc_login": {"address": _NO_LIMIT, "account": _NO_LIMIT, "failed_attempts": _NO_LIMIT},
            "rc_admin_redaction": _NO_LIMIT,
            "rc_joins": {"local": _NO_LIMIT, "remote": _NO_LIMIT},
            "rc_joins_per_room": _NO_LIMIT,
            "rc_invites": {"per_room": _NO_LIMIT, "per_user": _NO_LIMIT, "per_issuer": _NO_LIMIT},
            "rc_room_creation": _NO_LIMIT,
            "rc_profile": _NO_LIMIT,
        }

    def _federation_listeners(self) -> list[dict[str, Any]]:
        if not self._federation_port:
            return []
        resources = [{"names": ["federation"]}]
        place = {"port": self._federation_port, "bind_addresses": [HOST], "tls": True}
        return [{"type": "http", "resources": resources, **place}]

    def _federation(self) -> dict[str, Any]:
        """How it meets the other homeservers on this machine, none of which a real one would trust."""
        if not self._federation_port:
            return {}
        certificate, key = self_signed(self._folder, "localhost")
        return {
            "tls_certificate_path": str(certificate),
            "tls_private_key_path": str(key),
            "federation_verify_certificates": False,
            "federation_ip_range_blacklist": [],
            "ip_range_blacklist": [],
            "federation": _IMPATIENT,
            "rc_federation": {"sleep_limit": 10_000, "reject_limit": 10_000, "concurrent": 50},
        }

    def _logging(self) -> dict[str, Any]:
        return {
            "version": 1,
            "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
            "handlers": {
                "file": {
                    "class": "logging.handlers.RotatingFileHandler",
                    "formatter": "line",
                    "filename": str(self._log),
                    "maxBytes": 5_000_000,
                    "backupCount": 1,
                    "encoding": "utf-8",
                }
            },
            "root": {"level": "WARNING", "handlers": ["file"]},
            "disable_existing_loggers": False,
        }

    def _command(self, *flags: str) -> list[str]:
        return [sys.executable, "-m", "synapse.app.homeserver", "-c", str(self._config), *flags]

    def _generate_keys(self) -> None:
        done = subprocess.run(
            self._command("--generate-keys"), cwd=self._folder, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise HomeserverError(f"Synapse could not make its signing key:\n{done.stderr[-2000:]}")

    def _require_free_ports(self) -> None:
        """Make sure that the health we are going to see is that of our own child."""
        for port in filter(None, (self._port, self._federation_port)):
            reason = why_taken(port)
            if reason:
                raise HomeserverError(f"{HOST}:{port} is taken: {reason}")
