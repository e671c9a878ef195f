"""What one download may cost in all: its attempts, its pauses and its pages together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import BinaryIO, TypeVar

Result = TypeVar("Result")


class SpentError(Exception):
    """Nothing is left of an allowance; the message says of what."""


class Allowance:
    """Seconds and bytes that are being used up, counted from when it is made."""

    def __init__(self, *, seconds: float, size: int) -> None:
        """Allow so many seconds from now, and so many bytes."""
        self._seconds, self._size = seconds, size
        self._ends, self._left = time.monotonic() + seconds, size

    @property
    def spent(self) -> int:
        """Return how many bytes have been taken."""
        return self._size - self._left

    def seconds_left(self) -> float:
        """Return how many seconds are left; raises ``SpentError`` when there are none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise SpentError(f"it takes more than {self._seconds:,g} seconds")
        return left

    def spend(self, size: int) -> None:
        """Take bytes away; raises ``SpentError`` when there are not so many, or no time is left."""
        self.seconds_left()
        self._left -= size
        if self._left < 0:
            raise SpentError(f"it takes more than {self._size:,} bytes")

    def within(self, work: Callable[[], Result]) -> Result:
        """Do some work, and raise ``SpentError`` when it has not ended in the time that is left.

        What waits for a server byte by byte cannot be ended from outside: it is left to itself
        then, must `spend` before it writes, and never outlives the program.
        """
        ended: Future[Result] = Future()

        def run() -> None:
            try:
                ended.set_result(work())
            except BaseException as problem:
                ended.set_exception(problem)

        left = self.seconds_left()
        threading.Thread(target=run, daemon=True).start()
        if not wait([ended], timeout=left).done:
            raise SpentError(f"it takes more than {self._seconds:,g} seconds")
        return ended.result()


class Counted:
    """A stream that takes what is written to it from an allowance first."""

    def __init__(self, stream: BinaryIO, allowance: Allowance) -> None:
        """Write to a stream at the cost of an allowance."""
        self._stream, self._allowance = stream, allowance

    def write(self, chunk: bytes) -> int:
        """Write what the allowance has room for, or raise ``SpentError``."""
        self._allowance.spend(len(chunk))
        return self._stream.write(chunk)

    def flush(self) -> None:
        """Hand on what is written."""
        self._stream.flush()
