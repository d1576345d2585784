"""What each process does first, once its configuration is read."""

from linzhang import logs, tracing
from linzhang.settings import Settings, SettingsError


def set_up(process: str, settings: Settings) -> None:
    """Let the process log and trace as it is configured.

    Args:
        process: Which one it is, such as 'web'.
        settings: The service's.

    Raises:
        SettingsError: Something that a setting needs is not installed.
    """
    logs.set_up(process, settings.log_format)
    if settings.trace_collector is None:
        return
    try:
        tracing.set_up(process, settings.trace_collector, settings.trace_share)
    except ImportError:
        raise SettingsError("LINZHANG_TRACE_COLLECTOR: install Linzhang's extra 'tracing' for it.") from None
