"""Reading the indicators behind the Indices: in our units, blanks kept, held to other files."""

from __future__ import annotations

import csv
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xlsxwriter

from geo.errors import InputError
from geo.tables.read import read_table
from layers.catalogue import catalogue
from layers.files import Files
from layers.indicators import Indicator, subdomains
from layers.layer import edition
from layers.table import underlying as module
from layers.table.underlying import beside_people, checked, underlying

AREAS = pd.Index(["E01900000", "E01900001", "E01900002"], name="area_code")
DISTRICTS = pd.Series(["E06900001", "E06900001", "E06900002"], index=AREAS)
POOR = Indicator(
    id="poor",
    table="income",
    domain="Income",
    column="iod_poor",
    title="Poor",
    unit="% of people",
    decimals=1,
    of="population",
    share="income_score",
)
CROWDED = replace(POOR, id="crowded", table="homes", column="iod_crowded", of="", share="")
CROWDED = replace(CROWDED, title="Crowded", scale=100)
HOMELESS = replace(CROWDED, id="homeless", column="iod_homeless", title="Homeless", scale=1)
HOMELESS = replace(HOMELESS, district=True)
KNOWN = {one.column: one for one in (POOR, CROWDED, HOMELESS)}
INDICES = pd.DataFrame(
    {"population": [1000, 2000, 500], "income_score": [0.1, 0.2, 0.5]}, index=AREAS
)


def tables(poor=(100, 400, np.nan), homeless=(1.5, 1.5, 4.0)):
    return {
        "income": pd.DataFrame({"poor": poor}, index=AREAS),
        "homes": pd.DataFrame(
            {"crowded": [0.1, 0.25, 0.0], "homeless": homeless}, index=AREAS
        ).iloc[::-1],
    }


def verdicts(**changes):
    small = beside_people(KNOWN, tables(**changes), INDICES)
    return {check.name: check for check in checked(KNOWN, small, INDICES, DISTRICTS)}


def test_values_come_in_our_units_beside_the_people_they_are_of():
    small = beside_people(KNOWN, tables(), INDICES)
    assert list(small) == ["iod_poor_people", "iod_crowded", "iod_homeless", "population"]
    assert small["iod_crowded"].tolist() == [10.0, 25.0, 0.0]
    assert small["population"].tolist() == [1000, 2000, 500]


def test_a_blank_stays_a_blank():
    small = beside_people(KNOWN, tables(), INDICES)
    assert small["iod_poor_people"].isna().tolist() == [False, False, True]


def test_all_is_well_with_a_good_file():
    found = verdicts()
    assert [check.ok for check in found.values()] == [True, True, True]
    assert found["Poor: counts of small areas"].found == "0 others; 1 blank of 3"
    assert found["Poor: all small areas together"].found == "500"


@pytest.mark.parametrize(
    ("changes", "name", "found"),
    [
        ({"poor": (100, 402, np.nan)}, "Poor: counts of small areas", "1 others"),
        ({"poor": (100, 300, np.nan)}, "Poor: all small areas together", "400"),
        ({"homeless": (1.5, 1.6, 4.0)}, "Homeless: one figure a district", "1 districts"),
    ],
)
def test_what_is_not_as_its_record_says_fails(changes, name, found):
    told = verdicts(**changes)
    assert [key for key, check in told.items() if not check.ok] == [name]
    assert told[name].found.startswith(found)


def test_an_edition_that_has_nothing_behind_it_is_without_reading(tmp_path):
    known = replace(edition("2019"), sources={})
    bare = Files(edition=known, cache=tmp_path, mirror=None, offline=True)
    small, checks = underlying(bare, DISTRICTS)
    assert small.empty
    assert checks.empty


def test_what_files_lack_is_not_there_and_is_told(files):
    """The sample has no file of indicators, and its copy of File 7 no sub-domains."""
    small, checks = underlying(files, DISTRICTS)
    assert small.empty
    (told,) = checks.to_dict("records")
    assert told["ok"] is None, "what a copy lacks is told, and is no check that was passed"
    assert told["expected"] == "6 in the publisher's files"
    assert told["found"].startswith("0; the files of this build lack Sub-domain: Children and")


SKILLS = next(one for one in subdomains(edition("2025")).values() if one.id == "adult_skills")


def test_people_of_a_small_area_in_the_most_deprived_tenth_are_all_or_none():
    ranked = INDICES.assign(adult_skills_rank=[3, 1, 2], adult_skills_decile=[2, 1, 1])
    known = {**KNOWN, SKILLS.column: SKILLS}
    small = beside_people(known, tables(), ranked)
    assert small[SKILLS.people].tolist() == [0, 2000, 500]
    assert small[list(SKILLS.ranks)].to_numpy().tolist() == [[3, 2], [1, 1], [2, 1]]
    names = [check.name for check in checked(known, small, ranked, DISTRICTS)]
    assert names == list(verdicts()), "nothing is absent, and no count of a sub-domain is rounded"


def test_a_table_of_the_sheets_that_is_not_there_is_told():
    small = beside_people(KNOWN, {"income": tables()["income"]}, INDICES)
    assert list(small) == ["iod_poor_people", "population"]
    absent, *others = checked(KNOWN, small, INDICES, DISTRICTS)
    assert (absent.ok, absent.expected) == (None, "3 in the publisher's files")
    assert absent.found == "1; the files of this build lack Crowded, Homeless"
    assert len(others) == 2


PLACE = ["LSOA name (2021)", "Local Authority District code (2024)"]


def small_record():
    """The record of the published file, of three small areas."""
    source = catalogue()["imd_2025_indicators"]
    forms = [
        replace(form, tables={name: replace(t, rows=3) for name, t in form.tables.items()})
        for form in source.accepted
    ]
    return replace(forms[0], layouts=tuple(forms[1:]))


def cells(table, row):
    """Values of a small area that are in every range, blank where the publisher leaves one."""
    blank = row == 2 and "income_older" in table.numbers
    return ["" if blank else 1 if name not in table.counts else 5 * row for name in table.numbers]


def as_workbook(source, path):
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Notes").write(10, 2, "What the columns are")
        for table in source.tables.values():
            page = book.add_worksheet(table.sheet)
            page.write_row(0, 0, [table.key, *PLACE, *table.numbers.values()])
            for row in range(3):
                code = f"E0100000{row + 1}"
                page.write_row(row + 1, 0, [code, "Place", "E09000001"])
                for column, value in enumerate(cells(table, row), start=3):
                    if value != "":
                        page.write(row + 1, column, value)
    return path


def as_flat(source, path):
    tables = source.tables.values()
    heads = [next(iter(tables)).key, *(head for t in tables for head in t.numbers.values())]
    rows = [
        heads,
        *([f"E0100000{r + 1}", *(v for t in tables for v in cells(t, r))] for r in range(3)),
    ]
    lines = [
        ",".join(f'"{cell}"' if "," in str(cell) else str(cell) for cell in row) for row in rows
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_workbook_and_the_flat_table_hold_the_same_under_the_same_record(tmp_path):
    source = small_record()
    book = as_workbook(source, tmp_path / "download")
    flat = as_flat(source, tmp_path / "download (1)")
    for name in source.tables:
        ours, theirs = (read_table(path, source, name) for path in (book, flat))
        pd.testing.assert_frame_equal(ours, theirs)
    assert read_table(book, source, "income")["income_older"].isna().tolist() == [
        False,
        False,
        True,
    ]


def test_a_blank_where_the_publisher_leaves_none_is_refused(tmp_path):
    source = small_record()
    flat = as_flat(source, tmp_path / "flat.csv")
    lines = flat.read_text(encoding="utf-8").splitlines()
    place = next(csv.reader(lines)).index("Household overcrowding indicator (bedrooms)")
    cells = lines[1].split(",")
    lines[1] = ",".join([*cells[:place], "", *cells[place + 1 :]])
    flat.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="cell without a number"):
        read_table(flat, source, "barriers")


def test_a_sheet_with_a_part_of_the_living_environment_is_refused_and_one_without_is_whole(
    tmp_path,
):
    source = small_record()
    table = source.tables["living_environment"]
    flat = as_flat(source, tmp_path / "flat.csv")
    whole = flat.read_text(encoding="utf-8")
    flat.write_text(whole.replace("Noise pollution", "Noise"), encoding="utf-8")
    with pytest.raises(InputError, match="no column “Noise pollution”; the nearest is “Noise”"):
        read_table(flat, source, "living_environment")
    for heading in table.numbers.values():
        whole = whole.replace(heading, f"Other {heading}")
    flat.write_text(whole, encoding="utf-8")
    assert list(read_table(flat, source, "living_environment")) == []


def test_what_is_kept_is_kept_by_the_districts_too(tmp_path, monkeypatch):
    compared = []

    def compare(known, small, indices, districts):
        compared.append(districts.tolist())
        return iter(())

    paths = {role: tmp_path / role for role in ("indicators", "imd")}
    for path in paths.values():
        path.write_text("x", encoding="utf-8")
    held = SimpleNamespace(
        edition=edition("2025"),
        cache=tmp_path / "cache",
        find=paths.get,
        path=paths.get,
        source=lambda role: replace(small_record(), id=role),
    )
    monkeypatch.setattr(module, "indicators", lambda _: KNOWN)
    monkeypatch.setattr(module, "read_table", lambda *_, **__: INDICES)
    monkeypatch.setattr(module, "beside_people", lambda *_: INDICES)
    monkeypatch.setattr(module, "checked", compare)
    other = DISTRICTS.replace("E06900001", "E06900003")
    for districts in (DISTRICTS, DISTRICTS, other):
        underlying(held, districts)
    assert compared == [DISTRICTS.tolist(), other.tolist()]
