"""Packs: an edition's inputs as one file, to hand to somebody whose machine cannot fetch them.

A pack is a zip archive with a folder for each source (see `geo.files.parcels`), `CONTENTS` with the
edition and the SHA-256 of every other file in it, and a text with the licences. What is packed was
read and checked first (`layers.packing`); what is unpacked is checked again by whoever reads it, as
any other input.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from geo.errors import SourceError, some
from geo.fetch.plan import mirror_named
from geo.files.cache import kept
from geo.files.hashes import file_hash
from layers.layer import Edition

CONTENTS = "pack.json"
LICENCES = "LICENCES.txt"
FORM = 1
"""The number of this form of a pack; another form is refused."""
MOST_PACKED = 1 << 30
"""The most that the files of a pack may have together: ten times what England has."""


def unpacked(pack: Path, edition: Edition, cache: Path) -> Path:
    """Return the folder of a pack's sources, unpacked into the cache: a mirror.

    Raises ``SourceError`` for a file that is no pack, is damaged, or is of another edition.
    """
    with _refusing(pack), zipfile.ZipFile(pack) as archive:
        contents = _read_contents(archive, pack)
        _require_edition(contents, edition, pack)

        def make(folder: Path) -> None:
            folder.mkdir()
            for name, expected in contents["files"].items():
                place = folder / name
                place.parent.mkdir(exist_ok=True)
                with archive.open(name) as stream:
                    place.write_bytes(stream.read())
                if file_hash(place) != expected:
                    raise zipfile.BadZipFile(f"{name} is not what the pack's list says")

        return kept(cache / "packs", "pack", file_hash(pack)[:24], make)


def mirror_at(given: Path | None, edition: Edition, cache: Path) -> Path | None:
    """Return the mirror that a path names: itself, or where it is a pack the pack's own folder.

    Without a path it is the one that ``POCKETS_MIRROR`` names, if it does. Raises ``SourceError``
    when that is not there, or is no pack that can be opened.
    """
    named = mirror_named() if given is None else given
    return named if named is None or named.is_dir() else unpacked(named, edition, cache)


def _read_contents(archive: zipfile.ZipFile, pack: Path) -> Mapping[str, Any]:
    """Return a pack's list, once it and the archive's own list say the same."""
    names = {entry.filename: entry.file_size for entry in archive.infolist()}
    problems: list[str] = []
    contents: dict[str, Any] = {}
    if CONTENTS not in names:
        problems.append(f"no {CONTENTS} in it: it is some other archive")
    else:
        contents = json.loads(archive.read(CONTENTS))
        problems += _contradictions(contents, names)
    if sum(names.values()) > MOST_PACKED:
        problems.append(f"{sum(names.values()) / 1e6:,.0f} MB when unpacked")
    if problems:
        raise SourceError(
            "The file is not a pack that can be opened",
            where=str(pack),
            expected="a file that “pockets pack” wrote",
            found="; ".join(problems),
            do="have it made and sent again, or name a folder of downloaded files",
        )
    return contents


def _contradictions(contents: Any, names: Mapping[str, int]) -> Iterator[str]:
    if not isinstance(contents, dict) or contents.get("pack") != FORM:
        yield f"a list of another form than {FORM}: another version of the program made it"
        return
    listed = contents.get("files")
    if not isinstance(listed, dict):
        yield "no list of files"
        return
    strange = [name for name in listed if not _is_plain(name)]
    if strange:
        yield f"names that lead elsewhere ({some(strange)})"
    differing = set(listed) ^ (set(names) - {CONTENTS, LICENCES})
    if differing:
        named = some(sorted(differing))
        yield f"files that its list does not have, or the other way round ({named})"


def _is_plain(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return len(parts) == 2 and ".." not in parts and "\\" not in name and ":" not in name


def _require_edition(contents: Mapping[str, Any], edition: Edition, pack: Path) -> None:
    if contents["edition"] != edition.id:
        raise SourceError(
            "The pack is of another edition",
            where=str(pack),
            expected=f"edition {edition.id}",
            found=f"edition {contents['edition']}",
            do=f"build with --edition {contents['edition']}, or ask for a pack of {edition.id}",
        )


@contextmanager
def _refusing(pack: Path) -> Iterator[None]:
    """Turn what is wrong with an archive into one paragraph."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, OSError) as problem:
        raise SourceError(
            "The pack cannot be opened",
            where=str(pack),
            found=str(problem),
            do="have it made and sent again: it may be cut short",
        ) from problem
