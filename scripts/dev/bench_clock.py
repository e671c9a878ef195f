"""Marks of stages: a measured process writes down when each of its stages began and ended."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mark:
    """A stage: its name, the wall clock at its two ends and the processor time between, in seconds.

    Processor time is that of the process and of those of its children that have ended.
    """

    stage: str
    begun: float
    ended: float
    cpu: float

    @property
    def wall(self) -> float:
        """Return the seconds between the ends."""
        return self.ended - self.begun


@contextmanager
def stage(name: str, log: Path) -> Iterator[None]:
    """Time what is done inside, and append its mark to the log."""
    begun, cpu = time.time(), _cpu()
    yield
    mark = Mark(name, begun, time.time(), _cpu() - cpu)
    with log.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(asdict(mark)) + "\n")


def marks(log: Path) -> list[Mark]:
    """Read the marks of a log; none when there is no log."""
    if not log.exists():
        return []
    return [Mark(**json.loads(line)) for line in log.read_text(encoding="utf-8").splitlines()]


def _cpu() -> float:
    return sum(os.times()[:4])
