"""Runs of other processes, measured: wall clock, processor time, and memory of the whole family."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from scripts.dev.bench_clock import marks

EVERY_S = 0.1
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Cost:
    """What a stage took: seconds of wall clock and of processor time, and MB of memory at most.

    Memory is the sum over the process and its children of what each holds, shared pages split
    between those that share them.
    """

    stage: str
    wall: float
    cpu: float
    peak_mb: float


@dataclass(frozen=True)
class Run:
    """A process that has ended: its cost as a whole and by stage, and what it printed."""

    whole: Cost
    stages: tuple[Cost, ...]
    printed: str
    failed: bool


def run(
    name: str, argv: Sequence[str], *, folder: Path, settings: Mapping[str, str] | None = None
) -> Run:
    """Run ``python -m …`` from the project's folder and measure it; its stages stand in a log.

    ``{log}`` in the arguments stands for the path of that log, which is made in ``folder``.
    """
    log = folder / f"{name.replace(' ', '-')}.log"
    command = [sys.executable, "-m", *(part.replace("{log}", str(log)) for part in argv)]
    begun, before = time.time(), _children_cpu()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **(settings or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    with _watched(process.pid) as samples:
        printed, _ = process.communicate()
    ended = time.time()
    whole = Cost(name, ended - begun, _children_cpu() - before, _peak(samples, begun, ended))
    stages = tuple(
        Cost(mark.stage, mark.wall, mark.cpu, _peak(samples, mark.begun, mark.ended))
        for mark in marks(log)
    )
    return Run(whole, stages, printed, process.returncode != 0)


@contextmanager
def _watched(pid: int) -> Iterator[list[tuple[float, float]]]:
    """Sample the memory of a process and its children, in MB, until the context ends."""
    samples: list[tuple[float, float]] = []
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            samples.append((time.time(), _family_mb(pid)))
            over.wait(EVERY_S)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield samples
    finally:
        over.set()
        watcher.join()


def _family_mb(pid: int) -> float:
    try:
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
    except psutil.Error:
        return 0.0
    return sum(_held(member) for member in family) / 1e6


def _held(member: psutil.Process) -> float:
    try:
        held = member.memory_full_info()
    except psutil.Error:
        return 0.0
    return float(getattr(held, "pss", held.uss))


def _peak(samples: Sequence[tuple[float, float]], begun: float, ended: float) -> float:
    inside = [held for at, held in samples if begun - EVERY_S <= at <= ended + EVERY_S]
    return max(inside, default=0.0)


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
