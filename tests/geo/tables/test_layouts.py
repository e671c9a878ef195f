"""Several layouts of the same contents: which one a file has, and what is said if it has none."""

from __future__ import annotations

import dataclasses
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from geo.errors import CodeError, InputError, SourceError
from geo.sources import Address, Source, TableSpec
from geo.tables import sheets
from geo.tables.layouts import layout_of
from geo.tables.read import read_rows, read_table
from tests.geo.tables.test_read import source

YEARS = TableSpec(
    sheet="Persons",
    header=2,
    key="code",
    rows=2,
    text={"name": "name"},
    numbers={"all": "All", "young": ("0", "1", "2"), "old": "3+"},
    counts=("all", "young", "old"),
    sums={"all": ("young", "old")},
    totals={"all": 165},
)
BANDS = dataclasses.replace(YEARS, numbers={"all": "All", "young": "0-2", "old": "3+"})
AS_YEARS = [
    ["People", "", "", "", "", "", ""],
    ["code", "name", "All", 0, 1, 2, "3+"],
    ["E01990001", "Heron Bank", 60, 10, 20, 25, 5],
    ["E01990002", "Mill Row", 105, 30, 30, 30, 15],
]
AS_BANDS = [
    ["People", "", "", "", ""],
    ["code", "name", "All", "0-2", "3+"],
    ["E01990001", "Heron Bank", 60, 55, 5],
    ["E01990002", "Mill Row", 105, 90, 15],
]
ADDRESS = Address(kind="zip-member", url="https://example.org/years.zip", member="years.xlsx")


def people(*, years=YEARS, bands=BANDS, **changes) -> Source:
    """Return a record of single years, of which the same in bands is another layout."""
    both = {"males": "Males", "persons": "Persons"}

    def tables(spec: TableSpec) -> dict[str, TableSpec]:
        return {name: dataclasses.replace(spec, sheet=sheet) for name, sheet in both.items()}

    own = {"id": "people", "title": "People", "path": "people/years.xlsx", "address": ADDRESS}
    other = source(**own | {"tables": tables(bands), "layout": "bands", "path": "p/bands.xlsx"})
    return source(**own | {"tables": tables(years), "layouts": (other,)} | changes)


def workbook(path: Path, rows, *, names=("Persons", "Males")) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name in names:
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return path


def changed(rows, row: int, column: int, value: object):
    found = [list(cells) for cells in rows]
    found[row][column] = value
    return found


def refusal(path: Path, wanted: Source, *, kind=InputError) -> str:
    with pytest.raises(kind) as caught:
        read_table(path, wanted, "persons")
    return str(caught.value)


@pytest.mark.parametrize("name", ["years.xlsx", "bands.xlsx", "download (3)"])
@pytest.mark.parametrize(("rows", "layout"), [(AS_YEARS, ""), (AS_BANDS, "bands")])
def test_a_layout_is_seen_from_the_contents_whatever_the_file_is_called(
    tmp_path, rows, layout, name
):
    path = workbook(tmp_path / name, rows)
    assert layout_of(path, people()).layout == layout
    table = read_table(path, people(), "persons")
    assert table["young"].to_dict() == {"E01990001": 55, "E01990002": 90}
    assert list(table.columns) == ["name", "all", "young", "old"]
    assert table.dtypes["young"] == "int64"


def test_each_sheet_is_read_once(tmp_path, monkeypatch):
    read = []
    rows_of = sheets._rows

    def counted(path, form, sheet):
        read.append(sheet)
        return rows_of(path, form, sheet)

    monkeypatch.setattr(sheets, "_rows", counted)
    path = workbook(tmp_path / "a.xlsx", AS_BANDS)
    read_table(path, people(), "persons")
    assert read == ["Persons"]


def test_a_record_of_one_layout_is_not_opened_to_be_recognised(tmp_path, monkeypatch):
    path = workbook(tmp_path / "a.xlsx", AS_YEARS)
    monkeypatch.setattr(sheets, "_rows", lambda *_: pytest.fail("read"))
    alone = people(layouts=())
    assert layout_of(path, alone) is alone


def test_tables_tell_layouts_apart_in_turn(tmp_path):
    alike = people()
    (other,) = alike.layouts
    other = dataclasses.replace(other, tables={**other.tables, "males": alike.tables["males"]})
    path = workbook(tmp_path / "a.xlsx", AS_BANDS, names=["Persons"])
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        for name, rows in {"Males": AS_YEARS, "Persons": AS_BANDS}.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    wanted = dataclasses.replace(alike, layouts=(other,))
    assert layout_of(path, wanted).layout == "bands"
    assert layout_of(tmp_path / "b.xlsx", wanted).layout == "bands"
    assert layout_of(workbook(path, AS_YEARS), wanted).layout == ""


def test_a_file_of_no_layout_is_refused_as_the_nearest_and_all_are_named(tmp_path):
    path = workbook(tmp_path / "a.xlsx", changed(AS_BANDS, 1, 4, "over 3"))
    said = refusal(path, people())
    assert "row 2 has no column “3+”; the nearest is" in said
    assert "“0”" not in said
    assert (
        "Expected: the contents that the record people describes of LSOA 2011, in its own layout"
        " (years.xlsx) or in the layout “bands” (bands.xlsx)." in said
    )
    path = workbook(tmp_path / "b.xlsx", changed(AS_YEARS, 1, 4, "one"))
    said = refusal(path, people())
    assert "row 2 has no column “1”" in said
    assert "0-2" not in said


def test_a_sheet_that_no_layout_has_is_one_paragraph_too(tmp_path):
    path = workbook(tmp_path / "a.xlsx", AS_YEARS, names=["People"])
    said = refusal(path, people())
    assert "Found: sheets “People”." in said
    assert "a sheet “Persons”, in its own layout (years.xlsx) or in the layout “bands”" in said


def test_a_sheet_that_one_layout_has_decides(tmp_path):
    wanted = people()
    (form,) = wanted.layouts
    moved = {name: dataclasses.replace(BANDS, sheet=f"Mid {name}") for name in form.tables}
    wanted = dataclasses.replace(wanted, layouts=(dataclasses.replace(form, tables=moved),))
    path = workbook(tmp_path / "a.xlsx", AS_BANDS, names=["Mid persons", "Mid males"])
    assert layout_of(path, wanted).layout == "bands"
    assert read_table(path, wanted, "males")["young"].tolist() == [55, 90]


def test_a_damaged_file_is_refused_for_its_damage(tmp_path):
    path = workbook(tmp_path / "a.xlsx", AS_YEARS)
    path.write_bytes(path.read_bytes()[:-300])
    assert "cut short or damaged" in refusal(path, people(), kind=SourceError)


def test_a_workbook_is_read_from_the_publishers_archive(tmp_path):
    book = workbook(tmp_path / "years.xlsx", AS_YEARS)
    path = tmp_path / "years.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(book, "Tables/Years.xlsx")
        archive.writestr("readme.txt", "Notes")
    book.unlink()
    wanted = people(sheets={"rows": "Males"})
    assert layout_of(path, wanted).layout == ""
    assert read_table(path, wanted, "males")["young"].tolist() == [55, 90]
    assert len(read_rows(path, wanted, "Males")) == 4
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("years.xlsx", b"PK nothing")
    said = refusal(path, wanted, kind=SourceError)
    assert "2 files that may be meant: “Tables/Years.xlsx”, “years.xlsx”" in said


CSV = "code,name,n,kind\r\nE01990001,Heron Bank,1,\r\nE01990002,Mill Row,2,closed\r\n"


@pytest.mark.parametrize("packed", [False, True])
def test_a_table_is_read_from_a_csv_in_an_archive_or_beside_it(tmp_path, packed):
    spec = TableSpec(key="code", rows=2, numbers={"n": "n"}, member="*.csv")
    reduced = source(
        kind="parquet", layout="reduced", table=dataclasses.replace(spec, numbers={"n": "m"})
    )
    wanted = source(kind="csv", table=spec, layouts=(reduced,))
    path = tmp_path / "file"
    if packed:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("Data/lookup.csv", CSV)
    else:
        path.write_text(CSV, encoding="utf-8", newline="")
    assert read_table(path, wanted, "lsoa")["n"].tolist() == [1, 2]
    assert layout_of(path, wanted).layout == ""
    pd.DataFrame({"code": ["E01990001", "E01990002"], "m": [1.0, 2.0]}).to_parquet(path)
    assert read_table(path, wanted, "lsoa")["n"].tolist() == [1, 2]
    assert layout_of(path, wanted).layout == "reduced"


def test_two_layouts_of_csv_are_told_apart_by_their_headings(tmp_path):
    small = TableSpec(key="msoa21cd", rows=1, text={"name": "msoa21hclnm"})
    large = TableSpec(key="MSOA21CD", rows=1, text={"name": "MSOA21HCLNM"})
    other = source(kind="csv", table=large, layout="capitals")
    wanted = source(kind="csv", table=small, layouts=(other,))
    path = tmp_path / "names.csv"
    path.write_text(
        "\ufeffmsoa21cd,msoa21nm,msoa21hclnm,type\r\nE01990001,Northmere 001,Heron Bank,x\r\n"
        "W01990001,Cymru 001,Heol y Felin,x\r\n",
        encoding="utf-8",
        newline="",
    )
    assert layout_of(path, wanted).layout == ""
    assert read_table(path, wanted, "lsoa")["name"].tolist() == ["Heron Bank"]
    path.write_text("MSOA21CD,MSOA21HCLNM\nE01990001,Heron Bank\n", encoding="utf-8")
    assert layout_of(path, wanted).layout == "capitals"
    assert read_table(path, wanted, "lsoa")["name"].tolist() == ["Heron Bank"]


def test_parts_are_added_up_and_each_is_checked_as_a_number(tmp_path):
    path = workbook(tmp_path / "a.xlsx", changed(AS_YEARS, 3, 4, "many"))
    assert "“1” holds 1 cell without a number (“many” in row 4)" in refusal(path, people())
    path = workbook(tmp_path / "a.xlsx", changed(AS_YEARS, 3, 4, ""))
    assert "“1” holds 1 cell without a number (“” in row 4)" in refusal(path, people())
    path = workbook(tmp_path / "a.xlsx", changed(AS_YEARS, 3, 4, -100))
    said = refusal(path, people())
    assert "“0 + … + 2” has 1 value not zero or more (-40 at E01990002)" in said
    assert "“All” is not the sum of its 2 parts in 1 row (E01990002)" in said


def test_a_sum_with_a_withheld_part_is_withheld(tmp_path):
    spec = dataclasses.replace(YEARS, missing=("[c]",), sums={}, scale={"young": 10})
    path = workbook(tmp_path / "a.xlsx", changed(AS_YEARS, 3, 4, "[c]"))
    young = read_table(path, people(years=spec), "persons")["young"]
    assert young["E01990001"] == 550
    assert pd.isna(young["E01990002"])


def test_columns_of_a_sum_that_are_not_there_are_listed_together(tmp_path):
    rows = [[*row[:3], *row[5:]] for row in AS_YEARS]
    said = refusal(workbook(tmp_path / "a.xlsx", rows), people(layouts=()))
    assert "row 2 has no column “0”, “1”; there is code, name" in said
    doubled = workbook(tmp_path / "a.xlsx", changed(AS_YEARS, 1, 4, 0))
    said = refusal(doubled, people(layouts=()))
    assert "the column “0” stands 2 times (D, E); row 2 has no column “1”" in said


LIVING = TableSpec(
    key="pcds",
    prefixes=(),
    rows=2,
    text={"lsoa_code": "lsoa"},
    only={"doterm": ("",), "lsoa": ("E01", "E02")},
)
POSTCODES = """\
pcds,doterm,lsoa,users
QN1 1AA,,E01990001,2
QN1 1AB,202001,E01990001,0
,202001,,
QN1 1AC, ,E02990002,5
BT1 1AA,,N01990001,5
QN1 1AC,201701,E01990001,many
"""


def test_rows_that_a_record_leaves_out_are_gone_before_anything_is_counted(tmp_path):
    path = tmp_path / "postcodes.csv"
    path.write_text(POSTCODES, encoding="utf-8")
    numbers = dataclasses.replace(LIVING, numbers={"users": "users"})
    table = read_table(path, source(kind="csv", table=numbers), "lsoa")
    assert table["users"].to_dict() == {"QN1 1AA": 2, "QN1 1AC": 5}
    every = dataclasses.replace(numbers, only={"lsoa": ("E01", "E02", "N")})
    with pytest.raises(CodeError, match=r"1 code more than once \(QN1 1AC\)") as caught:
        read_table(path, source(kind="csv", table=every), "lsoa")
    assert "“users” holds 1 cell without a number (“many” in row 7)" in str(caught.value)


def test_a_column_that_decides_and_is_not_there_is_named(tmp_path):
    path = tmp_path / "postcodes.csv"
    path.write_text(POSTCODES.replace("doterm", "ended"), encoding="utf-8")
    with pytest.raises(InputError, match="row 1 has no column “doterm”"):
        read_table(path, source(kind="csv", table=LIVING), "lsoa")


def test_a_file_of_which_no_row_is_wanted_is_refused(tmp_path):
    path = tmp_path / "postcodes.csv"
    path.write_text(POSTCODES.replace("E0", "W0"), encoding="utf-8")
    with pytest.raises(CodeError) as caught:
        read_table(path, source(kind="csv", table=LIVING), "lsoa")
    assert "no row that is wanted has “E01”, “E02” under “lsoa”; 0 rows instead of 2" in str(
        caught.value
    )
