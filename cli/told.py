"""What loading tells at the terminal: what changes, and how far it is."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli import running
from linzhang.words import Text, say
from territory import texts
from territory.plan import Changes, What
from territory.progress import Progress as Told


def print_changes(changes: Changes, *, show_all: bool, line: Text = texts.ROW_CHANGES) -> None:
    """What changes, a line per kind with examples, or a line each.

    Args:
        changes: Of one file.
        show_all: Whether each has a line.
        line: Of one change; has the blanks 'row' and 'words'.
    """
    language = running.language()
    for what in What:
        count = changes.counts[what]
        if not count:
            continue
        label = say(texts.CHANGES[what], language)
        kept = changes.kept[what]
        if what is What.UNCHANGED:
            typer.echo(f"{count:>9} {label}")
        elif show_all:
            typer.echo(f"{count:>9} {label}")
            for change in kept:
                words = say(line, language, row=change.row, words=change.words)
                typer.echo(f"{'':>12}{words}")
        else:
            more = " …" if count > len(kept) else ""
            typer.echo(f"{count:>9} {label}: {'; '.join(change.words for change in kept)}{more}")


@contextmanager
def bars(stages: Mapping[str, Text]) -> Iterator[Told]:
    """A bar per stage, on the error output, where somebody watches.

    Args:
        stages: What is said of each.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as shown:
        tasks: dict[str, int] = {}

        def told(stage: str, done: int, total: int) -> None:
            if not total:
                return  # there is nothing to do
            if stage not in tasks:
                label = say(stages[stage], running.language())
                tasks[stage] = shown.add_task(label, total=total)
            shown.update(tasks[stage], completed=done, total=total)  # type: ignore[arg-type]

        yield told
