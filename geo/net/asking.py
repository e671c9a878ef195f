"""Asking a server until it answers well, within an allowance and with growing pauses."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from geo.errors import SourceError
from geo.net.allowance import Allowance
from geo.net.answers import answer_of
from geo.net.heads import Head, RequestError
from geo.net.network import Body, HostLine
from geo.net.patience import Patience

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Who asks for one file: over which line, with what patience, and at the cost of what.

    ``folder`` is the workspace in which the file is made, where answers may stand for a while.
    """

    line: HostLine
    patience: Patience
    allowance: Allowance
    folder: Path

    def with_bytes(self, size: int) -> Asker:
        """Return an asker that has the seconds that are left here, and bytes of its own."""
        return replace(self, allowance=self.allowance.with_bytes(size))

    def insist(self, attempt: Callable[[], Result]) -> Result:
        """Return what an attempt returns, made again while another one may help.

        Raises the ``RequestError`` or ``SourceError`` of the last one, and ``SpentError``.
        """
        for number in range(1, self.patience.attempts):
            try:
                return attempt()
            except SourceError as problem:
                self.rest(number, problem)
            except RequestError as problem:
                if not problem.passing:
                    raise
                self.rest(number, problem)
        return attempt()

    def rest(self, number: int, after: Exception) -> None:
        """Leave the server alone after its failure ``number``: as long as it asks for, or longer.

        Raises ``RequestError`` where it asks for more than there is patience for.
        """
        patience, asked = self.patience, getattr(after, "after_s", 0)
        if asked > patience.longest_pause_s:
            raise RequestError(f"{after}, and asks for {asked:,.0f} seconds of rest", passing=False)
        own = patience.pause_s * 2 ** (number - 1)
        pause = max(own, asked) + own * random.uniform(0, 0.25)
        time.sleep(min(pause, patience.longest_pause_s, self.allowance.seconds_left()))

    def get(
        self,
        url: str,
        open_body: Callable[[Head], Body],
        headers: Mapping[str, str],
    ) -> Head:
        """Ask once; see `HostLine.get`."""
        return self.line.get(url, open_body, allowance=self.allowance, headers=headers)

    def json(self, url: str) -> dict[str, Any]:
        """Return the JSON at an address, asked for until it is sound; see `answer_of`."""
        return self.insist(lambda: self.json_once(url))

    def json_once(self, url: str) -> dict[str, Any]:
        """Return the JSON at an address, asked for once; it stands at ``answer`` until the next."""
        self.get(url, lambda head: self.answer.open("wb"), {"Accept-Encoding": "gzip"})
        return answer_of(self.answer)

    @property
    def answer(self) -> Path:
        """Return where the last answer in JSON stands."""
        return self.folder / "answer.json"
