"""The built-in sample: two fictional boroughs, made from a seed in a second or two.

Northmere and Westholt exist so that the first run works anywhere, so that tests meet files in the
publishers' own formats, and so that the statistics can be checked against pockets whose places
are known. The geography is in scripts/sample_places.py, the pockets in scripts/sample_pockets.py,
the layers in scripts/sample_values.py, the files in scripts/sample_files.py and
scripts/sample_tables.py; the records of the files are in layers/sample.toml.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pandas as pd

from geo.cache import files_hash, kept, key_of
from geo.errors import OutputError
from layers.catalogue import catalogue
from scripts.sample_files import WRITERS
from scripts.sample_places import make_places
from scripts.sample_pockets import plant
from scripts.sample_values import make_sample

DEFAULT_SEED = 2019


def write_sample(folder: Path, *, seed: int = DEFAULT_SEED) -> Path:
    """Write every file of the sample under a folder, as a mirror of official files would hold them.

    The folder appears whole or not at all, and replaces one that was there. The same seed gives the
    same bytes. Returns the folder. Raises ``OutputError`` when it cannot be written.
    """
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    sample = make_sample(seed)
    try:
        for source_id, write in WRITERS.items():
            source = catalogue()[source_id]
            path = part / source.path
            path.parent.mkdir(parents=True, exist_ok=True)
            write(sample, source, path)
        if folder.exists():
            shutil.rmtree(folder)
        part.rename(folder)
    except OSError as problem:
        raise OutputError(
            "The sample could not be written",
            where=str(folder),
            found=problem.strerror or str(problem),
            do="make room, or set POCKETS_CACHE to a folder that you may write to",
        ) from problem
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def kept_sample(cache: Path) -> Path:
    """Return the sample's folder in a cache, written first when this code has not written it yet.

    Raises ``OutputError`` when the cache cannot be written.
    """
    code = files_hash(Path(__file__).parent.glob("sample*.py"))
    return kept(cache, "mirror", key_of(code, DEFAULT_SEED), write_sample)


def planted(*, seed: int = DEFAULT_SEED) -> pd.DataFrame:
    """Return the pockets planted in the sample: columns pocket (a name) and area_code.

    What the method of pockets should find in it, with the default rule.
    """
    table = plant(make_places(seed))
    return table.loc[table["pocket"] != "", ["pocket", "area_code"]].reset_index(drop=True)
