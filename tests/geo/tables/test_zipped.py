"""Tables in archives, read as a stream: the same as from any other file, or refused."""

from __future__ import annotations

import dataclasses
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from geo.errors import CodeError, InputError, SourceError
from geo.files import archives
from geo.sources import TableSpec
from geo.tables import sizes, zipped
from geo.tables.read import read_table
from tests.geo.tables.test_read import source

HEADINGS = "pcds,doterm,lsoa11cd,ladcd,note"
ROWS = [
    *(("ZZ1 1A" + letter, "", "E01990001", "E06990001", "plain") for letter in "ABDEF"),
    ("ZZ1 1CK", "199606", "E01990001", "E06990001", "ended"),
    ("ZZ2 1AA", "", "E01990002", "E08990001", "with, a comma"),
    ("QQ1 1AA", "", "W01990001", "W06990001", "Cymru, â"),
    ("BT99 1AA", "", "95ZZ99S1", "N09990001", ""),
    ("ZZ2 1AB", "", "E01990002", "E08990001", 'says "here"'),
]
SPEC = TableSpec(
    key="pcds",
    member="lookup.csv",
    prefixes=(),
    only={"doterm": ("",), "lsoa11cd": ("E01",)},
    rows=7,
    text={"lsoa_code": "lsoa11cd", "lad_code": "ladcd"},
)
POINTS = TableSpec(
    key="PC",
    member="Data/CSV/*.csv",
    headings=("PC", "PQ", "EA", "NO", "CY"),
    header=0,
    prefixes=(),
    only={"CY": ("E92",)},
    numbers={"easting": "EA", "northing": "NO"},
    missing=("0",),
)


def record(spec=SPEC, **changes):
    made = source(kind="csv")
    return dataclasses.replace(made, tables={"main": dataclasses.replace(spec, **changes)})


def line(cells) -> str:
    return ",".join('"{}"'.format(cell.replace('"', '""')) for cell in cells) + "\r\n"


def text(*more: str) -> str:
    return f"{HEADINGS}\r\n" + "".join(map(line, ROWS)) + "".join(more)


def archive(folder: Path, members=None, *, method=zipfile.ZIP_DEFLATED) -> Path:
    path = folder / "lookup.zip"
    with zipfile.ZipFile(path, "w", method) as written:
        for name, content in (members or {"lookup.csv": text()}).items():
            written.writestr(name, content)
    return path


def read(path: Path, spec=SPEC, **changes) -> pd.DataFrame:
    return read_table(path, record(spec, **changes), "main")


def refusal(path: Path, spec=SPEC, *, kind=InputError, **changes) -> str:
    with pytest.raises(kind) as caught:
        read(path, spec, **changes)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture(params=[1 << 20, 150], ids=["whole", "in pieces"])
def pieces(request, monkeypatch):
    """Read a file at once, or a few lines at a time."""
    monkeypatch.setattr(zipped, "_PIECE_BYTES", request.param)


@pytest.mark.usefixtures("pieces")
def test_the_wanted_rows_and_columns_are_those_of_the_same_file_unpacked(tmp_path):
    plain = tmp_path / "plain.csv"
    plain.write_bytes(text().encode())
    found = read(archive(tmp_path))
    pd.testing.assert_frame_equal(found, read(plain))
    assert found.index.to_list() == [
        *(f"ZZ1 1A{letter}" for letter in "ABDEF"),
        "ZZ2 1AA",
        "ZZ2 1AB",
    ]
    assert found.loc["ZZ2 1AA"].to_list() == ["E01990002", "E08990001"]


@pytest.mark.parametrize("name", ["lookup.csv", "Data/LOOKUP.CSV", "of another month.csv"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_file_may_have_any_name_and_a_mark(tmp_path, name, mark):
    path = archive(tmp_path, {name: mark + text(), "readme.txt": "no table"})
    assert len(read(path)) == 7


@pytest.mark.usefixtures("pieces")
def test_a_table_may_be_spread_over_files_without_headings(tmp_path):
    members = {
        "Doc/headings.csv": "PC,PQ,EA,NO,CY\r\nPostcode,Quality,Eastings,Northings,Country\r\n",
        "Data/CSV/b.csv": '"ZZ2 1AA",10,400100,200100,"E92000001"\n',
        "Data/CSV/a.csv": '"ZZ1 1AA",10,400000,200000,"E92000001"\n"ZZ1 1AB",90,0,0,"E92000001"\n'
        '"QQ1 1AA",10,300000,700000,"S92000003"\n',
    }
    found = read(archive(tmp_path, members), POINTS)
    assert found.index.to_list() == ["ZZ1 1AA", "ZZ1 1AB", "ZZ2 1AA"]
    assert found["easting"].fillna(-1).to_list() == [400000, -1, 400100]
    assert found["northing"].fillna(-1).to_list() == [200000, -1, 200100]
    alone = tmp_path / "alone.csv"
    alone.write_text(members["Data/CSV/a.csv"])
    pd.testing.assert_frame_equal(read(alone, POINTS), found.iloc[:2])


@pytest.mark.usefixtures("pieces")
def test_rows_are_named_by_their_number_in_the_file(tmp_path):
    wrong = line(["", "", "E01990002", "E08990001", ""])
    said = refusal(archive(tmp_path, {"lookup.csv": text(wrong, line(ROWS[-1]))}), kind=CodeError)
    assert "1 row without a code (row 12)" in said
    assert "1 code more than once (ZZ2 1AB)" in said


@pytest.mark.usefixtures("pieces")
def test_rows_with_fewer_cells_are_counted_and_told_together(tmp_path):
    broken = ['"ZZ3 1AA","","E01990002"\r\n', "\r\n", ",,\r\n", line(ROWS[-1]), '"ZZ3 1AD"\r\n']
    said = refusal(archive(tmp_path, {"lookup.csv": text(*broken)}))
    assert "2 rows have fewer cells than there are headings" in said
    assert f"{tmp_path / 'lookup.zip'}, “lookup.csv”" in said
    assert "Expected: 5 cells in each row" in said
    assert "Found: row 12 has 3, row 16 has 1" in said


def plain_and_zipped(folder, content):
    """Return what is read, or said, of the same text as it is and in an archive."""
    if isinstance(content, str):
        content = content.encode()
    plain = folder / "plain.csv"
    plain.write_bytes(content)
    told = []
    for path in (plain, archive(folder, {"lookup.csv": content})):
        try:
            told.append(read(path, text=SPEC.text | {"note": "note"}, only=SPEC.only, rows=None))
        except (InputError, SourceError) as problem:
            told.append(f"{type(problem)} {problem.what} {problem.found}")
    return told


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize(
    "content",
    [
        text().replace('"\r\n', '",\r\n'),
        text().replace('"\r\n', '",, \r\n'),
        text().replace('"plain"\r\n', '"plain",""\r\n'),
        text().replace('"with, a comma"\r\n', '"with, a comma",\r\n'),
        text().replace("note\r\n", "note,\r\n"),
        text().replace("note\r\n", "note,,\r\n").replace('"plain"\r\n', '"plain",,"",\r\n'),
        text().replace("\r\n", "\n"),
        text().replace("\r\n", "\r"),
        "\ufeff" + text("\r\n", "\r\n"),
        text(",,,,\r\n", ",\r\n"),
        text().encode("cp1252"),
        text().replace("plain", "pl\u00e4in \u2013 \u20ac").encode("cp1252"),
        text().encode() + line(["ZZ3 1AA", "", "E01990002", "E08990001", "Môr"]).encode("cp1252"),
        text().replace("plain", "two lines,\nor\nthree"),
        text().replace("note\r\n", '"\nnote"\r\n'),
        text("".join(map(line, ROWS[1:2] * 400))).encode()
        + b'"ZZ3 1AA","","E01990002","E0","\x81"',
    ],
)
def test_a_file_is_the_same_in_an_archive_as_beside_it(tmp_path, content):
    plain, zipped_one = plain_and_zipped(tmp_path, content)
    if isinstance(plain, str):
        assert plain == zipped_one
    else:
        pd.testing.assert_frame_equal(plain, zipped_one)
        assert len(plain) >= 7


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (text().replace('"plain"\r\n', '"plain","x"\r\n'), "right of all headings (row 2, row 3"),
        (text(line(["ZZ3 1AB", "", "E0199", "E0", "a", "", "7"])), "of all headings (row 12)"),
        (
            text().replace("note\r\n", "note,,\r\n").replace('comma"\r\n', 'comma",,7\r\n'),
            "cells to the right of all headings (row 8)",
        ),
        (text("ZZ3 1AB,,E01990002,E08990001,a,\r\n" * 2), "1 code more than once (ZZ3 1AB)"),
        (
            text(*map(line, ROWS[1:2] * 100), '"\0",,,,\r\n'),
            f"a byte of nothing at character {len(text(*map(line, ROWS[1:2] * 100))) + 1:,}",
        ),
        (text("ZZ3,,E01,,,\r\n"), "“ladcd” is blank in 1 row"),
    ],
)
def test_a_file_is_refused_in_the_same_words_in_an_archive(tmp_path, content, said):
    plain, zipped_one = plain_and_zipped(tmp_path, content)
    assert said in plain
    assert plain == zipped_one


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("", "The table ends before its headings"),
        (text() + '"ZZ3 1AA","","E01990002","E08990001","' + "x" * (3 << 20) + '"\r\n', "block"),
        (text().replace("doterm", "ended"), "row 1 has no column “doterm”"),
        (f"{HEADINGS}\r\n", "the column “pcds” holds no area code"),
        (text().replace("E01", "E02"), "no row that is wanted has “E01” under “lsoa11cd”"),
        (text().replace(",", ";"), "cells divided by semicolons"),
    ],
    ids=["empty", "endless", "no heading", "no row", "none wanted", "semicolons"],
)
def test_what_is_no_such_table_is_refused_in_one_paragraph(tmp_path, content, found):
    assert found in refusal(archive(tmp_path, {"lookup.csv": content}))


def test_more_rows_of_another_length_than_can_wait_are_refused(tmp_path, monkeypatch):
    odd = [f"QZ{number} 1AA,,E01990001,E0,,\r\n" for number in range(50)]
    assert len(read(archive(tmp_path, {"lookup.csv": text(*odd)}), rows=None)) == 57
    monkeypatch.setattr(zipped, "_MOST_WAITING", 50)
    said = refusal(archive(tmp_path, {"lookup.csv": text(*odd)}), rows=None)
    assert "The file is not a table of comma-separated values" in said


def test_an_archive_without_the_table_is_refused(tmp_path):
    path = archive(tmp_path, {"readme.txt": text(), "other.xls": ""})
    assert "“lookup.csv” in it. Found: no files that may be meant" in refusal(
        path, kind=SourceError
    )
    said = refusal(path, POINTS, kind=SourceError)
    assert "“Data/CSV/*.csv” in it. Found: no such file in it" in said


@pytest.mark.parametrize("spoil", ["cut", "bytes", "sum"])
def test_a_damaged_archive_is_refused(tmp_path, spoil):
    path = archive(tmp_path, {"lookup.csv": text(*map(line, ROWS * 2000))})
    content = bytearray(path.read_bytes())
    if spoil == "cut":
        del content[len(content) // 2 :]
    elif spoil == "bytes":
        middle = len(content) // 2
        content[middle : middle + 40] = bytes(40)
    else:
        at = content.rindex(b"PK\x01\x02") + 16
        content[at] ^= 1
    path.write_bytes(content)
    said = refusal(path, kind=(SourceError, InputError), rows=None)
    assert "damaged" in said or "not a table" in said or "fewer cells" in said


def test_a_table_that_would_fill_the_memory_is_refused(tmp_path, monkeypatch):
    rows = "".join(line([f"QZ{number} 1AA", "", "E01990001", "E0", ""]) for number in range(5000))
    path = archive(tmp_path, {"lookup.csv": text(rows)})
    assert len(read(path, rows=None)) == 5007
    monkeypatch.setattr(sizes, "MOST_CELLS", 10_000)
    assert "larger inside than any table" in refusal(path, kind=SourceError)
    monkeypatch.setattr(archives, "MOST_UNPACKED", 100_000)
    assert "when unpacked" in refusal(path, kind=SourceError)


def test_a_stream_is_given_up_once_it_holds_too_much(tmp_path, monkeypatch):
    rows = "".join(line([f"QZ{number} 1AA", "", "E01990001", "E0", ""]) for number in range(5000))
    taken = []
    whole = zipped.ZippedTable.pieces

    def counted(self, positions):
        for piece in whole(self, positions):
            taken.append(len(piece[0]))
            yield piece

    monkeypatch.setattr(zipped.ZippedTable, "pieces", counted)
    monkeypatch.setattr(zipped, "_PIECE_BYTES", 1000)
    monkeypatch.setattr(sizes, "MOST_CELLS", 1000)
    refusal(archive(tmp_path, {"lookup.csv": text(rows)}), kind=SourceError)
    assert 100 < sum(taken) < 300
