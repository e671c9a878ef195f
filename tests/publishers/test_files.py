"""Files are offered where and as their publishers offer them."""

from __future__ import annotations

import csv
import io
import zipfile
from urllib.parse import quote

import pandas as pd
import pytest
import python_calamine
import requests

from tests.publishers.stock import known, spelt

GOV = "https://assets.publishing.service.gov.uk"
PAGE = "https://www.gov.uk/api/content/government/statistics"
ONS = "https://www.ons.gov.uk/file?uri=/peoplepopulationandcommunity"
POPULATION = (
    f"{ONS}/populationandmigration/populationestimates/datasets/"
    "middlesuperoutputareamidyearpopulationestimates/mid2019sape22dt4/"
    "sape22dt4mid2019msoasyoaestimatesunformatted.zip"
)
FILE_7_2025 = (
    f"{GOV}/media/691ded56d140bbbaa59a2a7d/"
    "File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv"
)
LIBRARY = "https://houseofcommonslibrary.github.io/msoanames"
POSTCODES = (
    "https://www.arcgis.com/sharing/rest/content/items/e7824b1475604212a2325cd373946235/data"
)
POSTCODES_2026 = POSTCODES.replace(
    "e7824b1475604212a2325cd373946235", "c01336febabe4c76ac14fbe71dbb99e1"
)
CODE_POINT = (
    "https://api.os.uk/downloads/v1/products/CodePointOpen/downloads?area=GB&format=CSV&redirect"
)
NOT_IN_THE_TINY_ENGLAND = {"File_7_ID_2015", "File_8", "covidlocalareadeprivationupdate"}


def get(url, **more):
    return requests.get(url, timeout=20, **more)


def rows(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def member(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        [name] = archive.namelist()
        return name, archive.read(name)


@pytest.mark.parametrize("file", known()["file"], ids=lambda file: file.url[-40:])
def test_each_file_stands_at_each_of_its_addresses(publishers, tiny_mirror, file):
    missing = any(part in file.of for part in NOT_IN_THE_TINY_ENGLAND)
    for url in filter(None, (file.by or file.url, file.also)):
        answer = get(url)
        assert answer.status_code == (404 if missing else 200)
        if not file.cut and not missing:
            assert answer.content == (tiny_mirror / file.of).read_bytes()


def test_what_nobody_offers_is_not_found(publishers):
    for url in (f"{GOV}/media/x/y.csv", f"{ONS}/none.xlsx", f"{PAGE}/none", f"{LIBRARY}/x.csv"):
        assert get(url).status_code == 404


def test_addresses_may_be_escaped_or_not(publishers):
    there = get(POPULATION)
    uri = POPULATION.partition("uri=")[2]
    escaped = get(f"https://www.ons.gov.uk/file?uri={quote(uri, safe='')}")
    assert escaped.content == there.content
    assert spelt("https://a.org/b%20c?d=e&a") == spelt("https://a.org/b c?a&d=e")


def test_old_addresses_lead_to_the_assets(publishers):
    place = "government/uploads/system/uploads/attachment_data/file/485161"
    answer = get(f"https://www.gov.uk/{place}/2013_Sub-regional_tables.xlsx")
    assert [step.status_code for step in answer.history] == [301]
    assert answer.url == f"{GOV}/{place}/2013_Sub-regional_tables.xlsx"


@pytest.mark.parametrize("url", [POSTCODES, CODE_POINT])
def test_large_archives_lie_in_a_store_behind_a_signed_address(publishers, url):
    answer = get(url)
    assert [step.status_code for step in answer.history] == [302]
    assert "signature=" in answer.url
    assert get(answer.url.partition("?")[0]).status_code == 403


def test_a_page_of_govuk_lists_what_is_attached_among_others(publishers):
    found = get(f"{PAGE}/sub-regional-fuel-poverty-data-2025-2023-data").json()
    attached = found["details"]["attachments"]
    assert len(attached) == 4
    assert [one["attachment_type"] for one in attached].count("html") == 1
    [file] = [
        one for one in attached if one["title"] == "Sub-regional fuel poverty data 2025 (2023 data)"
    ]
    assert file["filename"] == "Sub-regional_fuel_poverty_statistics_2023.xlsx"
    content = get(file["url"]).content
    assert len(content) == file["file_size"]


def test_a_file_that_was_moved_is_found_by_its_page(publishers):
    [old] = [file.url for file in known()["file"] if "/1081191/" in file.url]
    new = f"{GOV}/media/new/tables.xlsx"
    content = get(old).content
    publishers.move(old, new)
    assert get(old).status_code == 404
    attached = get(f"{PAGE}/sub-regional-fuel-poverty-data-2022").json()["details"]["attachments"]
    [file] = [one for one in attached if one.get("filename", "").endswith(".xlsx")]
    assert (file["url"], file["filename"]) == (new, "tables.xlsx")
    assert get(new).content == content


@pytest.mark.parametrize("slug", ["2017", "2024-2022-data", "2025-2023-data", "2026-2024-data"])
def test_workbooks_without_a_known_address_are_found_by_their_page(publishers, slug):
    found = get(f"{PAGE}/sub-regional-fuel-poverty-data-{slug}").json()
    [url] = [
        one["url"]
        for one in found["details"]["attachments"]
        if one.get("filename", "").endswith(".xlsx")
    ]
    assert get(url).content[:2] == b"PK"


def test_file_7_of_2025_has_sub_domains_before_the_populations(publishers, tiny_mirror):
    found = pd.read_csv(io.BytesIO(get(FILE_7_2025).content))
    own = pd.read_csv(tiny_mirror / "imd" / FILE_7_2025.rpartition("/")[2])
    added = [name for name in found.columns if name not in own.columns]
    own = own.drop(columns="Population aged 16-59: mid 2022")
    assert (len(added), len(found.columns)) == (18, len(own.columns) + 18)
    assert found.columns.get_loc(added[-1]) + 1 == found.columns.get_loc(
        "Total population: mid 2022"
    )
    pd.testing.assert_frame_equal(found[own.columns], own)


@pytest.mark.parametrize(
    ("name", "headings"),
    [
        ("MSOA-Names-1.16", "msoa11cd,msoa11nm,msoa11nmw,msoa11hclnm,msoa11hclnmw,Laname"),
        (
            "MSOA-Names-2.3",
            "msoa21cd,msoa21nm,msoa21nmw,msoa21hclnm,msoa21hclnmw,localauthorityname,type",
        ),
    ],
)
def test_names_have_a_mark_small_letters_and_wales(publishers, name, headings):
    content = get(f"{LIBRARY}/{name}.csv").content
    assert content.startswith(b"\xef\xbb\xbf" + headings.encode() + b"\n")
    codes = [row[0] for row in rows(content)[1:]]
    assert [sum(code.startswith(letter) for code in codes) for letter in ("E02", "W02")] == [46, 3]


def test_populations_are_by_single_year_under_headings_in_row_5(publishers, tiny_mirror):
    name, workbook = member(get(POPULATION).content)
    assert name == "SAPE22DT4-mid-2019-msoa-syoa-estimates-unformatted.xlsx"
    found = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    own = python_calamine.CalamineWorkbook.from_path(
        tiny_mirror / "population/SAPE22DT15-mid-2019-msoa-quinary-estimates-unformatted.xlsx"
    )
    for sex in ("Persons", "Males", "Females"):
        years = found.get_sheet_by_name(f"Mid-2019 {sex}").to_python()
        bands = own.get_sheet_by_name(f"Mid-2019 {sex}").to_python()
        assert years[4][:7] == bands[4][:7]
        assert years[4][7:] == [*map(float, range(90)), "90+"]
        assert len(years) == len(bands) == 51
        for of_years, of_bands in zip(years[5:], bands[5:], strict=True):
            assert of_years[:7] == of_bands[:7]
            ages = of_years[7:]
            fives = [sum(ages[start : start + 5]) for start in range(0, 90, 5)]
            assert [*fives, ages[90]] == of_bands[7:]


def test_postcodes_are_one_quoted_csv_in_an_archive(publishers, tiny_mirror):
    name, content = member(get(POSTCODES).content)
    assert name == "PCD_OA_LSOA_MSOA_LAD_MAY22_UK_LU.csv"
    lines = content.decode("utf-8").split("\r\n")
    assert lines[0] == (
        '"pcd7","pcd8","pcds","dointr","doterm","usertype","oa11cd","lsoa11cd","msoa11cd","ladcd",'
        '"lsoa11nm","msoa11nm","ladnm","ladnmw"'
    )
    assert lines.pop() == ""
    assert all(line.count('"') == 28 and "\n" not in line for line in lines)
    table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    assert (table["pcd7"].str.len() == 7).all()
    assert (table["pcd8"].str.len() == 8).all()
    assert table["pcds"].is_unique
    countries = table["lsoa11cd"].str[0].value_counts()
    assert {*countries.index} == {"E", "W", "S", "9", "L", "M"}
    assert table["pcds"].str.startswith("BT").sum() == 6
    england = table[table["lsoa11cd"].str.startswith("E01")]
    assert 0 < (england["doterm"] != "").sum() < 100


def test_living_postcodes_and_the_areas_they_tell_are_the_mirrors(publishers, tiny_mirror):
    _, content = member(get(POSTCODES).content)
    table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    england = table[table["lsoa11cd"].str.startswith("E01")]
    living = england.loc[england["doterm"] == "", ["pcds", "lsoa11cd", "ladcd"]]
    own = pd.read_parquet(tiny_mirror / "lookups/postcode_lsoa11_england_live_may22.parquet")
    pd.testing.assert_frame_equal(living.reset_index(drop=True), own, check_dtype=False)
    areas = england[["lsoa11cd", "lsoa11nm", "msoa11cd", "msoa11nm", "ladcd", "ladnm"]]
    areas = areas.drop_duplicates().sort_values("lsoa11cd")
    lookup = pd.read_csv(tiny_mirror / "lookups/LSOA_2011_to_MSOA_2011_to_LAD_2022_Lookup_EN.csv")
    assert areas.to_numpy().tolist() == lookup.iloc[:, [0, 1, 2, 3, 4, 5]].to_numpy().tolist()


def test_postcodes_of_2026_are_of_areas_of_2021(publishers, tiny_mirror):
    name, content = member(get(POSTCODES_2026).content)
    table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    assert name.endswith("FEB26_UK_LU.csv")
    assert [*table.columns[6:9], *table.columns[10:12]] == [
        "oa21cd", "lsoa21cd", "msoa21cd", "lsoa21nm", "msoa21nm",
    ]  # fmt: skip
    areas = table.loc[table["lsoa21cd"].str.startswith("E01"), "lsoa21cd"]
    assert areas.nunique() == 230


def test_points_of_postcodes_have_ten_columns_and_no_headings(publishers):
    with zipfile.ZipFile(io.BytesIO(get(CODE_POINT).content)) as archive:
        heads = rows(archive.read("Doc/Code-Point_Open_Column_Headers.csv"))
        points = [
            row
            for name in archive.namelist()
            if name.startswith("Data/CSV/")
            for row in rows(archive.read(name))
        ]
    assert heads[0] == ["PC", "PQ", "EA", "NO", "CY", "RH", "LH", "CC", "DC", "WC"]
    assert {len(row) for row in points} == {10}
    assert len(points) == 2530


def grid(name):
    return get(f"https://uk-air.defra.gov.uk/datastore/pcm/{name}")


def test_grids_have_their_headings_in_row_6(tiny_mirror, tmp_path, publishers):
    own = grid("mappm252022g.csv").content
    assert own == (tiny_mirror / "air_quality/mappm252022g.csv").read_bytes()
    assert own.count(b"\r\n") == own.count(b"\n")
    assert own.split(b"\r\n")[5] == b"gridcode,x,y,pm252022g"
    assert grid("mappm252024g.csv").status_code == 404


def test_grids_may_be_invented_where_the_mirror_has_none(official_like, monkeypatch):
    old, new = grid("mapno22018.csv").content, grid("mapno22024.csv").content
    assert old.split(b"\r\n")[4:6] == [b",,,", b"ukgridcode,x,y,no22018"]
    assert new.split(b"\r\n")[4:6] == [b",,,", b"gridcode,x,y,no22024"]
    cells = rows(new)[6:]
    assert {len(row) for row in cells} == {4}
    assert {int(row[1]) % 1000 for row in cells} == {500}
    assert 0 < sum(row[3] == "MISSING" for row in cells) < len(cells) / 10
    for name in ("mapno22017.csv", "mappm252024.csv", "mapno22024g.csv", "mapso22024.csv"):
        assert grid(name).status_code == 404


@pytest.fixture
def official_like(tmp_path, monkeypatch):
    """Publishers that have nothing but invented grids."""
    from tests.publishers import serving

    (tmp_path / "mirror").mkdir()
    with serving(tmp_path / "mirror", tmp_path / "work", grids=True) as found:
        for name, value in found.environment.items():
            monkeypatch.setenv(name, value)
        yield found
