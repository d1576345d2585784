"""How a long load tells how far it is: one function that the caller brings."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

#: Called with what is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]

#: How many steps pass between two calls.
_STRIDE = 1_000

T = TypeVar("T")


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


def told(items: Iterable[T], stage: str, total: int, progress: Progress) -> Iterator[T]:
    """The items, telling progress as they are taken."""
    done = 0
    progress(stage, done, total)
    for done, item in enumerate(items, start=1):
        yield item
        if done % _STRIDE == 0:
            progress(stage, done, total)
    progress(stage, done, total)
