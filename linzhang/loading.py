"""Loads a process' modules in peace.

Nothing that a module holds is garbage, and to look for some in all that is loaded, time and again while it
grows, is a quarter of a start. What was loaded is not looked at again later either.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Collect no garbage meanwhile, and take what is there then for what stays."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
