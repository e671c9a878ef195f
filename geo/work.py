"""Independent pieces of work: here, on all cores or on many machines, with the same results."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from typing import TypeVar

from geo.errors import PocketsError, SourceError

CONNECT_S = 10

Item = TypeVar("Item")
Result = TypeVar("Result")


def run(
    task: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    jobs: int = 1,
    scheduler: str | None = None,
) -> Iterator[tuple[int, Result]]:
    """Do a task for each item and yield (position, result) as they are finished.

    In this process for one job or one item, in a pool of ``jobs`` processes, or on the Dask cluster
    at ``scheduler`` ("tcp://…"). The task and its items must be importable on the other side. The
    first error stops the work and is raised here. Raises ``SourceError`` when the scheduler does
    not answer, and ``PocketsError`` when a process dies at work.

    >>> sorted(run(abs, [-1, 2, -3]))
    [(0, 1), (1, 2), (2, 3)]
    """
    if scheduler:
        yield from _on_cluster(task, items, scheduler)
    elif jobs <= 1 or len(items) <= 1:
        yield from enumerate(map(task, items))
    else:
        yield from _in_pool(task, items, jobs)


def _in_pool(
    task: Callable[[Item], Result], items: Sequence[Item], jobs: int
) -> Iterator[tuple[int, Result]]:
    # Spawned, not forked: a forked child of a process with threads (Arrow, GEOS) can hang.
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(min(jobs, len(items)), context, _as_worker) as pool:
        with _deaf():
            pending: dict[Future[Result], int] = {
                pool.submit(task, item): position for position, item in enumerate(items)
            }
        try:
            for done in as_completed(pending):
                yield pending[done], done.result()
        except BrokenProcessPool as problem:
            raise _died("--jobs") from problem
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            raise


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
    # Imported here: it takes a second that a build on one machine need not wait for.
    from distributed import Client, KilledWorker
    from distributed import as_completed as completed

    try:
        client = Client(scheduler, timeout=CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as problem:
        raise SourceError(
            "The Dask scheduler does not answer",
            where=scheduler,
            found=str(problem),
            do="start it with “dask scheduler”, or build without --scheduler",
        ) from problem
    with client:
        futures = [client.submit(task, item, pure=False) for item in items]
        position = {future.key: n for n, future in enumerate(futures)}
        try:
            for done in completed(futures, loop=client.loop):  # type: ignore[no-untyped-call]
                yield position[done.key], done.result()
        except KilledWorker as problem:
            raise _died("the cluster's workers") from problem


def _died(where: str) -> PocketsError:
    return PocketsError(
        "A process died before its work was done",
        where=where,
        do="give it more memory, or let fewer work at once",
    )
