"""The files of an edition: which source plays which role, and where its verified file is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from geo.files.cache import entry_stands
from geo.files.fetch import locate, plan
from geo.files.hashes import file_hash
from geo.sources import Source
from layers.catalogue import catalogue
from layers.layer import Edition


@dataclass(frozen=True, kw_only=True)
class Files:
    """Where to look for an edition's files: the cache, a mirror folder, the publisher.

    With ``offline`` the publisher is never asked.
    """

    edition: Edition
    cache: Path
    mirror: Path | None = None
    offline: bool = False
    _found: dict[str, Path] = field(default_factory=dict, repr=False, compare=False)

    @property
    def whole(self) -> str:
        """Return the word for all areas of the edition."""
        return self.edition.whole

    def source(self, role: str) -> Source:
        """Return the record of the source that plays a role."""
        return catalogue()[self.edition.sources[role]]

    def path(self, role: str) -> Path:
        """Return the verified file for a role; raises ``SourceError`` when it is not to be had."""
        found = self._found.get(role)
        if found is None:
            found = locate(
                self.source(role), cache=self.cache, mirror=self.mirror, offline=self.offline
            )
            self._found[role] = found
        return found

    def find(self, role: str) -> Path | None:
        """Return the file for a role, or None when an optional one is not already at hand.

        A source that has an alternative is used when the cache or the mirror holds it, and is never
        the reason for a download: ``pockets fetch`` downloads it.
        """
        if role not in self.edition.optional or self.at_hand(role):
            return self.path(role)
        return None

    def at_hand(self, role: str) -> bool:
        """Say whether the cache or the mirror holds the file of a role; changes nothing.

        A damaged copy in the cache counts: what it is a copy of is not to be done without.
        """
        decided = plan(self.source(role), cache=self.cache, mirror=self.mirror, offline=True)
        return decided.step == "use" or entry_stands(decided.path)

    def roles(self) -> dict[str, Path]:
        """Return every role that has a file, with the file."""
        found = {role: self.find(role) for role in self.edition.sources}
        return {role: path for role, path in found.items() if path is not None}

    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 of the file of every role that has one."""
        return {role: file_hash(path) for role, path in self.roles().items()}
