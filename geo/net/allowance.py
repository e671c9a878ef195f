"""What one download may cost in all: its attempts, its pauses and its pages together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, InvalidStateError, wait
from contextlib import contextmanager, suppress
from typing import Literal, Protocol, TypeVar

Result = TypeVar("Result")


class SpentError(Exception):
    """Nothing is left of an allowance: ``of`` seconds or of bytes."""

    def __init__(self, reason: str, *, of: Literal["seconds", "bytes"]) -> None:
        """Say in a phrase what is spent."""
        self.of = of
        super().__init__(reason)


class Allowance:
    """Seconds and bytes that are being used up, counted from when it is made."""

    def __init__(self, *, seconds: float, size: int) -> None:
        """Allow so many seconds from now, and so many bytes."""
        self._seconds, self._size = seconds, size
        self._ends, self._left = time.monotonic() + seconds, size

    def with_bytes(self, size: int) -> Allowance:
        """Return an allowance of the seconds that are left here, and of bytes of its own."""
        other = Allowance(seconds=self._seconds, size=size)
        other._ends = self._ends
        return other

    @property
    def spent(self) -> int:
        """Return how many bytes have been taken."""
        return self._size - self._left

    def seconds_left(self) -> float:
        """Return how many seconds are left; raises ``SpentError`` when there are none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise SpentError(f"it takes more than {self._seconds:,g} seconds", of="seconds")
        return left

    def spend(self, size: int) -> None:
        """Take bytes away; raises ``SpentError`` when there are not so many, or no time is left."""
        self.seconds_left()
        self._left -= size
        if self._left < 0:
            raise SpentError(f"it takes more than {self._size:,} bytes", of="bytes")

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Let no time pass during the block: others are being waited for, and no server."""
        since = time.monotonic()
        try:
            yield
        finally:
            self._ends += time.monotonic() - since

    def within(
        self, work: Callable[[], Result], *, late: Callable[[Result], object] | None = None
    ) -> Result:
        """Do some work, and raise ``SpentError`` when it has not ended in the time that is left.

        What waits for a server byte by byte cannot be ended from outside: it is left to itself
        then, or where a person interrupts the waiting, must `spend` before it writes, and never
        outlives the program. What comes of it too late is given to ``late``.
        """
        ended: Future[Result] = Future()

        def run() -> None:
            try:
                result = work()
            except BaseException as problem:
                with suppress(InvalidStateError):
                    ended.set_exception(problem)
                return
            try:
                ended.set_result(result)
            except InvalidStateError:
                if late is not None:
                    late(result)

        left = self.seconds_left()
        threading.Thread(target=run, daemon=True).start()
        try:
            wait([ended], timeout=left)
        except BaseException:
            self._ends = 0.0
            raise
        if ended.cancel():
            raise SpentError(f"it takes more than {self._seconds:,g} seconds", of="seconds")
        return ended.result()


class Sink(Protocol):
    """What bytes are written to."""

    def write(self, chunk: bytes, /) -> object:
        """Take a chunk."""


class Counted:
    """A stream that takes what is written to it from an allowance first."""

    def __init__(self, stream: Sink, allowance: Allowance) -> None:
        """Write to a stream at the cost of an allowance."""
        self._stream, self._allowance = stream, allowance

    def write(self, chunk: bytes, /) -> object:
        """Write what the allowance has room for, or raise ``SpentError``."""
        self._allowance.spend(len(chunk))
        return self._stream.write(chunk)
