"""The catalogue: all of its files of records, or none."""

from __future__ import annotations

import pytest

from geo.errors import SourceError
from layers import catalogue as module
from layers.catalogue import RECORD_FILES, catalogue


@pytest.mark.parametrize("lost", [path.name for path in RECORD_FILES[1:]])
def test_a_catalogue_without_one_of_its_files_is_none(monkeypatch, tmp_path, lost):
    known = [tmp_path / lost if path.name == lost else path for path in RECORD_FILES]
    monkeypatch.setattr(module, "RECORD_FILES", known)
    with pytest.raises(SourceError, match=f"A file of records cannot be read.*{lost}"):
        catalogue.__wrapped__()
