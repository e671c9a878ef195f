"""Errors that cross from one process to another, with all that led to them.

Python sends an error alone: what caused it stays behind, and one that cannot be written down ends
the pool instead. A full disk then looks like a fault of whatever was being closed on it.
"""

from __future__ import annotations

import pickle
import traceback
from dataclasses import dataclass


@dataclass(frozen=True)
class Carried:
    """An error, then what caused it and so on; and where it arose, for people.

    Each is the error itself, or one in its place that says the same.
    """

    errors: tuple[BaseException, ...]
    arose: str

    @classmethod
    def of(cls, problem: BaseException) -> Carried:
        """Write down an error where it arose."""
        arose = "".join(traceback.format_exception(problem))
        chain: list[BaseException] = []
        at: BaseException | None = problem
        while at is not None and at not in chain:
            chain.append(at)
            at = at.__cause__ or at.__context__
        return cls(tuple(map(_portable, chain)), arose)

    def error(self) -> BaseException:
        """Return the error to raise where it is told of."""
        for error, cause in zip(self.errors, self.errors[1:], strict=False):
            error.__cause__ = cause
        self.errors[0].add_note(f"It arose here:\n{self.arose}")
        return self.errors[0]


def _portable(problem: BaseException) -> BaseException:
    try:
        found = pickle.loads(pickle.dumps(problem))
    except Exception:
        found = None
    if type(found) is type(problem) and str(found) == str(problem):
        return problem
    if isinstance(problem, OSError):
        return OSError(problem.errno, problem.strerror or str(problem))
    return RuntimeError(f"{type(problem).__name__}: {problem}")
