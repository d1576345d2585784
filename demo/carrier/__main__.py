"""Starts a carrier as a process of its own: `python -m demo.carrier --help`.

Reads flags and serves until it is told to stop. It must never hold a rule of the carrier.
"""

import argparse
import os
from pathlib import Path

from pydantic import ValidationError

from demo.carrier.config import HOST, CarrierConfig, OptOutMode, Settings
from demo.carrier.server import CarrierServer, bind, create_app


def main(arguments: list[str] | None = None) -> None:
    """Serve one carrier until SIGINT or SIGTERM.

    Raises:
        SystemExit: A flag is wrong; the message says which.
    """
    parser = _parser()
    flags = parser.parse_args(arguments)
    if flags.auth_token is None:
        parser.error("--auth-token or CARRIER_AUTH_TOKEN is needed")
    listener = bind(flags.port)
    url = f"http://{HOST}:{listener.getsockname()[1]}"
    try:
        settings = Settings(
            sms_url=flags.sms_url,
            sms_fallback_url=flags.sms_fallback_url,
            whatsapp_url=flags.whatsapp_url,
            voice_url=flags.voice_url,
            voice_fallback_url=flags.voice_fallback_url,
            voice_status_url=flags.voice_status_url,
            opt_out=flags.opt_out,
            status_delay=flags.status_delay,
            webhook_timeout=flags.webhook_timeout,
        )
        config = CarrierConfig(
            account_sid=flags.account_sid,
            auth_token=flags.auth_token,
            numbers=tuple(flags.number),
            public_url=url,
            messaging_service_sid=flags.messaging_service_sid,
            settings=settings,
            data=flags.data,
        )
    except ValidationError as error:
        parser.error("; ".join(str(problem["msg"]) for problem in error.errors()))
    print(f"carrier listening on {url}", flush=True)
    CarrierServer(create_app(config), log_level=flags.log_level).run(sockets=[listener])


def _parser() -> argparse.ArgumentParser:
    defaults = Settings()
    parser = argparse.ArgumentParser(
        prog="python -m demo.carrier",
        description="A carrier on the loopback interface that speaks Twilio's HTTP.",
    )
    add = parser.add_argument
    add("--port", type=int, default=0, help="where to listen; 0, the default, takes any that is free")
    add("--account-sid", required=True, help="'AC' and 32 hexadecimal digits")
    add("--auth-token", default=os.environ.get("CARRIER_AUTH_TOKEN"), help="or CARRIER_AUTH_TOKEN")
    add("--number", action="append", required=True, help="a number of the account; can be given again")
    add("--messaging-service-sid", help="'MG' and 32 hexadecimal digits, for an account with one")
    add("--sms-url", help="where the application wants texts to be reported")
    add("--sms-fallback-url", help="tried once when --sms-url fails")
    add("--whatsapp-url", help="where WhatsApp messages are reported; --sms-url when left out")
    add("--voice-url", help="where the application says how a call to it goes on")
    add("--voice-fallback-url", help="asked when an answer to a call cannot be used")
    add("--voice-status-url", help="told when a call to the application is over")
    add(
        "--opt-out",
        type=OptOutMode,
        choices=list(OptOutMode),
        default=defaults.opt_out,
        help="who answers STOP",
    )
    add("--status-delay", type=float, default=defaults.status_delay, help="seconds between two statuses")
    add("--webhook-timeout", type=float, default=defaults.webhook_timeout, help="seconds per webhook")
    add("--data", type=Path, help="a file to keep everything in, read again at the next start")
    add("--log-level", default="warning", help="uvicorn's")
    return parser


if __name__ == "__main__":
    main()
