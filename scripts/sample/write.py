"""The built-in sample: two fictional boroughs, made from a seed in a second or two.

Northmere and Westholt exist so that the first run works anywhere, so that tests meet files in the
publishers' own formats, and so that the statistics can be checked against pockets whose places
are known. The geography is in scripts/sample/places.py, the pockets in scripts/sample/planted.py,
the layers in scripts/sample/values.py, the files in scripts/sample/files.py and
scripts/sample/workbooks.py; the records of the files are in layers/sample.toml.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from geo.files.cache import kept, key_of
from geo.files.hashes import files_hash
from geo.files.whole_files import made_whole
from layers.catalogue import catalogue
from scripts.sample.files import WRITERS
from scripts.sample.places import make_places
from scripts.sample.planted import plant
from scripts.sample.values import make_sample

DEFAULT_SEED = 2019


def write_sample(folder: Path, *, seed: int = DEFAULT_SEED) -> Path:
    """Write every file of the sample under a folder, as a mirror of official files would hold them.

    The folder appears whole or not at all, and is a new one or an empty one. The same seed gives
    the same bytes. Returns the folder. Raises ``OutputError`` when it cannot be written.
    """
    what, expected = "The sample could not be written", "a new folder, or an empty one"
    with made_whole(folder, what, expected=expected) as made:
        _fill(made, seed)
    return folder


def kept_sample(cache: Path, *, seed: int = DEFAULT_SEED) -> Path:
    """Return the sample's folder in a cache, written first when this code has not written it yet.

    Raises ``CacheError`` when the cache cannot be written.
    """
    code = files_hash(Path(__file__).parent.glob("*.py"))
    return kept(cache, "mirror", key_of(code, seed), lambda folder: _fill(folder, seed))


def _fill(folder: Path, seed: int) -> None:
    sample = make_sample(seed)
    for source_id, write in WRITERS.items():
        source = catalogue()[source_id]
        path = folder / source.path
        path.parent.mkdir(parents=True, exist_ok=True)
        write(sample, source, path)


def planted(*, seed: int = DEFAULT_SEED) -> pd.DataFrame:
    """Return the pockets planted in the sample: columns pocket (a name) and area_code.

    What the method of pockets should find in it, with the default rule.
    """
    table = plant(make_places(seed))
    return table.loc[table["pocket"] != "", ["pocket", "area_code"]].reset_index(drop=True)
