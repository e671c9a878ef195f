"""What is told of the file that a source was read from."""

from __future__ import annotations

import pytest

from geo.fetch.origins import origin_of
from geo.files.hashes import file_hash
from tests.geo.tables.test_layouts import AS_BANDS, AS_YEARS, people, workbook


@pytest.mark.parametrize(
    ("rows", "layout"), [(AS_YEARS, {}), (AS_BANDS, {"layout": "bands"})], ids=["own", "another"]
)
def test_a_file_is_told_with_its_layout_where_that_is_not_the_records_own(tmp_path, rows, layout):
    path = workbook(tmp_path / "download.xlsx", rows)
    own = {"file": "download.xlsx", "sha256": file_hash(path)}
    assert origin_of(path, people()) == own | layout


def test_a_record_of_one_layout_has_its_file_opened_for_nothing(tmp_path):
    """It may be of any kind, and large: its name and its bytes are told."""
    path = tmp_path / "download.xlsx"
    path.write_bytes(b"no workbook")
    told = origin_of(path, people(layouts=()))
    assert told == {"file": "download.xlsx", "sha256": file_hash(path)}


def test_a_record_is_had_in_each_of_its_layouts():
    record = people()
    assert record.in_layout("") is record
    assert record.in_layout("bands") is record.layouts[0]
