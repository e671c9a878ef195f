"""Files that become too large when they are opened, and types that are no cells of a table."""

from __future__ import annotations

import zipfile
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
import xlsxwriter

from geo.errors import InputError, SourceError
from geo.tables import sizes
from geo.tables.read import read_rows, read_table
from geo.tables.sizes import require_workbook_size
from tests.geo.tables.test_alike import FIRST, HEAD, SECOND, SPEC, as_workbook
from tests.geo.tables.test_read import source


def with_far_cell(path, row, column):
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Table")
        for number, cells in enumerate([HEAD, FIRST, SECOND]):
            page.write_row(number, 0, cells)
        page.write(row, column, "x")
        book.add_worksheet("Other").write(1_048_575, 16_383, "x")
    return path


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (1_048_575, 16_383, "“Table” reaches to row 1,048,576 and column 16,384"),
        (1_048_575, 60, "“Table” reaches to row 1,048,576 and column 61"),
        (9_000, 16_383, "“Table” reaches to row 9,001 and column 16,384"),
    ],
)
def test_a_cell_far_away_is_refused_before_room_is_made_for_it(tmp_path, row, column, said):
    path = with_far_cell(tmp_path / "a.xlsx", row, column)
    for read in (
        lambda: read_table(path, source(table=SPEC), "lsoa"),
        lambda: read_rows(path, source(), "Table"),
    ):
        with pytest.raises(SourceError) as caught:
            read()
        assert said in caught.value.found


def test_a_cell_a_little_away_and_another_sheet_are_of_no_account(tmp_path):
    path = with_far_cell(tmp_path / "a.xlsx", 30, 2)
    assert read_table(path, source(table=SPEC), "lsoa")["people"].tolist() == [10, 20]


@pytest.mark.parametrize("written", [b"<x:c s='1' r='XFD1048576'>", b'<c r="xfd1048576" t="s">'])
def test_a_cell_is_found_however_it_is_written(tmp_path, written, monkeypatch):
    monkeypatch.setattr(sizes, "_CHUNK_BYTES", 700)
    path = as_workbook(tmp_path / "a.xlsx", [HEAD, FIRST, SECOND])
    with zipfile.ZipFile(path) as parts:
        whole = {name: parts.read(name) for name in parts.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    for before in range(690, 712):
        text = whole[sheet].replace(
            b"<sheetData>", b" " * (before - 400) + b"<sheetData>" + written
        )
        with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as parts:
            for name, content in {**whole, sheet: text}.items():
                parts.writestr(name, content)
        with pytest.raises(SourceError, match="row 1,048,576 and column 16,384"):
            read_rows(tmp_path / "b.xlsx", source(), "Table")


SHEET = "xl/worksheets/sheet1.xml"


def with_sheet(path, text):
    """Write a workbook whose one sheet has other rows than its writer wrote."""
    plain = as_workbook(path.with_suffix(".plain"), [HEAD, FIRST, SECOND])
    with (
        zipfile.ZipFile(plain) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == SHEET:
                start, end = content.index(b"<sheetData>") + 11, content.index(b"</sheetData>")
                content = content[:start] + text + content[end:]
            new.writestr(name, content)
    return path


@pytest.mark.parametrize("chunk", [500, 1 << 22])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"<row>" + b"<c/>" * 300 + b"</row><row/><row/>", "row 3 and column 300"),
        (b"<row/>" * 400 + b"<row><c><v>1</v></c><c/></row>", "row 401 and column 2"),
        (b"<row r='350'><c><v>1</v></c><c/></row><row/>", "row 351 and column 2"),
        (b"<row r='350'><c r='A7'/><c t='s' r = 'SY350'/></row>", "row 350 and column 519"),
        (b"<row><c r='SX1'/><c/></row>" + b"<row/>" * 3, "row 5 and column 519"),
        (b"<row r='99999999999999999999999'/><row><c r='B1'/></row>", "and column 2"),
    ],
)
def test_cells_that_do_not_say_where_they_stand_are_counted(
    tmp_path, monkeypatch, text, said, chunk
):
    monkeypatch.setattr(sizes, "MOST_CELLS", 600)
    monkeypatch.setattr(sizes, "_CHUNK_BYTES", chunk)
    path = with_sheet(tmp_path / "a.xlsx", text)
    with pytest.raises(SourceError) as caught:
        read_rows(path, source(), "Table")
    assert said in caught.value.found


STRICT = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
USUAL = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def rewritten(path, name=lambda name: name, content=lambda content: content):
    """Write a workbook of a far cell whose parts have other names, or other contents."""
    with (
        zipfile.ZipFile(with_far_cell(path.with_suffix(".plain"), 9_000, 16_383)) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for each in old.namelist():
            new.writestr(name(each), content(old.read(each)))
    return path


@pytest.mark.parametrize(
    "spelling",
    [
        {"name": lambda name: name.replace("sheet1.xml", "Sheet1.xml")},
        {"name": lambda name: name.replace("xl/workbook.xml", "xl/Workbook.xml")},
        {"name": lambda name: name.replace("xl/_rels/", "XL/_rels/")},
        {"name": lambda name: name.replace("/", "\\")},
        {"content": lambda content: content.replace(USUAL, STRICT)},
    ],
    ids=["sheet", "book", "relations", "backslashes", "strict"],
)
def test_a_far_cell_is_found_however_the_parts_are_spelt(tmp_path, spelling):
    path = rewritten(tmp_path / "a.xlsx", **spelling)
    with pytest.raises(SourceError, match="“Table” reaches to row 9,001 and column 16,384"):
        require_workbook_size(path, source(), "Table")


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"name": lambda name: name.replace("sheet2.xml", "Sheet1.xml")}, "of only"),
        ({"name": lambda name: name.replace("xl/workbook.xml", "xl/a.xml")}, "no list “xl/workb"),
        ({"content": lambda content: content.replace(b"</sheets>", b"")}, "that is no XML"),
    ],
    ids=["twice", "none", "no XML"],
)
def test_a_workbook_whose_list_cannot_be_believed_is_refused(tmp_path, broken, said):
    path = rewritten(tmp_path / "a.xlsx", **broken)
    with pytest.raises(SourceError, match=rf"The workbook cannot be read.*{said}"):
        require_workbook_size(path, source(), "Table")


def test_a_tag_that_never_ends_is_refused(tmp_path):
    path = with_sheet(tmp_path / "a.xlsx", b"<row><c r='" + b"A" * (6 << 20) + b"'/></row>")
    with pytest.raises(SourceError, match="a cell or a tag of more than 1,048,576 bytes"):
        read_rows(path, source(), "Table")


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml"])
def test_a_workbook_whose_list_lies_about_a_size_is_refused(tmp_path, part):
    path = as_workbook(tmp_path / "a.xlsx", [HEAD, FIRST, SECOND])
    with zipfile.ZipFile(path) as old:
        whole = {name: old.read(name) for name in old.namelist()}
    padded = whole[part] + b" " * (923_456 - len(whole[part]))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in {**whole, part: padded}.items():
            new.writestr(name, content)
    assert read_rows(path, source(), "Table")[1][0] == FIRST[0]
    true, false = (number.to_bytes(4, "little") for number in (923_456, 700))
    path.write_bytes(path.read_bytes().replace(true, false))
    with pytest.raises(SourceError, match=r"The workbook cannot be read.*a damaged archive"):
        read_rows(path, source(), "Table")


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sizes, "MOST_UNPACKED", 200_000)
    path = as_workbook(tmp_path / "a.xlsx", [HEAD, FIRST, SECOND])
    assert len(read_table(path, source(table=SPEC), "lsoa")) == 2
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/image1.png", bytes(200_000))
    assert path.stat().st_size < 20_000
    with pytest.raises(SourceError, match="is larger inside than any table of its kind") as caught:
        read_table(path, source(table=SPEC), "lsoa")
    assert "bytes in 1" in caught.value.found


def written(path, **columns):
    table = pa.table(
        {
            "code": pa.array(["E01990001", "E01990002"]),
            "the name": pa.array(["Heron Bank", "Mill Row"]),
            "Number of people": pa.array([10, 20]),
            **{name.replace("_", " "): array for name, array in columns.items()},
        }
    )
    parquet.write_table(table, path)
    return path


def read(path):
    return read_table(path, source(kind="parquet", table=SPEC), "lsoa")


def test_a_parquet_file_of_too_many_rows_is_refused_by_its_footer(tmp_path, monkeypatch):
    path = written(tmp_path / "a.parquet")
    assert len(read(path)) == 2
    monkeypatch.setattr(parquet, "read_table", lambda *_, **__: pytest.fail("read"))
    for limit, value in {"MOST_CELLS": 5, "MOST_UNPACKED": 100}.items():
        with monkeypatch.context() as patch:
            patch.setattr(sizes, limit, value)
            with pytest.raises(SourceError, match="larger inside") as caught:
                read(path)
        assert caught.value.found.startswith("2 rows of 3 columns, ")


NAMES = ["Heron Bank", "Mill Row"]


@pytest.mark.parametrize(
    "names",
    [
        pa.array(NAMES, pa.large_string()),
        pa.array(NAMES).dictionary_encode(),
        pa.array(NAMES, pa.string_view()),
    ],
    ids=["large", "dictionary", "view"],
)
@pytest.mark.parametrize(
    "people",
    [
        pa.array([10, 20], pa.int16()),
        pa.array([10.0, 20.0]),
        pa.array(["10", "20"]),
        pa.array([Decimal("10"), Decimal("20")]),
        pa.array([10, 20]).dictionary_encode(),
    ],
    ids=["whole", "floating", "text", "decimal", "dictionary"],
)
def test_text_and_numbers_are_read_however_parquet_keeps_them(tmp_path, names, people):
    path = written(tmp_path / "a.parquet", the_name=names, Number_of_people=people)
    table = read(path)
    assert table["name"].tolist() == NAMES
    assert table["people"].tolist() == [10, 20]


@pytest.mark.parametrize(
    ("column", "array", "said"),
    [
        ("code", pa.array([1, 2]), "“code” holds numbers (int64)"),
        ("code", pa.array([b"E01990001", b"E01990002"]), "“code” holds neither text nor numbers"),
        ("code", pa.array([["E01990001"], ["E01990002"]]), "“code” holds neither text nor numbers"),
        ("the_name", pa.array([1.5, 2.5]), "“the name” holds numbers (double)"),
        ("the_name", pa.array([b"a", b"b"]), "“the name” holds neither text nor numbers (binary)"),
        ("the_name", pa.array([{"a": 1}, {"a": 2}]), "“the name” holds neither text nor numbers"),
        ("the_name", pa.array([1, 2]).dictionary_encode(), "“the name” holds numbers (int64)"),
        ("Number_of_people", pa.array([[1], [2]]), "“Number of people” holds neither text nor"),
        ("Number_of_people", pa.array([True, False]), "holds neither text nor numbers (bool)"),
        ("Number_of_people", pa.array([10, None]), "1 cell without a number (“” in row 3)"),
        ("Number_of_people", pa.array([10, float("nan")]), "1 cell without a number (“” in row"),
        ("the_name", pa.array(["a", None]), "“the name” is blank in 1 row (E01990002)"),
    ],
)
def test_a_column_of_another_type_is_refused_in_a_paragraph(tmp_path, column, array, said):
    path = written(tmp_path / "a.parquet", **{column: array})
    with pytest.raises(InputError) as caught:
        read(path)
    assert said in caught.value.found
