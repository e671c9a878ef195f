"""What can go wrong, as a small tree of exceptions that speak in one paragraph.

Every message has up to five parts, in this order: what happened, where, what was expected, what was
found, and what to do about it. Each class is also a builtin, so a caller who knows nothing of this
package can still catch ``ValueError`` or ``OSError``.
"""

from __future__ import annotations

from collections.abc import Iterable


class PocketsError(Exception):
    """Any refusal of this package: one paragraph, complete in itself.

    ``what`` and ``do`` are sentences without a final stop; ``where``, ``expected`` and ``found``
    are phrases. Empty parts are left out of the message.
    """

    def __init__(
        self, what: str, *, where: str = "", expected: str = "", found: str = "", do: str = ""
    ) -> None:
        """Put the parts together into one paragraph."""
        parts = [
            what,
            where and f"Where: {where}",
            expected and f"Expected: {expected}",
            found and f"Found: {found}",
            do and f"What to do: {do}",
        ]
        self.what, self.where, self.expected, self.found, self.do = what, where, expected, found, do
        super().__init__(" ".join(f"{part.rstrip('.')}." for part in parts if part))

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the five parts when the error crosses from a worker process."""
        parts = (self.what, self.where, self.expected, self.found, self.do)
        return _rebuild, (type(self), parts)


def _rebuild(kind: type[PocketsError], parts: tuple[str, str, str, str, str]) -> PocketsError:
    what, where, expected, found, do = parts
    return kind(what, where=where, expected=expected, found=found, do=do)


class InputError(PocketsError, ValueError):
    """The contents of a file or a frame are not what its record promises."""


class CodeError(InputError):
    """Area codes are malformed, duplicated, of another vintage, or do not match."""


class SpaceError(InputError):
    """Geometry without a coordinate system, in another one, broken, or out of proportion."""


class AreaError(PocketsError, ValueError):
    """An area, edition or place that nobody here knows."""


class SourceError(PocketsError, OSError):
    """A source file that is missing, cannot be fetched, or is not the file it should be."""


class AbsentError(SourceError):
    """Files that are not to be had: they are nowhere here, and could not be downloaded."""


class ChangedError(AbsentError):
    """What a publisher offers where a file was is another thing, or another edition of it."""


class OutputError(PocketsError, OSError):
    """A result that could not be written; what was there before is still there."""


class CacheError(OutputError):
    """The cache cannot be read or written; what it holds for others is as it was."""


def some(items: Iterable[object], *, most: int = 5) -> str:
    """List the first few items for a message, and say how many more there are.

    >>> some(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    listed = [str(item) for item in items]
    if len(listed) <= most:
        return ", ".join(listed)
    return f"{', '.join(listed[:most])} and {len(listed) - most:,} more"
