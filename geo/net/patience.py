"""How patient one is with servers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long to wait for a server, and how often to ask again.

    The pause between attempts starts at ``pause_s`` seconds and doubles; a server that asks for a
    longer one gets it, up to ``longest_pause_s``. ``whole_s`` and ``most_bytes`` are for all
    attempts, pauses and pages of a file together.
    """

    attempts: int = 4
    pause_s: float = 1.0
    longest_pause_s: float = 120.0
    connect_s: float = 10.0
    read_s: float = 60.0
    whole_s: float = 1800.0
    most_bytes: int = 1 << 30
