"""The files of an edition: which source plays which role, and where its verified file is."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from geo.errors import AbsentError, SourceError
from geo.fetch.errand import Errand, Patience, Watch
from geo.fetch.locate import Decision, decide, locate, require_readable, unchecked
from geo.fetch.origins import origin_of
from geo.fetch.plan import FetchPlan, plan
from geo.files.dates import as_dated
from geo.files.hashes import file_hash
from geo.net.hosts import Hosts
from geo.sources import Source
from layers.catalogue import catalogue
from layers.contents import require_contents
from layers.layer import Edition

_LOG = logging.getLogger(__name__)
_ORDER = {"use": 0, "refuse": 2}
"""The order in which sources are tried: what is at hand, what a program can have, the others."""


@dataclass(frozen=True, kw_only=True)
class Files:
    """Where to look for an edition's files: the cache, a mirror folder, the publisher.

    With ``offline`` the publisher is never asked.
    """

    edition: Edition
    cache: Path
    mirror: Path | None = None
    offline: bool = False
    _found: dict[str, tuple[Source, Path]] = field(default_factory=dict, repr=False, compare=False)
    _without: set[str] = field(default_factory=set, repr=False, compare=False)

    @property
    def whole(self) -> str:
        """Return the word for all areas of the edition."""
        return self.edition.whole

    @property
    def district_year(self) -> int:
        """Return the year whose districts the edition has."""
        return self.edition.district_year

    def source(self, role: str) -> Source:
        """Return the record of the source that plays a role.

        Of several it is the one whose file is used: the first that is at hand in the order of
        preference, else the first that a program can download. Where a file that is at hand states
        its day, so does the record.
        """
        found = self._found.get(role)
        if found is not None:
            return found[0]
        first = self._in_turn(role)[0]
        if first.dated is None:
            return first
        decided = self.plan(first)
        return as_dated(decided.path, first) if decided.step == "use" else first

    def path(self, role: str) -> Path:
        """Return the verified file for a role, of the first of its sources that is to be had.

        Raises ``SourceError`` when none is.
        """
        return self.fetched(role)

    def fetched(
        self,
        role: str,
        *,
        watch: Watch | None = None,
        patience: Patience | None = None,
        hosts: Hosts | None = None,
    ) -> Path:
        """Return the verified file for a role as `path` does, watched while it is downloaded.

        ``hosts`` is what is known already of those who are asked.
        """
        found = self._found.get(role)
        if found is None:
            errand = replace(
                self._errand,
                watch=watch,
                patience=patience or Patience(),
                hosts=hosts or Hosts(),
            )
            found = self._found[role] = self._located(role, errand)
            self._without.discard(role)
        return found[1]

    def plan(self, source: Source) -> FetchPlan:
        """Decide where the file of a source is to come from, by what is there and whole."""
        return plan(source, cache=self.cache, mirror=self.mirror, offline=self.offline)

    def decided(self, role: str) -> Decision:
        """Decide where the file of a role is to come from; a copy in the cache is read and checked.

        Where the copy of one source fails, another source of the role that is at hand will do.
        Nothing is asked of the network.
        """
        first, *others = self._in_turn(role)
        decided = decide(first, self._errand)
        others = [] if decided.plan.step == "use" else others
        instead = (decide(source, self._errand) for source in others)
        return next((one for one in instead if one.plan.step == "use"), decided)

    def unchecked(self, role: str) -> bool:
        """Say whether `decided` is going to read a copy of the role's file in the cache."""
        return unchecked(self._in_turn(role)[0], self._errand)

    @property
    def _errand(self) -> Errand:
        return Errand(
            cache=self.cache, mirror=self.mirror, offline=self.offline, check=require_contents
        )

    def _in_turn(self, role: str) -> list[Source]:
        """Return the records of all sources of a role, in the order in which they are tried."""
        others = self.edition.alternatives.get(role, ())
        known = [catalogue()[key] for key in (self.edition.sources[role], *others)]
        return sorted(known, key=self._step) if others else known

    def _step(self, source: Source) -> int:
        return _ORDER.get(self.plan(source).step, 1)

    def _located(self, role: str, errand: Errand, *, readable: bool = False) -> tuple[Source, Path]:
        """Locate the file of a role; one that must be ``readable`` is checked in a mirror too."""
        problems: list[SourceError] = []
        for source in self._in_turn(role):
            try:
                path = locate(source, errand)
                if readable:
                    require_readable(path, source, errand)
            except SourceError as problem:
                problems.append(problem)
            else:
                if problems:
                    _LOG.warning("Used in its place: %s. %s", source.title, problems[0])
                return as_dated(path, source), path
        raise problems[0] if len(problems) == 1 else _none_of(role, problems)

    def find(self, role: str) -> Path | None:
        """Return the file for a role, or None when an optional one is not already at hand.

        An optional file is used when the cache or the mirror holds it, and is never the reason for
        a download: ``pockets fetch`` downloads it. A copy in the cache that is damaged or fails its
        checks, or one in the mirror that does, is told of once and done without.
        """
        if role not in self.edition.optional:
            return self.path(role)
        if role in self._found:
            return self._found[role][1]
        if role in self._without:
            return None
        try:
            errand = replace(self._errand, offline=True)
            found = self._found[role] = self._located(role, errand, readable=True)
        except SourceError as problem:
            self._without.add(role)
            told = problem.found if isinstance(problem, AbsentError) else str(problem)
            if told:
                _LOG.warning("“%s” is done without: %s", self.source(role).title, told)
            return None
        return found[1]

    def at_hand(self, role: str) -> bool:
        """Say whether the cache or the mirror holds a sound file for a role."""
        if role in self.edition.optional:
            return self.find(role) is not None
        return self.plan(self.source(role)).step == "use"

    def absent(self) -> tuple[str, ...]:
        """Return the optional roles whose file is not at hand, which a build does without."""
        return tuple(role for role in self.edition.optional if not self.at_hand(role))

    def roles(self) -> dict[str, Path]:
        """Return every role that has a file, with the file."""
        found = {role: self.find(role) for role in self.edition.sources}
        return {role: path for role, path in found.items() if path is not None}

    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 of the file of every role that has one."""
        return {role: file_hash(path) for role, path in self.roles().items()}

    def origins(self) -> dict[str, Mapping[str, Any]]:
        """Return what file each source was read from in the end, by the source's id."""
        read = {role: (self.source(role), path) for role, path in self.roles().items()}
        return {source.id: origin_of(path, source) for source, path in read.values()}


def _none_of(role: str, problems: Sequence[SourceError]) -> AbsentError:
    """Put together why none of the sources of a role is to be had."""
    return AbsentError(
        f"None of the {len(problems)} sources of “{role}” is to be had",
        found="; ".join(
            f"{problem.what}: {problem.found or problem.where}" for problem in problems
        ),
        do=f"one of them is enough: {problems[0].do}",
    )
