"""Runs the application until it is told to stop: `python -m web --port 8080`."""

import argparse

from linzhang.loading import loading


def main() -> None:
    """Serve.

    Raises:
        SystemExit: See `web.serving.serve`.
    """
    parser = argparse.ArgumentParser(prog="python -m web", description="The webhooks of all bridges.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="port to listen on (default: %(default)s)")
    arguments = parser.parse_args()
    with loading():
        from web.serving import serve
    serve(arguments.host, arguments.port)


if __name__ == "__main__":
    main()
