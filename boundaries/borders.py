"""Which districts lie along a country that no file here reaches into."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

BORDERS_FILE = Path(__file__).with_name("borders.toml")


@cache
def borders() -> Mapping[str, str]:
    """Return the country that each district on a border touches, by the district's code.

    >>> borders()["E06000050"], borders().get("E08000012")
    ('Wales', None)
    """
    records: dict[str, dict[str, Any]] = tomllib.loads(BORDERS_FILE.read_text(encoding="utf-8"))
    return {
        code: str(record["name"])
        for record in records.values()
        for code in (*record["land"], *record["water"])
    }
