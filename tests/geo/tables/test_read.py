"""Tables of publishers' files: what is read, and what each kind of damage is answered with.

The areas are fictional; the workbooks have the shape of real ones, with notes around the table.
"""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xlsxwriter

from geo.errors import CodeError, InputError, SourceError
from geo.sources import Address, Source, TableSpec
from geo.tables.read import read_rows, read_table

SPEC = TableSpec(
    sheet="Table 3",
    header=3,
    key="LSOA Code",
    rows=3,
    text={"area_name": "LSOA Name"},
    numbers={"households": "Number of households", "poor": "Fuel poor1", "share": "Share (%)"},
    counts=("households", "poor"),
    ranges={"share": (0, 100)},
    totals={"households": 600, "poor": 60},
)
ROWS: list[list[object]] = [
    ["Table 3: Fuel poverty by LSOA", "", "", "", ""],
    [],
    ["LSOA Code", "LSOA Name ", "Number of\nhouseholds", "Fuel poor1", "Share (%)"],
    ["E01990001 ", "Northmere 001A", 100, 10, 10.0],
    ["E01990002", "Northmere 001B", 200, 20, 10.0],
    ["E01990003", "Northmere 001C", 300, 30, 10.0],
    ["", "", "", "", "England"],
    [],
    ["Estimates should be treated with caution", "", "", "", ""],
]


def source(*, kind="xlsx", table=SPEC, **changes) -> Source:
    record = {
        "id": "fuel",
        "title": "Fuel poverty",
        "publisher": "Nobody",
        "page": "https://example.org",
        "address": Address(kind="file", url="https://example.org/fuel.xlsx"),
        "edition": "2022",
        "period": "2020",
        "geography": "LSOA",
        "vintage": 2011,
        "coverage": ("E01",),
        "unit": "%",
        "direction": "high is worse",
        "licence": "OGL",
        "attribution": "Nobody",
        "path": "fuel.xlsx",
        "format": kind,
        "tables": {"lsoa": table},
    }
    return Source(**{**record, **changes})


def workbook(path: Path, rows=ROWS, *, sheet="Table 3") -> Path:
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Contents").write(0, 0, "Contents")
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, ["" if cell is None else cell for cell in row])
    book.close()
    return path


def csv(path: Path, text: str, *, encoding="utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def changed(row: int, column: int, value: object) -> list[list[object]]:
    rows = [list(cells) for cells in ROWS]
    rows[row][column] = value
    return rows


def read(path: Path, rows=ROWS, *, table=SPEC, **options) -> pd.DataFrame:
    return read_table(workbook(path / "fuel.xlsx", rows), source(table=table), "lsoa", **options)


def refusal(path: Path, rows=ROWS, *, kind=InputError, table=SPEC, **options) -> str:
    with pytest.raises(kind) as caught:
        read(path, rows, table=table, **options)
    return str(caught.value)


def test_a_table_is_read_under_our_names_without_the_notes_around_it(tmp_path):
    table = read(tmp_path)
    assert table.index.tolist() == ["E01990001", "E01990002", "E01990003"]
    assert table.index.name == "area_code"
    assert list(table.columns) == ["area_name", "households", "poor", "share"]
    assert table.loc["E01990002"].tolist() == ["Northmere 001B", 200, 20, 10.0]
    assert table.dtypes[["households", "share"]].tolist() == ["int64", "float64"]


def test_columns_that_no_record_asks_for_are_passed_over_wherever_they_stand(tmp_path):
    rows = [[*row[:2], f"Sub-domain {at}", *row[2:], "More"] for at, row in enumerate(ROWS) if row]
    spec = dataclasses.replace(SPEC, header=2)
    assert read(tmp_path, rows, table=spec).equals(read(tmp_path))


GROUPS = dataclasses.replace(SPEC, optional={"poverty": ("poor", "share")}, totals={})


def without(*places: int) -> list[list[object]]:
    return [[cell for at, cell in enumerate(row) if at not in places] for row in ROWS]


def test_a_group_that_a_file_may_lack_is_read_where_it_is_and_absent_where_it_is_not(tmp_path):
    assert read(tmp_path, table=GROUPS).equals(read(tmp_path))
    assert list(read(tmp_path, without(3, 4), table=GROUPS)) == ["area_name", "households"]


@pytest.mark.parametrize(("place", "heading"), [(3, "Fuel poor1"), (4, "Share (%)")])
def test_a_part_of_a_group_is_refused_by_the_headings_that_are_lacking(tmp_path, place, heading):
    assert f"row 3 has no column “{heading}”" in refusal(tmp_path, without(place), table=GROUPS)


def test_a_heading_of_a_group_that_stands_twice_is_refused(tmp_path):
    rows = [[*row, row[3], row[4]] for row in without() if row]
    spec = dataclasses.replace(GROUPS, header=2)
    assert "the column “Fuel poor1” stands 2 times (D, F)" in refusal(tmp_path, rows, table=spec)


def test_a_group_is_held_to_its_rules(tmp_path):
    assert "has 1 value not between 0 and 100" in refusal(
        tmp_path, changed(4, 4, 101), table=GROUPS
    )


RICH = dataclasses.replace(SPEC, rests={"poor": ("households", "share")}, totals={})


def test_what_a_file_does_not_state_is_what_the_others_leave_over(tmp_path):
    found = read(tmp_path, without(3), table=RICH)
    assert list(found) == ["area_name", "households", "poor", "share"]
    assert found["poor"].tolist() == [90, 190, 290]
    assert found["poor"].dtype == "int64"
    assert read(tmp_path, table=RICH)["poor"].tolist() == [10, 20, 30], "as stated, where it is"


def test_what_the_others_leave_over_is_held_to_its_rules(tmp_path):
    rows = [[*row[:2], 5, *row[4:]] if row and row[0] == "E01990002" else row for row in ROWS]
    rows = [row if row and row[0] == "E01990002" else without(3)[at] for at, row in enumerate(rows)]
    said = refusal(tmp_path, rows, table=RICH)
    assert "“Fuel poor1” has 1 value not zero or more (-5 at E01990002)" in said


def test_without_that_of_which_it_is_the_rest_the_others_are_refused(tmp_path):
    assert "has no column “Share (%)”" in refusal(tmp_path, without(3, 4), table=RICH)


def test_a_column_may_stand_under_the_other_heading_of_its_record(tmp_path):
    spec = dataclasses.replace(SPEC, also={"poor": "Fuel poor households, cut sh"})
    cut = changed(2, 3, "Fuel poor  households, cut sh ")
    assert read(tmp_path, cut, table=spec).equals(read(tmp_path))
    assert read(tmp_path, table=spec).equals(read(tmp_path))
    assert "no column “Fuel poor1”" in refusal(tmp_path, cut)


def test_read_rows_gives_every_row_from_the_first_cell(tmp_path):
    rows = read_rows(workbook(tmp_path / "fuel.xlsx"), source(), "Table 3")
    assert rows[0][0] == "Table 3: Fuel poverty by LSOA"
    assert rows[1] == ["", "", "", "", ""]
    assert rows[3][2] == 100


def test_rows_of_another_nation_are_dropped_before_counting(tmp_path):
    rows = [*ROWS[:6], ["W01990001", "Cymru 001", 7, 1, 1.0]]
    assert len(read(tmp_path, rows)) == 3


def test_a_table_may_keep_several_kinds_of_area_and_add_up_one_of_them(tmp_path):
    spec = dataclasses.replace(
        SPEC, prefixes=("E92", "E06"), rows=3, totals={"poor": 30}, totals_over=("E06",)
    )
    rows = [
        *ROWS[:3],
        ["E92000001", "England", 300, 30, 10],
        ["E06990001", "Northmere", 100, 10, 10],
    ]
    rows.append(["E06990002", "Westholt", 200, 20, 10])
    assert read(tmp_path, rows, table=spec)["poor"].tolist() == [30, 10, 20]


def test_withheld_values_are_missing_only_where_the_record_says_how_they_are_written(tmp_path):
    rows = changed(4, 3, "[c]")
    spec = dataclasses.replace(SPEC, missing=("[c]",), totals={})
    poor = read(tmp_path, rows, table=spec)["poor"]
    assert poor.tolist()[::2] == [10.0, 30.0]
    assert np.isnan(poor["E01990002"])
    said = refusal(tmp_path, rows)
    assert "“Fuel poor1” holds 1 cell without a number (“[c]” in row 5)" in said


def test_repeated_headings_are_told_apart_by_their_cells(tmp_path):
    rows = [["", "2020", "2021", "Total"], ["Code", "March", "March", ""], ["E02990001", 1, 2, 3]]
    spec = TableSpec(
        sheet="Table 3",
        header=2,
        key="Code",
        numbers={"march_2020": "March", "march_2021": "March", "total": "Total"},
        at={"march_2020": "B2", "march_2021": "C2", "total": "D1"},
        sums={"total": ("march_2020", "march_2021")},
        prefixes=("E02",),
    )
    assert read(tmp_path, rows, table=spec).loc["E02990001"].tolist() == [1, 2, 3]
    rows[0][3], rows[2][3] = "All", 4
    said = refusal(tmp_path, rows, table=spec)
    assert "cell D1 should hold “Total” and holds “All”" in said
    without = dataclasses.replace(spec, at={"total": "D1"})
    rows[0][3] = "Total"
    said = refusal(tmp_path, rows, table=without)
    assert "the column “March” stands 2 times (B, C)" in said


def test_parts_that_do_not_add_up_are_named(tmp_path):
    spec = dataclasses.replace(SPEC, sums={"households": ("poor", "share")})
    assert "is not the sum of its 2 parts in 3 rows (E01990001, E01990002" in refusal(
        tmp_path, table=spec
    )


def test_a_column_is_brought_into_our_unit(tmp_path):
    rows = [
        [*row[:4], 0.25] if len(row) == 5 and isinstance(row[4], float) else row for row in ROWS
    ]
    spec = dataclasses.replace(SPEC, scale={"share": 100})
    assert read(tmp_path, rows, table=spec)["share"].tolist() == [25, 25, 25]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_in_any_of_the_publishers_encodings(tmp_path, encoding):
    path = csv(
        tmp_path / "names.csv", 'code,name,n\r\nE02990001,"Môr, Ynys",1\r\n', encoding=encoding
    )
    spec = TableSpec(
        key="code", prefixes=("E02",), rows=1, text={"name": "name"}, numbers={"n": "n"}
    )
    table = read_table(path, source(kind="csv", table=spec), "lsoa")
    assert table["name"].tolist() == ["Môr, Ynys"]
    assert table["n"].tolist() == [1.0]


def test_keys_that_are_no_area_codes_are_read_where_the_record_says_so(tmp_path):
    path = tmp_path / "postcodes.parquet"
    postcodes = pd.DataFrame({"pcds": ["AA1 1AA", "AA1 1AB"], "lsoa11cd": ["E01990001"] * 2})
    postcodes.to_parquet(path)
    spec = TableSpec(key="pcds", prefixes=(), rows=2, text={"lsoa_code": "lsoa11cd"})
    table = read_table(path, source(kind="parquet", table=spec), "lsoa")
    assert table["lsoa_code"].to_dict() == {"AA1 1AA": "E01990001", "AA1 1AB": "E01990001"}


def test_codes_may_repeat_where_the_record_says_so(tmp_path):
    path = csv(tmp_path / "change.csv", "old,new\nE01990001,E01990008\nE01990001,E01990009\n")
    spec = TableSpec(key="old", unique=False, rows=2, text={"new": "new"})
    table = read_table(path, source(kind="csv", table=spec), "lsoa")
    assert table.index.tolist() == ["E01990001", "E01990001"]
    once = source(kind="csv", table=dataclasses.replace(spec, unique=True))
    with pytest.raises(CodeError, match=r"1 code more than once \(E01990001\)"):
        read_table(path, once, "lsoa")


def test_a_renamed_column_is_answered_with_the_nearest(tmp_path):
    said = refusal(tmp_path, changed(2, 3, "Fuel poor households"))
    assert "row 3 has no column “Fuel poor1”; the nearest is “Fuel poor households”" in said
    assert "Where: " in said
    assert "fuel.xlsx, sheet “Table 3”" in said


def test_a_renamed_column_of_codes_is_answered_alone(tmp_path):
    said = refusal(tmp_path, changed(2, 0, "Lower area code"))
    assert "row 3 has no column “LSOA Code”" in said


def test_a_renamed_sheet_is_answered_with_those_there_are(tmp_path):
    path = workbook(tmp_path / "fuel.xlsx", sheet="Table 4")
    with pytest.raises(InputError, match="sheets “Contents”, “Table 4”"):
        read_table(path, source(), "lsoa")


def test_duplicated_missing_and_extra_codes_are_counted_and_listed(tmp_path):
    expected = pd.Index(["E01990001", "E01990002", "E01990003"])
    said = refusal(tmp_path, changed(5, 0, "E01990001"), kind=CodeError, codes=expected)
    assert "1 code more than once (E01990001)" in said
    assert "1 missing code (E01990003)" in said
    other = pd.Index(["E01990001", "E01990002", "E01990004"])
    said = refusal(tmp_path, kind=CodeError, codes=other)
    assert "1 missing code (E01990004); 1 extra code (E01990003)" in said
    assert str(tmp_path) in said
    assert "remove it and fetch it again" in said


def test_a_file_of_another_year_has_another_number_of_rows(tmp_path):
    said = refusal(tmp_path, ROWS[:5], kind=CodeError)
    assert "2 rows instead of 3" in said
    assert "LSOA 2011" in said


def test_codes_of_another_kind_are_refused(tmp_path):
    said = refusal(tmp_path, changed(4, 0, "E02990002"), kind=CodeError)
    assert "1 code (“E02990002” in row 5) of another kind; expected beginnings: E01" in said


def test_keys_that_are_malformed_or_blank_are_refused_with_their_rows(tmp_path):
    rows = changed(3, 0, "")
    rows[4][0] = "E0199002"
    said = refusal(tmp_path, rows, kind=CodeError)
    assert "1 row without a code (row 4)" in said
    assert "1 key (“E0199002” in row 5) that are no area code" in said


def test_a_column_without_a_single_code_is_refused(tmp_path):
    rows = [*ROWS[:3], ["Northmere", "", 1, 1, 1.0]]
    assert "holds no area code: Northmere" in refusal(tmp_path, rows, kind=CodeError)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (-20, "“Fuel poor1” has 1 value not zero or more (-20 at E01990002)"),
        (20.5, "“Fuel poor1” has 1 value not a whole number (20.5 at E01990002)"),
        ("lots", "“Fuel poor1” holds 1 cell without a number (“lots” in row 5)"),
        (None, "“Fuel poor1” holds 1 cell without a number (“” in row 5)"),
        (21, "“Fuel poor1” adds up to 61, published 60"),
    ],
)
def test_a_wrong_number_is_named_with_its_place(tmp_path, value, said):
    assert said in refusal(tmp_path, changed(4, 3, value))


def test_a_share_out_of_range_is_named(tmp_path):
    said = refusal(tmp_path, changed(4, 4, 110))
    assert "“Share (%)” has 1 value not between 0 and 100 (110 at E01990002)" in said


def test_all_problems_come_in_one_paragraph(tmp_path):
    rows = changed(4, 2, "many")
    rows[5][3] = -1
    rows[3][0] = "E02990001"
    said = refusal(tmp_path, rows, kind=CodeError)
    for part in ("without a number (“many”", "-1 at E01990003", "published 60", "of another kind"):
        assert part in said


def test_a_truncated_workbook_is_refused(tmp_path):
    path = workbook(tmp_path / "fuel.xlsx")
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(SourceError, match="a workbook that is cut short or damaged"):
        read_table(path, source(), "lsoa")


def test_a_workbook_damaged_inside_is_refused(tmp_path):
    path = workbook(tmp_path / "fuel.xlsx")
    content = bytearray(path.read_bytes())
    place = content.find(b"xl/worksheets/sheet2.xml") + 40
    content[place : place + 200] = os.urandom(200)
    path.write_bytes(content)
    with pytest.raises(SourceError, match="cannot be read"):
        read_rows(path, source(), "Table 3")


@pytest.mark.parametrize("kind", ["xlsx", "csv", "parquet"])
def test_a_web_page_saved_as_a_file_is_refused(tmp_path, kind):
    path = csv(tmp_path / f"fuel.{kind}", "\n<!DOCTYPE html><html><title>404</title></html>")
    with pytest.raises(SourceError, match="a web page, which begins “<!DOCTYPE html><html>"):
        read_table(path, source(kind=kind), "lsoa")


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [
        ("csv", b"PK\x03\x04", "a zip archive or workbook"),
        ("csv", b"a,b\n\0\0", "binary content"),
        ("csv", b" \n", "an empty file"),
        ("xlsx", b"code,n\n", "a file that begins “code,n”"),
        ("parquet", b"PAR1 and no end", "a Parquet file that is cut short"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path, kind, content, said):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=said):
        read_table(path, source(kind=kind), "lsoa")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        read_table(tmp_path / "none.xlsx", source(), "lsoa")


def test_a_table_that_ends_before_its_headings_is_refused(tmp_path):
    path = csv(tmp_path / "a.csv", "code,n\n")
    spec = TableSpec(key="code", header=4)
    with pytest.raises(InputError, match="headings in row 4"):
        read_table(path, source(kind="csv", table=spec), "lsoa")


def test_an_unknown_table_is_answered_with_those_there_are(tmp_path):
    with pytest.raises(InputError, match=r"no table “ward”\. Expected: lsoa"):
        read_table(tmp_path / "fuel.xlsx", source(), "ward")
