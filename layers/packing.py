"""Writing a pack: an edition's inputs read, checked, converted and put into one file."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path

import geopandas as gpd

from boundaries.layout import fields_of, vector_of
from boundaries.read import raw_areas
from geo.fetch.origins import origin_of
from geo.files.dates import stated_day
from geo.files.hashes import file_hash
from geo.files.parcels import PARCEL, record_hash
from geo.files.whole_files import replaced
from geo.sources import Source
from geo.tables.parts import AREAS, CELLS, keep_rows
from geo.tables.read import read_rows, read_table
from layers.contents import require_contents
from layers.files import Files
from layers.layer import Edition
from layers.pack import CONTENTS, FORM, LICENCES
from layers.pcm_grid import read_cells

_STAMP = (1980, 1, 1, 0, 0, 0)


def write_pack(files: Files, target: Path, *, say: Callable[[str], object]) -> Path:
    """Write all of an edition's inputs that are to be had into one file, and return its path.

    What a build cannot do without is fetched where it is not at hand. The same inputs give the same
    bytes. Raises ``SourceError`` for a file that is not to be had, whatever refuses its contents,
    and ``OutputError`` where nothing can be written.
    """
    found = {files.source(role).id: (role, path) for role, path in files.roles().items()}
    listed: dict[str, str] = {}
    with replaced(target) as made:
        workshop = made.parent / "parts"
        workshop.mkdir()
        with zipfile.ZipFile(made, "w", compression=zipfile.ZIP_DEFLATED) as archive:
            for source_id, (role, path) in sorted(found.items()):
                say(source_id)
                folder = workshop / source_id
                folder.mkdir()
                write_parcel(path, files.source(role), folder)
                for part in sorted(folder.iterdir()):
                    name = f"{source_id}/{part.name}"
                    listed[name] = file_hash(part)
                    _add(archive, name, part.read_bytes())
                    part.unlink()
            sources = [files.source(role) for role, _ in found.values()]
            _add(archive, LICENCES, _licences(files.edition, sources).encode())
            _add(archive, CONTENTS, _contents(files.edition, listed).encode())
    return target


def write_parcel(path: Path, source: Source, folder: Path) -> None:
    """Write what a source's file holds into a folder, part by part, and what file it was."""
    require_contents(path, source)
    for table in source.tables:
        read_table(path, source, table).to_parquet(folder / f"{table}.parquet", compression="zstd")
    if source.vector is not None:
        options = {"compression": "zstd", "compression_level": 15}
        _own_areas(path, source).to_parquet(folder / AREAS, index=False, **options)
    if source.grid is not None:
        read_cells(path, source.grid).to_parquet(folder / CELLS, compression="zstd")
    for name, sheet in source.sheets.items():
        keep_rows(read_rows(path, source, sheet), folder / f"{name}.json")
    day = stated_day(path, source)
    told = {
        "source": source.id,
        "edition": source.edition,
        "record": record_hash(source),
        "day": None if day is None else day.isoformat(),
        "of": origin_of(path, source),
    }
    (folder / PARCEL).write_text(json.dumps(told, indent=1, sort_keys=True), encoding="utf-8")


def _own_areas(path: Path, source: Source) -> gpd.GeoDataFrame:
    """Return the features of the record's coverage, in the fields of theirs that are read."""
    raw, _ = raw_areas(path, source)
    fields = fields_of(raw.columns, vector_of(source))
    own = raw[raw[fields["code"]].astype("str").str.startswith(source.coverage, na=False)]
    return own[[*fields.values(), own.geometry.name]]


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, date_time=_STAMP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)


def _contents(edition: Edition, listed: Mapping[str, str]) -> str:
    told = {
        "pack": FORM,
        "edition": edition.id,
        "title": edition.title,
        "made_by": f"deprivation-pockets {metadata.version('deprivation-pockets')}",
        "files": dict(sorted(listed.items())),
    }
    return json.dumps(told, indent=1)


def _licences(edition: Edition, sources: list[Source]) -> str:
    lines = [
        f"Inputs of “{edition.title}”, read, checked and written again by deprivation-pockets."
    ]
    for source in sorted(sources, key=lambda source: source.id):
        lines += ["", source.title, source.attribution, f"Licence: {source.licence}"]
    return "\n".join([*lines, ""])
