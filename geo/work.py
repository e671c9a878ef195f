"""Independent pieces of work: here, on all cores or on many machines, with the same results.

The pool of processes is Python's own, with some care for its processes. joblib (1.6, "loky") was
tried in its place: its processes lived on when their parent was killed, each wrote a traceback of
its own at Ctrl-C, they took a file maps.py of the folder one works in for this program's package,
and to stop early raised a warning here and a KeyError in its thread.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

from geo.carried import Carried
from geo.errors import PocketsError, SourceError

if TYPE_CHECKING:
    from distributed import Client

resource: ModuleType | None
try:
    import resource
except ImportError:  # a system that has no such limits
    resource = None

CONNECT_S = 10
HOME = str(Path(__file__).resolve().parent.parent)
OPEN_FILES, FILES_A_JOB = 64, 8
"""Open files that a build needs in all, and for each process that it starts."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def run(
    task: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    jobs: int = 1,
    scheduler: str | None = None,
) -> Generator[tuple[int, Result], None, None]:
    """Do a task for each item and yield (position, result) as they are finished.

    In this process for one job or one item, in a pool of ``jobs`` processes, or on the Dask cluster
    at ``scheduler`` ("tcp://…"). The task and its items must be importable on the other side. The
    first error stops the work and is raised here, with those that led to it; what is still at work
    when the generator is closed (`contextlib.closing`) is ended. Raises what `require_workers`
    does, and ``PocketsError`` when a process dies at work.

    >>> sorted(run(abs, [-1, 2, -3]))
    [(0, 1), (1, 2), (2, 3)]
    """
    if scheduler:
        yield from _on_cluster(task, items, scheduler)
    elif jobs <= 1 or len(items) <= 1:
        yield from enumerate(map(task, items))
    else:
        yield from _in_pool(task, items, jobs)


def require_workers(*, jobs: int = 1, scheduler: str | None = None) -> None:
    """Find out whether work can be done as it is to be.

    Raises ``SourceError`` when the scheduler does not answer or has no workers, and
    ``PocketsError`` when the system allows too few open files for so many processes.
    """
    _require_files(OPEN_FILES + FILES_A_JOB * jobs)
    if scheduler:
        with _client(scheduler):
            pass


def _require_files(needed: int) -> None:
    """Raise the limit on open files as far as one may; refuse one that stays too low."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    endless = resource.RLIM_INFINITY
    if soft >= needed or soft == endless:
        return
    if hard >= needed or hard == endless:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
        return
    raise PocketsError(
        "The system allows this program too few open files",
        expected=f"{needed} or more",
        found=f"{hard}",
        do="raise the limit (“ulimit -n 1024”), or let fewer work at once with --jobs",
    )


def _in_pool(
    task: Callable[[Item], Result], items: Sequence[Item], jobs: int
) -> Iterator[tuple[int, Result]]:
    # Spawned, not forked: a forked child of a process with threads (Arrow, GEOS) can hang.
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(min(jobs, len(items)), context, _as_worker) as pool:
        with _deaf(), _own_first():
            pending: dict[Future[Result | Carried], int] = {
                pool.submit(partial(_carrying, task), item): position
                for position, item in enumerate(items)
            }
        try:
            for done in as_completed(pending):
                yield pending[done], _uncarried(done.result())
        except BrokenProcessPool as problem:
            raise _died("--jobs") from problem
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            raise


def _carrying(task: Callable[[Item], Result], item: Item) -> Result | Carried:
    try:
        return task(item)
    except Exception as problem:
        return Carried.of(problem)


def _uncarried(found: Result | Carried) -> Result:
    if isinstance(found, Carried):
        raise found.error()
    return found


@contextmanager
def _deaf() -> Iterator[None]:
    """Start processes that do not hear Ctrl-C: it is for their parent, which ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _own_first() -> Iterator[None]:
    """Start processes that look for packages beside this one first, then as this process does.

    A file maps.py in the folder that one works in would be taken for this program's own otherwise.
    """
    sys.path.insert(0, HOME)
    try:
        yield
    finally:
        sys.path.remove(HOME)


def _as_worker() -> None:
    """Make a process of the pool end when its parent does, even when that is killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _on_cluster(
    task: Callable[[Item], Result], items: Sequence[Item], scheduler: str
) -> Iterator[tuple[int, Result]]:
    with _client(scheduler) as client:
        from distributed import KilledWorker
        from distributed import as_completed as completed

        carrying = partial(_carrying, task)
        futures = [client.submit(carrying, item, pure=False) for item in items]
        position = {future.key: n for n, future in enumerate(futures)}
        try:
            for done in completed(futures, loop=client.loop):  # type: ignore[no-untyped-call]
                yield position[done.key], _uncarried(done.result())
        except KilledWorker as problem:
            raise _died("the cluster's workers") from problem


@contextmanager
def _client(scheduler: str) -> Iterator[Client]:
    """Yield a client of a cluster that has workers."""
    # Imported here: it takes a second that a build on one machine need not wait for.
    try:
        from distributed import Client
    except ImportError as problem:
        raise _not_installed() from problem
    try:
        client = Client(scheduler, timeout=CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as problem:
        raise _no_answer(scheduler, str(problem)) from problem
    with client:
        try:
            client.wait_for_workers(1, timeout=CONNECT_S)
        except TimeoutError as problem:
            raise _no_answer(scheduler, "a scheduler without workers") from problem
        yield client


def _not_installed() -> PocketsError:
    return PocketsError(
        "Work on a Dask cluster needs a package that is not installed",
        expected="the package distributed",
        do="install it with “pip install 'deprivation-pockets[cluster]'”, or build without "
        "--scheduler",
    )


def _no_answer(scheduler: str, found: str) -> SourceError:
    return SourceError(
        "The Dask scheduler does not answer, or has nobody to work",
        where=scheduler,
        found=found,
        do="start it with “dask scheduler” and one “dask worker” or more, or build without "
        "--scheduler",
    )


def _died(where: str) -> PocketsError:
    return PocketsError(
        "A process died before its work was done",
        where=where,
        do="give it more memory, or let fewer work at once",
    )
