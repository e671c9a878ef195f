"""What `require_contents` reads: each table, sheet, boundary file and grid of the sample."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo.errors import InputError, PocketsError
from geo.tables.read import read_rows
from layers.contents import require_contents
from scripts.sample.workbooks import write_workbook


def test_the_files_of_the_sample_hold_what_their_records_promise(files):
    for role, path in files.roles().items():
        require_contents(path, files.source(role))


def spoilt(source):
    """Yield the record with one promise more than the file keeps, of each kind it makes."""
    for name, table in source.tables.items():
        tables = {**source.tables, name: replace(table, key="no such heading")}
        yield replace(source, tables=tables)
    for name in source.sheets:
        yield replace(source, sheets={**source.sheets, name: "no such sheet"})
    if source.vector:
        yield replace(source, vector=replace(source.vector, rows=1))
    if source.grid:
        yield replace(source, grid=replace(source.grid, value="no such column"))
        more = source.grid.fewest_cells + 1
        yield replace(source, grid=replace(source.grid, fewest_cells=more))


def test_a_sheet_that_is_no_table_has_the_form_its_kind_reads(files, tmp_path):
    """The sheet is there under its name: other rows in it, or a part of them, are refused."""
    source = files.source("covid_weekly_2020")
    (sheet,) = source.sheets.values()
    rows = read_rows(files.path("covid_weekly_2020"), source, sheet)
    for name, kept in {
        "whole": rows,
        "half": rows[: len(rows) // 2],
        "narrow": [row[:1] for row in rows],
        "no dates": [[] if n == 5 else row for n, row in enumerate(rows)],
    }.items():
        path = tmp_path / f"{name}.xlsx"
        write_workbook(path, {sheet: kept})
        if name == "whole":
            require_contents(path, source)
            continue
        with pytest.raises(InputError) as refusal:
            require_contents(path, source)
        assert refusal.value.where == str(path)


def test_a_promise_that_a_file_does_not_keep_refuses_it(files):
    kinds = set()
    for role, path in files.roles().items():
        for record in spoilt(files.source(role)):
            kinds.add(record.format)
            with pytest.raises(PocketsError):
                require_contents(path, record)
    assert kinds == {"csv", "xlsx", "vector", "grid"}
