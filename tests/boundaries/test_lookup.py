"""Every LSOA has its place, told by names and the Indices, and every MSOA the name people use."""

from __future__ import annotations

import dataclasses
import re

import pandas as pd
import pyogrio
import pytest

from boundaries.lookup import build_lookup, district_names, msoas_of, read_lookup
from boundaries.names import common_name
from geo.errors import CodeError, InputError, SpaceError

PLACING = ("lsoa", "msoa", "districts", "names")
LSOA = pd.Series(
    {
        "E01900002": "Northmere 002A",
        "E01900001": "Northmere 001A",
        "E01900004": "Northmere 001B",
        "E01900003": "Westholt 001A",
    }
)
MSOA = pd.Series(
    {"E02900002": "Northmere 002", "E02900001": "Northmere 001", "E02900003": "Westholt 001"}
)
DISTRICTS = pd.DataFrame(
    {
        "area_name": LSOA[sorted(LSOA.index)],
        "lad_code": ["E06900002", "E06900002", "E06900001", "E06900002"],
        "lad_name": ["St. Northmere", "St. Northmere", "Westholt, City of", "St. Northmere"],
    },
    index=sorted(LSOA.index),
)
NAMES = pd.DataFrame(
    {"hcl_name": ["Quay & Priory", "Mill Lane", "Old Port"]},
    index=pd.Index(["E02900001", "E02900002", "E02900003"], name="area_code"),
)


def built(lsoa=LSOA, msoa=MSOA, districts=DISTRICTS, names=NAMES, year=2022):
    return build_lookup(lsoa, msoa, districts, names, district_year=year)


def refusal(**changed):
    with pytest.raises(CodeError) as caught:
        built(**changed)
    assert "\n" not in str(caught.value)
    return caught.value


def test_places_and_names_come_together_in_order_of_code():
    lookup = built()
    assert lookup.index.tolist() == ["E01900001", "E01900002", "E01900003", "E01900004"]
    assert lookup.index.name == "area_code"
    assert lookup.loc["E01900001"].to_dict() == {
        "area_name": "Northmere 001A",
        "msoa_code": "E02900001",
        "msoa_name": "Quay & Priory",
        "lad_code": "E06900002",
        "lad_name": "St Northmere",
    }
    assert lookup["msoa_code"].str[-1].tolist() == ["1", "2", "3", "1"]
    assert lookup["lad_name"].value_counts().to_dict() == {"St Northmere": 3, "Westholt": 1}


def test_the_order_of_the_files_does_not_matter():
    turned = built(LSOA.iloc[::-1], MSOA.iloc[[1, 2, 0]], DISTRICTS.iloc[::-1], NAMES.iloc[::-1])
    pd.testing.assert_frame_equal(turned, built())


def test_districts_are_those_of_the_year_and_sorted_by_code():
    former = {"lad_code": "E07000151", "lad_name": "Daventry"}
    told = DISTRICTS.assign(**former).where(DISTRICTS["lad_code"] == "E06900002", DISTRICTS)
    names = district_names(built(districts=told))
    assert names.to_dict() == {"E06000062": "West Northamptonshire", "E06900001": "Westholt"}
    assert names.index.is_monotonic_increasing
    before = district_names(built(districts=told, year=2020))
    assert before.to_dict() == {"E06900001": "Westholt", "E07000151": "Daventry"}


def test_msoas_have_their_names_and_districts():
    msoas = msoas_of(built())
    assert msoas.index.tolist() == ["E02900001", "E02900002", "E02900003"]
    assert msoas.loc["E02900003"].to_dict() == {
        "area_name": "Old Port",
        "lad_code": "E06900001",
        "lad_name": "Westholt",
    }


@pytest.mark.parametrize(
    ("codes", "district"),
    [
        (["E06900002", "E06900002", "E06900001"], "E06900002"),
        (["E06900001", "E06900001", "E06900002"], "E06900001"),
        (["E06900002", "E06900001"], "E06900001"),
        (["E06900001", "E06900002"], "E06900001"),
    ],
)
def test_an_msoa_in_two_districts_is_of_the_one_that_holds_most_of_it(codes, district):
    areas = [f"E0190000{number}" for number in range(len(codes))]
    lookup = pd.DataFrame({"lad_code": codes, "msoa_code": "E02900001"}, index=areas)
    lookup["lad_name"] = lookup["lad_code"].map({"E06900001": "Westholt", "E06900002": "Northmere"})
    msoas = msoas_of(lookup.assign(area_name="x", msoa_name="Mill Lane"))
    assert msoas["lad_code"].to_dict() == {"E02900001": district}
    assert msoas["lad_name"].item() == {"E06900001": "Westholt", "E06900002": "Northmere"}[district]


# --- what keeps an LSOA from its place


def test_an_lsoa_whose_name_leads_to_no_msoa_is_refused():
    error = refusal(lsoa=LSOA.replace("Northmere 002A", "Northmere 009A"))
    assert "is no MSOA's: 1 (E01900002 “Northmere 009A”)" in error.found
    assert "MSOAs without an LSOA: 1 (E02900002 “Northmere 002”)" in error.found
    assert "calls otherwise than their boundaries: 1 (E01900002)" in error.found


def test_names_of_msoas_that_repeat_are_refused():
    error = refusal(msoa=MSOA.replace("Northmere 002", "Northmere 001"))
    assert "names of MSOAs more than once: 1 (Northmere 001)" in error.found


@pytest.mark.parametrize("level", ["lsoa", "msoa"])
def test_codes_that_repeat_are_refused(level):
    areas = {"lsoa": LSOA, "msoa": MSOA}[level]
    error = refusal(**{level: areas.set_axis([*areas.index[:-1], areas.index[0]])})
    repeated = f"codes of {level.upper()}s more than once: 1 ({areas.index[0]})"
    assert repeated in str(error)


def test_an_msoa_without_a_name_is_refused():
    error = refusal(names=NAMES.drop("E02900003"))
    assert error.what.endswith("MSOAs without a name that people use: 1 (E02900003)")
    assert error.found == ""
    assert "of the year of the others" in error.do


def test_a_table_of_districts_of_other_lsoas_is_refused():
    error = refusal(districts=DISTRICTS.rename(index={"E01900003": "E01900099"}))
    assert "LSOAs without a row in the table of districts: 1 (E01900003)" in error.found
    assert "the table of districts without a boundary: 1 (E01900099)" in error.found


def test_a_table_that_calls_an_lsoa_otherwise_is_refused():
    swapped = DISTRICTS.assign(area_name=DISTRICTS["area_name"].to_numpy()[[0, 3, 2, 1]])
    error = refusal(districts=swapped)
    assert "calls otherwise than their boundaries: 2 (E01900002, E01900004)" in error.what


def test_districts_of_a_later_year_are_refused():
    later = DISTRICTS.replace({"lad_code": {"E06900002": "E06000063"}})
    error = refusal(districts=later, year=2022)
    assert "made after 2022" in error.what
    assert "(E06000063 St. Northmere)" in error.what
    assert built(districts=later, year=2023)["lad_code"].iloc[0] == "E06000063"


def test_everything_is_told_at_once():
    error = refusal(
        lsoa=LSOA.replace("Northmere 002A", "Northmere 009A"),
        msoa=MSOA.replace("Westholt 001", "Northmere 001"),
        names=NAMES.drop("E02900003"),
        districts=DISTRICTS.drop("E01900001"),
    )
    assert error.what.endswith("for 6 reasons")
    assert error.found.count("; ") == 5
    for part in ("MSOAs more than once", "no MSOA's: 2 (", "without a row", "that people use"):
        assert part in error.found


# --- from the files


def of_sample(files, **changed):
    given = [changed.get(role, (files.path(role), files.source(role))) for role in PLACING]
    return read_lookup(*given, district_year=2022)


def test_a_wrong_code_in_one_file_is_refused_with_all_files_and_what_to_do(files, tmp_path):
    """Each file is right by its own record, so none is fetched again unless it is removed."""
    source = files.source("districts")
    text, spoilt = files.path("districts").read_text(encoding="utf-8-sig"), tmp_path / "spoilt.csv"
    code = sorted(set(re.findall(r"E01\d{6}", text)))[-1]
    spoilt.write_text(text.replace(code, "E01999999"), encoding="utf-8")
    with pytest.raises(CodeError, match=f"without a row in the table of districts: 1 .{code}") as c:
        of_sample(files, districts=(spoilt, source))
    for role in ("lsoa", "msoa", "names"):
        assert str(files.path(role)) in c.value.where
    assert str(spoilt) in c.value.where
    assert c.value.do.startswith("remove the file that is not of the year of the others, or has")


def test_no_shape_is_read_to_place_the_lsoas(files, ground, monkeypatch):
    def refuse(path, **options):
        assert options["read_geometry"] is False, path
        return reader(path, **options)

    reader = pyogrio.read_dataframe
    monkeypatch.setattr("boundaries.read.pyogrio.read_dataframe", refuse)
    pd.testing.assert_frame_equal(of_sample(files), ground.lookup)


@pytest.fixture(scope="module")
def of_year(official_file):
    """Return the files that place the LSOAs of a census, by role."""

    def given(census, indices):
        keys = {
            "lsoa": f"lsoa_{census}_boundaries",
            "msoa": f"msoa_{census}_boundaries",
            "districts": indices,
            "names": f"msoa_{census}_names",
        }
        return {role: official_file(key) for role, key in keys.items()}

    return given


PUBLISHED = {
    2011: ("imd_2019", 2022, "LSOA_2011_to_MSOA_2011_to_LAD_2022_Lookup_EN.csv"),
    2021: ("imd_2025", 2024, "LSOA_2021_to_MSOA_2021_to_LAD_2024_Lookup_EN.csv"),
}
"""By census: the Indices that say districts, the year of districts, and a lookup that says all."""
BEST_FIT = "E01027305"
"""An LSOA of West Northamptonshire whose ward, by best fit, is one of Cherwell."""


@pytest.mark.real
@pytest.mark.parametrize("census", PUBLISHED)
def test_the_places_are_those_of_the_published_lookup_in_every_cell(
    census, of_year, official_mirror
):
    indices, year, name = PUBLISHED[census]
    found = read_lookup(*of_year(census, indices).values(), district_year=year)
    table = pd.read_csv(official_mirror / "lookups" / name, dtype=str, encoding="utf-8-sig")
    headings = {
        f"LSOA{census % 100}NM": "area_name",
        f"MSOA{census % 100}CD": "msoa_code",
        f"MSOA{census % 100}HCLNM": "msoa_name",
        f"LAD{year % 100}CD": "lad_code",
        f"LAD{year % 100}NM": "lad_name",
    }
    published = table.set_index(f"LSOA{census % 100}CD").rename(columns=headings)
    published = published[[*headings.values()]].rename_axis("area_code").sort_index()
    published["lad_name"] = published["lad_name"].map(common_name)
    assert len(found) == {2011: 32_844, 2021: 33_755}[census]
    assert found["lad_code"].nunique() == {2011: 309, 2021: 296}[census]
    if census == 2021:
        assert published.loc[BEST_FIT, ["lad_code", "lad_name"]].tolist() == [
            "E07000177", "Cherwell",
        ]  # fmt: skip
        told = ["E06000062", "West Northamptonshire"]
        assert found.loc[BEST_FIT, ["lad_code", "lad_name"]].tolist() == told
        published.loc[BEST_FIT, ["lad_code", "lad_name"]] = told
    pd.testing.assert_frame_equal(found, published, check_dtype=False)
    assert len(msoas_of(found)) == {2011: 6_791, 2021: 6_856}[census]
    assert found.groupby("msoa_code")["lad_code"].nunique().max() == 1


@pytest.mark.real
@pytest.mark.parametrize(
    ("role", "kind", "said"),
    [
        ("lsoa", SpaceError, "no field “LSOA11CD” (the nearest is LSOA21CD)"),
        ("msoa", SpaceError, "no field “MSOA11CD” (the nearest is MSOA21CD)"),
        (
            "districts",
            InputError,
            "no column “LSOA code (2011)”; the nearest is “LSOA code (2021)”",
        ),
        ("names", InputError, "no column “msoa11cd”"),
    ],
)
def test_a_file_of_2021_among_those_of_2011_is_refused(role, kind, said, of_year):
    given, later = of_year(2011, "imd_2019"), of_year(2021, "imd_2025")
    given[role] = (later[role][0], given[role][1])
    with pytest.raises(kind) as caught:
        read_lookup(*given.values(), district_year=2022)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.real
@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("lsoa", "LSOAs whose name without its last letter is no MSOA's: "),
        ("msoa", "MSOAs without an LSOA: "),
        ("districts", "LSOAs without a row in the table of districts: "),
        ("names", "MSOAs without a name that people use: "),
    ],
)
def test_files_that_agree_with_their_own_records_and_not_with_one_another(role, said, of_year):
    given = of_year(2011, "imd_2019") | {role: of_year(2021, "imd_2025")[role]}
    with pytest.raises(CodeError) as caught:
        read_lookup(*given.values(), district_year=2024)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.real
def test_districts_of_2024_are_refused_for_2022(of_year):
    with pytest.raises(CodeError, match=r"made after 2022.*E06000063 Cumberland"):
        read_lookup(*of_year(2021, "imd_2025").values(), district_year=2022)


def test_a_record_may_ask_for_fewer_areas_than_the_file_has(files):
    source = files.source("lsoa")
    fewer = dataclasses.replace(source, vector=dataclasses.replace(source.vector, rows=229))
    with pytest.raises(SpaceError, match="230 areas where 229 are expected"):
        of_sample(files, lsoa=(files.path("lsoa"), fewer))
