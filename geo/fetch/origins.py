"""What file a source was read from in the end: told in the provenance, and carried in packs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geo.fetch.receipts import receipt_of
from geo.files.hashes import file_hash
from geo.files.parcels import is_parcel, parcel_of


def origin_of(path: Path) -> Mapping[str, Any]:
    """Return a ``file``'s name, its ``sha256`` and, of a download, how it was ``fetched``.

    For the folder of a source in a pack it is the file that was packed.
    """
    if is_parcel(path):
        told: Mapping[str, Any] = parcel_of(path)["of"]
        return told
    receipt = receipt_of(path)
    own = {"file": path.name, "sha256": file_hash(path)}
    if receipt is None:
        return own
    return {**own, "fetched": {"from": receipt.url, "how": receipt.how, "when": receipt.when}}
