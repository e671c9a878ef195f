"""Files inside zip archives: which one is meant, how it is read, and what is refused."""

from __future__ import annotations

import csv
import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from geo.errors import SourceError
from geo.files import archives
from geo.files.archives import is_workbook, member_of, open_member, table_members
from geo.files.file_kinds import require_format, require_unpacks
from geo.sources import Address, TableSpec
from tests.geo.tables.test_read import source

TEXT = "code,name\r\nE01990001,Môr\r\n"
ZIPPED = Address(kind="zip-member", url="https://example.org/a.zip", member="people.csv")


def archive(path: Path, *, method: int = zipfile.ZIP_DEFLATED, **members: str) -> Path:
    with zipfile.ZipFile(path, "w", method) as packed:
        for name, text in members.items():
            packed.writestr(name.replace("__", "/").replace("_", "."), text)
    return path


def read(path: Path, member: str) -> bytes:
    with open_member(path, source(), member) as stream:
        return stream.read()


def refusal(path: Path, member: str = "*.csv") -> str:
    with pytest.raises(SourceError) as caught:
        read(path, member)
    return str(caught.value)


@pytest.mark.parametrize("member", ["people.csv", "PEOPLE.CSV", "*.csv", "p*e.csv", "renamed.csv"])
def test_a_member_is_found_by_name_by_pattern_or_by_its_ending(tmp_path, member):
    path = archive(tmp_path / "a.zip", Data__people_csv=TEXT, notes_txt="no table")
    assert read(path, member) == TEXT.encode()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_is_read_however_it_is_packed(tmp_path, method):
    assert read(archive(tmp_path / "a.zip", method=method, a_csv=TEXT), "*.csv") == TEXT.encode()


def test_a_table_is_read_from_its_archive_line_by_line(tmp_path):
    path = archive(tmp_path / "a.zip", a_csv=f"\ufeff{TEXT}")
    with open_member(path, source(), "*.csv") as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        assert list(csv.reader(text)) == [["code", "name"], ["E01990001", "Môr"]]


def test_what_a_computer_of_another_make_adds_is_passed_over(tmp_path):
    path = archive(tmp_path / "a.zip", a_csv=TEXT)
    with zipfile.ZipFile(path, "a") as packed:
        packed.mkdir("b.csv")
        packed.writestr("__MACOSX/._a.csv", b"\0\5")
    assert read(path, "*.csv") == TEXT.encode()


def test_a_table_may_be_spread_over_the_files_of_a_folder(tmp_path):
    path = archive(
        tmp_path / "a.zip", Data__CSV__b_csv=TEXT, Data__CSV__a_csv="", Doc__a_csv="", a_csv=""
    )
    assert table_members(path, source(), "data/csv/*.csv") == ["Data/CSV/a.csv", "Data/CSV/b.csv"]
    assert read(path, "Data/CSV/b.csv") == TEXT.encode()
    assert table_members(path, source(), "b.csv") == ["Data/CSV/b.csv"]
    with pytest.raises(SourceError, match=r"Expected: “Data/\*\.txt” in it\. Found: no such file"):
        table_members(path, source(), "Data/*.txt")
    (tmp_path / "cut.zip").write_bytes(path.read_bytes()[:100])
    with pytest.raises(SourceError, match="a damaged archive"):
        table_members(tmp_path / "cut.zip", source(), "Data/*.csv")


def test_no_file_or_several_that_may_be_meant_are_listed(tmp_path):
    path = archive(tmp_path / "a.zip", a_csv=TEXT, b_csv=TEXT, notes_txt="")
    assert "Found: 2 files that may be meant: “a.csv”, “b.csv”." in refusal(path)
    said = refusal(path, "c.xlsx")
    assert "Expected: “c.xlsx” in it." in said
    assert "Found: no files that may be meant: “a.csv”, “b.csv”, “notes.txt”." in said


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    path = archive(tmp_path / "a.zip", a_csv="0" * 3_000_000)
    assert path.stat().st_size < 10_000
    assert len(read(path, "*.csv")) == 3_000_000
    monkeypatch.setattr(archives, "MOST_UNPACKED", 2_000_000)
    assert "“a.csv” with 3 MB when unpacked" in refusal(path)


def test_a_bomb_that_tells_another_size_ends_there(tmp_path):
    path = archive(tmp_path / "a.zip", a_csv="0" * 3_000_000)
    said = (3_000_000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(said, (1000).to_bytes(4, "little")))
    got: list[bytes] = []

    def read_on() -> None:
        with open_member(path, source(), "*.csv") as stream:
            while chunk := stream.read(100):
                got.append(chunk)

    with pytest.raises(SourceError, match="a damaged archive: Bad CRC-32"):
        read_on()
    assert sum(map(len, got)) < 1000


METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]


def lying(path: Path, size: int, said: int, method: int) -> Path:
    """Write an archive of one file of some size, whose list says another."""
    archive(path, method=method, a_csv="0" * size)
    true, false = (number.to_bytes(4, "little") for number in (size, said))
    path.write_bytes(path.read_bytes().replace(true, false))
    return path


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("said", [1000, 5_000_000])
def test_a_list_that_lies_about_a_size_is_found_out(tmp_path, method, said):
    said_of = refusal(lying(tmp_path / "a.zip", 3_000_000, said, method))
    assert "a damaged archive" in said_of


@pytest.mark.parametrize("method", METHODS[1:])
def test_no_more_is_held_than_a_list_says(tmp_path, method):
    path = lying(tmp_path / "a.zip", 150_000_000, 1000, method)
    assert path.stat().st_size < 1_000_000
    tracemalloc.start()
    try:
        refusal(path)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 100_000_000


@pytest.mark.parametrize("method", METHODS)
def test_whatever_is_spoilt_in_an_archive_is_told_in_a_paragraph(tmp_path, method):
    path = archive(tmp_path / "a.zip", method=method, a_csv=TEXT * 3, b_txt="")
    whole, text = path.read_bytes(), (TEXT * 3).encode()
    spoilt = [whole[:cut] for cut in range(len(whole))]
    for place, was in enumerate(whole):
        values = {was ^ 1, was ^ 64, 255}
        spoilt += [whole[:place] + bytes([value]) + whole[place + 1 :] for value in values]
    refused = 0
    for content in spoilt:
        path.write_bytes(content)
        try:
            assert read(path, "a.csv") == text or content.count(b"a.csv") < 2
            require_unpacks(path, source())
        except SourceError:
            refused += 1
    assert refused > len(spoilt) / 2


def test_an_archive_that_is_cut_or_locked_is_refused(tmp_path):
    path = archive(tmp_path / "a.zip", a_csv=TEXT)
    whole = path.read_bytes()
    locked = bytearray(whole)
    locked[whole.rindex(b"PK\1\2") + 8] |= 1
    path.write_bytes(locked)
    assert "“a.csv” locked with a password" in refusal(path)
    path.write_bytes(whole[:-30])
    assert "a damaged archive: File is not a zip file" in refusal(path)
    damaged = bytearray(whole)
    place = whole.index(b"a.csv") + 5
    damaged[place : place + 8] = b"\xff" * 8
    path.write_bytes(damaged)
    assert "a damaged archive" in refusal(path)


def test_the_reader_s_own_errors_pass_through(tmp_path):
    path = archive(tmp_path / "a.zip", a_csv=TEXT)
    with pytest.raises(ValueError, match="mine"), open_member(path, source(), "*.csv"):
        raise ValueError("mine")


def test_the_member_is_the_table_s_own_or_the_address_s():
    table = TableSpec(key="code", member="*.csv")
    assert member_of(source(), "lsoa") == ""
    assert member_of(source(address=ZIPPED), "lsoa") == "people.csv"
    assert member_of(source(address=ZIPPED, table=table), "lsoa") == "*.csv"
    assert member_of(source(table=table)) == "*.csv"


def test_an_archive_is_a_kind_of_file_where_the_record_knows_one(tmp_path):
    path = archive(tmp_path / "a.zip", people_csv=TEXT)
    require_format(path, source(kind="csv", address=ZIPPED))
    require_format(path, source(kind="xlsx", address=ZIPPED))
    with pytest.raises(SourceError, match="a zip archive or workbook"):
        require_format(path, source(kind="csv"))
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(SourceError) as caught:
        require_format(path, source(kind="csv", address=ZIPPED))
    assert (
        "Expected: a text file of comma-separated values, or a zip archive that holds it."
        in str(caught.value)
    )
    assert "Found: a zip archive that is cut short or damaged." in str(caught.value)


def test_a_workbook_is_no_archive_of_tables(tmp_path):
    path = archive(tmp_path / "a.xlsx", xl__workbook_xml="<workbook/>")
    assert not is_workbook(path)
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
    assert is_workbook(path)
    with pytest.raises(SourceError, match="a zip archive or workbook"):
        require_format(path, source(kind="csv", address=ZIPPED))


def test_a_file_may_be_of_the_kind_of_any_accepted_layout(tmp_path):
    reduced = source(kind="parquet", layout="reduced")
    wanted = source(kind="csv", address=ZIPPED, layouts=(reduced,))
    path = tmp_path / "file"
    for content in (b"PAR1....PAR1", TEXT.encode()):
        path.write_bytes(content)
        require_format(path, wanted)
    path.write_bytes(b"PAR1.\0..")
    with pytest.raises(SourceError) as caught:
        require_format(path, wanted)
    assert "or a zip archive that holds it or a Parquet file." in str(caught.value)
    assert "Found: a Parquet file that is cut short." in str(caught.value)
    path.write_bytes(b"\0\0")
    with pytest.raises(SourceError, match="a file with binary content"):
        require_format(path, wanted)
