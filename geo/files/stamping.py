"""GeoPackages that are the same bytes twice: no clock in them, and one order of building."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyogrio

STAMP = "2000-01-01T00:00:00.000Z"


@contextmanager
def stamped() -> Iterator[None]:
    """Let GDAL write `STAMP` for the hour, and build its index in one thread, hence one order."""
    fixed = {"OGR_CURRENT_DATE": STAMP, "OGR_GPKG_ALLOW_THREADED_RTREE": "NO"}
    before = {name: pyogrio.get_gdal_config_option(name) for name in fixed}
    pyogrio.set_gdal_config_options(fixed)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)
