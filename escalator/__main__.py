"""Runs one worker until it is told to stop: `python -m escalator`."""

from linzhang.loading import loading


def main() -> None:
    """Run a worker.

    Raises:
        SystemExit: See `escalator.running.run`.
    """
    with loading():
        from escalator.running import run
    run()


if __name__ == "__main__":
    main()
