from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from geo.errors import InputError, SourceError
from geo.sources import GridSpec
from layers.pcm_grid import read_grid

SPEC = GridSpec(value="pm252021g", fewest_cells=1, header_lines=5)
PREAMBLE = "PM2.5 2021 (annual mean)\nug m-3\n\nUK grid, centres of 1 km cells\n\n"
HEADING = "gridcode,x,y,pm252021g\n"
NOTES = "Modelled background, PM2.5,,\n2021,x,y,\nug m-3,,,\nUK grid,,,\n,,,\n"
"""The publisher's five lines as a spreadsheet writes them, the last of commas alone."""
CELLS = "11,500,1500,7.25\n12,1500,1500,MISSING\n13,500,500,6.5\n14,1500,500,6\n"


def written(folder: Path, text: str, name: str = "mappm252021g.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        PREAMBLE + HEADING + CELLS,
        HEADING + CELLS,
        "\ufeff" + HEADING.replace("gridcode", "ukgridcode") + CELLS.replace("\n", "\r\n"),
        PREAMBLE + HEADING + CELLS + "\n\n",
        (NOTES + HEADING + CELLS).replace("\n", "\r\n"),
        (NOTES + "uk" + HEADING + CELLS).replace("\n", "\r\n"),
    ],
    ids=[
        "as Defra publishes", "without the first lines", "Windows", "blank lines at the end",
        "notes with commas", "an older name of the cells",
    ],
)  # fmt: skip
def test_cells_are_laid_out_north_up_with_missing_as_nan(tmp_path: Path, text: str) -> None:
    grid = read_grid(written(tmp_path, text), SPEC)
    np.testing.assert_array_equal(grid.values, [[7.25, np.nan], [6.5, 6.0]])
    assert (grid.west, grid.north, grid.cell_m) == (0, 2000, 1000)


def test_the_year_in_the_name_of_a_column_is_never_guessed_at(tmp_path: Path) -> None:
    text = HEADING.replace("pm252021g", "no22024") + CELLS
    spec = GridSpec(value="no22024", fewest_cells=1, header_lines=5)
    assert read_grid(written(tmp_path, text), spec).values[1, 1] == 6.0
    with pytest.raises(InputError) as refusal:
        read_grid(written(tmp_path, text.replace("no22024", "no22023")), spec)
    assert "'no22023' for 'no22024'" in refusal.value.found


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    turned = "".join(reversed(CELLS.splitlines(keepends=True)))
    first = read_grid(written(tmp_path, HEADING + CELLS, "a.csv"), SPEC)
    second = read_grid(written(tmp_path, HEADING + turned, "b.csv"), SPEC)
    np.testing.assert_array_equal(first.values, second.values)


def test_the_record_says_what_columns_cells_and_missing_values_look_like(tmp_path: Path) -> None:
    text = "gridcode,east,north,region,no22021\n1,50,50,North,18.5\n2,150,50,North,-\n"
    spec = GridSpec(value="no22021", fewest_cells=2, x="east", y="north", missing="-", cell_m=100)
    grid = read_grid(written(tmp_path, text), spec)
    np.testing.assert_array_equal(grid.values, [[18.5, np.nan]])
    assert (grid.west, grid.north, grid.cell_m) == (0, 100, 100)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "gridcode,x,y,pm252021g\n11,500,abc,7\n12,1500,500,8\n",
            "text for a centre in 1 rows (row 2)",
        ),
        (PREAMBLE + HEADING + "11,500,500,7\n12,1500,500,n/a\n", "(row 8)"),
        (HEADING + "11,500,500,nan\n12,1500,500,1\n", "text that is no number for a value"),
        (HEADING + "11,500,500,inf\n12,1500,500,1\n", "text that is no number for a value"),
        (HEADING + "11,500,500,-999\n12,1500,500,1\n", "negative values in 1 rows (row 2)"),
        (HEADING + "11,1000,500,7\n12,1500,500,1\n", "centres off the grid in 1 rows (row 2)"),
        (HEADING + "11,500,500,7\n12,500,500,8\n", "a cell given twice in 2 rows (row 2, 3)"),
        (HEADING + "11,9000500,500,7\n12,500,500,8\n", "centres outside Great Britain"),
        (HEADING + "11,500,500,7\n12,1500", "extra fields, or no end of the line"),
        (HEADING + "11,500,500,7\n12,1500,500,8,9\n", "(a truncated file?) in 1 rows (row 3)"),
        (HEADING + '11,500,500,7\n12,1500,500,"8', "breaks off"),
        (HEADING, "no cell with a value"),
        (HEADING + "11,500,500,MISSING\n", "no cell with a value"),
    ],
)
def test_a_faulty_cell_is_refused_with_its_row(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError) as refusal:
        read_grid(path, SPEC)
    assert said in str(refusal.value)
    assert str(path) in str(refusal.value)


WHOLE = "gridcode,x,y,pm252021g\n" + "".join(
    f"{n},{500 + n % 8 * 1000},{7500 - n // 8 * 1000},{n + 0.25}\n" for n in range(64)
)
PROMISED = replace(SPEC, fewest_cells=64)


@pytest.mark.parametrize("notes", ["", NOTES], ids=["bare", "with notes"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_file_that_was_cut_anywhere_is_refused(tmp_path: Path, notes: str, end: str) -> None:
    """Each cut of the last rows, and of the middle: within a value, at its end, after its line."""
    text = (notes + WHOLE).replace("\n", end)
    assert np.isfinite(read_grid(written(tmp_path, text), PROMISED).values).sum() == 64
    cuts = [len(text) // 2, *range(len(text) - 60, len(text.rstrip()) + 1)]
    for cut in cuts:
        with pytest.raises(InputError, match=r"cells \(a part|no end of the line"):
            read_grid(written(tmp_path, text[:cut]), PROMISED)


def test_a_cut_value_is_not_believed_though_all_cells_are_there(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        read_grid(written(tmp_path, WHOLE.removesuffix("3.25\n")), PROMISED)
    assert "no end of the line (a truncated file?) in 1 rows (row 65)" in refusal.value.found
    assert "cells (a part" not in refusal.value.found


def test_rows_alone_do_not_make_a_file_whole(tmp_path: Path) -> None:
    rows = WHOLE.splitlines(keepends=True)
    with pytest.raises(InputError) as refusal:
        read_grid(written(tmp_path, "".join(rows[:33])), PROMISED)
    assert refusal.value.found == "32 cells (a part of the file?)"
    assert "64 or more of them" in refusal.value.expected


@pytest.mark.parametrize("value", ["MISSING", '"6.5"'])
def test_a_last_row_that_cannot_go_on_needs_no_end_of_its_line(tmp_path: Path, value: str) -> None:
    grid = read_grid(written(tmp_path, f"{HEADING}1,500,500,7\n2,1500,500,{value}"), SPEC)
    np.testing.assert_array_equal(grid.values, [[7.0, np.nan if value == "MISSING" else 6.5]])


def test_all_faults_of_a_file_are_reported_at_once(tmp_path: Path) -> None:
    rows = "11,500,500,-1\n12,1500,500,high\n13,2501,500,3\n14,3500,500,4\n14,3500,500,4\n"
    with pytest.raises(InputError) as refusal:
        read_grid(written(tmp_path, HEADING + rows), SPEC)
    for said in (
        "negative values in 1 rows (row 2)",
        "text that is no number for a value in 1 rows (row 3)",
        "centres off the grid in 1 rows (row 4)",
        "a cell given twice in 2 rows (row 5, 6)",
    ):
        assert said in refusal.value.found


@pytest.mark.parametrize(
    ("heading", "absent", "nearest"),
    [
        ("gridcode,x,y,pm252012g\n", "pm252021g", "'pm252012g' for 'pm252021g'"),
        ("grid_code,x,y,pm252021g\n", "gridcode", "'grid_code' for 'gridcode'"),
        ("gridcode,easting,y,pm252021g\n", "'x'", "easting"),
    ],
)
def test_a_wrong_heading_is_refused_naming_the_nearest(
    tmp_path: Path, heading: str, absent: str, nearest: str
) -> None:
    with pytest.raises(InputError) as refusal:
        read_grid(written(tmp_path, PREAMBLE + heading + CELLS), SPEC)
    assert absent in refusal.value.what
    assert nearest in refusal.value.found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "an empty file"),
        (" \n\n", "an empty file"),
        ("<!DOCTYPE html><html><body>Not found</body></html>", "a web page"),
        ("\n<html>\n<body>x,y</body></html>", "a web page"),
    ],
)
def test_a_file_that_is_no_grid_is_refused(tmp_path: Path, text: str, found: str) -> None:
    with pytest.raises(SourceError, match=found):
        read_grid(written(tmp_path, text), SPEC)


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_grid(tmp_path / "absent.csv", SPEC)
