"""An edition of the tiny England: the records of the official files, with the sample's counts.

Its sources have the official titles, addresses and layouts, and what the record of the sample says
otherwise: how many rows, which totals and ranges. So the program can fetch and build from the
publishers of the tiny England as it does from the real ones. Run as a module it is the command
line with that edition, ``tiny``, and with less patience:

    python -m tests.publishers.edition fetch --edition tiny
"""

from __future__ import annotations

import re
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from geo.fetch.errand import Patience
from geo.net import network
from layers import catalogue, layer, stock

EDITION = "tiny"
PATIENCE = {
    "attempts": 3, "pause_s": 0.01, "connect_s": 2.0, "read_s": 1.0, "whole_s": 60.0,
    "most_bytes": 1 << 27,
}  # fmt: skip
PIECE_BYTES = 1 << 11
"""How much is received at once: little, so that of small files too a part can be left."""
_LAYOUT = re.compile(r"\[\w+\.layouts\.")
_LIKE = re.compile(r'^like = \["(\w+)[.\w]*", "sample"\]', re.MULTILINE)
_OWN = re.compile(r"^(title|path|note|layer) = .*\n", re.MULTILINE)


def tiny_records() -> str:
    """Return the records of the tiny England's sources, in every layout of the official ones."""
    tables = [text for path in catalogue.RECORD_FILES for text in _tables(path)]
    records = [text for text in tables if text.startswith("[sample_")]
    layouts = [text for text in tables if _LAYOUT.match(text)]
    told = []
    for text in records:
        told.append(_OWN.sub("", text).replace("[sample_", f"[{EDITION}_", 1))
        if like := _LIKE.search(text):
            name = text.partition("]")[0].removeprefix("[sample_")
            told[-1] = _LIKE.sub(f'like = "{like[1]}"', told[-1])
            own = [layout for layout in layouts if layout.startswith(f"[{like[1]}.layouts.")]
            told += [f"[{EDITION}_{name}{layout.removeprefix(f'[{like[1]}')}" for layout in own]
    return "\n".join(told)


def _tables(path: Path) -> list[str]:
    """Return the tables of a file of records, each with its heading."""
    return re.findall(
        r"^\[.*?(?=^\[|\Z)", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def tiny_edition() -> str:
    """Return the record of the edition: the sample's, of these sources."""
    sample = tomllib.loads(layer.EDITIONS_FILE.read_text(encoding="utf-8"))["sample"]
    lines = [f"[{EDITION}]", 'like = "sample"', "fictional = false"]
    for kind in ("sources", "optional"):
        lines.append(f"[{EDITION}.{kind}]")
        lines += [f"{role} = {_of(known)}" for role, known in sample[kind].items()]
    return "\n".join(lines)


def _of(known: Any) -> str:
    """Return the id of a source, or the ids of several, with the tiny one for the sample's."""
    names = [known] if isinstance(known, str) else known
    told = [f'"{name.replace("sample_", f"{EDITION}_")}"' for name in names]
    return told[0] if isinstance(known, str) else f"[{', '.join(told)}]"


@contextmanager
def tiny_england(folder: Path) -> Iterator[None]:
    """Let this process know the edition for a while, and be less patient with hosts."""
    (folder / "sources.toml").write_text(tiny_records(), encoding="utf-8")
    editions = f"{layer.EDITIONS_FILE.read_text(encoding='utf-8')}\n{tiny_edition()}\n"
    (folder / "editions.toml").write_text(editions, encoding="utf-8")
    known = (*catalogue.RECORD_FILES, folder / "sources.toml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layer, "EDITIONS_FILE", folder / "editions.toml")
        patch.setattr(catalogue, "RECORD_FILES", known)
        for name, value in PATIENCE.items():
            patch.setitem(Patience.__init__.__kwdefaults__, name, value)
        patch.setattr(stock, "ONCE", Patience(attempts=1))
        patch.setattr(network, "_CHUNK_BYTES", PIECE_BYTES)
        _forget()
        yield
    _forget()


def _forget() -> None:
    for known in (catalogue.catalogue, layer.editions):
        known.cache_clear()


if __name__ == "__main__":
    from scripts.cli import main

    with tempfile.TemporaryDirectory() as folder, tiny_england(Path(folder)):
        sys.exit(main())
