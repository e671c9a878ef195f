from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from layers.borough.wholes import gradients_by_borough
from layers.findings.gradients import gradients_of
from layers.table.dictionary import dictionary
from maps.files import spreadsheet
from maps.files.downloads import column_names, flat, published

ABOUT = {
    "title": "Pockets: x",
    "version": "7.8.9",
    "licenses": [{"title": "Licence of Tests v1.0"}, {"title": "Other Licence"}],
}
NOTE = re.compile(r"\n\[note \d+\]$")


@pytest.fixture(scope="module")
def borough(invented_boroughs):
    return invented_boroughs["northmere"]


@pytest.fixture(scope="module")
def tables(invented_tables):
    frames = {name: flat(published(table)) for name, table in invented_tables.items()}
    lsoa = frames["neighbourhoods"]
    names = ["=1+1", "+1", "-1", "@sum", '=HYPERLINK("x")', "https://example.org", "$$a$$ [b](c)"]
    lsoa.loc[lsoa.index[: len(names)], "area_name"] = names
    return frames


@pytest.fixture(scope="module")
def gradients(borough):
    found = gradients_of(borough.edition, borough.lsoa, borough.msoa).indices
    return gradients_by_borough([replace(borough, name="=Westholt", gradients=found)])


@pytest.fixture(scope="module")
def words(tables, gradients, borough):
    columns = column_names({**tables, "gradients": gradients})
    return dictionary(borough.edition, columns, borough.sources)


@pytest.fixture(scope="module")
def path(tables, words, gradients, borough, tmp_path_factory):
    target = tmp_path_factory.mktemp("book") / "tables.xlsx"
    return spreadsheet.write_spreadsheet(
        target, tables, gradients, words=words, edition=borough.edition, about=ABOUT
    )


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


def rows_of(sheet):
    """Return the one table of a sheet: headings without notes, then rows."""
    (table,) = sheet.tables.values()
    headings, *rows = [[cell.value for cell in row] for row in sheet[table.ref]]
    return [NOTE.sub("", heading) for heading in headings], rows


@pytest.mark.parametrize("name", ["Boroughs", "Pockets", "Small areas", "Neighbourhoods"])
def test_shares_of_people_are_shown_as_per_cent_and_stay_what_they_are(book, tables, name):
    (table,) = book[name].tables.values()
    headings, *rows = book[name][table.ref]
    (at,) = (
        place
        for place, cell in enumerate(headings)
        if NOTE.sub("", cell.value) == "Income deprivation, % of people"
    )
    assert {row[at].number_format for row in rows} == {"0.0%"}
    key = next(key for key, (sheet, _) in spreadsheet.SHEETS.items() if sheet == name)
    assert [row[at].value for row in rows] == pytest.approx(
        tables[key]["imd_2019_income_score"].tolist(), rel=1e-14
    )
    plain = [cell for cell, head in zip(rows[0], headings, strict=True) if "Crime" in head.value]
    assert {cell.number_format for cell in plain} == {"General"}


def test_sheets_stand_in_order_and_hold_one_table_each(book):
    assert book.sheetnames == [
        "Cover",
        "Contents",
        "Notes",
        "Dictionary",
        "Boroughs",
        "Pockets",
        "Pockets by layer",
        "Joined pockets",
        "Small areas",
        "Neighbourhoods",
        "Gradients",
    ]
    assert [len(book[name].tables) for name in book.sheetnames] == [0, *[1] * 10]
    names = [table for name in book.sheetnames for table in book[name].tables]
    assert len(set(names)) == 10


def test_no_cell_is_merged_no_heading_is_empty_and_no_row_is_blank(book):
    for sheet in book.worksheets[1:]:
        assert sheet.merged_cells.ranges == set()
        headings, rows = rows_of(sheet)
        assert all(headings)
        assert len(set(headings)) == len(headings)
        assert all(cell is not None for row in rows for cell in row), sheet.title


def test_cover_says_what_it_is_and_that_the_place_is_invented(book):
    said = " ".join(str(row[0].value) for row in book["Cover"].iter_rows())
    assert said.startswith("Pockets: x")
    assert "Every place in this workbook is fictional" in said
    assert "[c] withheld to protect confidentiality; [x] not available; [z] not applicable" in said
    assert "mid-2015" in said
    assert "Licences of the data: Licence of Tests v1.0; Other Licence." in said
    assert "Made by Pockets 7.8.9." in said


def test_cover_dates_every_layer(book, borough):
    said = [str(row[0].value) for row in book["Cover"].iter_rows()]
    for layer in borough.edition.layers:
        (line,) = (line for line in said if line.endswith(f": {layer.period}."))
        assert layer.short in line


def test_text_that_looks_like_a_formula_or_a_link_stays_text(book):
    headings, _ = rows_of(book["Small areas"])
    (table,) = book["Small areas"].tables.values()
    column = headings.index("Name of the area; for an MSOA the name people use")
    cells = [row[column] for row in book["Small areas"][table.ref]][1:8]
    assert [cell.value for cell in cells] == [
        "=1+1",
        "+1",
        "-1",
        "@sum",
        '=HYPERLINK("x")',
        "https://example.org",
        "$ $a$ $ [b] (c)",
    ]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.hyperlink for cell in cells] == [None] * 7
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert "=Westholt" in {cell.value for row in book["Gradients"].iter_rows() for cell in row}


def test_numbers_are_those_of_the_table_to_fifteen_digits(path, tables, words):
    workbook = CalamineWorkbook.from_path(path)
    for name, (sheet, _) in spreadsheet.SHEETS.items():
        rows = workbook.get_sheet_by_name(sheet).to_python()
        start = next(order for order, row in enumerate(rows) if len([*filter(None, row)]) > 5)
        found = pd.DataFrame(
            rows[start + 1 :], columns=[NOTE.sub("", head) for head in rows[start]]
        )
        if name == "pockets_by_layer":
            continue
        table = tables[name]
        named = spreadsheet.headings([table.index.name, *table], words)
        for column in table.select_dtypes("number"):
            ours = table[column].astype(float).to_numpy()
            theirs = pd.to_numeric(
                found[named[column]].replace("[x]", np.nan).replace("[z]", np.nan)
            )
            np.testing.assert_allclose(
                theirs.to_numpy(dtype=float), ours, rtol=1e-15, err_msg=column
            )


def test_pockets_by_layer_are_percentiles_and_fifths_of_the_pockets(book, tables):
    headings, rows = rows_of(book["Pockets by layer"])
    table = tables["pockets"]
    assert [row[1:4] for row in rows] == [
        ["Northmere", 1, table["name"].iloc[0]],
        ["Northmere", 2, table["name"].iloc[1]],
        ["Westholt", 1, table["name"].iloc[2]],
    ]
    found = pd.DataFrame(rows, columns=headings).set_index(headings[0]).loc[table.index]
    crime = "Crime: mean of the percentiles of its small areas in the sample, percentile, 0 to 100"
    assert found[crime].tolist() == pytest.approx(table["imd_2019_crime_mean_percentile"].tolist())
    lowest = "Crime: lowest percentile in the sample of its small areas, percentile, 0 to 100"
    assert found[lowest].tolist() == pytest.approx(
        table["imd_2019_crime_percentile_lowest"].tolist()
    )
    air = "Nitrogen dioxide in the air (NO2)"
    assert found[f"{air}, µg/m³"].tolist() == pytest.approx(table["no2_2021_23_ugm3"].tolist())
    assert found[f"{air}: fifth of the sample"].tolist() == list(
        table["no2_2021_23_quintile_england"]
    )
    fuel = [heading for heading in headings if "fuel poverty" in heading]
    assert len(fuel) == 3
    assert found[fuel].isin([1, 2, 3, 4, 5]).all(axis=None)
    assert found[fuel[0]].tolist() == list(table["fuel_poverty_2020_quintile_england"])
    assert not [heading for heading in fuel if "%" in heading]


def test_missing_values_say_why(book, tables):
    headings, rows = rows_of(book["Neighbourhoods"])
    ratio = headings.index("COVID-19 mortality ratio")
    assert [row[ratio] for row in rows][-1] == "[x]"
    headings, rows = rows_of(book["Small areas"])
    pocket = headings.index("Pocket of deprivation: its borough and the LSOA of its peak")
    assert {row[pocket] for row in rows} == {"[z]", *tables["pockets"].index}


def test_a_circular_row_has_neither_limits_nor_ratios_and_says_so(book, gradients):
    headings, rows = rows_of(book["Gradients"])
    assert len(set(headings)) == len(headings) == len(gradients.columns) + 1
    found = pd.DataFrame(rows, columns=headings).set_index("Layer: its id")
    senseless = [name for name in found if " 95% limit" in name or name[:5] in {"Relat", "Ratio"}]
    assert len(senseless) == 10
    circular = [layer for layer in found.index if layer.startswith("imd_2019")]
    assert found.loc[circular, senseless].eq("[z]").all(axis=None)
    others = found.drop(index=circular)
    assert not others.eq("[z]").any(axis=None)
    unit = found["Unit of the slope index, its limits and the gap"]
    assert unit[["fuel_poverty_2020", "no2_2021_23", "covid_2020_21"]].tolist() == [
        "percentage points", "µg/m³", "ratio",
    ]  # fmt: skip
    slopes = gradients.set_index("layer")["slope_index"]
    assert found["Slope index"].tolist() == pytest.approx(slopes.tolist())


def test_withheld_values_are_marked_confidential(borough, tables):
    layer = borough.edition.layer("no2_2021_23")
    table = tables["msoa"].assign(**{f"{layer.id}_withheld": [True] + [False] * 7})
    table = table.assign(
        **{layer.value: table[layer.value].where(table[f"{layer.id}_withheld"] == 0)}
    )
    cells = spreadsheet.shown(table, borough.edition)[layer.value]
    assert cells.iloc[0] == "[c]"
    assert cells.iloc[1] == tables["msoa"][layer.value].iloc[1]


def test_notes_are_referred_to_from_headings(book):
    (table,) = book["Notes"].tables.values()
    notes = {row[0].value: row[1].value for row in book["Notes"][table.ref][1:]}
    (table,) = book["Neighbourhoods"].tables.values()
    headings = [cell.value for cell in book["Neighbourhoods"][table.ref][0]]
    heading = next(text for text in headings if text.startswith("Households in fuel poverty, %"))
    number = int(re.search(r"\[note (\d+)\]", heading)[1])
    assert notes[number].startswith("Modelled for small areas: read fifths, not ranks")


def test_every_heading_is_in_the_dictionary(book, words):
    headings, rows = rows_of(book["Dictionary"])
    assert headings[:2] == ["Heading in this workbook", "Column in the data files"]
    assert [row[1] for row in rows] == list(words.index)
    known = {row[0] for row in rows}
    for name in ("Boroughs", "Pockets", "Pockets by layer", "Small areas", "Neighbourhoods"):
        assert set(rows_of(book[name])[0]) <= known


def test_two_writings_give_the_same_bytes(path, tables, words, gradients, borough, tmp_path):
    again = spreadsheet.write_spreadsheet(
        tmp_path / "other.xlsx",
        tables,
        gradients,
        words=words,
        edition=borough.edition,
        about=ABOUT,
    )
    assert again.read_bytes() == path.read_bytes()


def test_long_and_empty_tables_are_left_out_and_the_cover_says_so(
    tables, words, borough, tmp_path, monkeypatch
):
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 40)
    fewer = tables | {name: tables[name].iloc[:0] for name in ("pockets", "joined_pockets")}
    target = spreadsheet.write_spreadsheet(
        tmp_path / "t.xlsx",
        fewer,
        pd.DataFrame(),
        words=words,
        edition=replace(borough.edition, fictional=False),
        about=ABOUT,
    )
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == [
        "Cover",
        "Contents",
        "Notes",
        "Dictionary",
        "Boroughs",
        "Neighbourhoods",
    ]
    said = [row[0].value for row in book["Cover"].iter_rows()]
    assert "Small areas: more than 40 rows; see the CSV or GeoParquet file." in said
    assert "Pockets: there are none, so there is no sheet." in said
    assert "Pockets by layer: there are none, so there is no sheet." in said
    assert not any("fictional" in str(line) for line in said)
