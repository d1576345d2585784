"""The workshop's own process: `python -m attachments room` reads a file and writes what it makes of it.

It opens what strangers send, so it is given nothing: no secrets, no more memory and time than its limits,
no core file. It ends with 1 where the file cannot be shown.
"""

import resource
import sys

from attachments.kinds import Family, kind_of
from attachments.made import Made, NotTaken, Use, pack

#: Seconds of computing and bytes of memory.
_SECONDS = 40
_MEMORY = 2 * 1024**3


def main() -> None:
    """Make one file fit.

    Raises:
        SystemExit: It cannot be shown.
    """
    use = Use(sys.argv[1])
    _limit()
    try:
        made = make(sys.stdin.buffer.read(), use)
    except (NotTaken, MemoryError) as error:
        sys.exit(f"not taken: {error}")
    sys.stdout.buffer.write(pack(made))


def make(content: bytes, use: Use) -> Made:
    """A file, made fit.

    Raises:
        NotTaken: It cannot be shown.
    """
    kind = kind_of(content)
    if kind is None:
        raise NotTaken("of no kind that is taken")
    # Each library is loaded only for what it is for: that is most of the time that this takes.
    if kind.family is Family.PICTURE:
        from attachments import pictures

        return pictures.make(content, kind, use)
    if kind.family is Family.PAPER:
        return Made(content, kind.content_type, "pdf", Family.PAPER)
    from attachments import recordings

    return recordings.make(content, kind, use)


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
