"""Progress on the standard error: a bar for people, plain lines for files and pipes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
)
from rich.progress import TimeElapsedColumn as Elapsed

from layers.order import Wanted, megabytes
from scripts.streams import tell

if TYPE_CHECKING:
    from geo.fetch.errand import Fetched, Watch
    from layers.stock import Ended, Missed
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


@contextmanager
def downloads(count: int) -> Iterator[tuple[Watch, Ended]]:
    """Yield what shows how much of a file has come, and what is told when it has, or has failed.

    Files come one after the other: when one has ended, whatever was tried in its place has too. On
    a terminal there is a bar for the file and one for all ``count``, elsewhere a line a file.
    """
    if not sys.stderr.isatty():
        yield lambda _: None, lambda *end: tell(_ended(*end))
        return
    columns = (TextColumn("{task.description:<24}"), BarColumn(), TextColumn("{task.fields[said]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        every = bar.add_task("all files", total=count, said=f"0 of {count}")
        shown: dict[str, TaskID] = {}

        def watch(come: Fetched) -> None:
            if come.source not in shown:
                shown[come.source] = bar.add_task(come.source, total=come.total, said="")
            task = shown[come.source]
            bar.update(task, completed=come.done, total=come.total, said=_so_far(come))

        def ended(wanted: Wanted, come: Fetched | None, missed: Missed | None) -> None:
            for task in shown.values():
                bar.remove_task(task)
            shown.clear()
            bar.console.print(_ended(wanted, come, missed), markup=False, highlight=False)
            bar.advance(every)
            done = round(bar.tasks[0].completed)
            bar.update(every, said=f"{done} of {count}")

        yield watch, ended


def _ended(wanted: Wanted, come: Fetched | None, missed: Missed | None) -> str:
    if missed is not None:
        can = "" if wanted.needed else ", and can be done without"
        return f"{wanted.source.id}: could not be had{can}"
    amount = f"{_amount(come.done, come.unit)}, " if come else ""
    return f"{wanted.source.id}: {amount}done"


def _so_far(come: Fetched) -> str:
    done = _amount(come.done, come.unit)
    return done if come.total is None else f"{done} of {_amount(come.total, come.unit)}"


def _amount(count: int, unit: str) -> str:
    return f"{count:,} rows" if unit == "rows" else megabytes(count / 1e6)


def _words(step: BuildStep) -> str:
    return f"{step.what}: {step.just} ({step.done} of {step.total})" if step.just else step.what
