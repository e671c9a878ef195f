"""The files of a built site as other programs read them: atlas, printed maps, workbook, CSV."""

from __future__ import annotations

import csv
import math
import shutil
import xml.etree.ElementTree as ElementTree

import openpyxl
import pandas as pd
import pypdf
import pytest
from PIL import Image

from layers.borough.country import Country
from layers.catalogue import catalogue
from layers.files import Files
from layers.layer import edition
from maps.files.downloads import SAVED_TABLES
from maps.site.build import Plan, build_site
from tests.described import problems_of, wrong_on_the_web
from tests.sites import SITES

SVG = "{http://www.w3.org/2000/svg}"
NASTY = ("=1+1", "+1-2", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "<b>&", "{{ 7*7 }}")


@pytest.fixture(params=SITES)
def site(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def atlases(site):
    return {path.parent.name: pypdf.PdfReader(path) for path in sorted(site.glob("*/atlas.pdf"))}


def fonts_of(document):
    """Return the fonts that the pages of a PDF name, by their names."""
    found = {}
    for page in document.pages:
        fonts = page["/Resources"].get("/Font", {})
        for name in fonts:
            font = fonts[name].get_object()
            found[font["/BaseFont"]] = font
    return found


def is_embedded(font):
    inner = font["/DescendantFonts"][0].get_object() if font["/Subtype"] == "/Type0" else font
    return "/FontFile2" in inner["/FontDescriptor"]


def test_fonts_of_every_atlas_are_embedded(atlases):
    assert atlases
    for name, document in atlases.items():
        fonts = fonts_of(document)
        assert len(fonts) >= 2, name
        assert all(is_embedded(font) for font in fonts.values()), name


@pytest.fixture(scope="module")
def atlas(sample_site):
    return pypdf.PdfReader(sample_site / "westholt/atlas.pdf")


@pytest.fixture(scope="module")
def texts(atlas):
    return [" ".join(page.extract_text().split()) for page in atlas.pages]


def test_text_of_every_page_of_an_atlas_is_text(texts):
    for number, text in enumerate(texts, start=1):
        assert f"Page {number} of {len(texts)}" in text, number
        assert len(text.split()) > 40, number


def test_no_page_of_an_atlas_is_a_picture(atlases):
    for name, document in atlases.items():
        for number, page in enumerate(document.pages, start=1):
            drawn = page["/Resources"].get("/XObject", {})
            kinds = {drawn[key].get_object()["/Subtype"] for key in drawn}
            assert "/Image" not in kinds, (name, number)


def test_every_page_of_an_atlas_is_a4_and_the_same_way_up(atlases):
    for name, document in atlases.items():
        sizes = {
            (round(float(page.mediabox.width)), round(float(page.mediabox.height)))
            for page in document.pages
        }
        assert sizes in ({(595, 842)}, {(842, 595)}), name


def test_contents_name_the_page_of_each_layer(texts):
    for layer in edition("sample").layers:
        pages = [at for at, text in enumerate(texts[1:], 2) if f" {layer.title} " in text[:400]]
        assert any(f" {page} " in texts[0] for page in pages), layer.id


def test_pictures_have_300_dots_an_inch_and_words(sample_site):
    pictures = sorted(sample_site.glob("*/maps/*.png"))
    assert len(pictures) == 2 * (2 * len(edition("sample").layers) + 1)
    for path in pictures:
        with Image.open(path) as picture:
            assert [round(dots) for dots in picture.info["dpi"]] == [300, 300], path.name
            millimetres = sorted(side / 300 * 25.4 for side in picture.size)
            assert millimetres == pytest.approx([210, 297], abs=0.2), path.name
            assert picture.info["Title"], path.name
            assert len(picture.info["Description"].split()) > 20, path.name


def test_drawings_are_whole_and_carry_title_and_description(sample_site):
    drawings = sorted(sample_site.glob("*/maps/*.svg"))
    assert [path.stem for path in drawings] == [
        path.stem for path in sorted(sample_site.glob("*/maps/*.png"))
    ]
    for path in drawings:
        root = ElementTree.parse(path).getroot()
        assert root.tag == f"{SVG}svg"
        assert root.find(f"{SVG}title").text, path.name
        assert len(root.find(f"{SVG}desc").text.split()) > 20, path.name
        assert root.findall(f".//{SVG}script") + root.findall(f".//{SVG}image") == [], path.name


def test_the_workbook_meets_the_guidance(site):
    book = openpyxl.load_workbook(site / "data/tables.xlsx")
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    assert {sheet.sheet_state for sheet in book.worksheets} == {"visible"}
    names = [name for sheet in book.worksheets for name in sheet.tables]
    assert len(names) == len(set(names)) == len(book.worksheets) - 1
    for sheet in book.worksheets:
        assert not sheet.merged_cells.ranges, sheet.title
        assert str(sheet["A1"].value).strip(), sheet.title
        assert not [row for row, shape in sheet.row_dimensions.items() if shape.hidden]
        assert not [name for name, shape in sheet.column_dimensions.items() if shape.hidden]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "b"}
        for table in sheet.tables.values():
            headings, *rows = [[cell.value for cell in row] for row in sheet[table.ref]]
            assert all(isinstance(heading, str) and heading.strip() for heading in headings)
            assert len(set(headings)) == len(headings), sheet.title
            assert all(cell is not None for row in rows for cell in row), sheet.title
            assert sheet.max_row == sheet[table.ref][-1][0].row, sheet.title
    contents = {row[0].value for row in book["Contents"].iter_rows(min_row=2)}
    assert set(book.sheetnames) - {"Cover", "Contents", "Notes"} <= contents
    notes = len(book["Notes"]["A"])
    assert notes > 3


def test_the_tables_are_as_programs_are_told(site):
    assert problems_of(site / "data") == []
    assert wrong_on_the_web(site / "data") == []


@pytest.fixture(scope="module")
def nasty_site(sample_mirror, tmp_path_factory):
    """A site made from files whose MSOAs have names that try to be formulas or markup."""
    folder = tmp_path_factory.mktemp("nasty")
    mirror = shutil.copytree(sample_mirror, folder / "mirror")
    known = edition("sample")
    path = mirror / catalogue()[known.sources["names"]].path
    names = pd.read_csv(path, dtype=str, keep_default_na=False)
    nasty = [f"{NASTY[at % len(NASTY)]} {at}" for at in range(len(names))]
    names.assign(msoa11hclnm=nasty).to_csv(path, index=False)
    files = Files(edition=known, cache=folder / "cache", mirror=mirror, offline=True)
    country = Country(files=files)
    plan = Plan(
        country=country,
        selection=country.ground.select("Westholt"),
        out=folder / "site",
        parts=("data", "profiles", "pages", "index"),
    )
    build_site(plan)
    return folder / "site"


LIMITS = {
    "%": (0, 100),
    "1 to 10": (1, 10),
    "1 to 5": (1, 5),
    "layers, 0 to 4": (0, 4),
    "rank": (1, math.inf),
    "people": (0, math.inf),
    "households": (0, math.inf),
    "deaths": (0, math.inf),
    "µg/m³": (0, math.inf),
}
"""What a column may hold, by the unit that the dictionary gives it; a share ends in “0 to 1”."""


def test_the_dictionary_describes_what_the_tables_hold(sample_site):
    folder = sample_site / "data"
    words = pd.read_csv(folder / "dictionary.csv", index_col="column", keep_default_na=False)
    for name in SAVED_TABLES:
        table = pd.read_parquet(folder / f"{name}.parquet")
        for column in table.select_dtypes("number"):
            unit = words.at[column, "unit"]
            low, high = (
                (0, 1) if unit.endswith("0 to 1") else LIMITS.get(unit, (-math.inf, math.inf))
            )
            assert table[column].dropna().between(low, high).all(), (name, column, unit)
            assert name in words.at[column, "tables"].split()
    lsoa = pd.read_parquet(folder / "neighbourhoods.parquet")
    low, own, high = (lsoa[f"imd_2019_rank_borough{end}"] for end in ("_lowest", "", "_highest"))
    assert ((low <= own) & (own <= high)).all()
    assert (lsoa["fuel_poverty_2020_fuel_poor"] <= lsoa["fuel_poverty_2020_households"]).all()
    pockets = pd.read_parquet(folder / "pockets.parquet")
    highest = pockets["deprivation_area_id"] == pockets.index
    assert (pockets["prominence"].isna() == highest).all()


def test_names_that_try_to_be_formulas_stay_text_in_every_cell(nasty_site):
    book = openpyxl.load_workbook(nasty_site / "data/tables.xlsx")
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    named = {str(cell.value).rsplit(" ", 1)[0] for cell in cells}
    assert set(NASTY) - {"\t=1"} <= named
    assert {cell.data_type for cell in cells} <= {"s", "n", "b"}
    assert [cell.value for cell in cells if cell.hyperlink and "example" in str(cell.value)] == []
    for path in sorted(nasty_site.glob("data/*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    assert not cell.startswith(("=", "+", "@", "\t", "\r")), (path.name, cell)
                    assert not cell.startswith("-") or float(cell) < 0, (path.name, cell)


def test_names_that_try_to_be_markup_stay_words_on_every_page(nasty_site):
    profiles = sorted(nasty_site.glob("westholt/profiles/*.html"))
    texts = {path: path.read_text(encoding="utf-8") for path in profiles}
    assert any("&lt;b&gt;&amp;" in text for text in texts.values())
    assert any("{{ 7*7 }}" in text for text in texts.values())
    for path in [*profiles, nasty_site / "index.html", nasty_site / "westholt/index.html"]:
        assert "<b>&" not in path.read_text(encoding="utf-8"), path
