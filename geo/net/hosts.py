"""Which hosts have answered in a run, so that one that never does keeps no other file waiting."""

from __future__ import annotations

from collections import Counter


class Hosts:
    """What is known of hosts while several files are asked for."""

    def __init__(self) -> None:
        """Know nothing of any host yet."""
        self._answered: set[str] = set()
        self._in_vain: Counter[str] = Counter()

    def answered(self, host: str) -> None:
        """Note that a host has answered, whatever it said."""
        self._answered.add(host)

    def asked_in_vain(self, host: str) -> None:
        """Note that a host has refused a connection, or let a request pass without an answer."""
        self._in_vain[host] += 1

    def gave_none(self, host: str, attempts: int) -> bool:
        """Say whether a host has never answered, in so many attempts."""
        return host not in self._answered and self._in_vain[host] >= attempts
