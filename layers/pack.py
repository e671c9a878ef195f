"""Packs: an edition's inputs as one file, to hand to somebody whose machine cannot fetch them.

A pack is a zip archive with a folder for each source (see `geo.files.parcels`), `CONTENTS` with the
edition and the SHA-256 of every other file in it, and a text with the licences. What is packed was
read and checked first (`layers.packing`); what is unpacked is checked again by whoever reads it, as
any other input.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from geo.errors import SourceError, some
from geo.fetch.plan import mirror_named
from geo.files.archives import Refuse, damages_told, opened_archive, opened_part
from geo.files.cache import kept
from geo.files.hashes import file_hash
from layers.layer import Edition

CONTENTS = "pack.json"
LICENCES = "LICENCES.txt"
FORM = 1
"""The number of this form of a pack; another form is refused."""
MOST_PACKED = 1 << 30
"""The most that the files of a pack may have together: ten times what England has."""
MOST_LISTED = 1 << 20
"""The most that a pack's list may have: fifty times what England's has."""

_CHUNK_BYTES = 1 << 20
_PART = re.compile(r"[a-z0-9_]+/([a-z0-9_]+)\.(?:parquet|json)", re.ASCII)
_DEVICE = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]", re.ASCII)
"""Names that Windows never gives to a file, whatever ending follows."""


def unpacked(pack: Path, edition: Edition, cache: Path) -> Path:
    """Return the folder of a pack's sources, unpacked into the cache: a mirror.

    Raises ``SourceError`` for a file that is no pack, is damaged, or is of another edition.
    """
    refuse = partial(_damaged, pack)
    try:
        key = file_hash(pack)[:24]
    except OSError as problem:
        raise refuse(problem.strerror or str(problem)) from problem
    with opened_archive(pack, refuse) as archive:
        contents = _read_contents(archive, pack)
        _require_edition(contents, edition, pack)

        def make(folder: Path) -> None:
            folder.mkdir()
            for name, expected in contents["files"].items():
                place = folder / name
                place.parent.mkdir(exist_ok=True)
                _unpack(archive, name, place, refuse)
                if file_hash(place) != expected:
                    raise refuse(f"{name} is not what the pack's list says")

        return kept(cache / "packs", "pack", key, make)


def _unpack(archive: zipfile.ZipFile, name: str, place: Path, refuse: Refuse) -> None:
    with (
        opened_part(archive, archive.getinfo(name), refuse) as stream,
        place.open("wb") as target,
    ):
        while chunk := stream.read(_CHUNK_BYTES):
            target.write(chunk)


def mirror_at(given: Path | None, edition: Edition, cache: Path) -> Path | None:
    """Return the mirror that a path names: itself, or where it is a pack the pack's own folder.

    Without a path it is the one that ``POCKETS_MIRROR`` names, if it does. Raises ``SourceError``
    when that is not there, or is no pack that can be opened.
    """
    named = mirror_named() if given is None else given
    return named if named is None or named.is_dir() else unpacked(named, edition, cache)


def _read_contents(archive: zipfile.ZipFile, pack: Path) -> Mapping[str, Any]:
    """Return a pack's list, once it and the archive's own list say the same."""
    entries = archive.infolist()
    names = Counter(entry.filename for entry in entries)
    size = sum(entry.file_size for entry in entries)
    problems: list[str] = []
    contents: dict[str, Any] = {}
    if CONTENTS not in names:
        problems.append(f"no {CONTENTS} in it: it is some other archive")
    elif (listed := archive.getinfo(CONTENTS).file_size) > MOST_LISTED:
        problems.append(f"a list of {listed:,} bytes")
    else:
        contents = _list_of(archive, pack)
        problems += _contradictions(contents, names)
    if size > MOST_PACKED:
        problems.append(f"{size / 1e6:,.0f} MB when unpacked")
    if problems:
        raise SourceError(
            "The file is not a pack that can be opened",
            where=str(pack),
            expected="a file that “pockets pack” wrote",
            found="; ".join(problems),
            do="have it made and sent again, or name a folder of downloaded files",
        )
    return contents


def _list_of(archive: zipfile.ZipFile, pack: Path) -> Any:
    refuse = partial(_damaged, pack)
    with opened_part(archive, archive.getinfo(CONTENTS), refuse) as stream, damages_told(refuse):
        return json.loads(stream.read())


def _contradictions(contents: Any, names: Counter[str]) -> Iterator[str]:
    if not isinstance(contents, dict) or contents.get("pack") != FORM:
        yield f"a list of another form than {FORM}: another version of the program made it"
        return
    listed = contents.get("files")
    if not isinstance(contents.get("edition"), str) or not isinstance(listed, dict):
        yield "no edition, or no list of files"
        return
    strange = [name for name in listed if not _is_plain(name)]
    if strange:
        yield f"names that lead elsewhere, or are none of a pack ({some(map(repr, strange))})"
    twice = [name for name, times in names.items() if times > 1]
    if twice:
        yield f"more than one file of a name ({some(map(repr, twice))})"
    differing = set(listed) ^ (set(names) - {CONTENTS, LICENCES})
    if differing:
        named = some(map(repr, sorted(differing)))
        yield f"files that its list does not have, or the other way round ({named})"


def _is_plain(name: str) -> bool:
    """Say whether a name is one that packs are written with: a source's folder, and a part in it.

    Anything else is refused, so that no name leads out of the folder on any system, nor to the
    place of another name where a system tells no capitals apart.
    """
    part = _PART.fullmatch(name)
    folder = name.partition("/")[0]
    return part is not None and not (_DEVICE.fullmatch(part[1]) or _DEVICE.fullmatch(folder))


def _require_edition(contents: Mapping[str, Any], edition: Edition, pack: Path) -> None:
    if contents["edition"] != edition.id:
        raise SourceError(
            "The pack is of another edition",
            where=str(pack),
            expected=f"edition {edition.id}",
            found=f"edition {contents['edition']}",
            do=f"build with --edition {contents['edition']}, or ask for a pack of {edition.id}",
        )


def _damaged(pack: Path, found: str) -> SourceError:
    return SourceError(
        "The pack cannot be opened",
        where=str(pack),
        found=found,
        do="have it made and sent again: it may be cut short",
    )
