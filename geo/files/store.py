"""Frames kept in the cache: worked out once, and again only when what they are made of changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geo.files.cache import kept, key_of


@dataclass(frozen=True)
class Store:
    """A folder of the cache.

    Everything in it is kept by a name and by what it is made ``of`` (contents, records, settings;
    the code is always of them, see `geo.files.cache.key_of`). Raises ``CacheError`` when the cache
    cannot be written, and whatever ``make`` raises.
    """

    folder: Path

    def file(self, name: str, *of: object, make: Callable[[Path], object]) -> Path:
        """Return a file or a folder; ``make`` writes to the path that it is given."""
        return kept(self.folder, name, key_of(*of), make)

    def frame(self, name: str, *of: object, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Return a frame; ``make`` returns it when it has to be worked out."""

        def written(path: Path) -> None:
            make().to_parquet(path)

        return pd.read_parquet(self.file(f"{name}.parquet", *of, make=written))

    def frames(
        self, name: str, *of: object, make: Callable[[], Mapping[str, pd.DataFrame]]
    ) -> dict[str, pd.DataFrame]:
        """Return frames that are worked out together, by their names."""

        def written(folder: Path) -> None:
            folder.mkdir()
            for each, frame in make().items():
                frame.to_parquet(folder / f"{each}.parquet")

        folder = self.file(name, *of, make=written)
        return {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
