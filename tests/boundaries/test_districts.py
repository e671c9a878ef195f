"""Districts are those of a year, and what other files say otherwise is listed, never settled."""

from __future__ import annotations

import pandas as pd
import pytest

from boundaries.districts import A_FEW, brought_forward, district_check, district_problems
from geo.tables.read import read_table
from layers.catalogue import catalogue

TOLD = pd.DataFrame(
    [
        ("E01017800", "E07000005", "Chiltern"),
        ("E01016500", "E07000004", "Aylesbury Vale"),
        ("E01006512", "E08000012", "Liverpool"),
        ("E01024000", "E07000112", "Shepway"),
        ("E01019200", "E07000028", "Carlisle"),
        ("E01008200", "E08000037", "Gateshead"),
        ("E01014500", "E06000023", "Bristol, City of"),
    ],
    columns=["area_code", "lad_code", "lad_name"],
).set_index("area_code")


def placed(count=2_000, code="E06000062", name="West Northamptonshire"):
    areas = [f"E0190{number:04d}" for number in range(count)]
    return pd.DataFrame({"lad_code": code, "lad_name": name}, index=areas)


def said(places, **other):
    return places["lad_code"].where(~places.index.isin([*other]), pd.Series(other))


@pytest.mark.parametrize(
    ("year", "codes", "names"),
    [
        (
            2017,
            ["E07000005", "E07000004", "E08000012", "E07000112", "E07000028"],
            ["Chiltern", "Aylesbury Vale", "Liverpool", "Shepway", "Carlisle"],
        ),
        (
            2022,
            ["E06000060", "E06000060", "E08000012", "E07000112", "E07000028"],
            ["Buckinghamshire", "Buckinghamshire", "Liverpool", "Folkestone and Hythe", "Carlisle"],
        ),
        (
            2024,
            ["E06000060", "E06000060", "E08000012", "E07000112", "E06000063"],
            [
                "Buckinghamshire",
                "Buckinghamshire",
                "Liverpool",
                "Folkestone and Hythe",
                "Cumberland",
            ],
        ),
    ],
)
def test_districts_are_brought_forward_to_a_year(year, codes, names):
    found = brought_forward(TOLD, year)
    assert found.index.tolist() == TOLD.index.tolist()
    assert found["lad_code"].tolist() == [*codes, "E08000037", "E06000023"]
    assert found["lad_name"].tolist() == [*names, "Gateshead", "Bristol"]


def test_districts_of_a_later_year_or_with_two_names_are_told():
    assert list(district_problems(TOLD, 2022)) == []
    later = pd.concat([TOLD, TOLD.assign(lad_code="E06000066", lad_name="Somerset")])
    problems = list(district_problems(later, 2022))
    assert problems == [
        "districts made after 2022, the year of the districts here (E06000066 Somerset)"
    ]
    assert list(district_problems(later, 2023)) == []
    twice = TOLD.assign(lad_code=TOLD["lad_code"].replace("E07000005", "E07000004"))
    assert list(district_problems(twice, 2022)) == [
        "districts under more than one name (E07000004)"
    ]
    spelt = TOLD.assign(
        lad_code="E08000013", lad_name=["St. Helens", "St Helens"] * 3 + ["St Helens"]
    )
    assert list(district_problems(spelt, 2022)) == []


def test_a_file_that_says_the_same_is_right():
    check = district_check(placed(), said(placed()), title="Postcodes")
    assert (check.name, check.ok) == ("Postcodes: districts of LSOAs", True)
    assert check.expected == "2,000 LSOAs in the district that they are placed in"
    assert check.found == "2,000 in it"
    assert check.note == ""


@pytest.mark.parametrize("former", ["E07000151", "E07000154", "E07000155"])
def test_a_code_of_another_year_is_no_conflict(former):
    check = district_check(placed(), placed()["lad_code"].replace("E06000062", former), title="x")
    assert check.ok is True
    turned = district_check(placed(code=former), said(placed()), title="x")
    assert turned.ok is True


@pytest.mark.parametrize(
    ("apart", "of", "right"),
    [
        (1, 10, None),
        (A_FEW, 10, None),
        (A_FEW + 1, 10, False),
        (A_FEW + 1, 5_999, False),
        (A_FEW + 1, 6_000, None),
        (10, 10, False),
    ],
)
def test_a_few_areas_elsewhere_are_a_note_and_many_a_failure(apart, of, right):
    places = placed(of)
    other = said(places, **dict.fromkeys(places.index[:apart], "E07000177"))
    check = district_check(places, other, title="x")
    assert check.ok is right
    assert check.found.startswith(f"{of - apart:,} in it; E01900000 is in West Northamptonshire (")
    assert ("and" in check.found.rpartition(")")[2]) == (apart > 5)


def test_both_districts_of_an_area_are_named():
    places = pd.concat([placed(2), placed(1, "E07000177", "Cherwell").set_axis(["E01900009"])])
    check = district_check(
        places, said(places, E01900001="E07000177", E01900009="E99999999"), title="x"
    )
    assert check.found == (
        "1 in it; E01900001 is in West Northamptonshire (E06000062), there in Cherwell "
        "(E07000177), E01900009 is in Cherwell (E07000177), there in E99999999"
    )


def test_several_rows_of_an_area_count_as_one():
    """As in a file of postcodes, some of an area's in the district and some not."""
    places = placed(3)
    rows = pd.concat([said(places)] * 4 + [said(places, E01900001="E07000177")] * 2)
    check = district_check(places, rows, title="x")
    assert check.found.startswith("2 in it; E01900001 is in")
    assert check.found.count("there in") == 1
    assert check.ok is None


def test_areas_of_another_edition_are_counted_and_not_compared():
    more = pd.concat([said(placed(3)), pd.Series({"E01999999": "E07000177"})])
    check = district_check(placed(3), more, title="x")
    assert (check.ok, check.found) == (True, "3 in it")
    assert check.note == "LSOAs of the file that are not of this edition: 1."
    nothing = district_check(placed(3), pd.Series({"E01999999": "E07000177"}), title="x")
    assert (nothing.ok, nothing.found) == (False, "0 in it")


@pytest.fixture(scope="module")
def told(official_file):
    """Return a function that reads lad_code and lad_name of a source by area code."""

    def read(key, table="main"):
        found = read_table(*official_file(key), table)
        return found[["lad_code", "lad_name"]]

    return read


@pytest.mark.real
def test_the_best_fit_wards_put_one_neighbourhood_into_another_district(told):
    wards = catalogue()["ward_2024_lookup"].title
    check = district_check(told("imd_2025"), told("ward_2024_lookup")["lad_code"], title=wards)
    assert check.ok is None
    assert check.expected.startswith("33,755 LSOAs")
    assert check.found == (
        "33,754 in it; E01027305 is in West Northamptonshire (E06000062), there in Cherwell "
        "(E07000177)"
    )


@pytest.mark.real
@pytest.mark.parametrize(
    ("indices", "other", "table"),
    [
        ("imd_2019", "ward_2019_lookup", "main"),
        ("imd_2019", "imd_2015", "main"),
        *(("imd_2019", f"fuel_poverty_{year}", "lsoa") for year in (2012, 2013, 2019, 2020)),
        ("imd_2025", "fuel_poverty_2023", "lsoa"),
    ],
)
def test_other_files_of_any_year_agree_with_the_indices(indices, other, table, told):
    check = district_check(told(indices), told(other, table)["lad_code"], title=other)
    assert (check.ok, check.note) == (True, "")


@pytest.mark.real
def test_a_file_of_other_districts_is_a_failure(told):
    places = told("imd_2019")
    turned = pd.Series(places["lad_code"].to_numpy()[::-1], index=places.index)
    check = district_check(places, turned, title="x")
    assert check.ok is False
    assert "more" in check.found
