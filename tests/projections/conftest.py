"""The planted territory and both databases of the issues' tests, and the duty as the worker runs it."""

from tests.issues.conftest import either, settings, territory

__all__ = ["either", "settings", "territory"]
