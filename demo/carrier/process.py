"""The carrier as a child process, for the demo's supervisor and for tests.

Starts it, waits until it answers, stops it or kills it, and starts it again where it was. It must never
hold a rule of the carrier, nor put the account's secret where other users of the machine can read it.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from demo.carrier.config import HOST
from demo.children import Child, ChildError, answers, free_port, listens


class CarrierProcess:
    """One carrier in a process of its own; what it knows outlives it in a file.

    Args:
        account_sid: 'AC' and 32 hexadecimal digits.
        auth_token: The account's secret.
        numbers: The account's own phone numbers in E.164, at least one.
        data: The file that it keeps everything in; its log lies beside it.
        port: Where it listens; 0 takes one that is free now, and keeps it over restarts.
        sms_url: Where texts to the numbers are reported; None tells nobody until the settings do.
        whatsapp_url: Where WhatsApp messages to the numbers are reported; where texts are when None.
        voice_url: Where calls to the numbers are reported, likewise.
        voice_fallback_url: Asked when an answer to a call cannot be used.
        voice_status_url: Told when a call to the numbers is over.
        flags: More flags, as `python -m demo.carrier --help` tells them.

    Attributes:
        url: Where it answers, without a slash at the end.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        numbers: Sequence[str],
        data: Path,
        port: int = 0,
        sms_url: str | None = None,
        whatsapp_url: str | None = None,
        voice_url: str | None = None,
        voice_fallback_url: str | None = None,
        voice_status_url: str | None = None,
        flags: Sequence[str] = (),
    ) -> None:
        port = port or free_port()
        self.url = f"http://{HOST}:{port}"
        self._is_taken = listens(port)
        argv = [sys.executable, "-m", "demo.carrier", "--port", str(port), "--account-sid", account_sid]
        argv += ["--data", str(data)]
        for number in numbers:
            argv += ["--number", number]
        for flag, told in (
            ("--sms-url", sms_url),
            ("--whatsapp-url", whatsapp_url),
            ("--voice-url", voice_url),
            ("--voice-fallback-url", voice_fallback_url),
            ("--voice-status-url", voice_status_url),
        ):
            if told is not None:
                argv += [flag, told]
        argv += flags
        self._child = Child(
            "the carrier",
            argv,
            data.with_suffix(".log"),
            answers(f"{self.url}/_carrier/settings"),
            {"CARRIER_AUTH_TOKEN": auth_token},
        )

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._child.running

    async def start(self) -> None:
        """Start it, for the first time or again, and wait until it answers.

        Raises:
            ChildError: It ended, did not answer in time, or somebody else listens there.
        """
        if await self._is_taken():  # whoever it is would answer in its place, and pass for it
            raise ChildError(f"Somebody else listens at {self.url}.")
        await self._child.start()

    async def stop(self) -> None:
        """Let it end in good order."""
        await self._child.stop()

    async def kill(self) -> None:
        """End it at once, as a crash would."""
        await self._child.kill()

    async def keep_alive(self, note: Callable[[str], None]) -> None:
        """Start it again whenever it ends, until cancelled."""
        await self._child.keep_alive(note)
