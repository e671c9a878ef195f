import dataclasses
import re
import zlib

import geopandas as gpd
import pytest
from matplotlib.text import Text
from pypdf import PdfReader

from geo.errors import OutputError
from layers.findings.gradients import gradients_of
from maps.print import pocket_pages
from maps.print.atlas import atlas_pages, frames_that_differ, write_atlas
from maps.print.listing import ListColumn, pages_of
from maps.words.of_gradients import gradient_sentence
from maps.words.of_gradients import gradients_in_words as told_gradients
from maps.words.sentences import finding
from tests.invented_change import invented_change


@pytest.fixture
def northmere(invented_boroughs):
    return invented_boroughs["northmere"]


@pytest.fixture
def with_gradients(northmere):
    found = gradients_of(northmere.edition, northmere.lsoa, northmere.msoa)
    return dataclasses.replace(northmere, gradients=found.indices, gradient_parts=found.parts)


def words_of(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def titles_of(pages):
    return [words_of(page.draw()) for page in pages]


def few_layers(borough):
    edition = borough.edition
    kept = tuple(edition.layer(key) for key in ("imd_2019", "no2_2021_23"))
    return dataclasses.replace(borough, edition=dataclasses.replace(edition, layers=kept))


def test_pages_are_those_that_the_cover_lists(with_gradients):
    pages = titles_of(atlas_pages(with_gradients))
    cover = pages[0]
    start = cover.index("Contents") + 1
    listed = cover[start : start + 2 * (len(pages) - 1)]
    titles, numbers = listed[::2], listed[1::2]
    assert numbers == [str(number) for number in range(2, len(pages) + 1)]
    frames = sum(
        len(frames_that_differ(with_gradients, layer)) for layer in with_gradients.edition.layers
    )
    assert len(pages) == 1 + 4 + frames + 1 + 1 + len([t for t in titles if "Sources" in t])
    for number, words in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in words
    made_of, across = "What each pocket is made of", "Across the borough’s line"
    assert titles[:4] == ["Pockets of deprivation", "List of pockets", made_of, across]
    for title, words in zip(titles, pages[1:], strict=True):
        if "compared with" in title:
            layer = next(
                one for one in with_gradients.edition.layers if title.startswith(one.short)
            )
            assert layer.title in words
            assert any(
                text.startswith(title[title.index("compared") :].capitalize())
                or title.split(", compared with ")[1] in text
                for text in words
            )
        else:
            assert title in words


def test_cover_tells_the_finding_and_that_the_place_is_fictional(northmere):
    cover = " ".join(words_of(atlas_pages(northmere)[0].draw()))
    assert finding(northmere) in cover
    assert "Fictional sample: Northmere does not exist" in cover


def test_what_touches_across_the_line_has_a_page_where_anything_does(northmere):
    pages = {tuple(words[:3]): " ".join(words) for words in titles_of(atlas_pages(northmere))}
    (page,) = [text for text in pages.values() if "Pockets that touch pockets of other" in text]
    assert "It touches pocket 1 of Westholt" in page.replace("\n", " ")
    apart = northmere.pockets.assign(neighbour_pockets=[[] for _ in northmere.pockets.index])
    alone = dataclasses.replace(northmere, pockets=apart)
    assert not [w for w in titles_of(atlas_pages(alone)) if "Across the borough’s line" in w]


def test_the_cover_says_what_has_replaced_its_edition(northmere):
    new = dataclasses.replace(northmere.edition, superseded_by="Indices of 2031 (June 2031)")
    covers = [
        " ".join(" ".join(words_of(atlas_pages(borough)[0].draw())).split())
        for borough in (northmere, dataclasses.replace(northmere, edition=new))
    ]
    said = f"The Indices of 2031 (June 2031) have replaced the {new.title} shown here."
    assert [said in cover for cover in covers] == [False, True]


def test_a_layer_is_mapped_twice_only_where_the_comparison_changes_it(northmere):
    layer = northmere.edition.layer("fuel_poverty_2020")
    assert frames_that_differ(northmere, layer) == ("england", "borough")
    same = northmere.lsoa.assign(
        **{layer.quintile_column("england"): northmere.lsoa[layer.quintile_column("borough")]}
    )
    borough = dataclasses.replace(northmere, lsoa=same)
    assert frames_that_differ(borough, layer) == ("england",)
    titles = " ".join(words_of(atlas_pages(borough)[0].draw()))
    assert "Fuel poverty, compared with the sample" in titles
    assert "Fuel poverty, compared with Northmere" not in titles


def test_gradients_are_there_only_when_known(northmere, with_gradients):
    assert not any("Gradients" in words for words in titles_of(atlas_pages(few_layers(northmere))))
    (page,) = [
        words
        for words in titles_of(atlas_pages(few_layers(with_gradients)))
        if "Gradients" in words and "Contents" not in words
    ]
    (gradient,) = told_gradients(few_layers(with_gradients))
    assert gradient_sentence(gradient.layer, gradient.row, name=with_gradients.called) in " ".join(
        page
    )
    values = with_gradients.gradient_parts["value"].xs("no2_2021_23")
    assert len(values) == 5
    for value in values:
        assert f"{value:.1f}" in page
    england = with_gradients.england["no2_2021_23"]
    assert f"Dashed: the sample, {england:.1f} µg/m³" in page


def test_list_of_pockets_holds_the_numbers_of_the_table(northmere):
    (page,) = [
        words
        for words in titles_of(atlas_pages(few_layers(northmere)))
        if "List of pockets" in words and "Contents" not in words
    ]
    row = northmere.pockets.iloc[0]
    start = page.index(row["name"])
    inside = northmere.lsoa["pocket_id"] == row.name
    scores = northmere.lsoa.loc[inside, "imd_2019_score"]
    assert page[start - 1 : start + 9] == [
        "1",
        row["name"],
        "4",
        f"{row['population']:,}",
        "1.0",
        f"{row['imd_2019_score']:.1f}",
        f"{scores.min():.1f} to {scores.max():.1f}",
        f"{row['imd_2019_rank_england']:.0f}",
        "40%",
        "90%",
    ]


def test_the_list_names_the_earlier_editions_beside_how_often_a_pocket_came_back(northmere):
    pages = titles_of(atlas_pages(few_layers(northmere)))
    assert not any("There in" in " ".join(words) for words in pages)
    (page,) = [
        words
        for words in titles_of(atlas_pages(invented_change()))
        if "List of pockets" in words and "Contents" not in words
    ]
    assert [page[at + 1] for at, text in enumerate(page) if text == "87%"] == ["2019", "2015, 2019"]
    assert "There in: earlier editions (of 2015 and 2019) with a pocket" in " ".join(page)


def test_a_note_of_any_length_stays_on_its_page(northmere, monkeypatch):
    monkeypatch.setattr(pocket_pages, "_list_note", lambda borough: "a long note " * 120)
    one = northmere.pockets.iloc[[0]]
    many = gpd.GeoDataFrame(
        {**{key: list(one[key]) * 90 for key in one}, "number": range(1, 91)},
        index=[f"P{number:02d}" for number in range(90)],
        crs=one.crs,
    )
    borough = dataclasses.replace(few_layers(northmere), pockets=many)
    lists = 0
    for page in atlas_pages(borough):
        figure = page.draw()
        words = words_of(figure)
        if any("List of pockets (" in text for text in words) and "Contents" not in words:
            lists += 1
            lowest = min(text.get_position()[1] for text in figure.findobj(Text) if text.get_text())
            assert lowest * figure.get_size_inches()[1] * 25.4 > 12
    assert lists > 2


def test_a_long_list_takes_several_pages_and_misses_nobody(northmere):
    one = northmere.pockets.iloc[[0]]
    names = [f"Invented place {number:03d} and its neighbour" for number in range(120)]
    many = gpd.GeoDataFrame(
        {**{key: list(one[key]) * 120 for key in one}, "number": range(1, 121), "name": names},
        index=[f"P{number:03d}" for number in range(120)],
        crs=one.crs,
    )
    pages = titles_of(atlas_pages(dataclasses.replace(few_layers(northmere), pockets=many)))
    lists = [words for words in pages[1:] if any(text.startswith("List of") for text in words)]
    assert len(lists) > 2
    listed = [text for words in lists for text in words if text in set(names)]
    assert listed == names


def test_a_borough_without_pockets_has_no_list(northmere):
    none = dataclasses.replace(few_layers(northmere), pockets=northmere.pockets.iloc[:0])
    assert not any("List of pockets" in words for words in titles_of(atlas_pages(none)))


def test_methods_print_the_parameters_and_only_the_layers_shown(northmere):
    settings = {**northmere.settings, "rule": "national", "d": 1, "tau": 8.0}
    borough = dataclasses.replace(few_layers(northmere), settings=settings)
    (page,) = [
        " ".join(words)
        for words in titles_of(atlas_pages(borough))
        if "Methods in brief" in words and "Contents" not in words
    ]
    assert "at least 8 points above the saddle" in page
    assert "in the most deprived tenth of the sample" in page
    assert "Air quality" in page
    assert "Fuel poverty" not in page


def test_same_borough_same_bytes_and_no_date(northmere, tmp_path):
    first, second = (
        write_atlas(few_layers(northmere), tmp_path / name) for name in ("a.pdf", "b.pdf")
    )
    content = first.read_bytes()
    assert content == second.read_bytes()
    assert b"CreationDate" not in content
    assert b"atplotlib" not in content
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pdf", "b.pdf"]


def test_pdf_embeds_truetype_and_draws_no_picture(northmere, tmp_path):
    content = write_atlas(few_layers(northmere), tmp_path / "a.pdf").read_bytes()
    assert content.count(b"/FontFile2") >= 2
    assert b"/Type3" not in content
    assert b"/Subtype /Image" not in content
    pages = len(re.findall(rb"/Type /Page\b", content))
    assert pages == len(atlas_pages(few_layers(northmere)))


def test_text_of_the_pdf_is_text(northmere, tmp_path):
    path = write_atlas(few_layers(northmere), tmp_path / "a.pdf")
    text = "\n".join(sheet.extract_text() for sheet in PdfReader(path).pages)
    for wanted in (
        "Nitrogen dioxide in the air (NO2)",
        "µg/m³",
        "Mostly 2015–16 data",
        "Northmere Bank",
    ):
        assert wanted in text


def test_hostile_names_do_not_break_the_atlas(northmere, tmp_path):
    name = "(<b>\\) $x_1$ 🦄 endobj"
    borough = dataclasses.replace(few_layers(northmere), name=name)
    path = write_atlas(borough, tmp_path / "a.pdf")
    streams = re.findall(rb"stream\n(.*?)\nendstream", path.read_bytes(), flags=re.DOTALL)
    assert sum(b" Tf" in zlib.decompress(one) for one in streams if one[:1] == b"x") >= 5


def test_a_failed_atlas_leaves_nothing(northmere, tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match="is not replaced by one"):
        write_atlas(few_layers(northmere), tmp_path / "folder")
    broken = dataclasses.replace(few_layers(northmere), pocket_counts={})
    with pytest.raises(KeyError):
        write_atlas(broken, tmp_path / "atlas.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_rows_are_dealt_out_once_each_and_fit():
    columns = [ListColumn("Name", 40), ListColumn("Number", 20, "right")]
    rows = [[f"Place {number} " * (number % 4 + 1), str(number)] for number in range(40)]
    pages = pages_of(rows, columns, 100)
    assert [row for page in pages for row in page] == rows
    assert 1 < len(pages) < 40
    tall = [["word " * 400, "1"], ["b", "2"]]
    assert pages_of(tall, columns, 50) == [[tall[0]], [tall[1]]]
    assert pages_of([], columns, 50) == [[]]


def test_every_page_of_the_pdf_has_its_bookmark_and_the_file_its_title_and_language(
    northmere, tmp_path
):
    borough = few_layers(northmere)
    document = PdfReader(write_atlas(borough, tmp_path / "a.pdf"), strict=True)
    titles = [page.title for page in atlas_pages(borough)]
    assert [mark.title for mark in document.outline] == titles
    assert titles[:2] == ["Cover and contents", "Pockets of deprivation"]
    pages = [document.get_destination_page_number(mark) for mark in document.outline]
    assert pages == list(range(len(document.pages)))
    root = document.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert document.metadata.title == "Northmere: atlas of deprivation and its pockets"
    assert "Not tagged for screen readers" in document.pages[0].extract_text()


def test_a_borough_of_few_areas_is_told_once_that_they_are_not_ranked(northmere):
    few = dataclasses.replace(few_layers(northmere), lsoa=northmere.lsoa.iloc[:4])
    titles = [page.title for page in atlas_pages(few)]
    assert "Overall deprivation (IMD), compared with the sample" in titles
    assert not [title for title in titles if "compared with Northmere" in title]
    (methods,) = [page for page in atlas_pages(few) if page.title == "Methods in brief"]
    told = " ".join(words_of(methods.draw()))
    assert "Northmere has too few areas to rank on Overall deprivation (IMD) and NO2." in told
    (methods,) = [
        page for page in atlas_pages(few_layers(northmere)) if page.title == "Methods in brief"
    ]
    assert "too few areas" not in " ".join(words_of(methods.draw()))
