"""What is noticed while files are read, for the quality report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Check:
    """One comparison of what was read with what was published, for the quality report.

    ``ok`` is None for a finding that is worth showing and neither right nor wrong.
    """

    name: str
    expected: str
    found: str
    ok: bool | None
    note: str = ""
