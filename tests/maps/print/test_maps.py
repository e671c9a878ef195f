import dataclasses
import re
import warnings
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import geopandas as gpd
import matplotlib
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.text import Text
from matplotlib_scalebar.scalebar import ScaleBar
from PIL import Image
from shapely import affinity

from maps.look import palette
from maps.look.view import mapped
from maps.print.drawing import POCKET_POINTS
from maps.print.furniture import put_legend, put_pockets
from maps.print.ground import BADGE_MM, LANDSCAPE, PORTRAIT, ground, inset_view
from maps.print.labels import Badge, boxes_overlap, place_badges, place_names
from maps.print.lettering import BODY, TITLE, Face, printable, shortened, width_mm, wrap
from maps.print.maps import layer_sheet, pockets_sheet, write_maps
from maps.print.sheet import A4_MM, Box, few_colours, new_sheet, save_png, save_svg, style
from maps.words.alt_text import alt_text, pockets_alt_text
from maps.words.captions import layer_standing, rule_in_words, subtitle
from maps.words.credits import source_lines

SVG = "{http://www.w3.org/2000/svg}"
OVERALL, FUEL, COVID = "imd_2019", "fuel_poverty_2020", "covid_2020_21"


@pytest.fixture
def northmere(invented_boroughs):
    return invented_boroughs["northmere"]


@pytest.fixture
def westholt(invented_boroughs):
    return invented_boroughs["westholt"]


def turned(borough):
    """The same borough with east and north swapped: taller than it is wide."""

    def swap(frame):
        points = frame.geometry.apply(lambda shape: affinity.rotate(shape, 90, origin=(0, 0)))
        return frame.set_geometry(gpd.GeoSeries(points, index=frame.index, crs=frame.crs))

    frames = ("lsoa", "msoa", "pockets", "surroundings")
    return dataclasses.replace(borough, **{name: swap(getattr(borough, name)) for name in frames})


def renamed(borough, name):
    return dataclasses.replace(borough, name=name)


def words_of(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def hatches_of(figure):
    return {patch.get_hatch() for patch in figure.findobj(Rectangle) if patch.get_hatch()}


def filled_of(figure):
    shapes = figure.findobj(lambda one: isinstance(one, PathPatch) and one.get_gid())
    return {shape.get_gid(): shape for shape in shapes}


@pytest.mark.parametrize("frame", ["england", "borough"])
def test_legend_counts_are_those_of_the_table(northmere, frame):
    layer = northmere.edition.layer(FUEL)
    words = words_of(layer_sheet(northmere, layer, frame=frame))
    fifths = northmere.lsoa[layer.quintile_column(frame)].value_counts()
    labels = ["Highest fifth", "2nd fifth", "Middle fifth", "4th fifth", "Lowest fifth"]
    for number, label in enumerate(labels, start=1):
        assert words[words.index(label) + 1] == str(fifths.get(number, 0))
    assert words[words.index("All small areas") + 1] == "24"


def test_no_bar_of_a_legend_crosses_a_label(northmere):
    first, *others = mapped(northmere, northmere.edition.layer(OVERALL), "england").legend
    long = dataclasses.replace(first, label="Too few areas to rank here", count=1)
    figure = new_sheet(landscape=True)
    shown = SimpleNamespace(title="Ranks", legend=(long, *others))
    put_legend(figure, (20, 40), shown, of="LSOAs", room_mm=80)
    grey = matplotlib.colors.to_rgba(palette.LINE)
    bars = [one for one in figure.findobj(Rectangle) if one.get_facecolor() == grey]
    assert len(bars) > 1
    assert {bar.get_x() > 20 + 10 + width_mm(long.label, BODY) for bar in bars} == {True}


def test_fill_and_legend_are_of_one_object(northmere):
    layer = northmere.edition.layer(OVERALL)
    classified = mapped(northmere, layer, "england")
    shapes = filled_of(layer_sheet(northmere, layer))
    for number, entry in enumerate(classified.classes, start=1):
        if not entry.count:
            assert f"class-{number}" not in shapes
            continue
        shape = shapes[f"class-{number}"]
        assert matplotlib.colors.to_hex(shape.get_facecolor()) == entry.colour
        rings = (shape.get_path().codes == matplotlib.path.Path.MOVETO).sum()
        assert rings == entry.count


def test_missing_is_hatched_and_listed_only_where_something_is_missing(northmere, westholt):
    layer = northmere.edition.layer(COVID)
    missing = {
        name: one.msoa[layer.value].isna().sum()
        for name, one in (("northmere", northmere), ("westholt", westholt))
    }
    assert missing == {"northmere": 0, "westholt": 1}
    whole, partly = layer_sheet(northmere, layer), layer_sheet(westholt, layer)
    assert "No value" not in words_of(whole)
    assert hatches_of(whole) == set()
    words = words_of(partly)
    assert words[words.index("No value") + 1] == "1"
    assert hatches_of(partly) == {"//////"}
    assert filled_of(partly)["class-8"].get_hatch() == "//////"


def test_withheld_is_dotted_and_listed(northmere):
    layer = northmere.edition.layer(OVERALL)
    held = northmere.lsoa.assign(**{f"{OVERALL}_withheld": np.arange(24) < 3})
    figure = layer_sheet(dataclasses.replace(northmere, lsoa=held), layer)
    words = words_of(figure)
    assert words[words.index("Withheld") + 1] == "3"
    assert hatches_of(figure) == {"......"}


def test_msoa_layers_are_drawn_on_msoas_and_say_so(northmere):
    layer = northmere.edition.layer(COVID)
    figure = layer_sheet(northmere, layer)
    assert words_of(figure)[words_of(figure).index("All neighbourhoods") + 1] == "4"
    assert "MSOA values" in words_of(figure)
    rings = sum(
        (shape.get_path().codes == matplotlib.path.Path.MOVETO).sum()
        for shape in filled_of(figure).values()
    )
    assert rings == 4


def test_sheet_says_title_comparison_unit_period_and_source(northmere):
    layer = northmere.edition.layer("no2_2021_23")
    words = " ".join(words_of(layer_sheet(northmere, layer, frame="borough")))
    for wanted in (
        "Northmere",
        layer.title,
        "Compared with Northmere · unit: µg/m³ · values of small areas · Mean of 2021, 2022 and"
        " 2023",
        "Office of Invention: Table of no2_2021_23 (1)",
        "Invented for tests",
        "OGL-UK-3.0",
        "Modelled background concentration",
    ):
        assert wanted in words


def test_a_fictional_place_is_said_not_to_exist(northmere):
    words = "Fictional sample: Northmere does not exist"
    assert words in words_of(layer_sheet(northmere, northmere.edition.layer(OVERALL)))
    assert words in words_of(pockets_sheet(northmere))
    real = dataclasses.replace(northmere.edition, fictional=False)
    figure = pockets_sheet(dataclasses.replace(northmere, edition=real))
    assert not any("exist" in text for text in words_of(figure))


def test_pages_are_a4_by_the_shape_of_the_borough(northmere, tmp_path):
    for borough, layout, size in (
        (northmere, LANDSCAPE, (3507, 2480)),
        (turned(northmere), PORTRAIT, (2480, 3507)),
    ):
        assert ground(borough).layout is layout
        figure = layer_sheet(borough, borough.edition.layer(OVERALL))
        inches = figure.get_size_inches()
        assert sorted(inches * 25.4) == pytest.approx(sorted(A4_MM))
        path = save_png(figure, tmp_path / "map.png", title="A", description="B")
        with Image.open(path) as picture:
            assert picture.size == size
            assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)


def test_scale_bar_is_as_long_as_it_says(northmere, tmp_path):
    for borough in (northmere, turned(northmere)):
        base = ground(borough)
        figure = layer_sheet(borough, borough.edition.layer(OVERALL), base=base)
        save_png(figure, tmp_path / "map.png", title="A", description="B")
        (bar,) = figure.findobj(ScaleBar)
        unit = {"m": 1, "km": 1000}[bar.fixed_units]
        drawn_m = bar.info.window_extent.width / 300 * 25.4 * base.view.metres_per_mm
        assert drawn_m == pytest.approx(bar.fixed_value * unit, rel=0.005)
        box = bar.info.window_extent
        with Image.open(tmp_path / "map.png") as opened:
            picture = opened.convert("RGB")
            foot = picture.height - round(box.y0) - 3
            assert max(picture.getpixel((round(box.x0 + box.width / 3), foot))) < 40
        assert base.crowded
        assert bar.info.scale_text == f"{bar.fixed_value:g} {bar.fixed_units}"


def test_map_places_are_true(northmere):
    base = ground(northmere)
    west, south, east, north = northmere.lsoa.total_bounds
    page = base.view.on_page(shapely.box(west, south, east, north)).bounds
    assert (page[2] - page[0]) * base.view.metres_per_mm == pytest.approx(east - west)
    box = base.layout.map
    assert box.left < page[0]
    assert page[3] < box.bottom
    assert (page[0] + page[2]) / 2 == pytest.approx(box.left + box.width / 2, abs=0.01)
    assert (page[1] + page[3]) / 2 == pytest.approx(box.top + box.height / 2, abs=0.01)


def boxes_on(figure):
    """The boxes of every line of text on a drawn page, in pixels."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    lines = [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]
    return [(text.get_text(), text.get_window_extent(renderer)) for text in lines]


def with_singles(borough, count):
    """Mark small areas outside the pockets as single ones; return the borough and their shapes."""
    lsoa = borough.lsoa
    chosen = lsoa.index[lsoa["pocket_id"] == ""][:count]
    marked = lsoa.assign(single=lsoa.index.isin(chosen))
    return dataclasses.replace(borough, lsoa=marked), lsoa.geometry[chosen]


def thin_outlines(figure):
    """The outlines in the colour of pockets that are thinner than theirs, as lines of places."""
    pocket = matplotlib.colors.to_rgba(palette.POCKET)
    return [
        shape.get_path().vertices
        for shape in figure.findobj(PathPatch)
        if shape.get_edgecolor() == pocket and 0 < shape.get_linewidth() < POCKET_POINTS
    ]


def test_single_small_areas_have_a_thin_outline_and_a_line_in_the_key(northmere):
    borough, shapes = with_singles(northmere, 2)
    figure = pockets_sheet(borough)
    assert "Single small area" in words_of(figure)
    found, view = thin_outlines(figure), ground(borough).view
    height = figure.get_size_inches()[1] * 72
    for places, shape in zip(found, shapes, strict=True):
        west, south, east, north = np.array(view.on_page(shape).bounds) * 72 / 25.4
        expected = [west, height - north, east, height - south]
        np.testing.assert_allclose([*places.min(axis=0), *places.max(axis=0)], expected, atol=0.06)
    bare = pockets_sheet(northmere)
    assert "Single small area" not in words_of(bare)
    assert thin_outlines(bare) == []


@pytest.mark.parametrize("sheet", ["layer", "pockets", "singles"])
@pytest.mark.parametrize("turn", [False, True])
def test_no_line_of_text_overlaps_another_or_leaves_the_page(northmere, sheet, turn):
    borough = turned(northmere) if turn else northmere
    if sheet == "singles":
        borough, _ = with_singles(borough, 2)
    with style():
        figure = (
            pockets_sheet(borough)
            if sheet != "layer"
            else layer_sheet(borough, borough.edition.layer(COVID))
        )
        found = boxes_on(figure)
    width, height = figure.bbox.width, figure.bbox.height
    for number, (text, box) in enumerate(found):
        assert 0 < box.x0 < box.x1 < width, text
        assert 0 < box.y0 < box.y1 < height, text
        for other, beside in found[number + 1 :]:
            across = min(box.x1, beside.x1) - max(box.x0, beside.x0)
            down = min(box.y1, beside.y1) - max(box.y0, beside.y0)
            assert across <= 2 or down <= 2, (text, other)


def test_names_on_the_map_do_not_overlap_each_other_or_the_scale_bar(northmere):
    west, south, east, north = northmere.lsoa.total_bounds
    around = shapely.box(west - 900, south - 900, east + 900, north + 900)
    whole = shapely.difference(around, northmere.lsoa.union_all())
    halves = [
        shapely.intersection(whole, shapely.box(west - 900, south - 900, east + 900, 401_000)),
        shapely.intersection(whole, shapely.box(west - 900, 401_000, east + 900, north + 900)),
    ]
    names = {"lad_name": ["Lower Shire", "Upper Shire"]}
    shires = gpd.GeoDataFrame(names, geometry=halves, crs=northmere.lsoa.crs)
    base = ground(dataclasses.replace(northmere, surroundings=shires))
    boxes = [base.corner, *(label.box for label in (*base.names, *base.districts))]
    assert len(base.names) == 4
    assert {label.lines for label in base.districts} == {("Lower Shire",), ("Upper Shire",)}
    assert not any(
        boxes_overlap(one, other)
        for number, one in enumerate(boxes)
        for other in boxes[number + 1 :]
    )


def test_a_name_stays_inside_its_area_or_is_left_out():
    wide, narrow = shapely.box(0, 0, 40, 12), shapely.box(0, 20, 3, 23)
    (label,) = place_names([narrow, wide], ["Tiny place", "Roomy place"], BODY)
    assert label.lines == ("Roomy place",)
    assert wide.covers(
        shapely.box(label.box.left, label.box.top, label.box.right, label.box.bottom)
    )
    assert place_names([wide], ["Roomy place"], BODY, taken=[Box(0, 0, 40, 12)]) == []


def test_badges_never_overlap_and_small_areas_get_a_line():
    chance = np.random.default_rng(11)
    corners = chance.random((30, 2)) * 60 + 20
    sizes = chance.random(30) * 12 + 0.5
    areas = [
        shapely.box(left, top, left + size, top + size)
        for (left, top), size in zip(corners, sizes, strict=True)
    ]
    room = shapely.box(0, 0, 110, 110)
    badges = place_badges(areas, range(1, 31), BADGE_MM, room)
    centres = np.array([badge.centre for badge in badges])
    apart = np.hypot(*(centres[:, None] - centres[None]).transpose(2, 0, 1))
    assert apart[~np.eye(30, dtype=bool)].min() >= 2 * BADGE_MM
    assert [badge.number for badge in badges] == list(range(1, 31))
    for badge, area, size in zip(badges, areas, sizes, strict=True):
        if badge.anchor is None:
            assert area.contains(shapely.Point(badge.centre))
            assert size >= BADGE_MM
        else:
            assert area.contains(shapely.Point(badge.anchor))
    assert any(badge.anchor for badge in badges)
    assert place_badges(areas[::-1], range(30, 0, -1), BADGE_MM, room) == badges[::-1]


def test_a_roomy_area_has_its_badge_in_its_middle():
    (badge,) = place_badges([shapely.box(0, 0, 20, 20)], [3], BADGE_MM, shapely.box(0, 0, 50, 50))
    assert badge == Badge(3, pytest.approx((10.0, 10.0), abs=0.2))


def test_pockets_are_listed_with_number_name_and_people(northmere):
    words = words_of(pockets_sheet(northmere))
    for row in northmere.pockets.itertuples():
        assert words.count(str(row.number)) >= 2
        assert row.name in words
        assert f"{row.population:,}" in words
    assert "People (mid-2015)" in words
    assert any(rule_in_words(northmere) in text for text in words)


def test_a_borough_without_pockets_says_so(northmere):
    none = dataclasses.replace(northmere, pockets=northmere.pockets.iloc[:0])
    words = " ".join(words_of(pockets_sheet(none)))
    assert "Northmere has none: no two small areas that touch" in words


def test_a_list_too_long_for_its_place_says_how_many_are_missing(northmere):
    one = northmere.pockets.iloc[[0]]
    many = gpd.GeoDataFrame(
        {**{name: list(one[name]) * 90 for name in one}, "number": range(1, 91)},
        index=[f"E06900001-{number:03d}" for number in range(90)],
        crs=one.crs,
    )
    for borough in (northmere, turned(northmere)):
        figure = pockets_sheet(dataclasses.replace(borough, pockets=many))
        words = words_of(figure)
        (more,) = [text for text in words if text.startswith("and ")]
        listed = sum(text == one["name"].iloc[0] for text in words)
        missing = int(re.search(r"and (\d+) more", more).group(1))
        assert listed + missing == 90
        assert 10 < listed < 90


def test_small_pockets_are_enlarged(northmere):
    """A town in a large borough: its pockets are numbered on a closer view."""

    def grown(frame):
        far = {"xfact": 20, "yfact": 20, "origin": (301_000, 401_000)}
        return frame.set_geometry(frame.geometry.apply(affinity.scale, **far))

    frames = {name: grown(getattr(northmere, name)) for name in ("lsoa", "msoa", "surroundings")}
    small, pockets = dataclasses.replace(northmere, **frames), northmere.pockets
    base = ground(small)
    view = inset_view(small, base, Box(0, 0, 76, 60))
    assert view is not None
    assert base.view.metres_per_mm / view.metres_per_mm >= 2
    assert view.window.covers(shapely.box(*pockets.total_bounds))
    words = words_of(pockets_sheet(small, base=base))
    assert any(text.startswith("Outlined on the map, ×") for text in words)
    assert inset_view(northmere, ground(northmere), Box(0, 0, 76, 60)) is None


def test_svg_holds_text_title_and_description(northmere, tmp_path):
    layer = northmere.edition.layer(OVERALL)
    title, words = f"Northmere: {layer.title}", alt_text(northmere, layer, "england")
    path = save_svg(
        layer_sheet(northmere, layer), tmp_path / "m.svg", title=title, description=words
    )
    root = ET.parse(path).getroot()
    assert root.get("role") == "img"
    assert root.get("lang") == "en-GB"
    labelled = root.get("aria-labelledby").split()
    assert [root.find(f"{SVG}{tag}").get("id") for tag in ("title", "desc")] == labelled
    assert root.find(f"{SVG}title").text == title
    assert root.find(f"{SVG}desc").text == words
    written = [text.text for text in root.iter(f"{SVG}text")]
    assert {"Northmere", layer.title, "Rank in the sample", "24"} <= set(written)
    assert any(text.startswith("Sources: Office of Invention") for text in written)
    style = next(root.iter(f"{SVG}text")).get("style")
    assert style.index("DejaVu Sans") < style.index("Arial")


def test_files_carry_their_text_alternative_and_nothing_else(northmere, tmp_path):
    two = tuple(northmere.edition.layer(layer) for layer in (OVERALL, COVID))
    northmere = dataclasses.replace(
        northmere, edition=dataclasses.replace(northmere.edition, layers=two)
    )
    written = write_maps(northmere, tmp_path / "maps")
    ids = [layer.id for layer in two]
    names = [f"{stem}.{ending}" for stem in [*ids, "pockets"] for ending in ("png", "svg")]
    assert [path.name for path in written] == names
    assert sorted(path.name for path in (tmp_path / "maps").iterdir()) == sorted(names)
    with Image.open(tmp_path / "maps" / f"{COVID}.png") as picture:
        picture.load()
        layer = northmere.edition.layer(COVID)
        assert picture.text == {
            "Title": "Northmere: COVID-19 mortality ratio",
            "Description": alt_text(northmere, layer, "england"),
        }
    with Image.open(tmp_path / "maps" / "pockets.png") as picture:
        picture.load()
        assert picture.text["Description"] == pockets_alt_text(northmere)
    assert all(path.stat().st_size < 1_500_000 for path in written)


def test_both_comparisons_can_be_written(northmere, tmp_path):
    one = dataclasses.replace(northmere.edition, layers=northmere.edition.layers[:1])
    borough = dataclasses.replace(northmere, edition=one)
    written = write_maps(borough, tmp_path, frames=("england", "borough"))
    stems = [path.stem for path in written]
    assert stems == [OVERALL] * 2 + [f"{OVERALL}-borough"] * 2 + ["pockets"] * 2


def test_same_borough_same_bytes_also_in_threads(northmere, tmp_path):
    def drawn(number):
        figure = pockets_sheet(northmere)
        folder = tmp_path / str(number)
        words = {"title": "A", "description": "B"}
        files = [
            save_png(figure, folder / "m.png", **words),
            save_svg(figure, folder / "m.svg", **words),
        ]
        return [path.read_bytes() for path in files]

    first = drawn(0)
    with ThreadPoolExecutor(2) as pool:
        others = list(pool.map(drawn, range(1, 4)))
    assert all(other == first for other in others)


def test_no_date_version_or_software_is_written(northmere, tmp_path):
    figure = layer_sheet(northmere, northmere.edition.layer(OVERALL))
    words = {"title": "A", "description": "B"}
    for path in (
        save_png(figure, tmp_path / "m.png", **words),
        save_svg(figure, tmp_path / "m.svg", **words),
    ):
        content = path.read_bytes().lower()
        assert matplotlib.__version__.encode() not in content
        assert b"created with" not in content
        assert b"dc:date" not in content


def test_settings_of_matplotlib_are_left_as_they_were(northmere):
    before = dict(matplotlib.rcParams)
    layer_sheet(northmere, northmere.edition.layer(OVERALL))
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "$\\frac{1}{0}$ & Co",
        "]]> --> <!--",
        "Emoji 🦄🏽 town",
        "שלום مرحبا",
        "tab\there\nline\u202e\x07",
        "A" * 300,
        "_^{}%\\",
    ],
)
def test_hostile_names_are_plain_words_in_every_file(northmere, tmp_path, name):
    borough = renamed(northmere, name)
    borough = dataclasses.replace(
        borough,
        msoa=borough.msoa.assign(area_name=name),
        pockets=borough.pockets.assign(name=name),
        surroundings=borough.surroundings.assign(lad_name=name),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for figure in (pockets_sheet(borough), layer_sheet(borough, borough.edition.layer(COVID))):
            words = {"title": name, "description": name}
            save_png(figure, tmp_path / "m.png", **words)
            path = save_svg(figure, tmp_path / "m.svg", **words)
            root = ET.parse(path).getroot()
            assert not list(root.iter(f"{SVG}script"))
            shown = {text.text for text in root.iter(f"{SVG}text")}
            assert any(text and text in printable(name) for text in shown)


def test_printable_keeps_what_the_typeface_has():
    assert printable("Hawarden – Penarlâg “A” ’ µg/m³ ≥ ×") == "Hawarden – Penarlâg “A” ’ µg/m³ ≥ ×"
    assert printable("a\u200fb\u2066c") == "abc"
    assert printable("🦄") == "□"


def test_lines_are_measured_as_they_are_drawn(northmere):
    from matplotlib.figure import Figure

    with style():
        figure = Figure(dpi=300)
        label = figure.text(0, 0, "Wavertree West and Toxteth Park", fontsize=18, fontweight="bold")
        drawn_mm = label.get_window_extent().width / 300 * 25.4
    assert width_mm("Wavertree West and Toxteth Park", TITLE) == pytest.approx(drawn_mm, rel=0.02)


def test_wrapped_lines_keep_every_word_and_their_room():
    text = "Grange, Halton Brook & Hallwood Park and Halton Lea & Brookvale"
    lines = wrap(text, 40, BODY)
    assert " ".join(lines) == text
    assert max(width_mm(line, BODY) for line in lines) <= 40
    assert shortened("Grange", 100, BODY) == "Grange"
    assert width_mm(shortened("A" * 80, 30, Face(9)), Face(9)) <= 30


def test_text_alternative_counts_and_places(northmere):
    layer = northmere.edition.layer(FUEL)
    words = alt_text(northmere, layer, "borough")
    fifths = northmere.lsoa[layer.quintile_column("borough")].value_counts()
    assert f"Highest fifth: {fifths[1]}; 2nd fifth: {fifths[2]}" in words
    assert "Map of Northmere, a fictional place: Households in fuel poverty" in words
    assert "compared with Northmere" in words
    assert "number of 24 small areas in each class" in words
    worst = northmere.lsoa[northmere.lsoa[layer.quintile_column("borough")] == 1]
    assert worst["msoa_name"].value_counts().index[0] in words
    assert "No value" not in words
    assert "No value: 0" not in alt_text(northmere, northmere.edition.layer(COVID), "england")


def test_text_alternative_without_any_value(northmere):
    layer = northmere.edition.layer(COVID)
    empty = northmere.msoa.assign(
        **dict.fromkeys((layer.value, *map(layer.rank_column, ("england", "borough"))), np.nan)
    )
    words = alt_text(dataclasses.replace(northmere, msoa=empty), layer, "borough")
    assert "No value: 4" in words
    assert "Worst class" not in words


def test_standing_gives_values_and_guidelines(northmere):
    layer = northmere.edition.layer("no2_2021_23")
    own = northmere.district[layer.value]
    over = int((northmere.lsoa[layer.value] > 10).sum())
    words = layer_standing(northmere, layer)
    assert words.startswith(f"Northmere {own:.1f} µg/m³; The sample ")
    assert f"{over} of 24 small areas are above the WHO 2021 guideline of 10 µg/m³." in words


def test_subtitle_of_a_score_names_its_unit(northmere):
    layer = northmere.edition.layer(OVERALL)
    assert subtitle(northmere, layer, "england") == (
        "Compared with the sample · unit: score · values of small areas"
        " · Mostly 2015–16 data, published September 2019"
    )


def test_sources_share_a_line_and_licences_are_not_said_twice(northmere):
    (first,) = northmere.sources[OVERALL]
    said = type(first)(**{**vars(first), "attribution": "Invented; OGL UK 3.0"})
    assert source_lines([first, first]) == [
        "Office of Invention: Table of imd_2019 (1). Invented for tests. OGL-UK-3.0."
    ]
    assert source_lines([said]) == [
        "Office of Invention: Table of imd_2019 (1). Invented; OGL UK 3.0."
    ]
    other = type(first)(**{**vars(first), "title": "Another"})
    assert source_lines([first, other]) == [
        "Office of Invention: Table of imd_2019 (1); Another (1). Invented for tests. OGL-UK-3.0."
    ]


def test_an_unwritable_folder_is_said_in_one_paragraph(northmere, tmp_path):
    from geo.errors import OutputError

    (tmp_path / f"{OVERALL}.png").mkdir()
    with pytest.raises(OutputError, match="is not replaced by one"):
        write_maps(northmere, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f"{OVERALL}.png"]


@pytest.mark.parametrize(
    ("count", "columns", "missing"),
    [(3, 1, 0), (9, 1, 0), (11, 1, 0), (12, 1, 2), (12, 2, 0), (22, 2, 0), (40, 2, 20)],
)
def test_a_sheet_lists_every_pocket_or_says_where_the_rest_is(count, columns, missing):
    names = [f"Ash Grove, Elm & Oak {number}" for number in range(count)]
    pockets = pd.DataFrame({"number": range(1, count + 1), "name": names, "population": 2345})
    figure = new_sheet(landscape=False)
    put_pockets(figure, Box(20, 20, 76 * columns, 56), pockets, rest="over there", columns=columns)
    words = words_of(figure)
    assert [name in words for name in names] == [True] * (count - missing) + [False] * missing
    told = [word for word in words if "more, listed" in word]
    assert told == ([f"and {missing} more, listed over there"] if missing else [])


def test_a_picture_of_few_colours_stays_and_one_of_many_keeps_its_commonest():
    pixels = np.zeros((40, 50, 3), dtype=np.uint8)
    pixels[:20] = (8, 48, 107)
    pixels[3, :9] = (244, 106, 37)
    picture = few_colours(pixels)
    assert picture.mode == "P"
    assert np.array_equal(np.asarray(picture.convert("RGB")), pixels)
    ramp = np.arange(4000).reshape(40, 100)
    soft = np.stack([ramp // 16, 255 - ramp // 16, ramp % 7], axis=2).astype(np.uint8)
    many = np.concatenate([np.tile(pixels, (9, 2, 1)), soft])
    shown = np.asarray(few_colours(many).convert("RGB"))
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) <= 256
    assert np.array_equal(shown[:360], many[:360])
    assert np.abs(shown.astype(int) - many.astype(int)).max() <= 8


def test_a_png_has_a_palette_and_the_very_colours_of_its_classes(northmere, tmp_path):
    layer = northmere.edition.layer(OVERALL)
    figure = layer_sheet(northmere, layer)
    path = save_png(figure, tmp_path / "a.png", title="a", description="b")
    picture = Image.open(path)
    assert picture.mode == "P"
    shown = np.asarray(picture.convert("RGB")).reshape(-1, 3)
    colours = {f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in np.unique(shown, axis=0)}
    used = {one.colour for one in mapped(northmere, layer, "england").classes if one.count}
    assert {palette.POCKET, palette.INK, *used} <= colours
    with style():
        figure.savefig(tmp_path / "plain.png", format="png")
    drawn = np.asarray(Image.open(tmp_path / "plain.png").convert("RGB")).reshape(-1, 3)
    apart = np.abs(shown.astype(int) - drawn.astype(int)).max(axis=1)
    assert apart.max() <= 40
    assert (apart > 0).mean() < 0.02
    assert path.stat().st_size < 0.5 * (tmp_path / "plain.png").stat().st_size


def test_pockets_are_outlined_on_the_map_of_a_layer_and_in_its_key(northmere):
    none = dataclasses.replace(northmere, pockets=northmere.pockets.iloc[:0])
    for borough, count in ((northmere, len(northmere.pockets)), (none, 0)):
        figure = layer_sheet(borough, borough.edition.layer(FUEL))
        rim = matplotlib.colors.to_rgba(palette.POCKET)
        drawn = figure.findobj(
            lambda one, rim=rim: (
                isinstance(one, PathPatch)
                and one.get_edgecolor() == rim
                and one.get_linewidth() == POCKET_POINTS
            )
        )
        assert len(drawn) == count
        assert ("Pocket" in words_of(figure)) is (count > 0)
