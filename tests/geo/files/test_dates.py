"""The day that a file states, and what its record says then."""

from __future__ import annotations

import dataclasses
import zipfile
from datetime import date

import pytest

from geo.files.dates import as_dated, stated_day
from geo.sources import DateSpec
from tests.geo.tables.test_read import source

TEXT = "PRODUCT: POINTS\r\nCOPYRIGHT DATE: 20310422\r\nUPDATE DATE: 20310417\r\n AB\t17389"
DATED = DateSpec(
    member="metadata.txt",
    words="UPDATE DATE:",
    texts={"period": "{month}", "attribution": "© {year}."},
)


def record(**changes):
    return dataclasses.replace(source(), dated=dataclasses.replace(DATED, **changes))


def archive(folder, text=TEXT, name="Doc/metadata.txt"):
    path = folder / "points.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("Data/ab.csv", "1,2")
        packed.writestr("Doc/licence.txt", "UPDATE DATE: 20010101")
        packed.writestr(name, text)
    return path


def test_a_record_says_what_follows_from_the_day_of_its_file(tmp_path):
    found = as_dated(archive(tmp_path), record())
    assert found == dataclasses.replace(record(), period="April 2031", attribution="© 2031.")
    assert stated_day(archive(tmp_path), record()) == date(2031, 4, 17)


@pytest.mark.parametrize(
    "text",
    ["", "UPDATE DATE: soon", "UPDATE DATE: 20311399", "UPDATE DATE: 203104171", "DATE: 20310417"],
)
def test_a_record_stays_as_it_is_where_the_file_states_no_day(tmp_path, text):
    assert as_dated(archive(tmp_path, text), record()) == record()


def test_a_record_stays_as_it_is_where_there_is_no_such_file(tmp_path):
    assert as_dated(archive(tmp_path, name="Doc/metadata.pdf"), record(member="m*.csv")) == record(
        member="m*.csv"
    )
    (tmp_path / "no.zip").write_text("no archive")
    assert as_dated(tmp_path / "no.zip", record()) == record()
    assert as_dated(tmp_path / "nowhere.zip", record()) == record()
    assert as_dated(archive(tmp_path), source()) == source()
