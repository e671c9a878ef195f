"""Progress on the standard error: a bar for people, plain lines for files and pipes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed

from scripts.streams import tell

if TYPE_CHECKING:
    from maps.site.build import BuildStep


@contextmanager
def progress() -> Iterator[Callable[[BuildStep], None]]:
    """Yield a function that shows each step it is given; a bar is gone when the block ends."""
    if not sys.stderr.isatty():
        yield lambda step: tell(_words(step))
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, Elapsed(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(step: BuildStep) -> None:
            named = f"{step.what}: {step.just}" if step.just else step.what
            bar.update(task, description=named, completed=step.done, total=step.total or None)

        yield show


@contextmanager
def working(what: str) -> Iterator[None]:
    """Say what is being done while a block runs, where that cannot be counted."""
    if sys.stderr.isatty():
        with Console(stderr=True).status(what):
            yield
    else:
        tell(what)
        yield


def _words(step: BuildStep) -> str:
    return f"{step.what}: {step.just} ({step.done} of {step.total})" if step.just else step.what
