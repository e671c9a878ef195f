"""What file a source was read from in the end: told in the provenance, and carried in packs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geo.fetch.receipts import receipt_of
from geo.files.hashes import file_hash
from geo.files.parcels import is_parcel, parcel_of
from geo.sources import Source
from geo.tables.layouts import layout_of


def origin_of(path: Path, source: Source) -> Mapping[str, Any]:
    """Return a ``file``'s name, its ``sha256`` and, of a download, how it was ``fetched``.

    ``layout`` names that of the record's accepted layouts which the file has, where it is another
    than the record's own. For the folder of a source in a pack it is the file that was packed.
    """
    if is_parcel(path):
        told: Mapping[str, Any] = parcel_of(path)["of"]
        return told
    receipt = receipt_of(path)
    layout = layout_of(path, source).layout if source.layouts else ""
    own = {"file": path.name, "sha256": file_hash(path)} | ({"layout": layout} if layout else {})
    if receipt is None:
        return own
    return {**own, "fetched": {"from": receipt.url, "how": receipt.how, "when": receipt.when}}
